import type { Door } from '../../model/event.ts';
import { hideInTexts } from '../../model/secrets/text.ts';
import type { Ledger } from '../../stores/ledger/port.ts';
import type { EngineContext } from '../context.ts';
import type { ShownPlans } from '../verbs/plan.ts';

/** What Terraform said that it would do for a change, when that was asked last. No plan file: nothing can be applied from it. */
export interface KeptPlan extends ShownPlans {
  /** What was planned: a revision of the change, laid over the followed ref as it stood. */
  readonly revision: number;
  readonly head: string;
  readonly on: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly by: string;
  readonly door: Door;
}

/** Named by the change: who looks wants the last one. How often it was planned, its events say. */
const kind = 'change-plan';

interface Kept {
  /** Digest of the object that holds it: it may be long. */
  readonly shown: string;
}

/** As it is told, and so without secrets. Of two that plan at once, who ends later is kept. */
export async function keepPlan({ stores }: EngineContext, change: string, plan: KeptPlan): Promise<void> {
  const ledger = await stores.ledger();
  const body: Kept = { shown: await ledger.putObject(new TextEncoder().encode(JSON.stringify(hideInTexts(plan)))) };
  let isKept = false;
  while (!isKept) isKept = await ledger.putDocument(kind, change, body, await revisionOf(ledger, change));
}

async function revisionOf(ledger: Ledger, change: string): Promise<number> {
  return (await ledger.getDocument(kind, change))?.revision ?? 0;
}

export async function readKeptPlan(ledger: Ledger, change: string): Promise<KeptPlan | undefined> {
  const kept = (await ledger.getDocument(kind, change))?.body as Kept | undefined;
  const bytes = kept === undefined ? undefined : await ledger.getObject(kept.shown);
  return bytes === undefined ? undefined : (JSON.parse(new TextDecoder().decode(bytes)) as KeptPlan);
}
