import type { StoreVerdict } from '../../../engine/versions/versions.ts';
import { printable } from '../../../model/printable.ts';
import { flagOption, type Verb } from '../command.ts';
import { count } from '../render/evidence.ts';

export const runRebuild: Verb = async ({ output, context }) => {
  const { rebuildStore } = await import('../../../engine/versions/versions.ts');
  const verdict = await rebuildStore(context);
  if (output.json) output.document({ verdict });
  else {
    const { rebuilt = [] } = verdict;
    const made = rebuilt.length === 0 ? [] : [`made again from the events: ${count(rebuilt.length, 'document')}`];
    output.answer([...made, ...lines(verdict, 'rebuilt')].join('\n'));
  }
  return verdict.same ? 0 : 1;
};

export const runVerify: Verb = async ({ options, output, context }) => {
  const { verifyStore } = await import('../../../engine/versions/versions.ts');
  const verdict = await verifyStore(context);
  const again = flagOption(options, 'reinfer') && verdict.same ? await inferAgain(context) : undefined;
  if (output.json) output.document({ verdict, ...(again === undefined ? {} : { reinfer: again }) });
  else output.answer([...lines(verdict, 'verified'), ...(again === undefined ? [] : inferred(again))].join('\n'));
  return verdict.same && (again === undefined || again.differences === 0) ? 0 : 1;
};

async function inferAgain(context: Parameters<Verb>[0]['context']) {
  const { reinfer } = await import('../../../engine/view/reinfer.ts');
  return reinfer(context);
}

function inferred({ differences, version, examples }: Awaited<ReturnType<typeof inferAgain>>): readonly string[] {
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
