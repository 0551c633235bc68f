import { parseObject } from '../../consequence/reconstruct/read.ts';
import type { ComponentRow } from '../../model/component.ts';
import { byCodeUnit } from '../../model/digest.ts';
import type { EventDraft } from '../../model/event.ts';
import { holdsSecret } from '../../model/secrets/value-digest.ts';
import { redact } from '../../model/secrets/values.ts';
import type { OpenSource } from '../../observe/estate/source.ts';
import type { Commit } from '../../observe/git/history.ts';
import type { Ledger } from '../../stores/ledger/port.ts';
import type { ParameterVersion } from '../../stores/parameters/port.ts';
import type { EngineContext } from '../context.ts';
import { accountsOf } from '../deployed/accounts.ts';
import { configParameter } from '../deployed/config-digest.ts';
import { type KnownComponent, knownComponents } from '../deployed/known-components.ts';
import type { LoadedView } from '../view/view.ts';
import { appendHistory, historyTurn, type TakenHistory } from './append-history.ts';
import { eventsOf, everyEvent } from './every-event.ts';
import { type GitLog, type Known, knownWrite, readLog } from './git-log.ts';

/** Histories read of one account at once: each is a call, and AWS allows few a second. The next build goes on. */
const mostHistories = 200;

/**
 * Copies history into the ledger as events marked reconstructed: commits that touched configs, units and modules, and versions
 * of published configs and runtimes, which a Parameter Store forgets after a hundred. Each is copied once; what Karma itself
 * wrote is there already.
 *
 * Only commands that write anyway call this (`build`, `record`). Questions reconstruct what they need in memory.
 *
 * @param reading the log, where it is being read already
 * @returns how many events were added
 */
export async function takeHistory(
  context: EngineContext,
  view: LoadedView,
  reading?: Promise<GitLog>,
): Promise<number> {
  const history = await historyToTake(context, view, reading);
  const ledger = await context.stores.ledger();
  return (await appendHistory(ledger, history)) ? history.drafts.length : 0;
}

/** What the ledger does not hold yet. */
export async function historyToTake(
  context: EngineContext,
  view: LoadedView,
  reading = readLog(context, view.estate?.observation.opened ?? []),
): Promise<TakenHistory> {
  const log = await reading;
  const ledger = await context.stores.ledger();
  const { known } = log;
  const turn = await historyTurn(ledger);
  const commits = commitDrafts(context, view, log);
  const told = toldOnce(context);
  const parameters = await parameterDrafts(context, view, known.parameters, told);
  const now: Known = { commits: log.heads, parameters: parameters.versions };
  const drafts = [...(await newCommits(ledger, commits, told)), ...(await newVersions(parameters.drafts, told))];
  drafts.sort((a, b) => byCodeUnit(a.at, b.at));
  if (JSON.stringify(now) === JSON.stringify(known)) return { drafts, turn };
  return { drafts: [...drafts, takenDraft(context, log)], turn, known: knownWrite(log, now) };
}

export const historyTaken = 'history.taken';

/** Says how far the logs were read, also where nothing in them touched the estate. */
function takenDraft({ actor, door, now }: EngineContext, { heads }: GitLog): EventDraft {
  return {
    action: historyTaken,
    actor,
    door,
    subject: 'history',
    outcome: 'ok',
    at: now(),
    details: { commits: heads },
  };
}

/** What stands in the ledger already, as {@link namesOf} says; read when first asked for. */
function toldOnce(context: EngineContext): () => Promise<ReadonlySet<string>> {
  let told: Promise<ReadonlySet<string>> | undefined;
  const read = async () => {
    const there = new Set<string>();
    for await (const event of everyEvent(context)) for (const name of namesOf(event)) there.add(name);
    return there;
  };
  return () => {
    told ??= read();
    return told;
  };
}

/** Beyond so many components that commits touched, the ledger is read from its beginning instead. */
const fewSubjects = 50;

/** Of few components each is asked for what was told of it: a ledger grows by every build, and most of them add little. */
async function newCommits(
  ledger: Ledger,
  drafts: readonly EventDraft[],
  told: () => Promise<ReadonlySet<string>>,
): Promise<EventDraft[]> {
  const subjects = new Set(drafts.map(({ subject }) => subject));
  if (subjects.size > fewSubjects) return withoutTold(await told(), drafts);
  const there = new Set<string>();
  for (const subject of subjects)
    for await (const event of eventsOf(ledger, { subject })) for (const name of namesOf(event)) there.add(name);
  return withoutTold(there, drafts);
}

async function newVersions(
  drafts: readonly EventDraft[],
  told: () => Promise<ReadonlySet<string>>,
): Promise<EventDraft[]> {
  return drafts.length === 0 ? [] : withoutTold(await told(), drafts);
}

