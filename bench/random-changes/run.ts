import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineContext } from '../../src/engine/context.ts';
import { ask } from '../../src/engine/verbs/table.ts';
import { isKarmaError } from '../../src/model/errors.ts';
import { type KillPoint, openAt, yes } from '../../test/support/applying.ts';
import { git, repository, writeFiles } from '../harness/world.ts';
import type { Random } from '../random.ts';
import { deployed, estateFiles } from './estate.ts';
import type { Told } from './told.ts';
import { type Crowd, faultsIn } from './verdict.ts';

export interface Crowding {
  readonly folder: string;
  readonly random: Random;
  /** How many changes are proposed at least. */
  readonly changes: number;
  readonly people: number;
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
    const one = async (only?: KillPoint): Promise<void> => {
      const diary = join(diaries, `${born}.jsonl`);
      born += 1;
      const part = { place, data, seed: random.below(2 ** 31), steps: 15, killed: how.killed, diary, only };
      const end = await person(part, env);
      if (end === 'SIGKILL') kills += 1;
      else if (end !== '0')
        writeFileSync(diary, `${JSON.stringify({ fault: `a person ended with ${end}` })}\n`, { flag: 'a' });
      made = told().filter((one) => 'what' in one && one.what === 'proposed').length;
    };
    const live = async (): Promise<void> => {
      while (made < how.changes) {
        await one();
        if (random.below(3) !== 0 && push(elsewhere, random)) pushes += 1;
        say(`${made} changes, ${kills} killed, ${pushes} pushes from elsewhere`);
      }
    };
    // Whatever chance brings, one change is left with its commit made and nothing of it deployed, for others to end.
    await one({ action: 'change.committed', when: 'after' });
    await Promise.all(Array.from({ length: how.people }, live));
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

function person(part: object, env: Readonly<Record<string, string>>): Promise<string> {
  const program = join(import.meta.dirname, '../random-changes-person.ts');
  const child = spawn(process.execPath, [program, JSON.stringify(part)], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...env },
  });
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? String(code))));
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
    for (const { id, state } of changes) {
      const words = await endOf(id, state).catch((error: unknown) =>
        isKarmaError(error) ? `${error.code} ${error.message}` : String(error),
      );
      say(`${id} was ${state}: ${words}`);
    }
  }

  async function endOf(id: string, state: string): Promise<string> {
    if (state !== 'applying' && state !== 'failed') return (await ask(context, 'change-cancel', { id })).change.state;
    const { outcome, change } = await ask(context, 'change-resume', { id }, face);
    if (outcome !== 'failed' || change.apply?.committed !== true) return outcome;
    // What cannot run is taken back, and that is applied.
    const { id: back = '' } = await ask(context, 'change-revert', { id });
    await ask(agreeing, 'change-approve', { id: back });
    return `taken back by ${back}, which ${(await ask(context, 'change-apply', { id: back }, face)).outcome}`;
  }
}
