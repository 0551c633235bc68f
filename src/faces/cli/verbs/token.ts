import { type Role, roles } from '../../../engine/access/grants.ts';
import { choiceOption, listOption, numberOption, type Verb } from '../command.ts';
import { table } from '../render/table.ts';

export const runCreate: Verb = async ({ args, options, output, ask }) => {
  const role: Role | undefined = choiceOption(options, 'role', roles);
  const days = numberOption(options, 'days', 1);
  const environments = listOption(options, 'environment');
  const created = await ask('token-create', {
    name: args[0] ?? '',
    ...(role === undefined ? {} : { role }),
    ...(environments.length === 0 ? {} : { environments }),
    ...(days === undefined ? {} : { days }),
  });
  if (output.json) output.secret(`${JSON.stringify({ schemaVersion: 1, ...created }, null, 2)}\n`);
  else {
    output.secret(`${created.token}\n`);
    output.talk(`shown this once; it opens until ${created.expiresAt}, or until \`karma token revoke ${created.id}\``);
  }
  return 0;
};

export const runList: Verb = async ({ output, ask }) => {
  const answer = await ask('token-list', {});
  if (output.json) output.document(answer);
  else if (answer.tokens.length === 0) output.answer('no token yet (`karma token create NAME`)');
  else
    output.answer(
      table(
        answer.tokens,
        [
          { title: 'ID', value: ({ id }) => id },
          { title: 'NAME', value: ({ name }) => name },
          { title: 'ROLE', value: ({ role }) => role },
          { title: 'WHERE', value: ({ environments }) => environments.join(', ') || 'everywhere' },
          { title: 'STATE', value: ({ state }) => state },
          { title: 'EXPIRES', value: ({ expiresAt }) => expiresAt?.slice(0, 10) ?? '-' },
          { title: 'BY', value: ({ createdBy }) => createdBy },
        ],
        output.style,
      ),
    );
  return 0;
};

export const runRevoke: Verb = async ({ args, output, ask }) => {
  const answer = await ask('token-revoke', { id: args[0] ?? '' });
  if (output.json) output.document(answer);
  else output.answer(`${answer.revoked} opens nothing more`);
  return 0;
};
