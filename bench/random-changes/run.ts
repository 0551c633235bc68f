import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Change } from '../../src/change/change.ts';
import type { EngineContext } from '../../src/engine/context.ts';
import { ask } from '../../src/engine/verbs/table.ts';
import { isKarmaError } from '../../src/model/errors.ts';
import { type KillPoint, openAt, yes } from '../../test/support/applying.ts';
import { git, repository, writeFiles } from '../harness/world.ts';
import type { Random } from '../random.ts';
import { deployed, estateFiles, settingsOf, type Via } from './estate.ts';
import type { Told } from './told.ts';
import { type Crowd, faultsIn } from './verdict.ts';

export interface Crowding {
  readonly folder: string;
  readonly random: Random;
  /** How many changes are proposed at least. */
  readonly changes: number;
  readonly people: number;
  readonly workers?: number;
  /** How likely one is killed at each word to the ledger. */
  readonly killed: number;
  readonly env: Readonly<Record<string, string>>;
  say(text: string): void;
}

export interface Crowded {
  readonly faults: readonly string[];
  /** What became of the changes, by state. */
  readonly states: Readonly<Record<string, number>>;
  /** How many were killed. */
  readonly kills: number;
  readonly commits: number;
  /** What people were refused, by code. */
  readonly refused: Readonly<Record<string, number>>;
}

/**
 * Many people change one estate at once, each in a process that is killed now and then; somebody else pushes to where it is shared.
 * Then what was cut off is ended, and everything that could tell another story is asked.
 */
export async function crowd(how: Crowding): Promise<Crowded> {
  const { folder, random, env, say } = how;
  const place = repository(join(folder, 'estate'), estateFiles);
  const shared = join(folder, 'shared.git');
  git(folder, 'clone', '-q', '--bare', place, shared);
  git(place, 'remote', 'add', 'origin', shared);
  git(folder, 'clone', '-q', shared, 'elsewhere');
  const elsewhere = join(folder, 'elsewhere');
  const data = join(folder, 'data');
  const diaries = join(folder, 'diaries');
  mkdirSync(diaries);
  const closed = join(shared, 'closed');
  const guard = `#!/bin/sh\n[ ! -e ${closed} ] && exit 0\necho main is protected >&2\nexit 1\n`;
  writeFileSync(join(shared, 'hooks/pre-receive'), guard, { mode: 0o755 });
  const context = openAt(place, data, { ...env, KARMA_ACTOR: 'judge' });
  try {
    await ask(context, 'config-publish', { all: true });
    await ask(context, 'deploy', { select: deployed }, { here: { face: yes } });
    const first = git(place, 'rev-parse', 'main');
    let [made, kills, pushes, born] = [0, 0, 0, 0];
    const told = (): Told[] =>
      Array.from({ length: born }, (_, at) => join(diaries, `${at}.jsonl`))
        .filter((file) => existsSync(file))
        .flatMap((file) => linesOf(file));
    let via: Via = 'push';
    const one = async (only?: KillPoint): Promise<void> => {
      const diary = join(diaries, `${born}.jsonl`);
      born += 1;
      const seed = random.below(2 ** 31);
      const more = { via, shared, own: join(folder, `merging-${born}`), asks: (how.workers ?? 0) > 0 };
      const part = { place, data, seed, steps: 15, killed: how.killed, diary, only, ...more };
      const end = await run('random-changes-person.ts', part, env);
      if (end === 'SIGKILL') kills += 1;
      else if (end !== '0')
        writeFileSync(diary, `${JSON.stringify({ fault: `a person ended with ${end}` })}\n`, { flag: 'a' });
      made = told().filter((one) => 'what' in one && one.what === 'proposed').length;
    };
    const live = async (until: number): Promise<void> => {
      while (made < until) {
        // Now and then nobody may push for a while.
        const opens = random.below(5) === 0 ? setTimeout(() => rmSync(closed, { force: true }), 4000) : undefined;
        if (opens !== undefined) writeFileSync(closed, '');
        await one();
        if (random.below(3) !== 0 && push(elsewhere, random)) pushes += 1;
        say(`${made} changes, ${kills} killed, ${pushes} pushes from elsewhere`);
      }
    };
    const workers = new Workers(
      how.workers ?? 0,
      () => ({ place, data, seed: random.below(2 ** 31), killed: how.killed }),
      env,
    );
    /** So many more, by all at once; then a moment in which nobody does anything. */
    const phase = async (until: number): Promise<void> => {
      workers.begin();
      await Promise.all(Array.from({ length: how.people }, () => live(until)));
      kills += await workers.end();
      rmSync(closed, { force: true });
    };
    // Whatever chance brings, one change is left with its commit made and nothing of it deployed, for others to end.
    await one({ action: 'change.committed', when: 'after' });
    await phase(how.changes * 0.45);
    say(rewrite(elsewhere, place) ? 'the history was rewritten' : 'the history could not be rewritten');
    await phase(how.changes * 0.7);
    for (const next of ['pull-request', 'push'] as const) {
      via = next;
      changeSettings(elsewhere, place, next);
      if (next === 'pull-request') await phase(how.changes);
    }
    await settle(context, say);
    const diary = told();
    const judged: Crowd = { context, place, shared, first, told: diary };
    const { faults, states, commits } = await faultsIn(judged);
    const refused: Record<string, number> = {};
    for (const one of diary) if ('refused' in one) refused[one.refused] = (refused[one.refused] ?? 0) + 1;
    return { faults, states, kills, commits, refused };
  } finally {
    await context.stores.close();
  }
}

