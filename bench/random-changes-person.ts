/**
 * One of many who change an estate at once: a process of `random-changes.ts`, which kills it now and then. Each thing that it was
 * told has happened it writes down, so that whoever judges can hold the ledger to it.
 *
 *   node bench/random-changes-person.ts '{ "place": …, "data": …, "seed": 7, "steps": 20, "killed": 0.006, "diary": … }'
 */
import { execFileSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineContext } from '../src/engine/context.ts';
import { ask } from '../src/engine/verbs/table.ts';
import { isKarmaError } from '../src/model/errors.ts';
import { type KillPoint, killedAt, openAt, yes } from '../test/support/applying.ts';
import { seededRandom } from './random.ts';
import { bases, memos, middles, notes, type Via } from './random-changes/estate.ts';
import { merge } from './random-changes/merge.ts';
import type { Told } from './random-changes/told.ts';

interface Part {
  readonly place: string;
  readonly data: string;
  readonly seed: number;
  readonly steps: number;
  /** How likely it is killed at each step that the ledger is told of. */
  readonly killed: number;
  readonly diary: string;
  readonly via: Via;
  /** A folder of one's own. */
  readonly own: string;
  /** Where it is shared. */
  readonly shared: string;
  /** Workers take what is asked for. */
  readonly asks: boolean;
  /** Proposes one thing, has it agreed to and applies it, and is killed on the way. */
  readonly only?: KillPoint;
}

const { place, data, seed, steps, killed, diary, only, via, own, shared, asks } = JSON.parse(
  process.argv[2] ?? '{}',
) as Part;
const random = seededRandom(seed);
const chance = (part: number): boolean => random.below(10_000) < part * 10_000;
const names = ['ada', 'ben', 'cy'] as const;
const name = names[seed % names.length] ?? 'ada';
const open = openAt(place, data, { ...process.env, KARMA_ACTOR: name } as Record<string, string>);
const isHere = ({ action, when }: KillPoint): boolean =>
  only === undefined ? chance(killed) : action === only.action && when === only.when;
const context: EngineContext = { ...killedAt(open, isHere), actor: name };
/** Also between two words to the ledger: while Git writes, or Terraform runs. */
if (only === undefined && killed > 0 && chance(0.5))
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), 2000 + random.below(60_000));

const write = (told: Told): void => appendFileSync(diary, `${JSON.stringify(told)}\n`);

/** What somebody has to live with while others are at work; anything else is a fault. */
const usual = new Set([
  ...['KARMA_LOCK_HELD', 'KARMA_CONFLICT', 'KARMA_CHANGED', 'KARMA_REFUSED', 'KARMA_LEASE_LOST'],
  ...['KARMA_INPUT_INVALID', 'KARMA_FORBIDDEN', 'KARMA_NOT_FOUND'],
]);

/** @param again what somebody does about what is in the way, before it is tried once more; false: nothing */
async function tried<T>(
  what: string,
  work: () => Promise<T>,
  again?: (words: string, code: string) => Promise<boolean>,
): Promise<T | undefined> {
  for (let tries = 0; tries < 4; tries += 1) {
    try {
      return await work();
    } catch (error) {
      const code = isKarmaError(error) ? error.code : 'no error of Karma';
      const words = error instanceof Error ? error.message : String(error);
      if (!usual.has(code)) write({ fault: `${what}: ${code} ${words}` });
      else write({ refused: code, what, words });
      const isHeld = code === 'KARMA_LOCK_HELD' || code === 'KARMA_CONFLICT';
      if (!isHeld && (again === undefined || !(await again(words, code)))) return undefined;
      await sleep(200 + random.below(800));
    }
  }
  return undefined;
}

function edit() {
  const size = chance(0.03) ? 100 + random.below(50) : 1 + random.below(90);
  const roll = random.below(100);
  if (roll < 76) return { id: `dev/note/${random.pick(notes)}`, set: chance(0.5) ? { size } : { text: `t${size}` } };
  if (roll < 84) return { id: `dev/memo/${random.pick(memos)}`, set: { size } };
  if (roll < 89) return { id: `dev/memo/${random.pick(memos)}`, set: { middle_nickname: random.pick(middles) } };
  if (roll < 96) return { id: `dev/middle/${random.pick(middles)}`, set: { size } };
  return { id: `dev/base/${random.pick(bases)}`, set: { size } };
}

