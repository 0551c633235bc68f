import type { Change } from '../../change/change.ts';
import { type Simulation, simulationFormat } from '../../change/simulation.ts';

/** A simulation as the ledger keeps it; what an older Karma kept otherwise is found out anew. */
export async function keptSimulation(
  ledger: { getObject(digest: string): Promise<Uint8Array | undefined> },
  digest: string,
): Promise<Simulation | undefined> {
  const bytes = await ledger.getObject(digest);
  const kept = bytes === undefined ? undefined : (JSON.parse(new TextDecoder().decode(bytes)) as Simulation);
  return kept?.format === simulationFormat ? kept : undefined;
}

/** What a change that was begun to be applied was applied as; undefined while it is no commit yet. */
export async function simulationOfApplied(
  ledger: { getObject(digest: string): Promise<Uint8Array | undefined> },
  { apply, simulation }: Pick<Change, 'apply' | 'simulation'>,
): Promise<Simulation | undefined> {
  return apply?.commit === undefined || simulation === undefined
    ? undefined
    : keptSimulation(ledger, simulation.digest);
}
