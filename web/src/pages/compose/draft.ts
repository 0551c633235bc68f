import type { Json } from '../../../../src/model/digest.ts';
import type { Answers, Deeds } from '../../api/answers.ts';
import { countOf, editsBetween, isRecord, withValue } from '../edit/edits-between.ts';

export type NamedReference = Answers['/v1/type/schema']['references'][number];
type Proposal = Omit<Deeds['/v1/changes']['ask'], 'reason'>;

/** One component on the canvas: one that is there, one that is to be, or one that is to go. */
export interface Part {
  /** What it is called now; of a new one what it will be called. */
  readonly id: string;
  readonly is: 'new' | 'there' | 'gone';
  readonly type: string;
  readonly environment: string;
  readonly nickname: string;
  /** What it will be called, where that is another name. */
  readonly to?: string | undefined;
  /** What is there now; of a new one nothing. */
  readonly before: Json;
  readonly config: Json;
  readonly schema: Readonly<Record<string, unknown>>;
  /** Whether its config alone can be judged. */
  readonly judged: boolean;
  /** Its inputs that name another component. */
  readonly references: readonly NamedReference[];
}

export type Draft = readonly Part[];

export function idOf({ environment, type, nickname }: Pick<Part, 'environment' | 'type' | 'nickname'>): string {
  return `${environment}/${type}/${nickname}`;
}

export function isEdited({ is, before, config }: Part): boolean {
  return is !== 'gone' && countOf(editsBetween(before, config)) > 0;
}

/** What a part adds to the change; what only stands beside it adds nothing. */
export function wordOf(part: Part): 'new' | 'goes' | 'moves' | 'changed' | undefined {
  if (part.is === 'new') return 'new';
  if (part.is === 'gone') return 'goes';
  if (part.to !== undefined) return 'moves';
  return isEdited(part) ? 'changed' : undefined;
}

