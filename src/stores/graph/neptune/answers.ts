import { KarmaError } from '../../../model/errors.ts';
import type { Row, RowTable } from '../../../model/rows.ts';
import type { RowInterval } from '../port.ts';
import { identities } from './fragments.ts';
import { forever } from './literal.ts';

/** Reading what Neptune answers; anything of another shape means that something else wrote there. */
type Answer = Readonly<Record<string, unknown>>;

export interface HeadState {
  /** The published version; -1 while the store is being cleared. */
  readonly gen: number;
  /** The oldest version that is held. */
  readonly first: number;
  /** Which apply moved it there. */
  readonly by: string;
}

export function headOf(answer: readonly unknown[]): HeadState | undefined {
  const [found] = answer;
  if (found === undefined) return undefined;
  const head = record(found);
  return { gen: number(head, 'gen'), first: number(head, 'first'), by: string(head, 'by') };
}

/** The head as it was in the very request that read the parts. */
export function partsOf(answer: readonly unknown[]): {
  readonly head: Omit<HeadState, 'by'> | undefined;
  readonly parts: readonly (readonly unknown[])[];
} {
  const [found] = answer;
  if (found === undefined) return { head: undefined, parts: [] };
  const head = record(found);
  const parts = Object.keys(head)
    .filter((name) => /^p\d$/.test(name))
    .sort()
    .map((name) => head[name])
    .map((part) => (Array.isArray(part) ? part : []));
  return { head: { gen: number(head, 'gen'), first: number(head, 'first') }, parts };
}

const tableOf: ReadonlyMap<string, RowTable> = new Map(
  Object.entries(identities).map(([table, { label }]) => [label, table as RowTable]),
);

export function rowOf(answer: unknown): Row {
  const found = record(answer);
  const table = found['e'] === 'depends_on' ? 'reference' : tableOf.get(string(found, 't'));
  if (table === undefined) throw strange(`a row of the unknown label ${string(found, 't')}`);
  return {
    table,
    key: string(found, 'k'),
    value: string(found, 'v'),
    note: string(found, 'n'),
    digest: string(found, 'd'),
  };
}

export function intervalOf(answer: unknown): RowInterval {
  const found = record(answer);
  const to = number(found, 'u');
  return { from: number(found, 'f'), to: to === forever ? undefined : to, row: rowOf(answer) };
}

function record(value: unknown): Answer {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw strange('an answer that is no map');
  return value as Answer;
}

function number(answer: Answer, name: string): number {
  const value = answer[name];
  if (typeof value !== 'number') throw strange(`${name} is no number`);
  return value;
}

function string(answer: Answer, name: string): string {
  const value = answer[name];
  if (typeof value !== 'string') throw strange(`${name} is no text`);
  return value;
}

function strange(what: string): KarmaError {
  return new KarmaError('KARMA_DATA_CORRUPT', `the graph in Neptune holds what Karma did not write: ${what}`, {
    hint: 'make it again from the ledger with: karma store rebuild',
  });
}
