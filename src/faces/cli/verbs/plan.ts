import { proofInWords } from '../../../engine/deploying/words.ts';
import { planVerb, type ShownPlan, type ShownPlans } from '../../../engine/verbs/plan.ts';
import { answerTo } from '../../../engine/verbs/verb.ts';
import { printable } from '../../../model/printable.ts';
import { shellWord } from '../../../model/quote.ts';
import { flagOption, textOption, type Verb } from '../command.ts';
import { exitOfFailures } from '../exit-codes.ts';
import type { Output } from '../output.ts';
import { liveRuns } from '../render/live-runs.ts';
import { plannedLines } from '../render/planned-lines.ts';
import { changesInWords, outcomeLine, secondsInWords, shortened } from '../render/run-lines.ts';
import { cutoffOf, runningOf, stopSignals } from './run-frame.ts';

/** What Terraform would do, component by component, in order. */
export const runPlan: Verb = async (call) => {
  const { options, output, context } = call;
  const stopping = stopSignals(output);
  const live = liveRuns(output, [], { outcomes: false, verbose: flagOption(options, 'verbose') });
  const out = textOption(options, 'out');
  const { finishOnly, stopNow } = stopping;
  const face = { confirm: async () => true, listen: live.listen, finishOnly, stopNow };
  try {
    const here = { face, ...(out === undefined ? {} : { keepPlan: out }) };
    const answer = await answerTo(context, planVerb, { ...runningOf(call), cutoff: cutoffOf(options) }, { here });
    live.end();
    if (output.json)
      output.document({
        ...answer,
        plans: answer.plans.map((one) => ({ ...one, commands: live.commands(one.key) })),
      });
    else tellPlans(answer, output);
    if (out !== undefined)
      output.talk(
        `${output.talkStyle.dim('hint')}  kept in ${printable(out)}, values in clear: \`karma deploy --plan ${shellWord(out)}\` deploys exactly this`,
      );
    if (stopping.finishOnly.aborted) return 130;
    return exitOfFailures(answer.plans.flatMap((one) => (one.state === 'failed' ? [one.error?.code] : [])));
  } finally {
    live.end();
    stopping.end();
  }
};

/** What Terraform would do, as people read it. */
export function tellPlans({ view, plans, notRun, asTheyAre, seconds }: ShownPlans, output: Output): void {
  const { style, talkStyle } = output;
  output.talk(talkStyle.dim(view.label));
  for (const reason of asTheyAre) output.talk(talkStyle.yellow(`${printable(reason)}: planned as it is`));
  for (const { component, reason } of notRun.slice(0, 10))
    output.talk(talkStyle.dim(`  ${printable(component)} ${printable(reason)}`));
  const width = Math.max(0, ...plans.map(({ key }) => key.length));
  const lines = plans.flatMap((plan) => linesOf(plan, width, output));
  const of = (state: ShownPlan['state']) => plans.filter((one) => one.state === state).length;
  const words = [`${of('planned')} planned`, `${of('skipped')} would be skipped with proof`];
  if (of('waiting') > 0) words.push(`${of('waiting')} wait for values that are not known yet`);
  if (of('failed') > 0) words.push(`${of('failed')} failed`);
  if (of('discarded') > 0) words.push(`${of('discarded')} not planned`);
  output.answer([...lines, `${style.bold(words.join(', '))}${style.dim(` in ${secondsInWords(seconds)}`)}`].join('\n'));
}

function linesOf(plan: ShownPlan, width: number, { style }: Output): string[] {
  const line = (mark: string, word: string, ...rest: readonly string[]) =>
    outcomeLine(mark, plan.key, width, word, rest, style);
  switch (plan.state) {
    case 'skipped':
      return [line('-', 'skipped', plan.decision.skip ? shortened(proofInWords(plan.decision.proof)) : '')];
    case 'waiting':
      return [line('?', 'waits', `not known yet: ${shortened(plan.unknown)}`)];
    case 'planned': {
      const why = plan.decision.skip
        ? ''
        : style.dim(
            shortened(
              plan.decision.reasons.map(({ text }) => text),
              2,
            ),
          );
      return [
        line('✓', 'planned', changesInWords(plan.plan.changes), why),
        ...plannedLines(plan.plan, style),
        ...plan.notes.map((note) => `      ${style.yellow(printable(note))}`),
      ];
    }
    default: {
      const hint = plan.state === 'failed' ? plan.error?.hint : undefined;
      return [
        line(plan.state === 'failed' ? '✗' : '·', plan.state === 'failed' ? 'failed' : 'not run', plan.reason),
        ...(hint === undefined ? [] : [`      ${style.dim('hint')}  ${printable(hint)}`]),
      ];
    }
  }
}
