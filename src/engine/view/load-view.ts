import { type Graph, graphFrom } from '../../graph/graph.ts';
import { sha256 } from '../../model/digest.ts';
import { KarmaError } from '../../model/errors.ts';
import { once } from '../../model/once.ts';
import type { Seal } from '../../model/record.ts';
import type { Ledger } from '../../stores/ledger/port.ts';
import type { EngineContext } from '../context.ts';
import { readingOf } from '../reading.ts';
import { type Publication, publicationOf, rollForward } from '../versions/project.ts';
import { ResidentVersions } from '../versions/resident-versions.ts';
import { versionAt } from '../versions/versions.ts';
import { mustBeWanted } from '../wanted.ts';
import type { EstateClaims } from './estate-claims.ts';
import { readerIndex } from './following/places.ts';
import { CachedViews, cachedGraph, cacheGraph } from './following/view-cache.ts';
import { type OpenedEstate, openEstate } from './open-estate.ts';
import { sealOf } from './seal.ts';
import type { LoadedView } from './view.ts';

export interface ViewNeeds {
  /** The answer needs the files themselves, not the graph alone. */
  readonly needsEstate?: boolean;
  /** The answer needs every claim, so a cached graph will not do. */
  readonly needsClaims?: boolean;
  /** Shared by several views of one estate. */
  readonly claims?: EstateClaims | Promise<EstateClaims>;
  /** HEAD's commit instead of the work tree. */
  readonly committed?: boolean;
  /** The caller keeps what later processes start from, see `keep` of the view. */
  readonly keepsLater?: boolean;
  /** Not from the view of an earlier process that is just this one. */
  readonly anew?: boolean;
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
  const { residentViews } = context;
  if (residentViews === undefined || Object.keys(needs).length > 0) return loadAnew(context, at, needs);
  const name = at ?? 'worktree';
  const view = residentViews.get(name) ?? loadAnew(context, at, needs);
  residentViews.set(name, view);
  return view;
}

async function loadAnew(context: EngineContext, at: string | undefined, needs: ViewNeeds): Promise<LoadedView> {
  if (at !== undefined) {
    const version = /^v(\d+)$/.exec(at)?.[1];
    if (version !== undefined) return loadVersion(context, Number(version), needs);
    if (isTime(at)) return loadVersion(context, await versionAt(context, at), needs);
  }
  // While git looks for untracked files there is time to load what a changed work tree needs; most have not changed.
  let ahead: Promise<EstateClaims> | undefined;
  const loadAhead = () => {
    ahead ??= someClaimsOf(context);
    ahead.catch(() => undefined);
  };
  if (at === undefined && needs.committed !== true && context.cache.files.names('', '.view').length === 0) loadAhead();
  const estate = await openEstate(context, {
    ...(at === undefined ? {} : { at }),
    committed: needs.committed === true,
    onDirty: loadAhead,
    // Whoever needs the files works on the estate: deploys, publishes, tells what is stale.
    accounts: needs.needsEstate === true || needs.committed === true ? 'now' : 'lately',
  });
  return viewOf(context, estate, at === undefined && needs.committed !== true ? 'worktree' : 'revision', {
    ...(ahead === undefined ? {} : { claims: ahead }),
    ...needs,
  });
}

/** Loads the view of an opened estate from what an earlier process kept, else infers what changed since, and keeps that. */
export async function viewOf(
  context: EngineContext,
  estate: OpenedEstate,
  kind: LoadedView['kind'],
  needs: ViewNeeds = {},
): Promise<LoadedView> {
  mustBeWanted(context);
  const identity = [readingOf(context), estate.identity].join('\n');
  const seal = await sealOf(context);
  const views = new CachedViews(context.cache.files, scopeOf(context, estate, seal));
  const place = {
    kind,
    label: estate.label,
    position: estate.position,
    estate,
  };
  const following = ({ hash, environment }: Pick<LoadedView, 'hash' | 'environment'>) => ({
    ...place,
    changesSince: (before: Publication) => views.changes(before, { identity: sha256(identity), hash, environment }),
  });
  if (needs.needsClaims !== true && needs.anew !== true) {
    const kept = views.load(identity, context.env, seal);
    if (kept !== undefined) return { ...kept, ...following(kept) };
  }
  const claims = await (needs.claims ?? someClaimsOf(context));
  if (needs.needsClaims !== true) {
    const after = await followedView(views, identity, { estate, seal, claims });
    if (after !== undefined) {
      const { view, later } = after;
      return { ...view, ...following(view), ...(needs.keepsLater === true && later) };
    }
  }
  const [{ inferView }, all] = await Promise.all([
    import('./infer-view.ts'),
    claims.withGrammar(),
    estate.observation.preload(),
  ]);
  const { built, environment, readers, whole } = await inferView(estate, context, all.layouts(estate.view));
  const keep = () => views.keepWhole(identity, whole());
  const { graph, hash } = built;
  const inferred = { graph, hash, environment, ...following({ hash, environment }), built, readers };
  if (needs.keepsLater === true) return { ...inferred, keep };
  keep();
  return inferred;
}