/** A killed process may have left half of it: what stands in the ledger is not written twice. */
function withoutTold(told: ReadonlySet<string>, drafts: readonly EventDraft[]): EventDraft[] {
  return drafts.filter((draft) => !namesOf(draft).some((name) => told.has(name)));
}

function namesOf({ action, subject, outcome, details }: Omit<EventDraft, 'cause'>): string[] {
  const { commit, binding, parameter, version } = details;
  if (outcome !== 'ok') return [];
  if (action === 'config.committed' || action === 'module.committed') return [`${subject}\n${String(commit)}`];
  if (action === 'parameter.put') return [`${String(binding)}\n${subject}\n${String(version)}`];
  if (typeof parameter === 'string') return [`${String(binding)}\n${parameter}\n${String(version)}`];
  return [];
}

/** Commits that touched configs, units and modules and that the ledger does not hold, as drafts. Nothing is written. */
export async function commitsToTell(context: EngineContext, view: LoadedView): Promise<readonly EventDraft[]> {
  return commitDrafts(context, view, await readLog(context, view.estate?.observation.opened ?? []));
}

function commitDrafts(context: EngineContext, view: LoadedView, { sources }: GitLog): EventDraft[] {
  return sources.flatMap(({ source, commits }) =>
    draftsFor(context, commits, ownersOf(view, source, foldersOf(commits))),
  );
}

interface Owner {
  readonly action: 'config.committed' | 'module.committed';
  readonly subject: string;
  readonly environment: string;
}

/** Folder, from the repository's root → what it holds. */
type Owners = ReadonlyMap<string, readonly Owner[]>;

/** @param asked folders that somebody is going to look up: of ten thousand a commit mostly touches one */
function ownersOf(view: LoadedView, source: OpenSource, asked: ReadonlySet<string>): Owners {
  const owners = new Map<string, Owner[]>();
  const scope = scopeOf(source);
  const add = (place: string, owner: () => Owner) => {
    const colon = place.indexOf(':');
    const [repo, path] = colon < 0 ? ['', place] : [place.slice(0, colon), place.slice(colon + 1)];
    if (repo !== source.name || path.startsWith('..')) return;
    const isRoot = path === '.' || path === '';
    const folder = isRoot ? scope : scope === '' ? path : `${scope}/${path}`;
    if (!asked.has(folder)) return;
    const list = owners.get(folder);
    if (list === undefined) owners.set(folder, [owner()]);
    else list.push(owner());
  };
  const modules = new Set<string>();
  const places = new Map<string, readonly string[]>();
  for (let node = 0; node < view.graph.size; node++) {
    const { kind, external, environment, module, path } = view.graph.head(node);
    if (kind !== 'component' || external) continue;
    add(path, () => ({ action: 'config.committed', subject: view.graph.id(node), environment }));
    const all = places.get(module) ?? modulePlaces(view, { module, path: '' });
    places.set(module, all);
    for (const place of all) if (place !== path) modules.add(place);
  }
  for (const place of modules)
    add(place, () => ({ action: 'module.committed', subject: moduleSubject(place), environment: '' }));
  return owners;
}

/** Every folder above a file that commits touched. */
function foldersOf(commits: readonly Commit[]): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const { changes } of commits)
    for (const { path, from } of changes)
      for (const name of from === undefined ? [path] : [path, from])
        for (let folder = parentOf(name); !folders.has(folder); folder = parentOf(folder)) folders.add(folder);
  return folders;
}

function parentOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}

/** What events about a module's folder are about, as findings about its component type are. */
export function moduleSubject(place: string): string {
  return `type ${place}`;
}

/** Folders of the estate that hold a component's module and those it calls, besides its own. */
export function modulePlaces({ graph }: LoadedView, row: Pick<ComponentRow, 'module' | 'path'>): readonly string[] {
  const type = graph.types().get(row.module);
  if (type === undefined || /:\/\/|::/.test(row.module)) return [];
  const called = type.modules.filter(({ remote }) => !remote).map(({ source }) => source);
  return [...new Set([row.module, ...called])].filter((place) => place !== row.path && place !== '').sort(byCodeUnit);
}

/** The estate's folder inside its repository; a bare one has none. */
export function scopeOf({ repository, folder }: OpenSource): string {
  if (repository === undefined || repository.bare || folder === repository.root) return '';
  return folder.slice(repository.root.length + 1).replaceAll('\\', '/');
}

