import type { Graph } from '../../../graph/graph.ts';
import { graphAfter } from '../../../graph/graph-after.ts';
import { type SectionFile, textSection, writeSections } from '../../../graph/section-file.ts';
import { graphSections } from '../../../graph/snapshot.ts';
import type { ComponentId } from '../../../model/component.ts';
import { canonicalJson, sha256 } from '../../../model/digest.ts';
import type { Environment } from '../../../model/file-view.ts';
import { once } from '../../../model/once.ts';
import type { Seal } from '../../../model/record.ts';
import { type Delta, emptyDelta } from '../../../model/rows.ts';
import type { CacheFiles } from '../../../observe/cache/cache-files.ts';
import { environmentHolds, type SealedEnvironment } from '../sealed-environment.ts';
import type { ClaimedAs } from '../view.ts';
import { type CachedState, nodesIn, stateSections } from './cached-state.ts';
import { deltaOver, inTurn } from './delta-over.ts';
import type { BaseView, FollowedView } from './follow-change.ts';
import { graphRows } from './graph-rows.ts';
import { graphIn, sectionsOf, stateIn } from './opened-files.ts';
import { cachedReaders, type ReaderIndex } from './reader-index.ts';

/** What a cached view says beside its graph. */
interface Header {
  readonly hash: string;
  readonly environment: SealedEnvironment;
  readonly refs: string;
  readonly accounts: string;
  /** A whole view leaves enough behind to follow changes from. */
  readonly hasState: boolean;
}

/** What a cached delta says: the whole view it starts from, and what changed since. */
interface DeltaHeader {
  readonly hash: string;
  readonly environment: SealedEnvironment;
  readonly base: string;
  /** The base as it was: its file may be written anew, for what is found in another environment. */
  readonly over: string;
}

export interface CachedView {
  readonly graph: Graph;
  readonly hash: string;
  readonly environment: SealedEnvironment;
  readonly readers: () => ReaderIndex;
  readonly claimedAs: ClaimedAs;
}

/** A view that was inferred in full. */
export interface WholeView {
  readonly graph: Graph;
  readonly hash: string;
  readonly environment: SealedEnvironment;
  readonly refs: string;
  readonly accounts: string;
  /** Undefined where changes cannot be followed from it. */
  readonly state: CachedState | undefined;
}

/**
 * Views of one estate that processes keep for each other: whole ones, and patches on top of them. What a view is made of
 * stands in its name; nothing here is needed for correctness.
 *
 * @param scope names the estate and everything beside its files that claims rest on: Karma's version, settings, the key
 */
export class CachedViews {
  readonly #files: CacheFiles;
  readonly #scope: string;

  constructor(files: CacheFiles, scope: string) {
    this.#files = files;
    this.#scope = sha256(scope).slice(0, 16);
  }