interface FollowedAnswer {
  readonly view: Pick<LoadedView, 'graph' | 'hash' | 'environment' | 'readers' | 'claimedAs'>;
  readonly later: Pick<LoadedView, 'keep'>;
}

/**
 * Components that differ from the whole view that changes are followed from. Each costs every later build a little; beyond so
 * many a build leaves a new whole view behind.
 */
const farBehind = 48;

async function followedView(
  views: CachedViews,
  identity: string,
  { estate, seal, claims }: { readonly estate: OpenedEstate; readonly seal: Seal; readonly claims: EstateClaims },
): Promise<FollowedAnswer | undefined> {
  const base = views.base();
  if (base === undefined) return undefined;
  const { followChange } = await import('./following/follow-change.ts');
  const after = await claims.orWithGrammar((some) => followChange(base.view, estate, seal, some.layouts(estate.view)));
  if (after === undefined) return undefined;
  views.keepDelta(identity, base, after);
  const { graph, hash, environment, reads } = after;
  return {
    view: {
      ...{ graph, hash, environment, readers: once(() => readerIndex(base.view.state.places, reads)) },
      claimedAs: { of: base.claims, changed: once(() => new Set(reads.keys())) },
    },
    later: reads.size > farBehind ? { keep: () => views.keepWhole(identity, after.whole()) } : {},
  };
}

/** Claims of an estate's components, made when asked for; one instance serves both ends of a range. */
export async function claimsOf(context: EngineContext): Promise<EstateClaims> {
  // Inference is only loaded where something must be inferred: most questions are answered from what is kept.
  const { EstateClaims } = await import('./estate-claims.ts');
  return EstateClaims.open(await sealOf(context));
}

/** The same for who needs a few: most are made without what takes longest to load. */
export async function someClaimsOf(context: EngineContext): Promise<EstateClaims> {
  const { EstateClaims } = await import('./estate-claims.ts');
  return EstateClaims.openWithoutGrammar(await sealOf(context));
}

/** Everything beside files, environment values and parameters that claims of an estate rest on. */
function scopeOf(context: EngineContext, { observation, view }: OpenedEstate, seal: Seal): string {
  return [
    readingOf(context),
    observation.root.folder,
    JSON.stringify(view.settings),
    ...observation.sources.map(({ source, read }) => `${source} ${read}`),
    seal('views'),
  ].join('\n');
}

/** A version's graph from the store; the next process finds it kept. */
async function storedGraph(
  context: EngineContext,
  ledger: Ledger,
  publication: Publication,
  event: string,
): Promise<Graph> {
  const store = await context.stores.graph();
  await rollForward(ledger, store);
  const graph = graphFrom(await store.load(publication.version));
  cacheGraph(context.cache.files, publication, event, graph);
  return graph;
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
  const { resident } = context;
  if (resident !== undefined) resident.versions ??= new ResidentVersions();
  const read = () => publicationOf(ledger, version);
  const { publication, event } = await (resident?.versions?.publication(ledger, version, read) ?? read());
  const graph =
    resident?.versions?.graph(event.hash) ??
    cachedGraph(context.cache.files, publication, event.hash) ??
    (await storedGraph(context, ledger, publication, event.hash));
  resident?.versions?.keep(event.hash, graph);
  return {
    graph,
    hash: publication.hash,
    kind: 'version',
    label: `v${version}`,
    position: `v${version}`,
    environment: {},
    readers: () => new Map(),
  };
}
