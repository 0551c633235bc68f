import { existsSync } from 'node:fs';
import { isKarmaError } from '../../model/errors.ts';
import type { EngineContext, StorePlace, StoreTrial } from '../context.ts';
import { graphCounter } from './project.ts';

/** A store, where it is kept and how it stands, in words. */
export interface StoreState extends StorePlace {
  readonly state: string;
}

export interface StoreStates {
  readonly stores: readonly StoreState[];
  /** What was tried of those that lie elsewhere. */
  readonly trials: readonly StoreTrial[];
}

/** How each store stands. One that cannot be reached is part of the answer. */
export async function storeStates(context: EngineContext): Promise<StoreStates> {
  const { places, dataFolder } = context.stores;
  const untouched = !existsSync(dataFolder);
  const states: StoreState[] = [];
  for (const place of places) {
    const state = untouched && place.adapter === 'sqlite' ? 'nothing was written yet' : await stateOf(context, place);
    states.push({ ...place, state });
  }
  return { stores: states, trials: await context.stores.check() };
}

async function stateOf(context: EngineContext, { store }: StorePlace): Promise<string> {
  const tell = { ledger: ledgerState, graph: graphState, parameters: parametersState }[store];
  try {
    return await tell(context);
  } catch (error) {
    if (isKarmaError(error)) return error.message;
    throw error;
  }
}

async function ledgerState({ stores }: EngineContext): Promise<string> {
  return `${(await (await stores.ledger()).head()).seq} events`;
}

async function graphState({ stores }: EngineContext): Promise<string> {
  const version = await (await stores.ledger()).counter(graphCounter);
  const behind = version - (await (await stores.graph()).head());
  if (version === 0) return 'nothing published yet';
  return `v${version}${behind === 0 ? '' : `, ${behind} behind the ledger (rolled forward at the next read)`}`;
}

async function parametersState({ stores }: EngineContext): Promise<string> {
  const bindings = await stores.knownBindings();
  return bindings.length === 0 ? 'none' : bindings.join(', ');
}