/** The nickname that stands in an input. */
export function namedIn({ config }: Part, { key }: NamedReference): string | undefined {
  const value = isRecord(config) && Object.hasOwn(config, key) ? config[key] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** From one that needs to what it names, by which input. */
export interface DraftLine {
  readonly from: string;
  readonly to: string;
  readonly key: string;
}

/** What the inputs of the parts name among the parts. O(parts · inputs). */
export function linesOf(draft: Draft): readonly DraftLine[] {
  const byName = new Map(draft.map((part) => [idOf(part), part]));
  return draft.flatMap((part) =>
    part.is === 'gone'
      ? []
      : part.references.flatMap((reference) => {
          const nickname = namedIn(part, reference);
          const named =
            nickname === undefined
              ? undefined
              : byName.get(idOf({ environment: part.environment, type: reference.type, nickname }));
          return named === undefined ? [] : [{ from: part.id, to: named.id, key: reference.key }];
        }),
  );
}

/** Why something cannot be what an input names; undefined: it can. */
export function refusal(draft: Draft, source: Part, target: Part, reference: NamedReference): string | undefined {
  if (source.id === target.id) return 'it would need itself';
  if (target.is === 'gone') return `${target.id} goes`;
  if (source.is === 'gone') return `${source.id} goes`;
  if (source.type !== reference.type) return `it wants one of type ${reference.type}, and this is a ${source.type}`;
  if (source.environment !== target.environment)
    return `it looks in ${target.environment || 'no environment'}, and this stands in ${source.environment || 'none'}`;
  if (namedIn(target, reference) === source.nickname) return 'it has this one already';
  if (needs(draft, source.id, target.id)) return `${source.id} needs ${target.id}: each would wait for the other`;
  return undefined;
}

function needs(draft: Draft, from: string, to: string): boolean {
  const lines = linesOf(draft);
  const seen = new Set([from]);
  for (const id of seen) for (const line of lines) if (line.from === id) seen.add(line.to);
  return seen.has(to);
}

export function connected(draft: Draft, source: Part, target: Part, { key }: NamedReference): Draft {
  return changed(draft, target.id, (part) => ({ ...part, config: withValue(part.config, [key], source.nickname) }));
}

export function changed(draft: Draft, id: string, by: (part: Part) => Part): Draft {
  return draft.map((part) => (part.id === id ? by(part) : part));
}

/** Another name or place for a new one; who names it goes on naming it. */
export function renamed(
  draft: Draft,
  id: string,
  next: { readonly environment: string; readonly nickname: string },
): Draft {
  const was = draft.find((part) => part.id === id);
  if (was === undefined) return draft;
  const is = { ...was, ...next, id: idOf({ ...was, ...next }) };
  const followers = new Set(linesOf(draft).flatMap(({ from, to, key }) => (to === id ? [`${from} ${key}`] : [])));
  return draft.map((part) => {
    if (part.id === id) return is;
    const keys = part.references.filter(({ key }) => followers.has(`${part.id} ${key}`));
    if (keys.length === 0 || part.environment !== is.environment) return part;
    return { ...part, config: keys.reduce((config, { key }) => withValue(config, [key], is.nickname), part.config) };
  });
}

/** A nickname that none has yet. */
export function freeNickname(taken: ReadonlySet<string>, environment: string, type: string): string {
  for (let number = 1; ; number++) {
    const nickname = number === 1 ? 'new' : `new-${number}`;
    if (!taken.has(idOf({ environment, type, nickname }))) return nickname;
  }
}

/** All of it as one proposal. */
export function proposalOf(draft: Draft, revise: string | undefined): Proposal {
  const edits = draft
    .filter(isEdited)
    .map((part) => ({ id: part.to ?? part.id, ...editsBetween(part.before, part.config) }))
    .map(({ id, set, unset }) => ({ id, set, unset }));
  const create = draft
    .filter(({ is }) => is === 'new')
    .map(({ type, nickname, environment }) => ({ name: `${type}/${nickname}`, environment }));
  const remove = draft.filter(({ is }) => is === 'gone').map(({ id }) => id);
  const rename = draft.flatMap(({ id, is, to }) => (is === 'there' && to !== undefined ? [{ from: id, to }] : []));
  return {
    ...(edits.length === 0 ? {} : { edits }),
    ...(create.length === 0 ? {} : { create }),
    ...(remove.length === 0 ? {} : { remove }),
    ...(rename.length === 0 ? {} : { rename }),
    ...(revise === undefined ? {} : { revise }),
  };
}

export function isSomething(draft: Draft): boolean {
  return draft.some((part) => wordOf(part) !== undefined);
}

/** Where a part stands on the canvas. */
export interface Placed {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

const [wide, head, input, between, above] = [220, 52, 24, 96, 20];

/** Left is what others need, right who needs it; among themselves in the order in which they came. O(parts · lines). */
export function placesOf(draft: Draft): {
  readonly places: ReadonlyMap<string, Placed>;
  readonly width: number;
  readonly height: number;
} {
  const lines = linesOf(draft);
  const rank = new Map(draft.map(({ id }) => [id, 0]));
  // One that needs stands right of what it needs; a cycle ends this after as many rounds as there are parts.
  for (let round = 0; round < draft.length; round++)
    for (const { from, to } of lines)
      rank.set(from, Math.max(rank.get(from) ?? 0, Math.min((rank.get(to) ?? 0) + 1, draft.length)));
  const heights = new Map<number, number>();
  const places = new Map<string, Placed>();
  for (const { id, references } of draft) {
    const column = rank.get(id) ?? 0;
    const y = heights.get(column) ?? 0;
    const h = head + references.length * input;
    places.set(id, { x: column * (wide + between), y, w: wide, h });
    heights.set(column, y + h + above);
  }
  const columns = Math.max(0, ...rank.values()) + 1;
  return {
    places,
    width: columns * wide + (columns - 1) * between,
    height: Math.max(0, ...heights.values()),
  };
}

/** How far beneath the upper edge of a part its nth input is. */
export function inputAt(index: number): number {
  return head + index * input + input / 2 - 2;
}
