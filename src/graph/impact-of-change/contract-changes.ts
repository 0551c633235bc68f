import type { ComponentId } from '../../model/component.ts';
import { byCodeUnit } from '../../model/digest.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { OutputShape } from '../../model/output-shape.ts';
import { outputName, type Pointer, pointerOf, stepsOf, wholeRuntime } from '../../model/pointer.ts';
import { type OutputReader, outputsOf } from '../operations/outputs.ts';
import type { Pair, RangeEnd } from './range-end.ts';
import { meets, type ShapeChange, shapeChanges } from './shape-changes.ts';

/** Somebody who reads an output, at the later end: a component, or someone outside the estate whom `karma.yaml` names. */
export interface ContractReader extends OutputReader {
  readonly outside?: true;
}

/** An output that the range drops or retypes, with who reads it at the later end. */
export interface ContractChange {
  readonly component: ComponentId;
  readonly output: string;
  /** Where in the output: `/config/subnet_ids`. */
  readonly pointer: Pointer;
  /** `dropped`, or how its type changes. */
  readonly change: string;
  /**
   * What a deploy would do: `refused` where it is read by name and without fallback, `warned` where only under `try` or
   * `lookup` (or where `karma.yaml` says so), `listed` for confirmation where somebody reads everything, else `unread`.
   */
  readonly verdict: 'refused' | 'warned' | 'listed' | 'unread';
  /** Read by name and without fallback: they break. */
  readonly broken: readonly ContractReader[];
  /** Read under `try` or `lookup`. */
  readonly tolerating: readonly ContractReader[];
  /** They read everything: nobody can say whether this too. */
  readonly whole: readonly ContractReader[];
}

/** A reader outside the estate. Without pointers it reads everything. */
export interface OutsideReader {
  readonly name: string;
  readonly reads: (component: ComponentId) => boolean;
  readonly pointers: readonly Pointer[];
  readonly evidence: Evidence;
}

export interface ContractOptions {
  /** The shapes of a component's outputs by name, where HCL shows them. */
  readonly shapesOf?: (end: 'before' | 'after', id: ComponentId) => ReadonlyMap<string, OutputShape> | undefined;
  readonly outside?: readonly OutsideReader[];
  /** `karma.yaml`: what a broken contract does to a deploy; default `refuse`. */
  readonly contracts?: 'refuse' | 'warn' | 'off';
}

/**
 * Outputs that vanish or change type between two ends, for components whose outputs are known at both. One that nobody reads
 * is told too: it is a smaller matter, and still a change. Sorted by component, then by output.
 */
export function contractChanges(
  before: RangeEnd,
  after: RangeEnd,
  pairs: readonly Pair[],
  options: ContractOptions = {},
): ContractChange[] {
  return pairs.flatMap((pair) =>
    changesOf(before, after, pair, options).map(({ output, ...change }) => {
      const readers = readersOf(after, pair.id, change.pointer, options.outside ?? []);
      return { component: pair.id, output, ...change, verdict: verdictOn(readers, options.contracts), ...readers };
    }),
  );
}

interface OutputChange extends ShapeChange {
  readonly output: string;
}

function changesOf(
  before: RangeEnd,
  after: RangeEnd,
  { id, was }: Pair,
  { shapesOf }: ContractOptions,
): OutputChange[] {
  const [old, now] = [namesOf(before, was), namesOf(after, id)];
  if (old === undefined || now === undefined) return [];
  const vanished = old.filter((name) => !now.includes(name));
  const kept = old.filter((name) => now.includes(name));
  const shapes = isSameModule([before, after], { id, was })
    ? undefined
    : ([shapesOf?.('before', was), shapesOf?.('after', id)] as const);
  const retyped = kept.flatMap((output) => {
    const [a, b] = [shapes?.[0]?.get(output), shapes?.[1]?.get(output)];
    return a === undefined || b === undefined ? [] : shapeChanges(output, a, b).map((one) => ({ output, ...one }));
  });
  const all = [...vanished.map((output) => ({ output, pointer: pointerOf([output]), change: 'dropped' })), ...retyped];
  if (all.length === 0) return [];
  const written = new Set(
    after.claim(id)?.provides.flatMap((one) => (one.alsoWritten === true ? (one.outputs ?? []) : [])),
  );
  return all
    .filter(({ output }) => !written.has(output))
    .sort((a, b) => byCodeUnit(a.output, b.output) || byCodeUnit(a.pointer, b.pointer));
}