/** Walks from the newest, so that each older name of a file is known by the newer one when its commits come. Oldest first. */
function draftsFor(context: EngineContext, commits: readonly Commit[], owners: Owners): EventDraft[] {
  const today = new Map<string, string>();
  const drafts: EventDraft[][] = [];
  for (const commit of commits) {
    const touched = new Map<string, { readonly owner: Owner; readonly files: string[] }>();
    for (const { path, from } of commit.changes) {
      const current = today.get(path) ?? path;
      if (from !== undefined) today.set(from, current);
      for (const owner of nearest(owners, current)) {
        const key = `${owner.action}\n${owner.subject}`;
        const known = touched.get(key);
        if (known === undefined) touched.set(key, { owner, files: [path] });
        else known.files.push(path);
      }
    }
    const names = [...touched].sort(([a], [b]) => byCodeUnit(a, b));
    const told = { commit, message: redact(commit.subject) };
    drafts.push(names.map(([, { owner, files }]) => draftOf(context, told, owner, files)));
  }
  return drafts.reverse().flat();
}

function nearest(owners: Owners, path: string): readonly Owner[] {
  for (let folder = path; folder !== ''; ) {
    folder = parentOf(folder);
    const found = owners.get(folder);
    if (found !== undefined) return found;
  }
  return [];
}

interface ToldCommit {
  readonly commit: Commit;
  /** Its subject, fit to be kept. */
  readonly message: unknown;
}

function draftOf(
  context: EngineContext,
  { commit, message }: ToldCommit,
  owner: Owner,
  files: readonly string[],
): EventDraft {
  return {
    action: owner.action,
    actor: commit.author,
    door: context.door,
    subject: owner.subject,
    ...(owner.environment === '' ? {} : { environment: owner.environment }),
    outcome: 'ok',
    at: commit.at,
    reconstructed: true,
    details: { commit: commit.id, message, files: files.slice(0, 20) },
  };
}

async function parameterDrafts(
  context: EngineContext,
  view: LoadedView,
  known: Known['parameters'],
  told: () => Promise<ReadonlySet<string>>,
): Promise<{ readonly drafts: readonly EventDraft[]; readonly versions: Known['parameters'] }> {
  const read = view.estate?.view.parameters;
  if (read === undefined || read.size === 0) return { drafts: [], versions: {} };
  const subjects = parameterSubjects(view, knownComponents(view));
  const drafts: EventDraft[] = [];
  const versions: Record<string, number> = {};
  for (const [binding, parameters] of read) {
    const store = await context.stores.parameters(binding);
    const mayAsk = view.estate?.accounts.unread.includes(binding) === false;
    let left = store.importVersions === undefined ? mostHistories : Number.POSITIVE_INFINITY;
    for (const { name, version } of parameters.values()) {
      if (!/\/(config|runtime)$/.test(name)) continue;
      const key = `${binding} ${name}`;
      const from = known[key] ?? 0;
      versions[key] = version;
      if (from >= version || everyTold(await told(), { binding, name, from, to: version })) continue;
      if (!mayAsk || left === 0) {
        versions[key] = from;
        continue;
      }
      left -= 1;
      for (const one of await store.history(name))
        if (one.version > from) drafts.push(versionDraft(context, binding, subjects(binding, name), one));
    }
  }
  return { drafts, versions };
}

/** Whether the ledger tells of every version after `from`: Karma wrote them itself, and nobody need be asked. */
function everyTold(
  told: ReadonlySet<string>,
  {
    binding,
    name,
    from,
    to,
  }: { readonly binding: string; readonly name: string; readonly from: number; readonly to: number },
): boolean {
  for (let version = from + 1; version <= to; version += 1)
    if (!told.has(`${binding}\n${name}\n${version}`)) return false;
  return true;
}

function versionDraft(
  context: EngineContext,
  binding: string,
  subject: string,
  { name, version, modifiedBy, modifiedAt, digest, value }: ParameterVersion,
): EventDraft {
  return {
    action: name.endsWith('/config') ? 'config.published' : 'runtime.published',
    actor: modifiedBy,
    door: context.door,
    subject,
    outcome: 'ok',
    at: modifiedAt,
    reconstructed: true,
    // Of a text that holds secrets the digest would let them be guessed.
    details: { binding, parameter: name, version, ...(holdsSecret(parsed(value)) ? {} : { digest }) },
  };
}

function parsed(text: string | undefined): unknown {
  return text === undefined ? undefined : (parseObject(text) ?? text);
}

/** Whose a parameter is in an account; its own name where that cannot be told. */
function parameterSubjects(
  view: LoadedView,
  components: readonly KnownComponent[],
): (binding: string, name: string) => string {
  const accounts = view.estate === undefined ? undefined : accountsOf(view.estate.view);
  const found = new Map<string, string>();
  for (const component of components) {
    if (component.row.layout !== 'adage') continue;
    const names = [...component.runtimes.filter((name) => name.startsWith('/')), configParameter(view, component)];
    for (const binding of accounts?.of(component.row, '') ?? [])
      for (const name of names) found.set(`${binding}\n${name}`, component.row.id);
  }
  return (binding, name) => found.get(`${binding}\n${name}`) ?? name;
}
