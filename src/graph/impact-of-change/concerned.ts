import type { Claim } from '../../model/claim.ts';
import type { ComponentId } from '../../model/component.ts';
import { byCodeUnit } from '../../model/digest.ts';
import type { Pointer } from '../../model/pointer.ts';
import { stepsOf } from '../../model/pointer.ts';
import { at } from '../adjacency.ts';
import { severalDeployments } from '../deployments.ts';
import type { RangeEnd } from './range-end.ts';

/** Attributes of a row list what all deployments have, so of a change in one they say nothing of their own. */
const listed: ReadonlySet<string> = new Set(['state', 'region', 'account', 'deployments']);

/**
 * Which of several deployments a change concerns, by the pointers at which they differ: all, where anything differs that they
 * share. Undefined of a component that has only one.
 */
export function deploymentsAt(names: readonly string[], pointers: readonly Pointer[]): readonly string[] | undefined {
  if (names.length === 0) return undefined;
  const found = new Set<string>();
  for (const pointer of pointers) {
    const [first = '', ...rest] = pointer.startsWith('run/workspaces/')
      ? stepsOf(pointer.slice('run/workspaces'.length))
      : pointer.startsWith('/')
        ? stepsOf(pointer)
        : [];
    if (names.includes(first) && (rest.length > 0 || pointer.startsWith('/') || pointer.startsWith('run/')))
      found.add(first);
    else if (!listed.has(pointer)) return names;
  }
  return found.size === 0 ? names : [...found].sort(byCodeUnit);
}

export type Concerned = ReadonlyMap<ComponentId, readonly string[]>;

/**
 * Which deployments a change comes to, of components that have several: those that read what one that changes provides, by the
 * keys of both. Where no key of a reference is found at either end, all. O(references among `reached`).
 *
 * @param starts what changes itself; undefined: all of it
 */
export function deploymentsReached(
  end: RangeEnd,
  starts: ReadonlyMap<ComponentId, readonly string[] | undefined>,
  reached: ReadonlySet<ComponentId>,
): Concerned {
  const { graph } = end;
  const { inStart, inEdges, edgeFrom } = graph.adjacency;
  const found = new Map<ComponentId, Set<string>>();
  const namesOf = (id: ComponentId): readonly string[] => {
    const node = graph.node(id);
    return node === undefined ? [] : severalDeployments(graph.component(node));
  };
  const queue: ComponentId[] = [];
  const seen = new Set<ComponentId>();
  const enter = (id: ComponentId, names: readonly string[]) => {
    const known = found.get(id) ?? new Set<string>();
    const size = known.size;
    for (const name of names) known.add(name);
    found.set(id, known);
    if (known.size > size || !seen.has(id)) queue.push(id);
    seen.add(id);
  };
  for (const [id, names] of starts) enter(id, names ?? namesOf(id));
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    const node = graph.node(id);
    if (node === undefined) continue;
    const changed = found.get(id) ?? new Set<string>();
    for (let slot = at(inStart, node); slot < at(inStart, node + 1); slot++) {
      const edge = at(inEdges, slot);
      const reader = graph.id(at(edgeFrom, edge));
      if (graph.orderOnly[edge] === 1 || !(reached.has(reader) || starts.has(reader))) continue;
      const several = namesOf(reader);
      enter(reader, several.length === 0 ? [] : readersAmong(several, end.claim(reader), end.claim(id), changed));
    }
  }
  return new Map([...found].map(([id, names]) => [id, [...names].sort(byCodeUnit)]));
}

/** Deployments of a reader that read what some deployments of a provider provide. */
function readersAmong(
  names: readonly string[],
  reader: Claim | undefined,
  provider: Claim | undefined,
  changed: ReadonlySet<string>,
): readonly string[] {
  if (reader?.parts === undefined || provider === undefined) return names;
  const all = new Set(provider.provides.map(({ key }) => key));
  const some =
    provider.parts === undefined
      ? all
      : new Set([...changed].flatMap((name) => provider.parts?.[name]?.provides ?? []));
  const parts = Object.entries(reader.parts);
  const meets = (keys: ReadonlySet<string>) =>
    parts.filter(([, { needs }]) => needs.some((key) => keys.has(key))).map(([name]) => name);
  return meets(all).length === 0 ? names : meets(some);
}
