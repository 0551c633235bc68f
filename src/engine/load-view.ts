import { graphFrom } from '../graph/graph.ts';
import { KarmaError } from '../model/errors.ts';
import { buildView } from './build-view.ts';
import type { EngineContext } from './context.ts';
import { openEstate } from './open-estate.ts';
import { publicationOf, rollForward } from './project.ts';
import { versionAt } from './versions.ts';
import type { LoadedView } from './view.ts';

export interface ViewNeeds {
  /** The answer needs the files themselves, not the graph alone. */
  readonly needsEstate?: boolean;
  /** HEAD's commit instead of the work tree. */
  readonly committed?: boolean;
}

/**
 * The graph to answer from: the work tree as it is; a Git revision; a graph version (`v43`); or a time, which is the newest
 * version committed by then. No question needs a build first.
 */
export async function loadView(
  context: EngineContext,
  at: string | undefined,
  needs: ViewNeeds = {},
): Promise<LoadedView> {
  if (at !== undefined) {
    const version = /^v(\d+)$/.exec(at)?.[1];
    if (version !== undefined) return loadVersion(context, Number(version), needs);
    if (isTime(at)) return loadVersion(context, await versionAt(context, at), needs);
  }
  const estate = await openEstate(context, {
    ...(at === undefined ? {} : { at }),
    committed: needs.committed === true,
  });
  await estate.observation.preload();
  const built = await buildView(estate.view, () => estate.findings(), context.report);
  return {
    graph: built.graph,
    hash: built.hash,
    kind: at === undefined && needs.committed !== true ? 'worktree' : 'revision',
    label: estate.label,
    position: estate.position,
    resolver: built.resolver,
    estate,
  };
}

/** `2026-11-24`, with or without a time of day and zone. */
export function isTime(text: string): boolean {
  return (
    /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/.test(text) &&
    !Number.isNaN(Date.parse(text))
  );
}

async function loadVersion(context: EngineContext, version: number, needs: ViewNeeds): Promise<LoadedView> {
  if (needs.needsEstate === true)
    throw new KarmaError('KARMA_USAGE', `v${version} holds the graph, not the files`, {
      hint: 'ask at the Git revision it was built from: `karma graph versions`',
    });
  const ledger = await context.stores.ledger();
  const { publication } = await publicationOf(ledger, version);
  const store = await context.stores.graph();
  await rollForward(ledger, store);
  const rows = await store.load(version);
  return {
    graph: graphFrom(rows),
    hash: publication.hash,
    kind: 'version',
    label: `v${version}`,
    position: `v${version}`,
  };
}
