import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { compareRange } from '../../src/engine/range/compare-range.ts';
import { openContext } from '../../src/wiring/open.ts';
import { type Random, seededRandom } from '../random.ts';
import { edits } from './edits.ts';
import { filesOf, type GeneratedEstate, generateEstate } from './estate.ts';
import { apply, init, plan } from './terraform.ts';

/** One edit, what Karma said of it and what Terraform did. */
export interface Step {
  readonly edit: string;
  /** Roots that Karma proved untouched and that Terraform would change or that fail, with what it said. */
  readonly wrong: readonly { readonly root: string; readonly text: string }[];
  /** Roots that Karma would run although there is nothing to do. */
  readonly needless: readonly string[];
  readonly ran: number;
  readonly skipped: number;
  /** Of those: how many were planned. */
  readonly planned: number;
  /** The estate did not plan after the edit, so it was taken back. */
  readonly refused: boolean;
}

export interface HistoryOptions {
  readonly seed: number;
  readonly edits: number;
  /** An empty folder. */
  readonly place: string;
  /** At most so many of the roots that are proved untouched are planned after an edit, by chance; default all. */
  readonly plans?: number;
  /** Fewer kinds of edits, by name. */
  readonly only?: readonly string[];
}

/**
 * A generated estate under random edits, each a commit: what Karma says of the range is done with real Terraform, and what it
 * proves untouched must plan to nothing. The same seed gives the same history.
 */
export async function* playHistory({ seed, edits: count, place, only, plans }: HistoryOptions): AsyncGenerator<Step> {
  const random = seededRandom(seed);
  // Apart from the history's own, so that a history is the same however many roots are planned.
  const sample = { random: seededRandom(seed + 1_000_003), ...(plans === undefined ? {} : { plans }) };
  const checkout = new Checkout(join(place, 'estate'), join(place, 'data'), sample);
  let estate = generateEstate(random);
  // One that does not plan as a whole tells nothing.
  while (!(await checkout.start(estate))) estate = generateEstate(random);
  const names = Object.keys(edits).filter((name) => only?.includes(name) ?? true);
  for (let at = 0; at < count; ) {
    const next = structuredClone(estate);
    const name = names[random.below(names.length)] ?? '';
    const told = edits[name]?.(next, random);
    if (told === undefined || !checkout.differs(next)) continue;
    at += 1;
    const step = await checkout.follow(next, `${name}: ${told}`);
    yield step;
    if (step.refused) await checkout.start(estate);
    else estate = next;
  }
}

class Checkout {
  readonly #place: string;
  readonly #data: string;
  #files: ReadonlyMap<string, string> = new Map();
  readonly #started = new Map<string, string>();

  readonly #sample: { readonly random: Random; readonly plans?: number };

  constructor(place: string, data: string, sample: { readonly random: Random; readonly plans?: number }) {
    this.#sample = sample;
    this.#place = place;
    this.#data = data;
    mkdirSync(place, { recursive: true });
    this.#git('init', '-q', '-b', 'main');
  }

  #git(...args: string[]): string {
    const env = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1' };
    const who = ['-c', 'user.name=Oracle', '-c', 'user.email=oracle@example.org', '-c', 'gc.auto=0'];
    return execFileSync('git', ['-C', this.#place, ...who, ...args], { encoding: 'utf8', env, stdio: 'pipe' });
  }

  differs(estate: GeneratedEstate): boolean {
    const next = filesOf(estate);
    return next.size !== this.#files.size || [...next].some(([path, text]) => this.#files.get(path) !== text);
  }

  #write(estate: GeneratedEstate): void {
    const next = filesOf(estate);
    for (const path of this.#files.keys()) if (!next.has(path)) rmSync(join(this.#place, path));
    for (const [path, text] of next) {
      if (this.#files.get(path) === text) continue;
      mkdirSync(dirname(join(this.#place, path)), { recursive: true });
      writeFileSync(join(this.#place, path), text);
    }
    this.#files = next;
    this.#git('add', '-A');
    this.#git('commit', '-q', '--allow-empty', '-m', 'Edit');
  }

  /** Modules are linked once, and again when calls changed. */
  async #init({ roots, modules }: GeneratedEstate): Promise<void> {
    const calls = (parts: GeneratedEstate['roots'][number]['parts']) =>
      parts.flatMap(({ kind, name, of }) => (kind === 'call' ? [`${name} ${of}`] : [])).join('\n');
    const below = modules.map(({ parts }) => calls(parts)).join('\n');
    await Promise.all(
      roots.map(async ({ folder, parts }) => {
        const known = `${calls(parts)}\n${below}`;
        if (this.#started.get(folder) === known) return;
        await init(this.#place, folder);
        this.#started.set(folder, known);
      }),
    );
  }

  /** Applies everything, until nothing is left to do. */
  async start(estate: GeneratedEstate): Promise<boolean> {
    this.#write(estate);
    await this.#init(estate);
    for (const { folder } of estate.roots) if ((await apply(this.#place, folder)).code !== 0) return false;
    for (const { folder } of estate.roots) if ((await plan(this.#place, folder)).is !== 'nothing') return false;
    return true;
  }

  async follow(estate: GeneratedEstate, edit: string): Promise<Step> {
    this.#write(estate);
    const said = await this.#ask();
    await this.#init(estate);
    const wrong: { root: string; text: string }[] = [];
    const needless: string[] = [];
    let [ran, skipped, refused] = [0, 0, false];
    const waiting: Promise<void>[] = [];
    const chosen = this.#chosen(estate.roots.map(({ folder }) => folder).filter((folder) => !said.runs(folder)));
    for (const { folder } of estate.roots) {
      if (!said.runs(folder)) {
        skipped += 1;
        if (!chosen.has(folder)) continue;
        waiting.push(
          plan(this.#place, folder).then(({ is, text }) => {
            if (is !== 'nothing') wrong.push({ root: folder, text });
          }),
        );
        continue;
      }
      ran += 1;
      // Terraform says itself whether there was anything to do: a plan before would be a second start of it.
      const applied = await apply(this.#place, folder);
      if (applied.code !== 0) {
        refused = true;
        break;
      }
      if (/^No changes\./m.test(applied.text)) needless.push(folder);
    }
    await Promise.all(waiting);
    return { edit, wrong, needless, ran, skipped, planned: waiting.length, refused };
  }

  /** Which of the roots that were proved untouched are planned. */
  #chosen(skipped: readonly string[]): ReadonlySet<string> {
    const { random, plans = skipped.length } = this.#sample;
    const left = [...skipped];
    while (left.length > plans) left.splice(random.below(left.length), 1);
    return new Set(left);
  }

  async #ask(): Promise<{ readonly runs: (folder: string) => boolean }> {
    const context = openContext({
      options: { dir: this.#place, data: this.#data },
      report: () => undefined,
      env: { PATH: process.env['PATH'] },
      version: 'oracle',
    });
    const { comparison } = await compareRange(context, 'HEAD~1..HEAD');
    await context.stores.close();
    const { changed, undecided, affected, added, possible, complete } = comparison;
    const run = new Set([...[...changed, ...undecided, ...affected].map(({ id }) => id), ...added, ...possible]);
    return { runs: (folder) => run.has(folder) || (!complete && possible.length === 0) };
  }
}
