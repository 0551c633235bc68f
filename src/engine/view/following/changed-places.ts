import type { Claim } from '../../../model/claim.ts';
import type { ComponentId } from '../../../model/component.ts';
import { eachPlace, type PlaceIndex } from './places.ts';

/**
 * The places of a view from those of an earlier one and the claims that changed since. Whoever did not change found everything
 * as it was, so what is told of its places stands.
 *
 * @param ids of all nodes now, sorted
 */
export function changedPlaces(
  base: PlaceIndex,
  claims: ReadonlyMap<ComponentId, Claim | undefined>,
  ids: readonly ComponentId[],
): PlaceIndex {
  const numbers = new Map(ids.map((id, number) => [id, number]));
  const fresh = new Map<string, { readonly digest: string; readonly readers: number[] }>();
  for (const [id, claim] of claims)
    if (claim !== undefined)
      eachPlace(claim.readSet, (name, digest) => {
        const known = fresh.get(name);
        if (known === undefined) fresh.set(name, { digest, readers: [numbers.get(id) ?? 0] });
        else known.readers.push(numbers.get(id) ?? 0);
      });
  const [names, digests, starts, readers]: [string[], string[], number[], number[]] = [[], [], [0], []];
  const end = (name: string, digest: string) => {
    if (readers.length === starts.at(-1)) return;
    names.push(name);
    digests.push(digest);
    starts.push(readers.length);
  };
  for (const [place, name] of base.names.entries()) {
    for (let at = base.readerStart[place] ?? 0; at < (base.readerStart[place + 1] ?? 0); at++) {
      const id = base.ids[base.readers[at] ?? 0] ?? '';
      if (!claims.has(id)) readers.push(numbers.get(id) ?? 0);
    }
    const added = fresh.get(name);
    readers.push(...(added?.readers ?? []));
    fresh.delete(name);
    end(name, added?.digest ?? base.digests[place] ?? '');
  }
  for (const [name, added] of fresh) {
    readers.push(...added.readers);
    end(name, added.digest);
  }
  return { names, digests, readerStart: Uint32Array.from(starts), readers: Uint32Array.from(readers), ids };
}