function linesOf(file: string): Told[] {
  // What was killed while it wrote left half a line.
  return readFileSync(file, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Told);
}

const living = new Set<ChildProcess>();
// Nobody is left behind by who is stopped.
process.once('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});

function begun(program: string, part: object, env: Readonly<Record<string, string>>): ChildProcess {
  const child = spawn(process.execPath, [join(import.meta.dirname, '..', program), JSON.stringify(part)], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...env },
  });
  living.add(child);
  child.once('exit', () => living.delete(child));
  return child;
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? String(code))));
}

function run(program: string, part: object, env: Readonly<Record<string, string>>): Promise<string> {
  return endOf(begun(program, part, env));
}

/** Processes that take what is asked for; one that is killed is followed by another. */
class Workers {
  readonly #count: number;
  readonly #part: () => object;
  readonly #env: Readonly<Record<string, string>>;
  #living: { readonly child: ChildProcess }[] = [];
  #lives: Promise<number>[] = [];
  #isOver = true;

  constructor(count: number, part: () => object, env: Readonly<Record<string, string>>) {
    this.#count = count;
    this.#part = part;
    this.#env = env;
  }

  begin(): void {
    this.#isOver = false;
    this.#living = [];
    this.#lives = Array.from({ length: this.#count }, (_, at) => this.#live(at));
  }

