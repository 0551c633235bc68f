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

/** A text that is longer than this is cut last of all, when nothing else is left. */
const longTexts = [4_000, 1_000, 200];
/** What has more members than any answer of its kind is a list by name. */
const mostMembers = 40;

/**
 * Cuts the longest lists of an answer until it fits; nothing is cut without being counted. Where single rows are too long, lists
 * within them are cut as well, and texts, which say so themselves. @param cursor `/components:200`, from an earlier answer to the
 * same question: that list begins there
 */
export function capped(answer: Readonly<Record<string, unknown>>, cursor?: string): Capped {
  const started = cursor === undefined ? undefined : positionOf(cursor);
  const from = new Map(started === undefined ? [] : [[started.pointer, started.from]]);
  const room = new Map<string, number>();
  const texts = [...longTexts];
  let within = started !== undefined && /\/\d+\//.test(started.pointer);
  let text = Number.POSITIVE_INFINITY;
  for (;;) {
    const lists = new Map<string, { total: number; shown: number; size: number }>();
    const cut = cutLists(answer, '', { from, room, lists, within, text }) as Readonly<Record<string, unknown>>;
    if (JSON.stringify(cut).length <= mostCharacters) return told(cut, lists, from);
    const longest = [...lists]
      .filter(([, { shown }]) => shown > 1)
      .sort(([a, one], [b, other]) => other.size - one.size || (a < b ? -1 : 1))[0];
    if (longest !== undefined) room.set(longest[0], Math.floor(longest[1].shown / 2));
    else if (!within) within = true;
    else if (texts.length > 0) text = texts.shift() ?? text;
    else return told(cut, lists, from);
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
  /** Rows are cut too, and not lists of them alone. */
  readonly within: boolean;
  /** Characters of a text. */
  readonly text: number;
}

function cutLists(value: unknown, pointer: string, cutting: Cutting): unknown {
  const { from, room, lists, within, text } = cutting;
  if (typeof value === 'string')
    return value.length <= text ? value : `${value.slice(0, text)}… (${value.length - text} more characters)`;
  if (value === null || typeof value !== 'object') return value;
  const start = from.get(pointer) ?? 0;
  if (Array.isArray(value)) {
    const rows: readonly unknown[] = value.slice(start, start + (room.get(pointer) ?? value.length));
    const shown = within ? rows.map((row, at) => cutLists(row, `${pointer}/${start + at}`, cutting)) : rows;
    lists.set(pointer, { total: value.length, shown: shown.length, size: JSON.stringify(shown).length });
    return shown;
  }
  const members = Object.entries(value);
  const isList = within && members.length > mostMembers;
  const those = isList ? members.slice(start, start + (room.get(pointer) ?? members.length)) : members;
  const shown = Object.fromEntries(those.map(([key, member]) => [key, cutLists(member, `${pointer}/${key}`, cutting)]));
  if (isList) lists.set(pointer, { total: members.length, shown: those.length, size: JSON.stringify(shown).length });
  return shown;
}

function positionOf(cursor: string): { readonly pointer: string; readonly from: number } | undefined {
  const found = /^(\/.+):(\d+)$/.exec(cursor);
  return found === null ? undefined : { pointer: found[1] ?? '', from: Number(found[2]) };
}
