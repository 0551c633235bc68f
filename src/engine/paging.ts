import { count, text } from '../config/shape-parts.ts';
import { KarmaError } from '../model/errors.ts';
import type { EngineContext } from './context.ts';
import { loadView, type ViewNeeds } from './view/load-view.ts';
import type { LoadedView } from './view/view.ts';

/** Parts of queries whose answers may be long. */
export const limit = count('At most so many; default: all.', 1, 10_000);
export const cursor = text('Goes on where an answer ended: its `next`, with the same question.');

export interface PageQuery {
  readonly limit?: number;
  readonly cursor?: string;
}

/** What a list says of itself when it is not all there. */
export interface Paged {
  /** How many there are in all. */
  readonly total: number;
  /** How many of them this answer leaves out, before it and behind it. */
  readonly hidden?: number;
  /** What to ask with to go on; absent at the end. */
  readonly next?: string;
}

/** The view that a cursor was given from, so that a list goes on as it began though a newer version is there. */
export async function viewToPage(
  context: EngineContext,
  { at, cursor: given }: { readonly at?: string; readonly cursor?: string },
  needs: ViewNeeds = {},
): Promise<LoadedView> {
  const from = given === undefined ? undefined : placeOf(given).at;
  return loadView(context, from ?? at, needs);
}

/**
 * A part of a list, and how to go on behind it. A cursor holds for the view that it was given from: in another one the same place
 * would be another component.
 * @throws KARMA_CONFLICT where the work tree changed meanwhile, KARMA_USAGE for what is no cursor
 */
export function pageOf<T>(
  all: readonly T[],
  view: Pick<LoadedView, 'kind' | 'position' | 'hash'>,
  { limit: most, cursor: given }: PageQuery,
): { readonly items: readonly T[]; readonly paged: Paged } {
  const place = given === undefined ? undefined : placeOf(given);
  if (place !== undefined && place.hash !== view.hash)
    throw new KarmaError('KARMA_CONFLICT', 'the list goes on from a view that is no more', {
      hint: 'ask from the start; a version stays as it is',
    });
  const from = place?.from ?? 0;
  const items = from === 0 && most === undefined ? all : all.slice(from, most === undefined ? undefined : from + most);
  const end = from + items.length;
  const hidden = all.length - items.length;
  return {
    items,
    paged: {
      total: all.length,
      ...(hidden === 0 ? {} : { hidden }),
      ...(end >= all.length ? {} : { next: cursorOf({ ...atOf(view), hash: view.hash, from: end }) }),
    },
  };
}

interface Place {
  /** Absent: the work tree. */
  readonly at?: string;
  readonly hash: string;
  readonly from: number;
}

function atOf({ kind, position }: Pick<LoadedView, 'kind' | 'position'>): Pick<Place, 'at'> {
  return kind === 'worktree' ? {} : { at: position };
}

function cursorOf(place: Place): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

function placeOf(given: string): Place {
  try {
    const place: unknown = JSON.parse(Buffer.from(given, 'base64url').toString('utf8'));
    if (isPlace(place)) return place;
  } catch {
    // Told below.
  }
  throw new KarmaError('KARMA_USAGE', 'the cursor is none that an answer gave', { hint: 'ask from the start' });
}

function isPlace(value: unknown): value is Place {
  if (typeof value !== 'object' || value === null) return false;
  const { at, hash, from } = value as Partial<Record<keyof Place, unknown>>;
  return (
    (at === undefined || typeof at === 'string') &&
    typeof hash === 'string' &&
    typeof from === 'number' &&
    Number.isSafeInteger(from) &&
    from >= 0
  );
}