  /** Answers how many were killed. */
  async end(): Promise<number> {
    this.#isOver = true;
    for (const { child } of this.#living) child.kill('SIGTERM');
    return (await Promise.all(this.#lives)).reduce((sum, one) => sum + one, 0);
  }

  async #live(at: number): Promise<number> {
    let kills = 0;
    while (!this.#isOver) {
      const child = begun('random-changes-worker.ts', this.#part(), this.#env);
      this.#living[at] = { child };
      if ((await endOf(child)) === 'SIGKILL') kills += 1;
    }
    return kills;
  }
}

/** What somebody else pushed last becomes other words, and where it is shared the old ones are gone. */
function rewrite(elsewhere: string, place: string): boolean {
  try {
    git(elsewhere, 'fetch', '-q', 'origin');
    git(elsewhere, 'reset', '-q', '--hard', 'origin/main');
    writeFiles(elsewhere, { 'notes.md': 'words: to be rewritten\n' });
    git(elsewhere, 'commit', '-q', '-a', '-m', 'From elsewhere');
    git(elsewhere, 'push', '-q', 'origin', 'HEAD:main');
    git(place, 'pull', '-q', '--ff-only', 'origin', 'main');
    writeFiles(elsewhere, { 'notes.md': 'words: rewritten\n' });
    git(elsewhere, 'commit', '-q', '-a', '--amend', '-m', 'Rewritten elsewhere');
    git(elsewhere, 'push', '-q', '--force', 'origin', 'HEAD:main');
    git(place, 'fetch', '-q', 'origin');
    git(place, 'reset', '-q', '--hard', 'origin/main');
    return true;
  } catch {
    // A work tree that was cut off halfway is moved by nobody.
    return false;
  }
}

/** The estate says how changes become part of its branch from now on. */
function changeSettings(elsewhere: string, place: string, via: Via): void {
  git(elsewhere, 'fetch', '-q', 'origin');
  git(elsewhere, 'reset', '-q', '--hard', 'origin/main');
  writeFiles(elsewhere, { 'karma.yaml': settingsOf(via) });
  git(elsewhere, 'commit', '-q', '-a', '-m', `By ${via}`);
  git(elsewhere, 'push', '-q', 'origin', 'HEAD:main');
  try {
    git(place, 'pull', '-q', '--ff-only', 'origin', 'main');
  } catch {
    // It follows with the next change.
  }
}

/** Somebody who knows nothing of Karma pushes: words that nothing rests on, now and then where a change has others. */
function push(elsewhere: string, random: Random): boolean {
  try {
    git(elsewhere, 'fetch', '-q', 'origin');
    git(elsewhere, 'reset', '-q', '--hard', 'origin/main');
    const words = `words: ${random.below(1000)}`;
    const module = readFileSync(join(elsewhere, 'components/middle/main.tf'), 'utf8');
    writeFiles(
      elsewhere,
      random.below(3) === 0
        ? { 'components/middle/main.tf': module.replace(/^# words: .*/, `# ${words}`) }
        : { 'notes.md': `${words}\n` },
    );
    git(elsewhere, 'commit', '-q', '-a', '-m', 'From elsewhere');
    git(elsewhere, 'push', '-q', 'origin', 'HEAD:main');
    return true;
  } catch {
    // Nothing new to say, or somebody was first.
    return false;
  }
}

/** Whatever is open comes to an end, in whichever order. */
async function settle(context: EngineContext, say: (text: string) => void): Promise<void> {
  const face = { here: { face: yes } };
  const agreeing: EngineContext = { ...context, actor: 'eve' };
  for (let round = 0; round < 12; round += 1) {
    const { changes } = await ask(context, 'changes', {});
    if (changes.length === 0) return;
    for (const change of changes) {
      const { id, state } = change;
      const words = await toItsEnd(change).catch((error: unknown) =>
        isKarmaError(error) ? `${error.code} ${error.message}` : String(error),
      );
      say(`${id} was ${state}: ${words}`);
    }
  }

  async function toItsEnd({ id, state, merged }: Pick<Change, 'id' | 'state' | 'merged'>): Promise<string> {
    if (merged !== undefined && state === 'approved')
      return (await ask(context, 'change-apply', { id, overtake: true }, face)).outcome;
    if (state !== 'applying' && state !== 'failed') return (await ask(context, 'change-cancel', { id })).change.state;
    const { outcome, change } = await ask(context, 'change-resume', { id }, face);
    if (outcome !== 'failed' || change.apply?.committed !== true) return outcome;
    // What cannot run is taken back, and that is applied.
    const { id: back = '' } = await ask(context, 'change-revert', { id });
    await ask(agreeing, 'change-approve', { id: back });
    return `taken back by ${back}, which ${(await ask(context, 'change-apply', { id: back }, face)).outcome}`;
  }
}
