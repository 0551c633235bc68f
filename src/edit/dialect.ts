import type { RefusalCode, ValueSource } from './edit.ts';
import type { Plain } from './plain.ts';
import type { Said, SaidList, SaidMap, Span } from './said.ts';

/** A text in the place of another. */
export interface Splice extends Span {
  readonly text: string;
}

/** How one format is read and written. Writers answer one splice; whoever calls them reads the result back. */
export interface Dialect {
  /** How long reading takes, as a multiple of what JSON takes. */
  readonly cost: number;
  /** How long it takes to make one of many changes, in the same measure: of 0 it does not depend on the text. */
  readonly changeCost: number;
  /** @throws CannotEdit where the text does not parse */
  read(text: string): Said;
  replace(text: string, old: Said, value: Plain): Splice;
  insert(text: string, into: SaidMap, key: string, value: Plain): Splice;
  /** Before the item at the index, or behind the last one. */
  add(text: string, into: SaidList, index: number, value: Plain): Splice;
  remove(text: string, from: SaidMap | SaidList, index: number): Splice;
  /** Puts in order what a splice put out of it: columns that stand under each other. */
  settle?(before: string, after: string, splice: Splice): string;
}

export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Thrown within this room: why an edit is refused, and where. */
export class CannotEdit extends Error {
  readonly code: RefusalCode;
  /** An offset, or the place itself where the text is not known. */
  readonly at: number | Place | undefined;
  readonly from: ValueSource | undefined;
  readonly ways: readonly string[];

  constructor(
    code: RefusalCode,
    reason: string,
    { at, from, ways = [] }: { at?: number | Place; from?: ValueSource; ways?: readonly string[] } = {},
  ) {
    super(reason);
    this.code = code;
    this.at = at;
    this.from = from;
    this.ways = ways;
  }
}
