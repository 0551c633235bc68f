import { deltaBetween, rowId } from '../../model/rows.ts';
import type { EngineContext } from '../context.ts';
import { graphCounter, publicationOf, rollForward } from '../versions/project.ts';
import { buildView } from './build-view.ts';
import { claimsOf } from './load-view.ts';
import { openEstate } from './open-estate.ts';

export interface Reinferred {
  readonly version: number;
  readonly commit: string;
  readonly differences: number;
  /** Up to twenty row names, `+`, `-` or `~` in front. */
  readonly examples: readonly string[];
}

/** Infers the newest version's graph again, from the commit it was built from, and says where today's rules answer otherwise. */
export async function reinfer(context: EngineContext): Promise<Reinferred> {
  const ledger = await context.stores.ledger();
  const store = await context.stores.graph();
  await rollForward(ledger, store);
  const version = await ledger.counter(graphCounter);
  const { publication } = await publicationOf(ledger, version);
  const commit = publication.manifest.find(({ source }) => source === '')?.position ?? 'HEAD';
  const estate = await openEstate(context, commit === 'worktree' ? { committed: true } : { at: commit });
  await estate.observation.preload();
  const layouts = (await claimsOf(context)).layouts(estate.view);
  const built = await buildView(estate.view, () => estate.findings(), context, layouts);
  const before = new Map((await store.load(version)).map((row) => [rowId(row), row]));
  const delta = deltaBetween(before, built.rows);
  const changed = delta.put.filter((row) => before.get(rowId(row))?.digest !== row.digest);
  const examples = [
    ...delta.remove.map((row) => `- ${rowId(row)}`),
    ...changed.map((row) => `${before.has(rowId(row)) ? '~' : '+'} ${rowId(row)}`),
  ];
  return { version, commit, differences: examples.length, examples: examples.slice(0, 20) };
}