/** The first line of a module, as it is now: what others write too. */
function patch(): string {
  const file = `components/${random.pick(['base', 'middle', 'note'] as const)}/main.tf`;
  const text = execFileSync('git', ['-C', place, 'show', `main:${file}`], { encoding: 'utf8' });
  const [first = '', second = ''] = text.split('\n');
  const now = `# words: ${random.below(1000)}`;
  return `--- a/${file}\n+++ b/${file}\n@@ -1,2 +1,2 @@\n-${first}\n+${now}\n ${second}\n`;
}

function proposal() {
  const reason = `number ${random.below(1_000_000)}`;
  if (only !== undefined) return { reason, edits: [{ id: 'dev/note/a', set: { size: 7 } }] };
  if (chance(0.07)) return { reason, diff: patch() };
  if (chance(0.05))
    return { reason, create: [{ name: `note/n${random.below(6)}`, environment: 'dev', from: 'dev/note/a' }] };
  if (chance(0.04)) return { reason, remove: [`dev/note/n${random.below(6)}`] };
  const first = edit();
  const second = chance(0.15) ? edit() : undefined;
  return { reason, edits: second === undefined || second.id === first.id ? [first] : [first, second] };
}

/** What one environment has, in the other: as a change like any other. */
async function promote(): Promise<string | undefined> {
  const select = [`dev/note/${random.pick(notes)}`];
  const made = await tried('promote', () =>
    ask(context, 'environment-promote-propose', { from: 'dev', to: 'prod', select }),
  );
  const { id, log_entry_id: event = '' } = made?.proposed ?? {};
  if (id !== undefined) write({ event, change: id, what: 'proposed' });
  return id;
}

async function propose(revise?: string): Promise<string | undefined> {
  if (revise === undefined && only === undefined && chance(0.08)) return promote();
  const made = await tried('propose', () =>
    ask(context, 'change-propose', { ...proposal(), ...(revise === undefined ? {} : { revise }) }),
  );
  if (made?.id !== undefined)
    write({ event: made.log_entry_id ?? '', change: made.id, what: revise ? 'revised' : 'proposed' });
  return made?.id;
}

/** Somebody else than who proposed it; who does not look tries anyway, now and then. */
async function approve(id: string, isAgain = false): Promise<void> {
  const known = await tried('look', () => ask(context, 'change', { id }));
  const others = names.filter((one) => one !== known?.change.proposer || chance(0.02));
  const by = { ...context, actor: random.pick(others) ?? name };
  const isSeen = known !== undefined && chance(0.5);
  if (isSeen && chance(0.3)) await sleep(random.below(600));
  const exactly = isSeen ? { revision: known.change.revision, consequence: known.consequence } : {};
  const agreed = await tried(
    'approve',
    () => ask(by, 'change-approve', { id, ...exactly }),
    async (words, code) => (!isAgain && code === 'KARMA_REFUSED' ? clear(id, words) : false),
  );
  if (agreed !== undefined) write({ event: agreed.log_entry_id, change: id, what: 'agreed' });
}

/** Another change is in the way: it is brought to its end, one way or the other. */
async function clear(id: string, words: string): Promise<boolean> {
  const other = words.match(/\bcr-\d+/g)?.find((one) => one !== id);
  if (other === undefined) return false;
  const { state } = (await ask(context, 'change', { id: other })).change;
  if (state === 'applying') await resume(other);
  else if (state === 'failed') await revert(other);
  else if (state === 'approved' && chance(0.8)) await apply(other, false);
  else if (via === 'push' && chance(0.5)) await end(other, 'change-cancel');
  else {
    await approve(other, true);
    await apply(other, false);
  }
  return true;
}

/** Asked of whichever worker comes first, and waited for. */
async function applyBeside(id: string): Promise<void> {
  const asking: EngineContext = { ...context, door: 'api' };
  const made = await tried('ask', () => ask(asking, 'change-apply-ask', { id, overtake: chance(0.3) }));
  if (made === undefined) return;
  for (let looks = 0; looks < 240; looks += 1) {
    const { request } = await ask(context, 'run-request', { id: made.request.id });
    const isOver = request.state === 'finished' || request.state === 'failed' || request.state === 'cancelled';
    if (request.state === 'finished' && via === 'push') write({ change: id, what: 'applied' });
    if (isOver) break;
    await sleep(500);
  }
  if (via === 'pull-request') await mergeOffered(id);
}

