import { rebuildStore, type StoreVerdict, verifyStore } from '../../../engine/versions/versions.ts';
import { flagOption, type Verb } from '../command.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { Output } from '../output.ts';

export const runRebuild: Verb = async ({ output, context }) => tell(await rebuildStore(context), 'rebuilt', output);

export const runVerify: Verb = async ({ options, output, context }) => {
  const verdict = await verifyStore(context);
  const exit = tell(verdict, 'verified', output);
  if (!flagOption(options, 'reinfer')) return exit;
  const { reinfer } = await import('../../../engine/view/reinfer.ts');
  const again = await reinfer(context);
  if (output.json) output.document({ reinfer: again });
  else
    output.answer(
      again.differences === 0
        ? 'inference says the same today'
        : `inference differs in ${again.differences} rows from v${again.version}:\n${again.examples.map((one) => `  ${one}`).join('\n')}`,
    );
  return again.differences === 0 ? exit : 1;
};

function tell(verdict: StoreVerdict, did: string, output: Output): ExitCode {
  if (output.json) output.document({ verdict });
  else if (verdict.version === 0) output.answer('nothing was published yet');
  else if (verdict.same)
    output.answer(
      `${did}: v${verdict.version} has the hash that the ledger committed, ${verdict.expected.slice(0, 12)}`,
    );
  else
    output.answer(
      `v${verdict.version} does not hold: the ledger says ${verdict.expected}, the store has ${verdict.found}`,
    );
  return verdict.same ? 0 : 1;
}
