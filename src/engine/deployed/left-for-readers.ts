import { digestAt, type RuntimeDocument } from '../../consequence/digests.ts';
import { outputName, type Pointer, pointerOf, wholeRuntime } from '../../model/pointer.ts';
import type { Digest, RunRecord, Seal } from '../../model/record.ts';
import type { LoadedView } from '../view/view.ts';

/**
 * What a run left for those that read it: a keyed digest at each pointer that a proven reference consumes.
 *
 * @param keyed outputs of which only the keyed digest is known, or not even that
 */
export function leftForReaders(
  { graph }: LoadedView,
  node: number,
  {
    document,
    keyed,
  }: { readonly document: RuntimeDocument; readonly keyed: Readonly<Record<string, Digest | undefined>> },
  seal: Seal,
): Pick<RunRecord, 'left'> {
  const pointers = new Set<Pointer>();
  const { inStart, inEdges } = graph.adjacency;
  for (let at = inStart[node] ?? 0; at < (inStart[node + 1] ?? 0); at++) {
    const { strength, consumes } = graph.reference(inEdges[at] ?? 0);
    if (strength === 'proven') for (const pointer of consumes) pointers.add(pointer);
  }
  const left: Record<Pointer, Digest | null> = {};
  for (const pointer of [...pointers].sort()) {
    const known = leftAt(pointer, document, keyed, seal);
    if (known !== undefined) left[pointer] = known;
  }
  return Object.keys(left).length === 0 ? {} : { left };
}

function leftAt(
  pointer: Pointer,
  document: RuntimeDocument,
  keyed: Readonly<Record<string, Digest | undefined>>,
  seal: Seal,
): Digest | null | undefined {
  const name = outputName(pointer);
  const hidden = pointer === wholeRuntime ? Object.keys(keyed).length > 0 : Object.hasOwn(keyed, name);
  if (hidden) return pointer === pointerOf([name]) ? keyed[name] : undefined;
  return digestAt({ ...document, sensitive: [wholeRuntime] }, pointer, seal);
}
