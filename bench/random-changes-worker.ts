/**
 * One of several workers of `random-changes.ts`: takes what is asked for until it is stopped, or killed.
 *
 *   node bench/random-changes-worker.ts '{ "place": …, "data": …, "seed": 7, "killed": 0.006 }'
 */
import { Engine } from '../src/engine/engine.ts';
import { work } from '../src/faces/service/worker.ts';
import { killedAt, openAt } from '../test/support/applying.ts';
import { seededRandom } from './random.ts';

interface Part {
  readonly place: string;
  readonly data: string;
  readonly seed: number;
  /** How likely it is killed at each word to the ledger. */
  readonly killed: number;
}

const { place, data, seed, killed } = JSON.parse(process.argv[2] ?? '{}') as Part;
const random = seededRandom(seed);
const open = openAt(place, data, { ...process.env, KARMA_ACTOR: 'worker' } as Record<string, string>);
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
if (killed > 0 && random.below(2) === 0)
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), 5000 + random.below(120_000)).unref();
const context = killedAt(open, () => random.below(10_000) < killed * 10_000);
await work({
  engine: new Engine(context),
  name: `worker-${process.pid}-${seed}`,
  stop: stop.signal,
  say: () => undefined,
});
await open.stores.close();
