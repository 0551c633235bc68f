import { KarmaError } from '../../../model/errors.ts';
import type { Verb } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';

export const run: Verb = async ({ args, output }) => {
  const topic = args[0];
  if (topic === 'exit-codes') {
    output.answer(
      Object.entries(exitCodes)
        .map(([code, meaning]) => `  ${code.padStart(3)}  ${meaning}`)
        .join('\n'),
    );
    return 0;
  }
  const { runCli } = await import('../cli.ts');
  if (topic === undefined) return runCli(['--help']);
  const { commands, groups } = await import('../commands.ts');
  if (!commands.some((spec) => spec.name.split(' ')[0] === topic) && groups[topic] === undefined)
    throw new KarmaError('KARMA_USAGE', `no command and no topic is called \`${topic}\``, {
      hint: '`karma --help` lists all commands; `karma help exit-codes` the exit codes',
    });
  return runCli([topic, '--help']);
};
