import { writeNamed } from '../../../engine/named-files.ts';
import { draw } from '../../../engine/verbs/draw.ts';
import { forgetVersions, listVersions } from '../../../engine/versions/versions.ts';
import { KarmaError } from '../../../model/errors.ts';
import { hideInText } from '../../../model/secrets/text.ts';
import { choiceOption, flagOption, listOption, textOption, type Verb } from '../command.ts';
import { numberOption } from '../numbers.ts';
import { table } from '../render/table.ts';

export const runDraw: Verb = async ({ args, options, output, context }) => {
  const format = choiceOption(options, 'format', ['svg', 'dot', 'mermaid']) ?? 'svg';
  const at = textOption(options, 'at');
  const drawn = await draw(context, {
    selection: [...args, ...listOption(options, 'filter')],
    format,
    ...(at === undefined ? {} : { at }),
  });
  const file = textOption(options, 'out');
  if (file !== undefined) writeNamed(context, file, hideInText(drawn.text));
  if (output.json)
    output.document({
      format,
      caption: drawn.caption,
      ...(drawn.hidden === '' ? {} : { hidden: drawn.hidden }),
      ...(file === undefined ? { picture: drawn.text } : { file }),
    });
  else if (file === undefined) output.raw(drawn.text.endsWith('\n') ? drawn.text : `${drawn.text}\n`);
  else output.answer(`${file}: ${drawn.caption}`);
  if (drawn.hidden !== '') output.talk(output.talkStyle.dim(drawn.hidden));
  return 0;
};

export const runVersions: Verb = async ({ options, output, context }) => {
  const answer = await listVersions(context, { limit: numberOption(options, 'limit', 1) ?? 20 });
  const { versions } = answer;
  if (output.json) output.document(answer);
  else if (versions.length === 0) output.answer('nothing was published yet: `karma build` publishes the first version');
  else
    output.answer(
      table(
        versions,
        [
          { title: 'VERSION', value: ({ version }) => `v${version}` },
          { title: 'AT', value: ({ at }) => at },
          { title: 'COMPONENTS', value: ({ counts }) => String(counts.components), right: true },
          { title: 'REFERENCES', value: ({ counts }) => String(counts.references), right: true },
          { title: 'ROWS', value: ({ changed }) => `+${changed.put} -${changed.removed}`, right: true },
          {
            title: 'SOURCE',
            value: ({ manifest }) => manifest.find(({ source }) => source === '')?.position.slice(0, 10) ?? '',
          },
          { title: 'HASH', value: ({ hash }) => hash.slice(0, 12) },
          { title: 'BY', value: ({ actor }) => actor },
        ],
        output.style,
      ),
    );
  return 0;
};

export const runForget: Verb = async ({ args, options, output, context }) => {
  const version = /^v?(\d+)$/.exec(args[0] ?? '')?.[1];
  if (version === undefined)
    throw new KarmaError('KARMA_USAGE', `\`${args[0] ?? ''}\` is no version`, { hint: 'write it as v40' });
  if (!flagOption(options, 'yes'))
    throw new KarmaError(
      'KARMA_DECLINED',
      `forgetting what was visible only before v${version} cannot be undone in the store`,
      { hint: 'say --yes; the ledger keeps the deltas, `karma store rebuild` brings them back' },
    );
  await forgetVersions(context, Number(version));
  if (output.json) output.document({ forgotten: `before v${version}` });
  else output.answer(`forgot what was visible only before v${version}`);
  return 0;
};