  /** The view of an estate just as it is, if some earlier process kept it. */
  load(identity: string, now: Environment, seal: Seal): CachedView | undefined {
    return readable(() => this.#whole(identity, now, seal) ?? this.#patched(identity, now, seal));
  }

  /** The newest whole view from which changes can be followed, and what its claims are named by. */
  base(): { readonly name: string; readonly claims: string; readonly view: BaseView } | undefined {
    const [name] = this.#files.names(`${this.#scope}-`, '.view');
    if (name === undefined) return undefined;
    return readable(() => {
      const file = this.#open(name);
      const header = file?.json<Header>('header');
      if (file === undefined || header?.hasState !== true) return undefined;
      const { refs, accounts, environment } = header;
      return {
        name,
        claims: claimsName(name, header),
        view: { graph: graphIn(file), state: stateIn(file), refs, accounts, environment },
      };
    });
  }

  /**
   * What changed between two views that stand on one whole view.
   * @param before what it was made of, as a publication names it, with the hash and the environment it must have; so `after`
   */
  changes(before: VersionName, after: VersionName): Delta | undefined {
    return readable(() => {
      const standings = this.#standings(after);
      for (const old of this.#standings(before)) {
        const now = standings.find(({ base }) => base === old.base);
        if (now === undefined) continue;
        const file = this.#open(now.base);
        const delta = file && deltaOver(graphRows(graphIn(file)), old.delta(), now.delta());
        // What was used last is followed next: the newest that the view stands on, not what it is told over.
        this.#open(standings[0]?.base ?? now.base);
        return delta;
      }
      return undefined;
    });
  }

  /** A cached view as the whole one it stands on and the delta from there; one that was made whole later stands on two. */
  #standings(version: VersionName): readonly Standing[] {
    const digest = version.identity;
    const [whole, patch] = [this.#open(this.#named(digest, 'view')), this.#open(this.#named(digest, 'patch'))];
    const standings: Standing[] = [];
    if (whole !== undefined) {
      const { hash, environment } = whole.json<Header>('header');
      standings.push({ base: this.#named(digest, 'view'), hash, environment, delta: () => emptyDelta });
    }
    if (patch !== undefined) {
      const { base, hash, environment, over } = patch.json<DeltaHeader>('header');
      const delta = () => patch.json<Delta>('delta');
      const stands = this.#baseOf(base, over) !== undefined;
      if (stands) standings.push({ base, hash, environment, delta });
      const below = stands ? this.#below(base) : undefined;
      if (below !== undefined)
        standings.push({ hash, environment, base: below.base, delta: () => inTurn(below.delta(), delta()) });
    }
    return standings.filter((one) => isOfVersion(one, version));
  }

  /** Where a whole view was made of a patch, while others were still told over the view before it: that one. */
  #below(name: string): Pick<Standing, 'base' | 'delta'> | undefined {
    const [whole, patch] = [this.#open(name), this.#open(name.replace(/view$/, 'patch'))];
    if (whole === undefined || patch === undefined) return undefined;
    const { base, over, ...header } = patch.json<DeltaHeader>('header');
    if (!isOfVersion(header, whole.json<Header>('header'))) return undefined;
    if (this.#baseOf(base, over) === undefined) return undefined;
    return { base, delta: () => patch.json<Delta>('delta') };
  }

  keepWhole(identity: string, { graph, state, hash, environment, refs, accounts }: WholeView): void {
    const header: Header = { hash, environment, refs, accounts, hasState: state !== undefined };
    const sections = new Map([
      ['header', textSection(JSON.stringify(header))],
      ...graphSections(graph),
      ...(state === undefined ? [] : stateSections(state)),
    ]);
    this.#files.write(this.#name(identity, 'view'), writeSections(sections));
  }

  /** @param base as {@link base} told it */
  keepDelta(
    identity: string,
    base: { readonly name: string; readonly claims: string },
    { hash, environment, delta, reads }: FollowedView,
  ): void {
    const header: DeltaHeader = { hash, environment, base: base.name, over: base.claims };
    const sections = new Map([
      ['header', textSection(JSON.stringify(header))],
      ['delta', textSection(JSON.stringify(delta))],
      ['reads', textSection(JSON.stringify([...reads]))],
    ]);
    this.#files.write(this.#name(identity, 'patch'), writeSections(sections));
  }

  #whole(identity: string, now: Environment, seal: Seal): CachedView | undefined {
    const file = this.#open(this.#name(identity, 'view'));
    if (file === undefined) return undefined;
    const header = file.json<Header>('header');
    const { hash, environment } = header;
    if (!environmentHolds(environment, now, seal)) return undefined;
    const claimedAs = { of: claimsName(this.#name(identity, 'view'), header), changed: () => nobody };
    const readers = once(() =>
      file.has('places') ? cachedReaders(file, nodesIn(file)) : new Map<string, ComponentId[]>(),
    );
    return { graph: graphIn(file), hash, environment, readers, claimedAs };
  }

  #patched(identity: string, now: Environment, seal: Seal): CachedView | undefined {
    const file = this.#open(this.#name(identity, 'patch'));
    if (file === undefined) return undefined;
    const { hash, environment, base, over } = file.json<DeltaHeader>('header');
    if (!environmentHolds(environment, now, seal)) return undefined;
    const whole = this.#baseOf(base, over);
    if (whole === undefined) return undefined;
    const graph = graphAfter(graphIn(whole), file.json<Delta>('delta'));
    const reads = once(() => new Map(file.json<[ComponentId, readonly string[]][]>('reads')));
    return {
      ...{ graph, hash, environment, readers: once(() => cachedReaders(whole, nodesIn(whole), reads())) },
      claimedAs: { of: over, changed: once(() => new Set(reads().keys())) },
    };
  }

  /** The whole view that a delta was made over, where it still is that one. */
  #baseOf(base: string, over: string): SectionFile | undefined {
    const whole = this.#open(base);
    return whole !== undefined && claimsName(base, whole.json<Header>('header')) === over ? whole : undefined;
  }

  #open(name: string): SectionFile | undefined {
    const kept = this.#files.open(name);
    return kept === undefined ? undefined : sectionsOf(kept);
  }

  #name(identity: string, kind: 'view' | 'patch'): string {
    return this.#named(sha256(identity), kind);
  }

  #named(digest: string, kind: 'view' | 'patch'): string {
    return `${this.#scope}-${digest.slice(0, 32)}.${kind}`;
  }
}