/** Somebody merges the pull request, in whichever way; then it is deployed. */
async function mergeOffered(id: string): Promise<void> {
  const how = random.pick(['--squash', '--no-ff', '--ff-only'] as const) ?? '--squash';
  // Nobody merges what its author let go.
  const { state } = (await ask(context, 'change', { id })).change;
  if (state === 'cancelled' || state === 'rejected' || state === 'blocked') return;
  if (!merge({ shared, own, id, how })) return;
  const done = await tried('apply what was merged', () =>
    ask(context, 'change-apply', { id, overtake: true }, { here: { face: yes } }),
  );
  if (done?.outcome === 'applied') write({ change: id, what: 'applied' });
}

async function apply(id: string, clears = true): Promise<void> {
  if (asks && only === undefined && chance(0.4)) return applyBeside(id);
  const face = { here: { face: yes } };
  const work = () => ask(context, 'change-apply', { id, overtake: chance(0.3) }, face);
  const done = await tried('apply', work, async (words, code) => {
    if (code !== 'KARMA_CHANGED' && !words.includes('must agree')) return clears && clear(id, words);
    await approve(id);
    return true;
  });
  if (done?.outcome === 'applied') write({ change: id, what: 'applied' });
  if (done?.outcome === 'offered') await mergeOffered(id);
  // What cannot run is taken back: it would hold up whoever has to do with it.
  if (done?.outcome === 'failed' && chance(0.8)) await revert(id);
}

async function resume(id: string): Promise<void> {
  const done = await tried('resume', () => ask(context, 'change-resume', { id }, { here: { face: yes } }));
  if (done?.outcome === 'applied') write({ change: id, what: 'applied' });
  if (done?.outcome === 'failed' && chance(0.8)) await revert(id);
}

async function revert(id: string): Promise<void> {
  const made = await tried('revert', () => ask(context, 'change-revert', { id }));
  if (made?.id === undefined) return;
  write({ event: made.log_entry_id ?? '', change: made.id, what: 'proposed' });
  await approve(made.id);
  await apply(made.id, false);
}

async function end(id: string, verb: 'change-cancel' | 'change-reject'): Promise<void> {
  const done = await tried(verb, () => ask(context, verb, { id }));
  if (done !== undefined) write({ change: id, what: 'ended' });
}

async function bring(id: string): Promise<void> {
  await approve(id);
  await apply(id);
}

async function step(): Promise<void> {
  const { changes } = await ask(context, 'changes', { all: true });
  const oldest = (...states: readonly string[]): string | undefined =>
    changes.findLast((one) => states.includes(one.state))?.id;
  const among = (...states: readonly string[]): string | undefined =>
    random.pick(changes.filter(({ state }) => states.includes(state)).map(({ id }) => id));
  // What somebody began and was killed over is ended before anything else, mostly.
  const halfway = oldest('applying', 'failed');
  if (halfway !== undefined && chance(0.3)) return resume(halfway);
  // Nobody leaves a heap of proposals lying about.
  const waiting = changes.filter(({ state }) => ['proposed', 'simulated', 'blocked', 'planned'].includes(state));
  const last = waiting.at(-1);
  const isLeft = waiting.length > 4 && last !== undefined;
  // What is blocked lies nowhere to be merged; all else, where pull requests are merged, may.
  const isEnded = last?.state === 'blocked' || (via === 'push' && chance(0.4));
  if (isLeft) return isEnded ? end(last.id, 'change-cancel') : bring(last.id);
  const roll = random.below(100);
  if (roll < 70) {
    const id = await propose();
    if (id === undefined) return;
    if (chance(0.9)) await approve(id);
    // What lies there to be merged is left as it is: nobody would know the merge of another content.
    if (via === 'push' && chance(0.05)) await propose(id);
    if (chance(0.9)) await apply(id);
    return;
  }
  const [id, act]: readonly [string | undefined, (one: string) => Promise<unknown>] =
    roll < 76
      ? [oldest('simulated', 'planned', 'proposed', 'blocked'), bring]
      : roll < 88
        ? [oldest('approved'), apply]
        : via === 'pull-request'
          ? [among('applied'), revert]
          : roll < 91
            ? [among('simulated', 'approved', 'blocked'), propose]
            : roll < 93
              ? [among('blocked', 'simulated', 'proposed'), (one) => end(one, 'change-cancel')]
              : roll < 94
                ? [among('simulated', 'approved', 'blocked'), (one) => end(one, 'change-reject')]
                : [among('applied'), revert];
  if (id !== undefined) await act(id);
}

if (only !== undefined) {
  const id = await propose();
  if (id !== undefined) await bring(id);
} else for (let at = 0; at < steps; at += 1) await step();
await open.stores.close();
