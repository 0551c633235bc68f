import { hideInTexts } from '../../model/secrets/text.ts';
import type { Ledger } from '../../stores/ledger/port.ts';
import type { EngineContext } from '../context.ts';

/** Named by the change: who looks wants the last one. How often it was planned, its events say. */
const kind = 'change-plan';

interface Kept {
  /** Digest of the object that holds it: it may be long. */
  readonly shown: string;
}

/** As it is told, and so without secrets. Of two that plan at once, who ends later is kept. */
export async function keepPlan({ stores }: EngineContext, change: string, plan: object): Promise<void> {
  const ledger = await stores.ledger();
  const body: Kept = { shown: await ledger.putObject(new TextEncoder().encode(JSON.stringify(hideInTexts(plan)))) };
  let isKept = false;
  while (!isKept) isKept = await ledger.putDocument(kind, change, body, await revisionOf(ledger, change));
}

async function revisionOf(ledger: Ledger, change: string): Promise<number> {
  return (await ledger.getDocument(kind, change))?.revision ?? 0;
}

/** What {@link keepPlan} was handed last. */
export async function readKeptPlan(ledger: Ledger, change: string): Promise<object | undefined> {
  const kept = (await ledger.getDocument(kind, change))?.body as Kept | undefined;
  const bytes = kept === undefined ? undefined : await ledger.getObject(kept.shown);
  return bytes === undefined ? undefined : (JSON.parse(new TextDecoder().decode(bytes)) as object);
}
