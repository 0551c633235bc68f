import type { Claim } from '../../model/claim.ts';
import type { ComponentId, ComponentRow } from '../../model/component.ts';
import { byCodeUnit } from '../../model/digest.ts';
import { diffEvaluated, type KeyChange } from './evaluated-diff.ts';
import type { Pair, RangeEnd } from './range-end.ts';
import { changedReads } from './touched.ts';

/** What a range does to one component that is at both ends. */
export interface Verdict {
  readonly id: ComponentId;
  /** Its id before, when it moved. */
  readonly was?: ComponentId;
  readonly is: 'changed' | 'identical' | 'undecided';
  /** Which keys, before → after; pointers into the evaluated config, or `module`, `source`, `state` … */
  readonly keys: readonly KeyChange[];
  /** Why it is undecided: where an unknown took part, or which file another program reads. */
  readonly reasons: readonly string[];
}

/** Blind spots behind which a change of a file that was read could hide. What lies outside the range hides none of it. */
const hiding: ReadonlySet<string> = new Set([
  'hcl-unreadable',
  'json-unreadable',
  'not-utf8',
  'file-too-large',
  'extends-broken',
  'include-missing',
  'include-loop',
  'evaluation-failed',
]);

/**
 * Compares a component as evaluated at both ends. *Identical* is said only when it is proved: the evaluated values are
 * known, or unknown in the same way, and equal; module, outputs and attributes too; and nothing that could hide a change
 * took part. A difference makes it *changed*, whatever else is unknown; the rest is *undecided* and counts as changed.
 */
export function classify(before: RangeEnd, after: RangeEnd, { id, was }: Pair): Verdict {
  const moved = was === id ? {} : { was };
  const claims = [before.claim(was), after.claim(id)] as const;
  const rows = [rowOf(before, was), rowOf(after, id)] as const;
  const evaluated = diffClaims(claims, rows);
  const keys = [...evaluated.changed, ...moduleChange(before, after, rows), ...rowChanges(...rows)];
  const reasons = [...evaluated.reasons, ...hidden(...claims)].sort(byCodeUnit);
  const is = keys.length > 0 ? 'changed' : reasons.length > 0 ? 'undecided' : 'identical';
  return { id, ...moved, is, keys, reasons };
}

function rowOf({ graph }: RangeEnd, id: ComponentId): ComponentRow | undefined {
  const node = graph.node(id);
  return node === undefined ? undefined : graph.component(node);
}

type Both<T> = readonly [before: T | undefined, after: T | undefined];

function diffClaims(
  [before, after]: Both<Claim>,
  [was, is]: Both<ComponentRow>,
): { readonly changed: readonly KeyChange[]; readonly reasons: readonly string[] } {
  if (before?.evaluated === undefined || after?.evaluated === undefined) {
    if (was?.configDigest !== is?.configDigest) return { changed: [{ pointer: 'config' }], reasons: [] };
    return { changed: [], reasons: ['its evaluated config is not at hand at both ends'] };
  }
  const { changed, undecided } = diffEvaluated(before.evaluated, after.evaluated);
  return {
    changed,
    reasons: undecided.map((pointer) => `${pointer === '' ? '/' : pointer} rests on something only a run could know`),
  };
}

/** The module's key, or what its folder and closure hold. */
function moduleChange(before: RangeEnd, after: RangeEnd, [was, is]: Both<ComponentRow>): KeyChange[] {
  if (was === undefined || is === undefined) return [];
  if (was.module !== is.module) return [{ pointer: 'module', before: was.module, after: is.module }];
  const [a, b] = [before.graph.types().get(was.module)?.digest, after.graph.types().get(is.module)?.digest];
  return a === b ? [] : [{ pointer: 'module', before: shortDigest(a), after: shortDigest(b) }];
}

function shortDigest(digest: string | undefined): string {
  return digest === undefined ? 'not read' : digest.slice(0, 12);
}

/** What the rows say beyond the config: backend, source, state, account and the like. */
function rowChanges(was: ComponentRow | undefined, is: ComponentRow | undefined): KeyChange[] {
  if (was === undefined || is === undefined) return [];
  const keys = [...new Set([...Object.keys(was.attributes), ...Object.keys(is.attributes)])].sort(byCodeUnit);
  return keys
    .filter((key) => was.attributes[key] !== is.attributes[key])
    .map((key) => ({
      pointer: key,
      ...(was.attributes[key] === undefined ? {} : { before: was.attributes[key] }),
      ...(is.attributes[key] === undefined ? {} : { after: is.attributes[key] }),
    }));
}

/** What could hide a change: a file read by another program that differs, or something unreadable at either end. */
function hidden(before: Claim | undefined, after: Claim | undefined): string[] {
  if (before === undefined || after === undefined) return [];
  const reads = new Set(changedReads(before.readSet, after.readSet));
  const opaque = [...(before.opaqueFiles ?? []), ...(after.opaqueFiles ?? [])].filter((file) => reads.has(file));
  const spots = [...before.blindSpots, ...after.blindSpots].filter(({ code }) => hiding.has(code));
  return [
    ...new Set([
      ...opaque.map((file) => `${file} is read by another program`),
      ...spots.map(({ code, evidence }) => `${code}: ${evidence.file ?? evidence.site}`),
    ]),
  ];
}