/** Equal modules have equal outputs: their shapes need not be read. */
function isSameModule([before, after]: readonly [RangeEnd, RangeEnd], { id, was }: Pair): boolean {
  const digest = ({ graph }: RangeEnd, one: ComponentId): string | undefined => {
    const node = graph.node(one);
    return node === undefined ? undefined : graph.types().get(graph.component(node).module)?.digest;
  };
  const old = digest(before, was);
  return old !== undefined && old === digest(after, id);
}

function namesOf({ graph }: RangeEnd, id: ComponentId): readonly string[] | undefined {
  const node = graph.node(id);
  if (node === undefined) return undefined;
  const row = graph.component(node);
  return row.outputs ?? graph.types().get(row.module)?.outputs;
}

type Readers = Pick<ContractChange, 'broken' | 'tolerating' | 'whole'>;

function readersOf({ graph }: RangeEnd, id: ComponentId, changed: Pointer, outside: readonly OutsideReader[]): Readers {
  const output = outputName(changed);
  const { outputs, wholeReaders } = outputsOf(graph, graph.node(id) ?? -1);
  const declared = outside.filter(({ reads }) => reads(id)).flatMap(declaredReaders);
  const all: ContractReader[] = [
    ...(outputs.find(({ name }) => name === output)?.readers ?? []),
    ...wholeReaders,
    ...declared.filter(({ pointer }) => isWhole(pointer) || outputName(pointer) === output),
  ];
  const named = all
    .filter(({ pointer }) => !isWhole(pointer) && meets(pointer, changed))
    .map((reader) => ({ ...reader, evidence: closestFirst(reader.evidence, changed) }));
  return {
    broken: named.filter(({ tolerated }) => !tolerated),
    tolerating: named.filter(({ tolerated }) => tolerated),
    whole: all.filter(({ pointer }) => isWhole(pointer)),
  };
}

function declaredReaders({ name, pointers, evidence }: OutsideReader): ContractReader[] {
  const read = pointers.length === 0 ? [wholeRuntime] : pointers;
  return read.map((pointer) => ({
    component: name,
    pointer,
    tolerated: false,
    evidence: [evidence],
    outside: true as const,
  }));
}

function verdictOn(
  { broken, tolerating, whole }: Readers,
  contracts: ContractOptions['contracts'] = 'refuse',
): ContractChange['verdict'] {
  const named = broken.length + tolerating.length;
  if (contracts === 'off') return named + whole.length > 0 ? 'listed' : 'unread';
  if (broken.length > 0) return contracts === 'warn' ? 'warned' : 'refused';
  if (named > 0) return 'warned';
  return whole.length > 0 ? 'listed' : 'unread';
}

/** Of the places that a reference rests on, those first that read the very pointer: `.config.zone`, `["config"]`. */
function closestFirst(evidence: OutputReader['evidence'], pointer: Pointer): OutputReader['evidence'] {
  const named = stepsOf(pointer).map((step) => new RegExp(`[."]${step.replace(/\W/g, '\\$&')}(?![\\w-])`));
  const closeness = ({ expression = '' }: Evidence): number => named.filter((step) => step.test(expression)).length;
  return evidence
    .map((one, place) => ({ one, place, close: closeness(one) }))
    .sort((x, y) => y.close - x.close || x.place - y.place)
    .map(({ one }) => one);
}

function isWhole(pointer: Pointer): boolean {
  return outputName(pointer) === wholeRuntime;
}
