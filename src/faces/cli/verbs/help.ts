import { KarmaError } from '../../../model/errors.ts';
import { nearest } from '../../../model/nearest.ts';
import type { Verb } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';

export const run: Verb = async ({ args, output, shell }) => {
  const [topic, verb] = args;
  if (topic === 'exit-codes' && output.json) {
    output.document({ exitCodes });
    return 0;
  }
  if (topic === 'exit-codes') {
    output.answer(
      Object.entries(exitCodes)
        .map(([code, meaning]) => `  ${code.padStart(3)}  ${meaning}`)
        .join('\n'),
    );
    return 0;
  }
  if (topic === undefined) return shell.run(['--help']);
  const names = shell.commands.flatMap(({ name, aliases = [] }) => [name, name.split(' ')[0] ?? '', ...aliases]);
  const known = new Set([...names, ...Object.keys(shell.groups)]);
  const asked = verb === undefined ? topic : `${topic} ${verb}`;
  if (!known.has(asked)) {
    const [near] = nearest(asked, known);
    throw new KarmaError('KARMA_USAGE', `no command and no topic is called \`${asked}\``, {
      hint: `${near === undefined ? '' : `did you mean \`karma help ${near}\`? `}\`karma --help\` lists all commands; \`karma help exit-codes\` the exit codes`,
    });
  }
  return shell.run([topic, ...(verb === undefined ? [] : [verb]), '--help']);
};
