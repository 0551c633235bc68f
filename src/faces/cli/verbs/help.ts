import { KarmaError } from '../../../model/errors.ts';
import type { Verb } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';

export const run: Verb = async ({ args, output, shell }) => {
  const topic = args[0];
  if (topic === 'exit-codes') {
    output.answer(
      Object.entries(exitCodes)
        .map(([code, meaning]) => `  ${code.padStart(3)}  ${meaning}`)
        .join('\n'),
    );
    return 0;
  }
  if (topic === undefined) return shell.run(['--help']);
  if (!shell.commands.some((spec) => spec.name.split(' ')[0] === topic) && shell.groups[topic] === undefined)
    throw new KarmaError('KARMA_USAGE', `no command and no topic is called \`${topic}\``, {
      hint: '`karma --help` lists all commands; `karma help exit-codes` the exit codes',
    });
  return shell.run([topic, '--help']);
};
