import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { consequenceDigest, grownBy } from '../../src/change/consequence.ts';
import { relationOf } from '../../src/change/footprint.ts';
import type { Simulation } from '../../src/change/simulation.ts';
import { type OpenedChanges, openChanges } from '../../src/engine/changing/opened-changes.ts';
import { simulate } from '../../src/engine/changing/simulate.ts';
import type { EngineContext } from '../../src/engine/context.ts';
import { mergeTrees } from '../../src/observe/git/content-commit.ts';
import { openAt } from '../../test/support/applying.ts';
import { Checkout } from '../oracle/checkout.ts';
import { moduleEdits } from '../oracle/edits.ts';
import { fileEdits } from '../oracle/file-edits.ts';
import { layouts } from '../oracle/layouts/layouts.ts';
import { seededRandom } from '../random.ts';

export interface PairsOptions {
  readonly layout: keyof typeof layouts;
  readonly seed: number;
  /** How many changes of one estate; every two of them are a pair. */
  readonly changes: number;
  /** At most so many pairs are looked at, by chance. */
  readonly pairs: number;
  /** An empty folder. */
  readonly place: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface Pairs {
  /** Pairs that were called commuting and are not: what it comes to in the two orders, in words. */
  readonly wrong: readonly string[];
  readonly looked: number;
  readonly commuting: number;
  /** Git cannot put them together. */
  readonly clashing: number;
  /** Called waiting, although each does on top of the other what it does alone. */
  readonly needless: readonly string[];
}

interface Made {
  readonly what: string;
  readonly commit: string;
  readonly simulation: Simulation;
}

/**
 * Random changes of one generated estate, two at a time. Two that are said to commute come to one tree in either order, and each does on
 * top of the other exactly what it does alone: every item of its consequence, so no approval of one is less than what happens after
 * the other. What is not so must not be called so.
 */
export async function lookAtPairs(options: PairsOptions): Promise<Pairs> {
  const { layout: name, seed, place, env } = options;
  const random = seededRandom(seed);
  const layout = layouts[name];
  const estate = layout.generate(random);
  const checkout = new Checkout(join(place, 'estate'));
  checkout.commit(layout.files(estate));
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', checkout.place, '-c', 'user.name=b', '-c', 'user.email=b@example.org', ...args], {
      encoding: 'utf8',
      env: { ...env },
    }).trim();
  const base = git('rev-parse', 'HEAD');
  const context = openAt(checkout.place, join(place, 'data'), { ...env });
  try {
    const opened = await openChanges(context);
    const edits = { ...moduleEdits, ...fileEdits, ...layout.edits };
    const names = Object.keys(edits);
    const made: Made[] = [];
    for (let tries = 0; made.length < options.changes && tries < options.changes * 20; tries += 1) {
      const next = structuredClone(estate);
      const kind = random.pick(names) ?? '';
      const told = edits[kind]?.(next, random);
      if (told === undefined || !checkout.differs(layout.files(next))) continue;
      checkout.commit(layout.files(next));
      const commit = git('commit-tree', 'HEAD^{tree}', '-p', base, '-m', kind);
      checkout.commit(layout.files(estate));
      const simulation = await simulated(context, opened, base, { base, head: commit });
      made.push({ what: `${kind}: ${told}`, commit, simulation });
    }
    const pairs = made.flatMap((one, at) => made.slice(at + 1).map((other) => [one, other] as const));
    const chosen = pairs
      .map((pair) => ({ pair, order: random.below(1_000_000) }))
      .sort((a, b) => a.order - b.order)
      .slice(0, options.pairs);
    const found = { wrong: [] as string[], looked: 0, commuting: 0, clashing: 0, needless: [] as string[] };
    for (const { pair } of chosen) await lookAt(context, opened, base, pair, found);
    return found;
  } finally {
    await context.stores.close();
  }
}

async function simulated(
  context: EngineContext,
  opened: OpenedChanges,
  on: string,
  content: { readonly base: string; readonly head: string },
): Promise<Simulation> {
  const at = { ...opened, followed: { ...opened.followed, commit: on } };
  return (await simulate(context, at, content)).simulation;
}

async function lookAt(
  context: EngineContext,
  opened: OpenedChanges,
  base: string,
  [one, other]: readonly [Made, Made],
  found: { wrong: string[]; looked: number; commuting: number; clashing: number; needless: string[] },
): Promise<void> {
  found.looked += 1;
  const merged = await mergeTrees(opened.repository, one.commit, other.commit);
  const relation = relationOf(
    one.simulation.footprint,
    other.simulation.footprint,
    'tree' in merged ? undefined : merged,
  );
  const words = `${one.what} | ${other.what}`;
  if (!('tree' in merged)) {
    found.clashing += 1;
    if (relation.is === 'commutes') found.wrong.push(`${words}: Git cannot put them together`);
    return;
  }
  const differing: string[] = [];
  const back = await mergeTrees(opened.repository, other.commit, one.commit);
  if (!('tree' in back) || back.tree !== merged.tree) differing.push('the trees differ');
  for (const [first, second] of [
    [one, other],
    [other, one],
  ] as const) {
    const then = await simulated(context, opened, first.commit, { base, head: second.commit });
    if (consequenceDigest(then) === consequenceDigest(second.simulation)) continue;
    const more = grownBy(second.simulation, then);
    const less = grownBy(then, second.simulation);
    differing.push(`after the other ${second.what} does more: ${more.join('; ')}, and no more: ${less.join('; ')}`);
  }
  if (relation.is === 'commutes') {
    found.commuting += 1;
    for (const text of differing) found.wrong.push(`${words}: ${text}`);
  } else if (differing.length === 0) found.needless.push(`${words}: ${relation.over.join(', ')}`);
}
