import type { ValueSource } from './edit.ts';

/** From, up to and without; offsets into the text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * What a file says, value by value, each with its place: the one tree that JSON, YAML and HCL are read into. It is made anew
 * from each text and never changed.
 */
export type Said = (SaidScalar | SaidMap | SaidList | SaidElsewhere) & {
  /** Others take it from here as well, by a name that it has: an anchor. */
  readonly shared?: ValueSource;
};

export interface SaidScalar {
  readonly kind: 'scalar';
  /** A long number as `exactNumber` holds it. */
  readonly value: string | number | boolean | null;
  readonly span: Span;
}

export interface SaidMap {
  readonly kind: 'map';
  readonly entries: readonly SaidEntry[];
  /** From bracket to bracket; of a body what stands in it; of lines from the first entry to the last. */
  readonly span: Span;
  readonly form: MapForm;
  /** What also gives it keys, beneath those written here: a merge key, earlier arguments of `merge`. */
  readonly beneath?: SaidElsewhere;
}

/**
 * - `brackets`: members between brackets, with separators
 * - `lines`: entries line by line, as blocks of YAML
 * - `body`: of a file or block of HCL
 * - `names`: blocks by type or label: no text of its own
 */
export type MapForm = 'brackets' | 'lines' | 'body' | 'names';

export interface SaidEntry {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: Said;
  /** Key and value. */
  readonly span: Span;
}

export interface SaidList {
  readonly kind: 'list';
  readonly items: readonly Said[];
  /** Where the items stand with what belongs to them, parentheses most of all, when that is more than they are. */
  readonly around?: readonly Span[];
  readonly span: Span;
  readonly form: 'brackets' | 'lines' | 'blocks';
}

/** What is no literal. */
export interface SaidElsewhere {
  readonly kind: 'elsewhere';
  readonly source: ValueSource;
  /** What it says, without layout: two that are equal say the same. */
  readonly code: string;
  readonly span: Span;
  /** What in it is no literal, when that is not its beginning. */
  readonly at?: number;
}
