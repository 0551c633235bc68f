/**
 * What a program pays that stays, once the graph is there: answers in memory, and a build after one committed change.
 * Prints one JSON line; `bench/run.ts` runs it as a process of its own, so that the memory is its own too.
 *
 *   node bench/in-process.ts --estate PATH --data PATH --file iac/…/config.json
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { impactIn } from '../src/engine/verbs/impact.ts';
import { build } from '../src/engine/versions/build.ts';
import { blindSpotsOf } from '../src/engine/view/blind-spots.ts';
import { loadView } from '../src/engine/view/load-view.ts';
import { version } from '../src/faces/cli/version.ts';
import { impact } from '../src/graph/operations/impact.ts';
import { why } from '../src/graph/operations/why.ts';
import { openEngine } from '../src/wiring/open.ts';
import { git } from './fast-import.ts';
import { seededRandom } from './random.ts';

export interface InProcess {
  readonly what: string;
  readonly p50: number;
  readonly p99: number;
  /** MB, after it. */
  readonly resident: number;
  /** In milliseconds. */
  readonly goal?: readonly [share: 'p50' | 'p99', most: number];
}

const { values } = parseArgs({
  options: { estate: { type: 'string' }, data: { type: 'string' }, file: { type: 'string' } },
});
const folder = values.estate ?? '';
const context = openEngine({
  options: { dir: folder, data: values.data },
  env: process.env,
  version,
  stays: true,
}).as({ door: 'cli' });

/** No two edits are the same, whatever was measured there before: else the answer would be kept. */
const began = Date.now();

const results: InProcess[] = [];
const view = await loadView(context, undefined);
const { graph } = view;
const random = seededRandom(1);
const node = () => random.below(graph.size);

const blindSpots = blindSpotsOf(graph);
measure(
  'impact of a random component: the walk, with its paths',
  5000,
  () => {
    impact(graph, [{ node: node() }], { direction: 'dependents', blindSpots });
  },
  ['p99', 1],
);
measure(
  'impact of a random component: the answer, as JSON',
  5000,
  () => {
    JSON.stringify(impactIn(view, [{ node: node() }], { forward: false }));
  },
  ['p99', 10],
);
measure('why, between two random components', 5000, () => {
  why(graph, node(), node());
});
await build(context);
const file = values.file ?? '';
await measureBuilds('one file changed and committed: build', [file], 30);
await measureBuilds('one file changed and committed, another one each time: build', besides(file), 100);
await context.stores.close();
console.log(JSON.stringify(results));

function measure(what: string, times: number, run: () => void, goal?: InProcess['goal']): void {
  for (let warm = 0; warm < 200; warm++) run();
  const taken: number[] = [];
  for (let time = 0; time < times; time++) {
    const start = performance.now();
    run();
    taken.push(performance.now() - start);
  }
  tell(what, taken, goal);
}

/** A config and those of the other components of its type: builds of them lie ever further behind the view that they follow. */
function besides(path: string): readonly string[] {
  const type = dirname(dirname(path));
  return readdirSync(join(folder, type), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(type, name, basename(path)));
}

async function measureBuilds(what: string, files: readonly string[], times: number): Promise<void> {
  const taken: number[] = [];
  for (let time = 0; time < times; time++) {
    const path = join(folder, files[time % files.length] ?? '');
    writeFileSync(path, changed(readFileSync(path, 'utf8'), began + time));
    git(folder, ['-c', 'user.name=Bench', '-c', 'user.email=bench@example.org', 'commit', '-qam', 'change']);
    const start = performance.now();
    await build(context);
    taken.push(performance.now() - start);
  }
  tell(what, taken.slice(5), ['p50', 30]);
}

/** With a key, or a comment, of its own in the place of the last one. */
function changed(text: string, edit: number): string {
  const plain = text.replace(/^(?: {2}"again": .*,|# edit \d+)\n/gm, '');
  return plain.startsWith('{') ? plain.replace('{\n', `{\n  "again": ${edit},\n`) : `${plain}# edit ${edit}\n`;
}

function tell(what: string, taken: readonly number[], goal: InProcess['goal']): void {
  const sorted = [...taken].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  results.push({
    what,
    p50: at(0.5),
    p99: at(0.99),
    resident: process.memoryUsage().rss / 1e6,
    ...(goal === undefined ? {} : { goal }),
  });
}
