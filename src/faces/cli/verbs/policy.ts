import { flagOption, numberOption, type Verb } from '../command.ts';
import { count } from '../render/evidence.ts';

export const runTest: Verb = async ({ args, output, ask }) => {
  const answer = await ask('policy-test', args[0] === undefined ? {} : { policy: args[0] });
  if (output.json) output.document(answer);
  else {
    const { style } = output;
    const lines = [
      ...answer.broken.map((one) => `${style.red('broken')}  ${one}`),
      ...answer.examples.map(({ policy, example, found, passed, why }) =>
        passed
          ? `${style.green('passed')}  ${policy}: ${example}`
          : `${style.red('failed')}  ${policy}: ${example}  ${style.dim(`${found === 'unknown' ? 'nobody can say' : `it ${found}`}${why === undefined ? '' : `: ${why}`}`)}`,
      ),
    ];
    output.answer(
      lines.length === 0
        ? `${count(answer.policies, 'policy', 'policies')}, and no example beside them`
        : lines.join('\n'),
    );
  }
  return answer.passed ? 0 : 2;
};

export const runBacktest: Verb = async ({ args, options, output, ask }) => {
  const commits = numberOption(options, 'commits', 1);
  const answer = await ask('policy-backtest', {
    ...(args[0] === undefined ? {} : { policy: args[0] }),
    ...(commits === undefined ? {} : { commits }),
  });
  if (output.json) output.document(answer);
  else {
    const { style } = output;
    const lines = [
      `${count(answer.commits, 'commit')} replayed${answer.unread > 0 ? `, ${answer.unread} of which could not be replayed` : ''}`,
      ...Object.entries(answer.counts).map(
        ([policy, times]) => `  ${policy}  ${times === 0 ? style.dim('never') : count(times, 'time')}`,
      ),
      ...answer.tripped.flatMap(({ commit, at, author, subject, summary, verdicts }) => [
        '',
        `${commit.slice(0, 12)}  ${at.slice(0, 10)}  ${author}  ${subject}`,
        ...summary.map((line) => `  ${style.dim(line)}`),
        ...verdicts.map(({ policy, outcome, is, reason }) =>
          is === 'holds' ? `  ${outcome}  ${policy}` : `  ${outcome}  ${policy}  ${style.dim(`not known: ${reason}`)}`,
        ),
      ]),
    ];
    output.answer(lines.join('\n'));
  }
  return flagOption(options, 'exitCode') && answer.tripped.length > 0 ? 2 : 0;
};
