import { noOrder } from '../graph/operations/order.ts';
import { byCodeUnit } from '../model/digest.ts';
import { KarmaError } from '../model/errors.ts';

/**
 * The ready queue. Each node starts when everything it depends on inside the set is done; nobody waits for a whole level.
 *
 * - *Done* is finished or skipped. What lies outside the set counts as done.
 * - A failure discards exactly the nodes that depend on the failed one, directly or through others; the rest goes on. With
 *   fail-fast everything not yet started is discarded.
 * - An interrupt discards everything not yet started; what runs is left to finish.
 * - Of several ready nodes the one with the longest way behind it goes first (Graham's list scheduling by critical path:
 *   at most twice the best makespan, mostly close to it); ties go by code unit, so equal sets run in equal order.
 * - Going backwards (destroy) turns every arrow around: a node starts when everything that depends on it is done.
 *
 * The caller decides how many run at once: it takes from {@link ready} and says {@link start}. O(V + E) over all calls, but
 * for keeping the ready ones sorted.
 */
export interface ScheduleNode {
  readonly id: string;
  /** Ids; those that are not in the set are passed over. */
  readonly dependsOn: readonly string[];
  /** Expected duration, in any unit; default 1. */
  readonly weight?: number;
}

interface Entry {
  readonly id: string;
  readonly after: string[];
  waiting: number;
  priority: number;
  state: 'waiting' | 'ready' | 'running' | 'over';
}

export class Schedule {
  readonly #entries = new Map<string, Entry>();
  readonly #failFast: boolean;
  #running = 0;

  /** @throws KARMA_REFUSED when nodes depend on each other in a circle, with their names. */
  constructor(
    nodes: readonly ScheduleNode[],
    options: { readonly backwards?: boolean; readonly failFast?: boolean } = {},
  ) {
    this.#failFast = options.failFast === true;
    for (const { id } of nodes) this.#entries.set(id, { id, after: [], waiting: 0, priority: 0, state: 'waiting' });
    for (const node of nodes) {
      for (const other of new Set(node.dependsOn)) {
        if (!this.#entries.has(other) || other === node.id) continue;
        const [first, second] = options.backwards === true ? [node.id, other] : [other, node.id];
        this.#entry(first).after.push(second);
        this.#entry(second).waiting += 1;
      }
    }
    this.#prioritize(new Map(nodes.map((node) => [node.id, node.weight ?? 1])));
    for (const entry of this.#entries.values()) if (entry.waiting === 0) entry.state = 'ready';
  }

  /** Nodes that may start now, the most urgent first. */
  ready(): readonly string[] {
    return [...this.#entries.values()]
      .filter((entry) => entry.state === 'ready')
      .sort((a, b) => b.priority - a.priority || byCodeUnit(a.id, b.id))
      .map((entry) => entry.id);
  }

  start(id: string): void {
    const entry = this.#entry(id);
    if (entry.state !== 'ready') throw new KarmaError('KARMA_BUG', `${id} cannot start: it is ${entry.state}`);
    entry.state = 'running';
    this.#running += 1;
  }

  /** Ends a node and answers those that will never run because of it, sorted. */
  finish(id: string, outcome: 'done' | 'failed'): readonly string[] {
    const entry = this.#entry(id);
    if (entry.state !== 'running') throw new KarmaError('KARMA_BUG', `${id} cannot end: it is ${entry.state}`);
    entry.state = 'over';
    this.#running -= 1;
    if (outcome === 'failed') return this.#failFast ? this.stop() : this.#discardBehind(id);
    for (const next of entry.after.map((one) => this.#entry(one))) {
      next.waiting -= 1;
      if (next.waiting === 0 && next.state === 'waiting') next.state = 'ready';
    }
    return [];
  }

  /** Discards everything not yet started and answers it, sorted. */
  stop(): readonly string[] {
    const left = [...this.#entries.values()].filter((one) => one.state === 'waiting' || one.state === 'ready');
    for (const entry of left) entry.state = 'over';
    return left.map((one) => one.id).sort(byCodeUnit);
  }

  get running(): number {
    return this.#running;
  }

  get isOver(): boolean {
    return [...this.#entries.values()].every((entry) => entry.state === 'over');
  }

  #discardBehind(id: string): readonly string[] {
    const gone: string[] = [];
    const queue = [...this.#entry(id).after];
    for (let at = 0; at < queue.length; at += 1) {
      const entry = this.#entry(queue[at] ?? '');
      if (entry.state === 'over') continue;
      entry.state = 'over';
      gone.push(entry.id);
      queue.push(...entry.after);
    }
    return gone.sort(byCodeUnit);
  }

  /** Of what cannot start, all that depend on each other with the first of one circle: the others only wait for them. */
  #circle(stuck: ReadonlySet<string>): readonly string[] {
    const before = new Map<string, string[]>([...stuck].map((id) => [id, []]));
    for (const id of stuck) for (const next of this.#entry(id).after) before.get(next)?.push(id);
    const reach = (start: string, step: (id: string) => readonly string[]): ReadonlySet<string> => {
      const found = new Set<string>();
      const queue = [start];
      for (let id = queue.pop(); id !== undefined; id = queue.pop())
        for (const next of step(id)) {
          if (!stuck.has(next) || found.has(next)) continue;
          found.add(next);
          queue.push(next);
        }
      return found;
    };
    // Whatever cannot start waits for something that cannot start either, so going back from it ends in a circle.
    const seen = new Set<string>();
    let on = [...stuck].sort(byCodeUnit)[0] ?? '';
    for (; !seen.has(on); on = before.get(on)?.[0] ?? on) seen.add(on);
    const behind = reach(on, (id) => this.#entry(id).after);
    const ahead = reach(on, (id) => before.get(id) ?? []);
    return [...behind].filter((id) => ahead.has(id)).sort(byCodeUnit);
  }

  /** The longest way from each node to the end; finds circles on the way (Kahn's algorithm, backwards over its result). */
  #prioritize(weights: ReadonlyMap<string, number>): void {
    const waiting = new Map([...this.#entries.values()].map((entry) => [entry.id, entry.waiting]));
    const order = [...this.#entries.values()].filter((entry) => entry.waiting === 0);
    for (let at = 0; at < order.length; at += 1) {
      for (const next of order[at]?.after ?? []) {
        const left = (waiting.get(next) ?? 0) - 1;
        waiting.set(next, left);
        if (left === 0) order.push(this.#entry(next));
      }
    }
    if (order.length < this.#entries.size) {
      const stuck = new Set([...waiting].filter(([, left]) => left > 0).map(([id]) => id));
      throw new KarmaError('KARMA_REFUSED', noOrder(this.#circle(stuck)), {
        hint: '`karma order` names the references of the cycle: cut one of them, or select without it',
      });
    }
    for (const entry of order.reverse()) {
      const behind = Math.max(0, ...entry.after.map((one) => this.#entry(one).priority));
      entry.priority = behind + (weights.get(entry.id) ?? 1);
    }
  }

  #entry(id: string): Entry {
    const entry = this.#entries.get(id);
    if (entry === undefined) throw new KarmaError('KARMA_BUG', `${id} is not in the set`);
    return entry;
  }
}
