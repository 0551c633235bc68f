import type { Value } from '../../../hcl/value.ts';
import type { ReadSet } from '../../../model/claim.ts';
import { byCodeUnit, sha256 } from '../../../model/digest.ts';
import type { FileView } from '../../../model/file-view.ts';
import { type RecordedView, recordReads } from '../../record-reads.ts';
import { FileAccount, type Standpoint } from '../../terraform/file-account.ts';
import { filesNamedBy } from '../../terraform/files-named.ts';
import type { Dependencies } from './dependency-blocks.ts';
import type { FailingPart } from './failing-parts.ts';
import type { OpenEstate } from './open-estate.ts';
import { isBelow, resolve } from './paths.ts';
import type { ReadConfig } from './read-config.ts';

/** The dependencies of a configuration that others read. */
export interface ReadDependencies {
  readonly dependencies: Dependencies;
  /** The folder that their paths start from, absolute. */
  readonly folder: string;
}

/**
 * One evaluation and what it touched. A configuration that many units read is evaluated in a session of its own, whose reads
 * then count as reads of each of them.
 */
export class Session {
  readonly estate: OpenEstate;
  /** Generated units included; what is read of the repository is recorded below it. */
  readonly view: FileView;
  /** Something asked for the folder of the unit that started it all, so the answer holds for that unit alone. */
  originalAsked = false;
  /** It ran into a circle, so the answer holds for the way that led here alone. */
  inCircle = false;
  /** How many configurations are being read inside one another. */
  readonly depth: number;
  /** Configurations whose answer holds for what started it all alone. */
  readonly configs: Map<string, ReadConfig>;
  /** Files that are read by others, and those of which not all is known. */
  readonly account = new FileAccount();
  /** The dependencies of configurations that were read here, by {@link dependencySource}'s name for them. */
  readonly read = new Map<string, ReadDependencies>();
  /** What fails of the configurations that were read here. */
  readonly failing: FailingPart[] = [];
  readonly #reading: { readonly target: string; readonly from: Session } | undefined;
  readonly #recorded: RecordedView;
  readonly #environment = new Map<string, string | null>();
  readonly #shared = new Set<Session>();
  readonly #foreign = new Map<FileView, RecordedView>();
  readonly #foreignReads: Pick<ReadSet, 'files' | 'folders'>[] = [];
  #settled: Settled | undefined;

