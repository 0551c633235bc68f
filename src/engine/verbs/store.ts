import { flag, object } from '../../config/shape-parts.ts';
import type { EngineContext } from '../context.ts';
import { rebuildStore, verifyStore } from '../versions/versions.ts';
import type { Reinferred } from '../view/reinfer.ts';
import { defineVerb } from './verb.ts';

export const storeRebuildVerb = defineVerb({
  about: 'Replays the ledger into the graph store; the hash must be the same.',
  query: object('Nothing to say.', {}),
  writes: 'ledger',
  run: async (context) => ({ verdict: await rebuildStore(context) }),
});

export const storeVerifyVerb = defineVerb({
  about: 'Whether the store holds what the ledger says, and whether inference still says the same.',
  query: object('How closely.', { reinfer: flag('Infer again, and tell differences.') }),
  writes: 'nothing',
  run: async (context, { reinfer: again = false }) => {
    const verdict = await verifyStore(context);
    const inferred: { readonly reinfer?: Reinferred } =
      again && verdict.same ? { reinfer: await inferAgain(context) } : {};
    return { verdict, ...inferred };
  },
});

/** Most verify the store alone, and need nothing of what infers. */
async function inferAgain(context: EngineContext): Promise<Reinferred> {
  const { reinfer } = await import('../view/reinfer.ts');
  return reinfer(context);
}
