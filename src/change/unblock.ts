import { byCodeUnit } from '../model/by-code-unit.ts';

/** One thing that somebody could do. */
export interface Move {
  readonly kind: 'edit' | 'leave' | 'create' | 'apply' | 'cancel' | 'give';
  /** A component, a file or a change. */
  readonly what: string;
  /** As a sentence for people. */
  readonly say: string;
}

/** A blocker, or one of several consumers behind it: any one of these moves takes it away. */
export type Clause = readonly Move[];

export interface Unblocking {
  /** The smallest sets of moves that would unblock, the best first. Empty where nothing blocks. */
  readonly sets: readonly (readonly Move[])[];
  /** Proved to be the smallest; false where the search was stopped before that. */
  readonly smallest: boolean;
}

/** Sets of one size that are told, and steps that are tried before the search is stopped. */
const mostSets = 3;
const mostSteps = 20_000;

/**
 * The smallest sets of moves that hit every clause: a minimum hitting set by iterative deepening, bounded. Where the search is
 * stopped, the answer is a set that does unblock (greedily found) and says that a smaller one was not ruled out.
 * O(moves of a clause ^ size of the set), at most {@link mostSteps}.
 */
export function smallestUnblocking(clauses: readonly Clause[], most = mostSteps): Unblocking {
  const open = clauses.filter((clause) => clause.length > 0);
  if (open.length === 0) return { sets: [], smallest: true };
  const moves = new Map(open.flat().map((move) => [nameOf(move), move]));
  const named = open.map((clause) => [...new Set(clause.map(nameOf))]);
  const greedy = greedySet(named);
  let steps = 0;
  for (let size = 1; size <= greedy.length; size++) {
    const found = new Map<string, readonly string[]>();
    const search = (chosen: readonly string[]): boolean => {
      steps += 1;
      if (steps > most) return false;
      const missed = named.find((clause) => !clause.some((one) => chosen.includes(one)));
      if (missed === undefined) {
        const set = [...chosen].sort(byCodeUnit);
        found.set(set.join('\0'), set);
        return true;
      }
      if (chosen.length === size) return true;
      return missed.every((one) => found.size >= mostSets || search([...chosen, one]));
    };
    const searched = search([]);
    if (found.size > 0)
      return { sets: [...found.values()].slice(0, mostSets).map((set) => told(set, moves)), smallest: true };
    if (!searched) return { sets: [told(greedy, moves)], smallest: false };
  }
  return { sets: [told(greedy, moves)], smallest: true };
}

/** The move that hits most of what is left, again and again. */
function greedySet(clauses: readonly (readonly string[])[]): readonly string[] {
  const chosen: string[] = [];
  for (let left = clauses; left.length > 0; ) {
    const hits = new Map<string, number>();
    for (const one of left.flat()) hits.set(one, (hits.get(one) ?? 0) + 1);
    const [best = ''] = [...hits].sort(([a, m], [b, n]) => n - m || byCodeUnit(a, b))[0] ?? [];
    chosen.push(best);
    left = left.filter((clause) => !clause.includes(best));
  }
  return chosen.sort(byCodeUnit);
}

function told(set: readonly string[], moves: ReadonlyMap<string, Move>): readonly Move[] {
  return set.flatMap((name) => moves.get(name) ?? []);
}

function nameOf({ kind, what, say }: Move): string {
  return `${kind} ${what}\0${say}`;
}