  /** @param reading what is evaluated in it, and the session that asked for it */
  constructor(estate: OpenEstate, reading?: { readonly target: string; readonly from: Session }) {
    this.estate = estate;
    this.#reading = reading;
    this.depth = reading === undefined ? 0 : reading.from.depth + 1;
    this.configs = reading?.from.configs ?? new Map();
    this.#recorded = recordReads(estate.view.main);
    this.view = estate.generated.over(this.#recorded.view, (view) => this.foreign(view));
  }

  /** Whether a configuration is being read already, here or by whoever asked. */
  isReading(target: string): boolean {
    for (let at = this.#reading; at !== undefined; at = at.from.#reading) if (at.target === target) return true;
    return false;
  }

  environment(name: string): string | undefined {
    const { environment } = this.estate.view;
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
    this.#environment.set(name, value === undefined ? null : sha256(value));
    return value;
  }

  /** A view of another repository, recorded like the main one. */
  foreign(view: FileView): FileView {
    const known = this.#foreign.get(view) ?? recordReads(view);
    this.#foreign.set(view, known);
    return known.view;
  }

  /** Reads that were recorded elsewhere, such as those of a module. */
  include(reads: Pick<ReadSet, 'files' | 'folders'>): void {
    this.#foreignReads.push(reads);
  }

  /**
   * A file, or a folder with all that is in it, that another program reads, given by its absolute path; nothing when there is
   * none.
   */
  readByOthers(absolute: string): void {
    const path = this.estate.paths.inView(absolute);
    if (this.view.digest(path) !== undefined || this.view.ignored?.has(path) === true)
      this.account.file(this.view, path);
  }

  /** Words handed to another program: those that lead to something are read by it, from any place that it may stand in. */
  wordsToOthers(value: Value, argument: string, folders: readonly string[]): void {
    const places = [...new Set(folders)].map((folder) => this.standingIn(folder));
    filesNamedBy(value, argument, places, this.account);
  }

  /** A path with its links followed, and where they lead counted as read. */
  realPath(path: string): string | undefined {
    return this.#recorded.view.realPath?.(path);
  }

  /** Where paths that are written in a folder, given by its absolute path, start from. */
  standingIn(folder: string): Standpoint {
    const { paths } = this.estate;
    const base = paths.inView(folder);
    return {
      view: this.view,
      base,
      module: base,
      place(written) {
        if (written.startsWith('~')) return undefined;
        const absolute = resolve(folder, written);
        return isBelow(absolute, paths.repository ?? paths.root) ? paths.inView(absolute) : undefined;
      },
    };
  }

  opaqueFiles(): string[] {
    const all = [...this.#all(new Set())].flatMap(({ account }) => account.read);
    return [...new Set(all)].sort(byCodeUnit);
  }

  /** What is told of the files that this session, and those that it shares, read. */
  accounts(): FileAccount[] {
    return [...this.#all(new Set())].map(({ account }) => account);
  }

  /** The dependencies of every configuration that was read, directly or by one that was. */
  dependenciesRead(): ReadonlyMap<string, ReadDependencies> {
    return new Map([...this.#all(new Set())].flatMap((session) => [...session.read]));
  }

  /** What fails of every configuration that was read, directly or by one that was. */
  failingRead(): readonly FailingPart[] {
    return [...this.#all(new Set())].flatMap(({ failing }) => failing);
  }

  /** What another session read is read here too. */
  adopt(session: Session): void {
    this.#shared.add(session);
    if (session.originalAsked) this.originalAsked = true;
    if (session.inCircle) this.inCircle = true;
  }

  readSet(): ReadSet {
    const files = new Map<string, string | null>();
    const folders = new Map<string, string>();
    const environment = new Map<string, string | null>();
    for (const session of this.#all(new Set())) {
      if (session.#settled === undefined) session.#addReads(files, folders);
      else addSettled(session.#settled, files, folders);
      for (const [name, value] of session.#environment) environment.set(name, value);
    }
    return listedReads({ files: listOf(files), folders: listOf(folders) }, sorted(environment));
  }

  /** Nothing more will be read: what was read is put together once for all that share it. */
  settle(): void {
    const files = new Map<string, string | null>();
    const folders = new Map<string, string>();
    this.#addReads(files, folders);
    this.#settled = { files, folders };
  }

  #addReads(files: Map<string, string | null>, folders: Map<string, string>): void {
    this.#recorded.addTo(files, folders);
    for (const recorded of this.#foreign.values()) recorded.addTo(files, folders);
    for (const reads of this.#foreignReads) {
      for (const place of Object.keys(reads.files)) files.set(place, reads.files[place] ?? null);
      for (const place of Object.keys(reads.folders)) folders.set(place, reads.folders[place] ?? '');
    }
  }

  #all(into: Set<Session>): Set<Session> {
    if (into.has(this)) return into;
    into.add(this);
    for (const session of this.#shared) session.#all(into);
    return into;
  }
}

interface Settled {
  readonly files: ReadonlyMap<string, string | null>;
  readonly folders: ReadonlyMap<string, string>;
}

function addSettled(settled: Settled, files: Map<string, string | null>, folders: Map<string, string>): void {
  for (const [place, digest] of settled.files) files.set(place, digest);
  for (const [place, digest] of settled.folders) folders.set(place, digest);
}

/** Thousands of units read dozens of places each, and of few of them anybody asks for those by name. */
function listedReads(listed: NonNullable<ReadSet['listed']>, environment: ReadSet['environment']): ReadSet {
  let files: ReadSet['files'] | undefined;
  let folders: ReadSet['folders'] | undefined;
  return {
    get files() {
      files ??= sorted(pairsOf<string | null>(listed.files));
      return files;
    },
    get folders() {
      folders ??= sorted(pairsOf(listed.folders));
      return folders;
    },
    environment,
    parameters: {},
    listed,
  };
}

function listOf<Value>(pairs: ReadonlyMap<string, Value>): (string | Value)[] {
  const list: (string | Value)[] = [];
  for (const [place, found] of pairs) list.push(place, found);
  return list;
}

function pairsOf<Value>(list: readonly (Value | string)[]): Map<string, Value> {
  const pairs = new Map<string, Value>();
  for (let at = 0; at < list.length; at += 2) pairs.set(list[at] as string, list[at + 1] as Value);
  return pairs;
}

function sorted<Value>(entries: ReadonlyMap<string, Value>): Record<string, Value> {
  // Without a prototype the engine keeps it as a table: as a shape, each unit's own would be one of a kind.
  const all = Object.create(null) as Record<string, Value>;
  // By code unit, which is what the engine does with texts.
  for (const key of [...entries.keys()].sort()) {
    const value = entries.get(key);
    if (value !== undefined) all[key] = value;
  }
  return all;
}