const nobody: ReadonlySet<ComponentId> = new Set();

/** The file of a view is named by what it is made of, but for what was found in the environment: that stands in it. */
function claimsName(name: string, { hash, environment }: Pick<Header, 'hash' | 'environment'>): string {
  return sha256(canonicalJson([name, hash, environment]));
}

/** A cached view as the whole one that it stands on, and what differs from that. */
interface Standing extends Pick<DeltaHeader, 'hash' | 'environment' | 'base'> {
  readonly delta: () => Delta;
}

/** What tells the graph of a published version. */
interface VersionName {
  readonly identity: string;
  readonly hash: string;
  readonly environment: SealedEnvironment;
}

/** One commit under two passwords in the environment has one hash, and is not one graph: secrets stand beside the hash. */
function isOfVersion(
  { hash, environment }: Pick<Header, 'hash' | 'environment'>,
  version: Pick<VersionName, 'hash' | 'environment'>,
): boolean {
  return hash === version.hash && canonicalJson(environment) === canonicalJson(version.environment);
}

/**
 * The graph of a published version, where the view it was made from is still kept, or where it was kept itself. What a version
 * retains of sources that were not read gives it another hash than its view has.
 *
 * @param event the hash of the event that published it, which covers its notes and those of every version before
 */
export function cachedGraph(files: CacheFiles, version: VersionName, event: string): Graph | undefined {
  return readable(() => {
    const ends = ['view', 'patch'].map((kind) => `-${version.identity.slice(0, 32)}.${kind}`);
    const name = [
      ...files.names(versionName(event)),
      ...files.names('').filter((one) => ends.some((end) => one.endsWith(end))),
    ][0];
    const kept = name === undefined ? undefined : files.open(name);
    if (kept === undefined) return undefined;
    const file = sectionsOf(kept);
    const header = file.json<Header | DeltaHeader>('header');
    if (!isOfVersion(header, version)) return undefined;
    if (!('base' in header)) return graphIn(file);
    const base = files.open(header.base);
    const whole = base === undefined ? undefined : sectionsOf(base);
    if (whole === undefined || claimsName(header.base, whole.json<Header>('header')) !== header.over) return undefined;
    return graphAfter(graphIn(whole), file.json<Delta>('delta'));
  });
}

export function cacheGraph(files: CacheFiles, { hash, environment }: VersionName, event: string, graph: Graph): void {
  const header: Header = { hash, environment, refs: '', accounts: '', hasState: false };
  const sections = new Map([['header', textSection(JSON.stringify(header))], ...graphSections(graph)]);
  files.write(versionName(event), writeSections(sections));
}

function versionName(event: string): string {
  return `version-${event.slice(0, 32)}.graph`;
}

/** Damage reads as absent. */
function readable<T>(read: () => T | undefined): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
