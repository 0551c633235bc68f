import { retainUnread } from '../infer/retain.ts';
import { sha256 } from '../model/digest.ts';
import { KarmaError } from '../model/errors.ts';
import { deltaBetween, emptyDelta, type Row, rowId } from '../model/rows.ts';
import { findEstateRoot } from '../observe/estate-root.ts';
import { readHead } from '../observe/git-repository.ts';
import type { EngineContext } from './context.ts';
import { readLog } from './history/git-log.ts';
import { takeHistory } from './history/tell-history.ts';
import { graphCounter, type Manifest, type Publication, publicationOf } from './versions/project.ts';
import { type Published, publish } from './versions/publish.ts';
import { retainUnseen } from './versions/retain-accounts.ts';
import { claimsOf, type ViewNeeds, viewOf } from './view/load-view.ts';
import { type OpenedEstate, openEstate } from './view/open-estate.ts';
import { sealOf } from './view/seal.ts';
import { environmentHolds } from './view/sealed-environment.ts';
import type { LoadedView } from './view/view.ts';

export interface BuildAnswer extends Omit<Published, 'delta'> {
  readonly label: string;
  readonly components: number;
  readonly references: number;
  readonly findings: number;
  readonly put: number;
  readonly removed: number;
  readonly manifest: Manifest;
}

/**
 * Publishes a version from the followed ref: `--at`, else `follow:` in karma.yaml, else HEAD; never from uncommitted files.
 * Sources that stand where the newest version found them are not read again.
 */
export async function build(context: EngineContext, at?: string): Promise<BuildAnswer> {
  const claims = claimsAhead(context);
  const head = await openEstate(context, { committed: true, ...(at === undefined ? {} : { at }) });
  const follow = at ?? head.karmaFile?.follow;
  const estate =
    follow === undefined || follow === at ? head : await openEstate(context, { committed: true, at: follow });
  const { main } = estate.observation;
  if (main.repository !== undefined && main.commit === undefined)
    throw new KarmaError('KARMA_NO_SUCH_REVISION', `${main.repository.root} has no commit yet, so nothing to publish`, {
      hint: 'commit first; every question reads the work tree meanwhile',
    });
  const manifest = estate.manifest(context.now());
  const identity = sha256([context.version, estate.identity].join('\n'));
  const same = await unchanged(context, estate, manifest, identity);
  if (same !== undefined) return same;
  const log = readLog(context, estate.observation.opened);
  // Awaited below; until then a failure must not count as unhandled.
  log.catch(() => undefined);
  const view = await viewOf(context, estate, 'revision', await claims);
  await takeHistory(context, view, log);
  const missing = estate.observation.sources
    .filter(({ read, source }) => !read && source !== '')
    .map(({ source }) => source);
  const unseen = { bindings: estate.accounts.unseen, environments: environmentsUnseen(estate) };
  const rowsAfter = (before: ReadonlyMap<string, Row>) =>
    retainUnseen(before, retainUnread(before, rowsOf(view), missing), unseen);
  const { graph } = view;
  const { component, finding } = graph.tables;
  // Only where nothing of the version before is kept beside the view.
  const alone = missing.length === 0 && unseen.bindings.length === 0;
  const published = await publish(context, rowsAfter, {
    manifest,
    identity,
    environment: view.environment,
    ...(alone && {
      changesSince: (parent: Publication | undefined) => {
        const delta =
          parent === undefined
            ? deltaBetween(new Map(), rowsOf(view))
            : view.changesSince?.(parent.identity, parent.hash);
        const counts = { components: component.size, references: graph.edges, findings: finding.size };
        return delta === undefined ? undefined : { delta, hash: view.hash, counts };
      },
    }),
  });
  const counts = { components: graph.size, references: graph.edges, findings: finding.size };
  return answerOf(estate, manifest, published, counts);
}

/**
 * What inference needs, loaded while git answers. Undefined where the newest version was made from what HEAD names: then it is
 * likely that nothing must be inferred.
 */
async function claimsAhead(context: EngineContext): Promise<Pick<ViewNeeds, 'claims'>> {
  try {
    const { repository } = findEstateRoot(context.request);
    const ledger = await context.stores.ledger();
    const version = await ledger.counter(graphCounter);
    const { manifest } = version === 0 ? { manifest: [] } : (await publicationOf(ledger, version)).publication;
    const position = manifest.find(({ source }) => source === '')?.position;
    if (repository === undefined || position === readHead(repository).commit) return {};
    return { claims: await claimsOf(context) };
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
  const ledger = await context.stores.ledger();
  const version = await ledger.counter(graphCounter);
  if (version === 0) return undefined;
  const { publication } = await publicationOf(ledger, version);
  if (publication.identity !== identity) return undefined;
  if (!environmentHolds(publication.environment, context.env, await sealOf(context))) return undefined;
  const published = { version, hash: publication.hash, changed: false, delta: emptyDelta };
  return answerOf(estate, manifest, published, publication.counts);
}

function answerOf(
  estate: OpenedEstate,
  manifest: Manifest,
  { delta, ...published }: Published,
  counts: Pick<BuildAnswer, 'components' | 'references' | 'findings'>,
): BuildAnswer {
  return {
    ...published,
    label: estate.label,
    ...counts,
    put: delta.put.length,
    removed: delta.remove.length,
    manifest,
  };
}

function rowsOf({ graph, built }: LoadedView): ReadonlyMap<string, Row> {
  return built?.rows ?? new Map([...graph.rows()].map((row) => [rowId(row), row]));
}
