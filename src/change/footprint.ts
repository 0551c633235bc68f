import type { ComponentId } from '../model/component.ts';
import { isAmong, parseContents } from '../model/contents.ts';

/** What a change writes and what it rests on, as far as two of them can come into each other's way. Every list is sorted. */
export interface Footprint {
  readonly writes: {
    /** Evaluated differently at its two ends, new, gone, or told of by a finding that comes or goes. */
    readonly components: readonly ComponentId[];
    readonly files: readonly string[];
    /** Of those files the ones that come or go: they change what a folder lists. */
    readonly listed: readonly string[];
    /** Names under which its components are found, at either end. */
    readonly keys: readonly string[];
    /** Of those the names that two must not share. */
    readonly names: readonly string[];
  };
  readonly reads: {
    /** What it changes and affects, and whatever those consume. */
    readonly components: readonly ComponentId[];
    /** Files and folders that the evaluation of what it changes looked at, absences included. */
    readonly files: readonly string[];
    readonly folders: readonly string[];
    /** Names that its components look for, whether or not anybody provides them. */
    readonly keys: readonly string[];
  };
  /** Components that read a file it writes, whether or not that means anything to them. */
  readonly readers: readonly ComponentId[];
  /** Why it must be taken to touch everything: it changes what all of the estate is read by, or that could not be told. */
  readonly whole?: string;
  /** Nothing unproved could add to this. */
  readonly proved: boolean;
}

export interface Relation {
  /** The other change. */
  readonly change: string;
  /**
   * `commutes`: both orders come to the same. `waits`: one rests on what the other writes, so the later is looked at again on top of
   * the earlier. `clashes`: both say something of the same, and nobody can put that together.
   */
  readonly is: 'commutes' | 'waits' | 'clashes';
  /** Which of the two goes first, where they do not commute. */
  readonly first?: string;
  /** What they have to do with each other. At most a handful, the rest counted. */
  readonly over: readonly string[];
  readonly more: number;
}

const mostNamed = 5;

/**
 * How two changes stand to each other: they commute where neither writes what the other writes or reads, and Git puts their files
 * together by itself. What is not proved does not commute. O(size of both).
 * @param merge the files that Git could not put together, or why it was not asked
 */
export function relationOf(
  one: Footprint,
  other: Footprint,
  merge: { readonly conflicts: readonly string[] } | { readonly untold: string } | undefined,
): Pick<Relation, 'is' | 'over' | 'more'> {
  if (merge !== undefined && 'conflicts' in merge)
    return named(
      'clashes',
      merge.conflicts.map((file) => `the file ${file}`),
    );
  const over = new Set<string>();
  if (merge !== undefined) over.add(merge.untold);
  for (const { whole } of [one, other]) if (whole !== undefined) over.add(whole);
  for (const id of common(one.writes.components, other.writes.components)) over.add(id);
  for (const file of common(one.writes.files, other.writes.files)) over.add(`the file ${file}`);
  for (const name of common(one.writes.names, other.writes.names)) over.add(name);
  for (const [writer, reader] of [
    [one, other],
    [other, one],
  ] as const) {
    for (const id of common(writer.writes.components, reader.reads.components)) over.add(id);
    for (const id of common(writer.readers, reader.reads.components)) over.add(id);
    for (const key of common(writer.writes.keys, reader.reads.keys)) over.add(key);
    for (const file of filesRead(writer, reader)) over.add(`the file ${file}`);
  }
  if (over.size === 0 && !(one.proved && other.proved)) over.add('what could not be read may tie them together');
  return over.size === 0 ? { is: 'commutes', over: [], more: 0 } : named('waits', [...over]);
}

function named(is: Relation['is'], all: readonly string[]): Pick<Relation, 'is' | 'over' | 'more'> {
  return { is, over: all.slice(0, mostNamed), more: Math.max(0, all.length - mostNamed) };
}

function common(a: readonly string[], b: readonly string[]): readonly string[] {
  const [few, many] = a.length <= b.length ? [a, new Set(b)] : [b, new Set(a)];
  return few.filter((one) => many.has(one));
}

function filesRead({ writes }: Footprint, { reads }: Footprint): readonly string[] {
  const files = new Set(reads.files);
  const folders = new Set(reads.folders);
  const contents = reads.files.concat(reads.folders).flatMap((place) => parseContents(place) ?? []);
  const listed = new Set(writes.listed);
  return writes.files.filter(
    (file) =>
      files.has(file) ||
      contents.some((place) => isAmong(place, file)) ||
      (listed.has(file) && above(file).some((folder) => folders.has(folder) || files.has(folder))),
  );
}

/** Folders above a file, the top as `''`. */
function above(file: string): string[] {
  const found = [''];
  for (let cut = file.lastIndexOf('/'); cut > 0; cut = file.lastIndexOf('/', cut - 1)) found.push(file.slice(0, cut));
  return found;
}
