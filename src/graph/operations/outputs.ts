import type { ComponentId } from '../../model/component.ts';
import { byCodeUnit } from '../../model/digest.ts';
import { KarmaError } from '../../model/errors.ts';
import type { Evidence } from '../../model/evidence.ts';
import { nearest } from '../../model/nearest.ts';
import { covers, outputName, type Pointer, wholeRuntime } from '../../model/pointer.ts';
import { at } from '../adjacency.ts';
import type { Graph } from '../graph.ts';

export interface OutputReader {
  readonly component: ComponentId;
  /** What it reads of this output. */
  readonly pointer: Pointer;
  /** Read only under `try` or `lookup` with a fallback. */
  readonly tolerated: boolean;
  readonly evidence: readonly Evidence[];
}

export interface Output {
  readonly name: string;
  /** Whether the module shows that it is published; an output only a reader names may be missing or written by a script. */
  readonly published: boolean;
  readonly readers: readonly OutputReader[];
  /** Nobody reads it, by name or as a part of everything. */
  readonly unread: boolean;
}

export interface ComponentOutputs {
  /** Sorted by name. */
  readonly outputs: readonly Output[];
  /** Those who read the whole runtime, or a part that could not be told. */
  readonly wholeReaders: readonly OutputReader[];
  /** False when the module does not show which outputs there are. */
  readonly known: boolean;
}

/** A component's outputs and who reads them, with file and line. O(references into it). */
export function outputsOf(graph: Graph, node: number): ComponentOutputs {
  const row = graph.component(node);
  const names = row.outputs ?? graph.types().get(row.module)?.outputs;
  const readers = new Map<string, OutputReader[]>((names ?? []).map((name) => [name, []]));
  const wholeReaders: OutputReader[] = [];
  for (const edge of edgesInto(graph, node)) {
    for (const reader of readersOf(graph, edge)) {
      const name = outputName(reader.pointer);
      if (name === wholeRuntime) wholeReaders.push(reader);
      else readers.set(name, [...(readers.get(name) ?? []), reader]);
    }
  }
  const published = new Set(names);
  const outputs = [...readers].sort(([a], [b]) => byCodeUnit(a, b));
  return {
    outputs: outputs.map(([name, list]) => ({
      name,
      published: published.has(name),
      readers: list,
      unread: list.length === 0 && wholeReaders.length === 0,
    })),
    wholeReaders,
    known: names !== undefined,
  };
}

/**
 * That a component has the outputs that somebody names. What a reader names counts: it may be written by a script. Where the
 * module does not show its outputs nothing can be said.
 * @returns those of which nobody can say whether they are there, and that nobody reads
 * @throws KARMA_NOT_FOUND with the nearest that there are
 */
export function mustHaveOutputs(graph: Graph, node: number, pointers: readonly Pointer[]): readonly Pointer[] {
  const named = pointers.filter((pointer) => outputName(pointer) !== wholeRuntime);
  if (named.length === 0) return [];
  const { outputs, known, wholeReaders } = outputsOf(graph, node);
  // Some outputs have dots or slashes in their name; then the pointer is the name.
  const has = (pointer: Pointer) =>
    outputs.some(({ name }) => name === outputName(pointer) || name === pointer.slice(1));
  const missing = named.filter((pointer) => !has(pointer));
  const [first] = missing;
  if (first === undefined) return [];
  if (!known) return wholeReaders.length > 0 ? [] : missing;
  const names = outputs.map(({ name }) => name);
  const near = nearest(outputName(first), names);
  const listed =
    names.length > 12 ? `${names.slice(0, 12).join(', ')} and ${names.length - 12} more` : names.join(', ');
  throw new KarmaError('KARMA_NOT_FOUND', `${graph.id(node)} has no output ${outputName(first)}`, {
    hint: `${near.length === 0 ? '' : `did you mean ${near.slice(0, 3).join(' or ')}? `}${names.length === 0 ? 'it has none' : `it has ${listed}`}`,
    details: { component: graph.id(node), output: outputName(first), outputs: names },
  });
}

function edgesInto(graph: Graph, node: number): Uint32Array {
  const { inStart, inEdges } = graph.adjacency;
  return inEdges.subarray(at(inStart, node), at(inStart, node + 1));
}

function readersOf(graph: Graph, edge: number): OutputReader[] {
  const { from, consumes, tolerated } = graph.reference(edge);
  const evidence = consumes.length === 0 ? [] : graph.evidence(edge);
  return consumes.map((pointer) => ({
    component: from,
    pointer,
    tolerated: tolerated.some((one) => covers(one, pointer)),
    evidence: namingFirst(evidence, outputName(pointer)),
  }));
}

/** Evidence belongs to the reference. What names the output comes first: there it is read. */
function namingFirst(evidence: readonly Evidence[], name: string): readonly Evidence[] {
  const names = ({ expression = '' }: Evidence) => expression.split(/[^\w-]+/).includes(name);
  return [...evidence.filter(names), ...evidence.filter((one) => !names(one))];
}
