import { graphFrom } from '../graph/graph.ts';
import type { Claim } from '../model/claim.ts';
import { sha256 } from '../model/digest.ts';
import { KarmaError } from '../model/errors.ts';
import { type ClaimCache, claimCache } from './claim-cache.ts';
import type { EngineContext } from './context.ts';
import { type OpenedEstate, openEstate } from './open-estate.ts';
import { publicationOf, rollForward } from './project.ts';
import { sealOf } from './seal.ts';
import { versionAt } from './versions.ts';
import type { LoadedView } from './view.ts';
import { environmentOf, keepView, loadKeptView, loadReaders, type ReaderIndex } from './view-cache.ts';

export interface ViewNeeds {
  /** The answer needs the files themselves, not the graph alone. */
  readonly needsEstate?: boolean;
  /** The answer needs every claim, so a kept graph will not do. */
  readonly needsClaims?: boolean;
  /** Shared by several views of one estate. */
  readonly claims?: ClaimCache;
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
  return viewOf(context, estate, at === undefined && needs.committed !== true ? 'worktree' : 'revision', needs);
}

/** Loads the view of an opened estate from what an earlier process kept, else infers it and keeps it. */
export async function viewOf(
  context: EngineContext,
  estate: OpenedEstate,
  kind: LoadedView['kind'],
  needs: ViewNeeds = {},
): Promise<LoadedView> {
  const identity = [context.version, estate.identity].join('\n');
  const place = { kind, label: estate.label, position: estate.position, estate };
  const seal = await sealOf(context);
  const kept = needs.needsClaims === true ? undefined : loadKeptView(context.cache, identity, context.env, seal);
  if (kept !== undefined)
    return { ...kept, ...place, readers: () => loadReaders(context.cache, identity) ?? new Map() };
  const claims = needs.claims ?? (await claimsOf(context, estate));
  await estate.observation.preload();
  // Inference is only loaded where something must be inferred: most questions are answered from what is kept.
  const { buildView } = await import('./build-view.ts');
  const built = await buildView(estate.view, () => estate.findings(), context.report, claims);
  claims.save();
  const readers = readersIn(built.resolver.allClaims());
  const { graph, hash } = built;
  const environment = environmentOf(built.resolver.allClaims());
  keepView(context.cache, identity, { graph, hash, environment }, readers);
  context.cache.flush();
  return { graph, hash, environment, ...place, built, readers: () => readers };
}

/** The claims kept for an estate; one instance serves both ends of a range. */
export async function claimsOf(context: EngineContext, estate: OpenedEstate): Promise<ClaimCache> {
  const parts = [context.version, estate.observation.root.folder, JSON.stringify(estate.view.settings)];
  return claimCache(context.cache, sha256(parts.join('\n')), await sealOf(context));
}

function readersIn(claims: Iterable<Claim>): ReaderIndex {
  const readers = new Map<string, string[]>();
  for (const { component, readSet } of claims)
    for (const file of [...Object.keys(readSet.files), ...Object.keys(readSet.folders)]) {
      const known = readers.get(file);
      if (known === undefined) readers.set(file, [component.id]);
      else known.push(component.id);
    }
  return readers;
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
    environment: {},
    readers: () => new Map(),
  };
}
