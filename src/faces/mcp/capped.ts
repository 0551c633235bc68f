/** About 8,000 tokens of JSON: beyond three times that, clients refuse an answer whole. */
const mostCharacters = 28_000;

/** An answer that a model can take in, and what was left out of it. */
export interface Capped {
  readonly answer: Readonly<Record<string, unknown>>;
  /** By pointer: how long a list is, and how much of it is here. */
  readonly hidden: Readonly<Record<string, { readonly total: number; readonly from: number; readonly shown: number }>>;
  /** Goes on with the list that lost most. */
  readonly next?: string;
}

/**
 * Cuts the longest lists of an answer until it fits; nothing is cut without being counted. @param cursor `/components:200`, from
 * an earlier answer to the same question: that list begins there
 */
export function capped(answer: Readonly<Record<string, unknown>>, cursor?: string): Capped {
  const started = cursor === undefined ? undefined : positionOf(cursor);
  const from = new Map(started === undefined ? [] : [[started.pointer, started.from]]);
  const room = new Map<string, number>();
  for (;;) {
    const lists = new Map<string, { total: number; shown: number; size: number }>();
    const cut = cutLists(answer, '', { from, room, lists }) as Readonly<Record<string, unknown>>;
    const longest = [...lists]
      .filter(([, { shown }]) => shown > 1)
      .sort(([a, one], [b, other]) => other.size - one.size || (a < b ? -1 : 1))[0];
    if (JSON.stringify(cut).length <= mostCharacters || longest === undefined) return told(cut, lists, from);
    room.set(longest[0], Math.floor(longest[1].shown / 2));
  }
}

function told(
  answer: Readonly<Record<string, unknown>>,
  lists: ReadonlyMap<string, { readonly total: number; readonly shown: number }>,
  from: ReadonlyMap<string, number>,
): Capped {
  const cut = [...lists].filter(([, { total, shown }]) => shown < total);
  const hidden = Object.fromEntries(
    cut.map(([pointer, { total, shown }]) => [pointer, { total, from: from.get(pointer) ?? 0, shown }]),
  );
  const open = cut
    .map(([pointer, { total, shown }]) => ({ pointer, end: (from.get(pointer) ?? 0) + shown, total }))
    .filter(({ end, total }) => end < total)
    .sort((a, b) => b.total - b.end - (a.total - a.end))[0];
  return { answer, hidden, ...(open === undefined ? {} : { next: `${open.pointer}:${open.end}` }) };
}

interface Cutting {
  readonly from: ReadonlyMap<string, number>;
  readonly room: ReadonlyMap<string, number>;
  readonly lists: Map<string, { total: number; shown: number; size: number }>;
}

function cutLists(value: unknown, pointer: string, cutting: Cutting): unknown {
  if (Array.isArray(value)) {
    const start = cutting.from.get(pointer) ?? 0;
    const shown = value.slice(start, start + (cutting.room.get(pointer) ?? value.length));
    // Lists within a list are its own business: they go with their row.
    cutting.lists.set(pointer, { total: value.length, shown: shown.length, size: JSON.stringify(shown).length });
    return shown;
  }
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, cutLists(member, `${pointer}/${key}`, cutting)]),
  );
}

function positionOf(cursor: string): { readonly pointer: string; readonly from: number } | undefined {
  const found = /^(\/.+):(\d+)$/.exec(cursor);
  return found === null ? undefined : { pointer: found[1] ?? '', from: Number(found[2]) };
}
