import { storeRebuildVerb, storeVerifyVerb } from '../../../engine/verbs/store.ts';
import { answerTo } from '../../../engine/verbs/verb.ts';
import type { StoreVerdict } from '../../../engine/versions/versions.ts';
import type { Reinferred } from '../../../engine/view/reinfer.ts';
import { printable } from '../../../model/printable.ts';
import { flagOption, type Verb } from '../command.ts';
import { count } from '../render/evidence.ts';

export const runRebuild: Verb = async ({ output, context }) => {
  const answer = await answerTo(context, storeRebuildVerb, {});
  const { verdict } = answer;
  if (output.json) output.document(answer);
  else {
    const { rebuilt = [] } = verdict;
    const made = rebuilt.length === 0 ? [] : [`made again from the events: ${count(rebuilt.length, 'document')}`];
    output.answer([...made, ...lines(verdict, 'rebuilt')].join('\n'));
  }
  return verdict.same ? 0 : 1;
};

export const runVerify: Verb = async ({ options, output, context }) => {
  const answer = await answerTo(context, storeVerifyVerb, { reinfer: flagOption(options, 'reinfer') });
  const { verdict, reinfer: again } = answer;
  if (output.json) output.document(answer);
  else output.answer([...lines(verdict, 'verified'), ...(again === undefined ? [] : inferred(again))].join('\n'));
  return verdict.same && (again === undefined || again.differences === 0) ? 0 : 1;
};

function inferred({ differences, version, examples }: Reinferred): readonly string[] {
  if (differences === 0) return ['inference says the same today'];
  return [
    `inference differs in ${differences} rows from v${version}:`,
    ...examples.map((one) => `  ${printable(one)}`),
  ];
}

function lines({ version, same, expected, found, problems }: StoreVerdict, did: string): readonly string[] {
  if (same && version === 0) return ['nothing was published yet'];
  if (same) return [`${did}: v${version} has the hash that the ledger committed, ${expected.slice(0, 12)}`];
  const hash =
    expected === found ? [] : [`v${version} does not hold: the ledger says ${expected}, the store has ${found}`];
  return [...hash, ...problems.map(printable)];
}
