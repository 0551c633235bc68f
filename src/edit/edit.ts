import type { Json } from '../model/digest.ts';
import type { Pointer } from '../model/pointer.ts';

/**
 * One edit of a file: what the value at a pointer is to be. A pointer leads into what the file says, as a value:
 *
 * - JSON, YAML, files of variables: `/tags/Name`, `/subnets/0`, `/subnets/-` for one more at the end;
 * - HCL: attributes by name, blocks by type and labels: `/inputs/cidr`, `/locals/region`, `/variable/cidr/default`,
 *   `/module/vpc/source`, `/terraform/source`.
 */
export type Edit = SetValue | UnsetValue | SetRef;

export interface SetValue {
  readonly path: Pointer;
  readonly set: Json;
  /** What stands there may come from elsewhere: it is overridden here, and what it came from stays as it is. */
  readonly override?: true;
}

export interface UnsetValue {
  readonly path: Pointer;
  readonly unset: true;
  /** Something else may show through, or what stands there is no literal: it is taken away all the same. */
  readonly override?: true;
}

/** The version in a module's source (`?ref=…`, `?version=…`) and nothing else of it. */
export interface SetRef {
  readonly path: Pointer;
  readonly ref: string;
}

export interface EditedFile {
  /** In the estate; its ending says how the file is read. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

export type EditAnswer = { readonly bytes: Uint8Array } | { readonly refusal: Refusal };

/** Why an edit was not made. The file is as it was, whichever of several edits was refused. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** The pointer of the edit; `''` where it is about the file. */
  readonly path: Pointer;
  /** A sentence. Names keys and places, never a value: it may be a secret. */
  readonly reason: string;
  /** Where the value comes from, of {@link code} `elsewhere`. */
  readonly from?: ValueSource;
  /** What one may do instead, a sentence each. */
  readonly ways: readonly string[];
}

export type RefusalCode =
  /** The value is no literal in this file. */
  | 'elsewhere'
  /** The key stands twice on the way to the value. */
  | 'stands-twice'
  /** Nothing is there that the pointer could lead through. */
  | 'not-there'
  /** No such kind of file is edited. */
  | 'unknown-format'
  /** The file does not parse, is too large, too deep, not UTF-8, or holds conflict markers. */
  | 'unreadable'
  /** What is asked for cannot be written here so that it would be read as meant. */
  | 'cannot-say';

/** What decides a value that is no literal where it stands. */
export interface ValueSource {
  readonly kind:
    | 'local'
    | 'variable'
    | 'dependency'
    | 'include'
    | 'call'
    | 'template'
    | 'expression'
    | 'alias'
    | 'merge';
  /** As one would look for it: `local.region`, `dependency.vpc.outputs.id`, `*base`. */
  readonly name?: string;
  /** The line where that is said, when it is in this file. */
  readonly line?: number;
}
