import { retainUnread } from '../../infer/retain.ts';
import { sha256 } from '../../model/digest.ts';
import { KarmaError } from '../../model/errors.ts';
import { byRowName, deltaBetween, type Row, rowId } from '../../model/rows.ts';
import { findEstateRoot } from '../../observe/estate/estate-root.ts';
import { readHead } from '../../observe/git/git-repository.ts';
import type { EngineContext } from '../context.ts';
import { type GitLog, readLog } from '../history/git-log.ts';
import { historyToTake, takeHistory } from '../history/tell-history.ts';
import { readingOf, readingRevision } from '../reading.ts';
import { someClaimsOf, type ViewNeeds, viewOf } from '../view/load-view.ts';
import { type OpenedEstate, openEstate } from '../view/open-estate.ts';
import { sealOf } from '../view/seal.ts';
import { environmentHolds } from '../view/sealed-environment.ts';
import type { LoadedView } from '../view/view.ts';
import { foundEqual, keepFoundEqual } from './found-equal.ts';
import { graphCounter, type Manifest, type Publication, publicationOf } from './project.ts';
import { type Published, publish, type Sources } from './publish.ts';
import type { BesidePublisher } from './publish-first.ts';
import { retainUnseen } from './retain-accounts.ts';

/** What was published, with its rows counted. */
interface PublishedRows extends Omit<Published, 'delta'> {
  readonly put: number;
  readonly removed: number;
}

export interface BuildAnswer extends PublishedRows {
  readonly label: string;
  readonly components: number;
  readonly references: number;
  readonly findings: number;
  readonly manifest: Manifest;
}

/**
 * Publishes a version from the followed ref: `--at`, else `follow:` in karma.yaml, else HEAD; never from uncommitted files.
 * Sources that stand where the newest version found them are not read again.
 */
export async function build(context: EngineContext, at?: string, yields = false): Promise<BuildAnswer> {
  const newest = await newestVersion(context);
  if (yields) await mustBeOurs(context, newest);
  const claims = claimsAhead(context, newest);
  const head = await openEstate(context, {
    committed: true,
    readsAll: newest === 0,
    ...(at === undefined ? {} : { at }),
  });
  const follow = at ?? head.karmaFile?.follow;
  const estate =
    follow === undefined || follow === at ? head : await openEstate(context, { committed: true, at: follow });
  const { main } = estate.observation;
  if (main.repository !== undefined && main.commit === undefined)
    throw new KarmaError('KARMA_NO_SUCH_REVISION', `${main.repository.root} has no commit yet, so nothing to publish`, {
      hint: 'commit first; every question reads the work tree meanwhile',
    });
  const manifest = estate.manifest(context.now());
  const identity = sha256([readingOf(context), estate.identity].join('\n'));
  const same = await unchanged(context, estate, manifest, identity);
  if (same !== undefined) return same;
  const log = readLog(context, estate.observation.opened);
  // Awaited below; until then a failure must not count as unhandled.
  log.catch(() => undefined);
  const beside = newest === 0 ? publisherBeside(context, estate) : undefined;
  try {
    const view = await viewOf(context, estate, 'revision', { ...(await claims), keepsLater: true });
    const sources = { manifest, identity, environment: view.environment };
    const published =
      (beside === undefined ? undefined : await publishBeside(context, view, { beside, sources, log })) ??
      (await publishView(context, view, { sources, log, estate, at: follow }));
    const { version, hash, changed } = published;
    if (!changed) keepFoundEqual(context.cache.files, identity, { version, hash, environment: view.environment });
    return answerOf(estate, manifest, published, countsOf(view));
  } finally {
    beside?.end();
  }
}

interface Publishing {
  readonly sources: Omit<Sources, 'changesSince'>;
  readonly log: Promise<GitLog>;
}

/** History first, so that the version follows from it. */
async function publishView(
  context: EngineContext,
  view: LoadedView,
  { sources, log, estate, at }: Publishing & { readonly estate: OpenedEstate; readonly at: string | undefined },
): Promise<PublishedRows> {
  // What was inferred in full is at hand here and nowhere else.
  const beside = view.built === undefined && view.keep !== undefined && context.cacheBeside?.start(at) === true;
  if (!beside) view.keep?.();
  await takeHistory(context, view, log);
  const missing = sourcesMissing(estate);
  const unseen = { bindings: estate.accounts.unseen, environments: environmentsUnseen(estate) };
  const rowsAfter = (before: ReadonlyMap<string, Row>) =>
    retainUnseen(before, retainUnread(before, rowsOf(view), missing), unseen);
  context.report({ kind: 'phase', phase: 'publish', done: 0, total: 1 });
  const { delta, ...published } = await publish(context, rowsAfter, {
    ...sources,
    ...(isAlone(estate) && {
      changesSince: (parent: Publication | undefined) => {
        const change = parent === undefined ? deltaBetween(new Map(), rowsOf(view)) : view.changesSince?.(parent);
        return change === undefined ? undefined : { delta: change, hash: view.hash, counts: countsOf(view) };
      },
    }),
  });
  return { ...published, put: delta.put.length, removed: delta.remove.length };
}

