import type { RangeEnd } from '../../graph/impact-of-change/range-end.ts';
import type { ComponentId } from '../../model/component.ts';
import type { Cache } from '../../observe/cache/cache.ts';
import type { ClaimedAs } from '../view/view.ts';
import { type Handing, handingOf } from './handing.ts';

const kind = 'handing';

/** The same in a process that stays, of one view that changes are followed from. */
export interface ResidentHandings {
  readonly of: string;
  readonly handings: Map<ComponentId, Handing>;
}

/**
 * What components hand on, from the claims of an end; of those whose claims did not change since the view that changes are followed
 * from, as some earlier question kept it. A claim is a function of what it read, and the view says who read something else since.
 * @param end whose claims are asked for what is not kept
 */
export function handingsOf(
  end: RangeEnd,
  claimedAs: ClaimedAs | undefined,
  cache: Cache,
  resident: ResidentHandings | undefined,
): (id: ComponentId) => Handing | undefined {
  const made = new Map<ComponentId, Handing | undefined>();
  const make = (id: ComponentId): Handing | undefined => {
    const [node, claim] = [end.graph.node(id), end.claim(id)];
    return node === undefined || claim === undefined ? undefined : handingOf(claim, end.graph.component(node));
  };
  const find = (id: ComponentId): Handing | undefined => {
    if (claimedAs === undefined || claimedAs.changed().has(id)) return make(id);
    const known = resident?.handings.get(id);
    if (known !== undefined) return known;
    const key = `${claimedAs.of} ${id}`;
    const kept = parsed(cache.get(kind, key));
    const handing = kept ?? make(id);
    if (handing === undefined) return undefined;
    // What is written over a module is a text of the estate; it may hold whatever its units say.
    if (kept === undefined && (handing.laid ?? []).length === 0)
      cache.put(kind, key, Buffer.from(JSON.stringify(handing)));
    resident?.handings.set(id, handing);
    return handing;
  };
  return (id) => {
    if (!made.has(id)) made.set(id, find(id));
    return made.get(id);
  };
}

/** What is damaged reads as absent. */
function parsed(bytes: Uint8Array | undefined): Handing | undefined {
  if (bytes === undefined) return undefined;
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as Handing;
  } catch {
    return undefined;
  }
}
