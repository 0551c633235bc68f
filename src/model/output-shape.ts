/**
 * The shape of an output as its module's HCL shows it, without any value. What HCL does not show is `unknown`, and nothing is
 * ever concluded from that.
 */
export type OutputShape =
  | { readonly kind: 'unknown' | 'null' | 'string' | 'number' | 'boolean' }
  /** A text that holds JSON of that shape. */
  | { readonly kind: 'json'; readonly holds: OutputShape }
  /** Lists, tuples and sets: JSON does not tell them apart. */
  | { readonly kind: 'list'; readonly item: OutputShape }
  /** Objects and maps; an open one may have members beyond those named. */
  | { readonly kind: 'object'; readonly members: ReadonlyMap<string, OutputShape>; readonly open: boolean };

export const unknownShape: OutputShape = { kind: 'unknown' };

/** What is true of a value that is one or the other. */
export function eitherShape(a: OutputShape, b: OutputShape): OutputShape {
  if (a.kind === 'null') return b;
  if (b.kind === 'null') return a;
  if (a.kind === 'json' && b.kind === 'json') return { kind: 'json', holds: eitherShape(a.holds, b.holds) };
  if (a.kind === 'json' || b.kind === 'json') {
    const other = a.kind === 'json' ? b : a;
    return other.kind === 'string' ? other : unknownShape;
  }
  if (a.kind === 'list' && b.kind === 'list') return { kind: 'list', item: eitherShape(a.item, b.item) };
  if (a.kind === 'object' && b.kind === 'object') {
    const members = new Map<string, OutputShape>();
    for (const [name, shape] of a.members) {
      const other = b.members.get(name);
      if (other !== undefined) members.set(name, eitherShape(shape, other));
    }
    const same = members.size === a.members.size && members.size === b.members.size;
    return { kind: 'object', members, open: a.open || b.open || !same };
  }
  return a.kind === b.kind ? a : unknownShape;
}
