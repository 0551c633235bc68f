import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../model/digest.ts';
import type { ConsumedPointer, RunRecord } from '../model/record.ts';
import { decideCutoff } from './cutoff.ts';
import { inputs } from './records.fixture.ts';

/**
 * A small world: components 0…n-1, each reads some outputs of earlier ones, or looks resources up in the cloud, and computes
 * two outputs from its config and what it read. Deploying with cutoff must leave what deploying everything leaves.
 */
interface World {
  readonly reads: readonly (readonly { readonly from: number; readonly output: 'a' | 'b' }[])[];
  readonly looks: readonly (readonly number[])[];
}

interface Kept {
  readonly outputs: Readonly<Record<string, number>>;
  /** What the cloud holds of it: seen by those who look it up. */
  readonly resource: number;
  readonly record: RunRecord;
}

const size = 7;

const world: fc.Arbitrary<World> = fc.record({
  reads: fc.tuple(
    ...Array.from({ length: size }, (_, to) =>
      to === 0
        ? fc.constant([])
        : fc.uniqueArray(fc.record({ from: fc.nat(to - 1), output: fc.constantFrom('a' as const, 'b' as const) }), {
            maxLength: 3,
            selector: (one) => `${one.from}${one.output}`,
          }),
    ),
  ),
  looks: fc.tuple(
    ...Array.from({ length: size }, (_, to) =>
      to === 0 ? fc.constant([]) : fc.uniqueArray(fc.nat(to - 1), { maxLength: 1 }),
    ),
  ),
});

/** `a` follows the config loosely (many configs give one value), so that cutoff has something to cut. */
function compute(config: number, read: readonly number[], looked: readonly number[]) {
  const sum = [...read, ...looked].reduce((total, one) => total + one, config);
  return { outputs: { a: Math.floor(sum / 3), b: sum % 2 }, resource: Math.floor(sum / 2) };
}

let run = 0;

/** One deploy over kept results; `cut` says whether it may skip. Answers how many ran. */
function deploy(
  given: World,
  configs: readonly number[],
  kept: Map<number, Kept>,
  selected: ReadonlySet<number>,
  cut: boolean,
): number {
  let ran = 0;
  for (let at = 0; at < size; at += 1) {
    const reads = given.reads[at] ?? [];
    const looks = given.looks[at] ?? [];
    const consumed: ConsumedPointer[] = reads
      .map(({ from, output }) => ({
        provider: String(from),
        runtime: String(from),
        pointer: `/${output}`,
        digest: digestOf(kept.get(from)?.outputs[output]),
      }))
      .sort((a, b) => (`${a.provider}${a.pointer}` < `${b.provider}${b.pointer}` ? -1 : 1));
    const now = inputs({
      component: String(at),
      config: digestOf(configs[at]),
      consumed,
      cloud: looks.map((from) => ({ provider: String(from), change: kept.get(from)?.record.cloudChange ?? null })),
    });
    const old = kept.get(at);
    const outputs = old?.record.outputs ?? {};
    if (cut && decideCutoff({ record: old?.record, now, selected: selected.has(at), outputs }).skip) continue;
    ran += 1;
    run += 1;
    const made = compute(
      configs[at] ?? 0,
      reads.map(({ from, output }) => kept.get(from)?.outputs[output] ?? 0),
      looks.map((from) => kept.get(from)?.resource ?? 0),
    );
    const digests = { a: digestOf(made.outputs.a), b: digestOf(made.outputs.b) };
    const changed = old?.resource !== made.resource;
    kept.set(at, {
      ...made,
      record: {
        ...now,
        id: `r${run}`,
        action: 'apply',
        source: 'run',
        reconstructed: false,
        at: '',
        outcome: 'finished',
        outputs: digests,
        version: digestOf(digests),
        cloudChange: changed ? `r${run}` : (old?.record.cloudChange ?? null),
        dependsOn: [],
      },
    });
  }
  return ran;
}

const configs = fc.array(fc.nat(12), { minLength: size, maxLength: size });

describe('cutoff against running everything', () => {
  it('leaves the same outputs and resources after any sequence of config changes', () => {
    fc.assert(
      fc.property(world, fc.array(configs, { minLength: 1, maxLength: 4 }), (given, rounds) => {
        const cut = new Map<number, Kept>();
        const all = new Map<number, Kept>();
        for (const round of rounds) {
          deploy(given, round, cut, new Set(), true);
          deploy(given, round, all, new Set(), false);
          for (let at = 0; at < size; at += 1) {
            expect(cut.get(at)?.outputs).toEqual(all.get(at)?.outputs);
            expect(cut.get(at)?.resource).toEqual(all.get(at)?.resource);
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  it('runs nothing when nothing changed', () => {
    fc.assert(
      fc.property(world, configs, (given, round) => {
        const kept = new Map<number, Kept>();
        expect(deploy(given, round, kept, new Set(), true)).toBe(size);
        expect(deploy(given, round, kept, new Set(), true)).toBe(0);
        expect(deploy(given, round, kept, new Set([3]), true)).toBe(1);
      }),
      { numRuns: 50 },
    );
  });
});
