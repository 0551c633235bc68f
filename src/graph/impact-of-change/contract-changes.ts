import type { ComponentId } from '../../model/component.ts';
import { outputName, type Pointer, wholeRuntime } from '../../model/pointer.ts';
import { type OutputReader, outputsOf } from '../operations/outputs.ts';
import type { Pair, RangeEnd } from './range-end.ts';

/** An output that the range drops or retypes, with who reads it at the later end. */
export interface ContractChange {
  readonly component: ComponentId;
  readonly output: string;
  /** `dropped`, or how its type changes. */
  readonly change: string;
  /** Read by name and without fallback: they break. */
  readonly broken: readonly OutputReader[];
  /** Read under `try` or `lookup`. */
  readonly tolerating: readonly OutputReader[];
  /** They read everything: nobody can say whether this too. */
  readonly whole: readonly OutputReader[];
}

/** The types of a component's outputs by name, where somebody can tell them: Terraform itself declares none. */
export type OutputTypes = (end: 'before' | 'after', id: ComponentId) => Readonly<Record<string, string>> | undefined;

/**
 * Outputs that vanish or change type between two ends, for components whose outputs are known at both. One that nobody reads
 * is told too: it is a smaller matter, and still a change. Sorted by component, then by output.
 */
export function contractChanges(
  before: RangeEnd,
  after: RangeEnd,
  pairs: readonly Pair[],
  typesOf?: OutputTypes,
): ContractChange[] {
  return pairs.flatMap(({ id, was }) => {
    const [old, now] = [namesOf(before, was), namesOf(after, id)];
    if (old === undefined || now === undefined) return [];
    const written = new Set(
      after.claim(id)?.provides.flatMap((one) => (one.alsoWritten === true ? (one.outputs ?? []) : [])),
    );
    const dropped = old
      .filter((name) => !now.includes(name) && !written.has(name))
      .map((output) => ({ output, change: 'dropped' }));
    const retyped = now.flatMap((output) => {
      const [a, b] = [typesOf?.('before', was)?.[output], typesOf?.('after', id)?.[output]];
      return a === undefined || b === undefined || a === b ? [] : [{ output, change: `${a} becomes ${b}` }];
    });
    return [...dropped, ...retyped].map((one) => ({ component: id, ...one, ...readersOf(after, id, one.output) }));
  });
}

function namesOf({ graph }: RangeEnd, id: ComponentId): readonly string[] | undefined {
  const node = graph.node(id);
  if (node === undefined) return undefined;
  const row = graph.component(node);
  return row.outputs ?? graph.types().get(row.module)?.outputs;
}

function readersOf(
  { graph }: RangeEnd,
  id: ComponentId,
  output: string,
): Pick<ContractChange, 'broken' | 'tolerating' | 'whole'> {
  const { outputs, wholeReaders } = outputsOf(graph, graph.node(id) ?? -1);
  const named = (outputs.find(({ name }) => name === output)?.readers ?? []).map((reader) => ({
    ...reader,
    evidence: closestFirst(reader.evidence, output),
  }));
  return {
    broken: named.filter(({ tolerated, pointer }) => !tolerated && !isWhole(pointer)),
    tolerating: named.filter(({ tolerated }) => tolerated),
    whole: wholeReaders,
  };
}

/** Of the places that a reference rests on, those first that read the very output. */
function closestFirst(evidence: OutputReader['evidence'], output: string): OutputReader['evidence'] {
  const reads = ({ expression = '' }: OutputReader['evidence'][number]): boolean =>
    expression.split(/[^\w-]+/).includes(output);
  return [...evidence.filter(reads), ...evidence.filter((one) => !reads(one))];
}

function isWhole(pointer: Pointer): boolean {
  return outputName(pointer) === wholeRuntime;
}