/**
 * Two Karmas that follow one ref, of which one finds more, would publish in turn, each what it reads, for as long as both run.
 * @throws KARMA_DATA_NEWER
 */
async function mustBeOurs(context: EngineContext, newest: number): Promise<void> {
  if (newest === 0) return;
  const { reading = 0 } = (await publicationOf(await context.stores.ledger(), newest)).publication;
  if (reading > readingRevision)
    throw new KarmaError('KARMA_DATA_NEWER', `v${newest} was published by a newer Karma, which goes on with it`, {
      hint: 'update this one; what is asked of it is answered as before, and a build by hand publishes what it reads',
    });
}

/** 0 where nothing was published yet. */
async function newestVersion(context: EngineContext): Promise<number> {
  const ledger = await context.stores.ledger();
  return ledger.counter(graphCounter);
}

/** Another thread to publish in, where a large estate gets its first version. */
function publisherBeside(context: EngineContext, estate: OpenedEstate): BesidePublisher | undefined {
  if (!isAlone(estate)) return undefined;
  const files = estate.observation.opened.reduce((sum, { view }) => sum + view.files().length, 0);
  return context.publishBeside?.start(files);
}

/** What a later process starts from is kept while the other thread publishes: each takes half a second of ten thousand components. */
async function publishBeside(
  context: EngineContext,
  view: LoadedView,
  { beside, sources, log }: Publishing & { readonly beside: BesidePublisher },
): Promise<PublishedRows | undefined> {
  // Nearly in order, so that putting them in order costs little.
  const rows = [...view.graph.rows()].sort(byRowName);
  beside.take({ rows, hash: view.hash, counts: countsOf(view) });
  const history = await historyToTake(context, view, log);
  const { actor, person, door, trace } = context;
  const publisher = {
    ...{ actor, door },
    ...(person === undefined ? {} : { person }),
    ...(trace === undefined ? {} : { trace }),
  };
  context.report({ kind: 'phase', phase: 'publish', done: 0, total: 1 });
  const publishing = beside.publish({ history, sources, publisher });
  view.keep?.();
  return publishing;
}

function countsOf({ graph }: LoadedView): Publication['counts'] {
  return { components: graph.size, references: graph.edges, findings: graph.tables.finding.size };
}

function sourcesMissing({ observation }: OpenedEstate): readonly string[] {
  return observation.sources.filter(({ read, source }) => !read && source !== '').map(({ source }) => source);
}

/** Nothing of the version before is kept beside the view. */
function isAlone(estate: OpenedEstate): boolean {
  return sourcesMissing(estate).length === 0 && estate.accounts.unseen.length === 0;
}

/**
 * What inference needs, loaded while git answers. Undefined where the newest version was made from what HEAD names: then it is
 * likely that nothing must be inferred.
 */
async function claimsAhead(context: EngineContext, newest: number): Promise<Pick<ViewNeeds, 'claims'>> {
  try {
    const { repository } = findEstateRoot(context.request);
    const ledger = await context.stores.ledger();
    const { manifest } = newest === 0 ? { manifest: [] } : (await publicationOf(ledger, newest)).publication;
    const position = manifest.find(({ source }) => source === '')?.position;
    if (repository === undefined || position === readHead(repository).commit) return {};
    return { claims: await someClaimsOf(context) };
  } catch {
    // Whatever is wrong shows where it is needed.
    return {};
  }
}

/** Environments of which no account could be read. */
function environmentsUnseen({ accounts: { unseen }, observation: { bindings } }: OpenedEstate): ReadonlySet<string> {
  const silent = unseen.map((name) => bindings.find((binding) => binding.name === name)?.environment ?? name);
  const heard = bindings.filter(({ name }) => !unseen.includes(name)).map(({ environment }) => environment);
  return new Set(silent.filter((environment) => !heard.includes(environment)));
}

/** The newest version, when it was made from exactly this. Environment values count. */
async function unchanged(
  context: EngineContext,
  estate: OpenedEstate,
  manifest: Manifest,
  identity: string,
): Promise<BuildAnswer | undefined> {
  const version = await newestVersion(context);
  if (version === 0) return undefined;
  const ledger = await context.stores.ledger();
  const { publication } = await publicationOf(ledger, version);
  const { hash } = publication;
  const found = publication.identity === identity ? publication : foundEqual(context.cache.files, identity);
  if (found === undefined || found.version !== version || found.hash !== hash) return undefined;
  if (!environmentHolds(found.environment, context.env, await sealOf(context))) return undefined;
  const published = { version, hash, changed: false, put: 0, removed: 0 };
  return answerOf(estate, manifest, published, publication.counts);
}

function answerOf(
  estate: OpenedEstate,
  manifest: Manifest,
  { version, hash, changed, put, removed }: PublishedRows,
  counts: Pick<BuildAnswer, 'components' | 'references' | 'findings'>,
): BuildAnswer {
  return {
    version,
    hash,
    changed,
    label: estate.label,
    ...counts,
    put,
    removed,
    manifest,
  };
}

function rowsOf({ graph, built }: LoadedView): ReadonlyMap<string, Row> {
  return built?.rows ?? new Map([...graph.rows()].map((row) => [rowId(row), row]));
}
