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
import { killedAt, openAt, yes } from '../test/support/applying.ts';
import { seededRandom } from './random.ts';
import { bases, middles, notes } from './random-changes/estate.ts';
import type { Told } from './random-changes/told.ts';

interface Part {
  readonly place: string;
  readonly data: string;
  readonly seed: number;
  readonly steps: number;
  /** How likely it is killed at each step that the ledger is told of. */
  readonly killed: number;
  readonly diary: string;
}

const { place, data, seed, steps, killed, diary } = JSON.parse(process.argv[2] ?? '{}') as Part;
const random = seededRandom(seed);
const chance = (part: number): boolean => random.below(10_000) < part * 10_000;
const names = ['ada', 'ben', 'cy'] as const;
const name = names[seed % names.length] ?? 'ada';
const open = openAt(place, data, { ...process.env, KARMA_ACTOR: name } as Record<string, string>);
const context: EngineContext = { ...killedAt(open, () => chance(killed)), actor: name };
/** Also between two words to the ledger: while Git writes, or Terraform runs. */
if (killed > 0 && chance(0.4)) setTimeout(() => process.kill(process.pid, 'SIGKILL'), 1000 + random.below(15_000));

const write = (told: Told): void => appendFileSync(diary, `${JSON.stringify(told)}\n`);

/** What somebody has to live with while others are at work; anything else is a fault. */
const usual = new Set([
  ...['KARMA_LOCK_HELD', 'KARMA_CONFLICT', 'KARMA_CHANGED', 'KARMA_REFUSED', 'KARMA_LEASE_LOST'],
  ...['KARMA_INPUT_INVALID', 'KARMA_FORBIDDEN', 'KARMA_NOT_FOUND'],
]);

/** @param again what somebody does where it is not what it was, before it is tried once more */
async function tried<T>(what: string, work: () => Promise<T>, again?: () => Promise<void>): Promise<T | undefined> {
  for (let tries = 0; tries < 4; tries += 1) {
    try {
      return await work();
    } catch (error) {
      const code = isKarmaError(error) ? error.code : 'no error of Karma';
      const words = error instanceof Error ? error.message : String(error);
      if (!usual.has(code)) write({ fault: `${what}: ${code} ${words}` });
      else write({ refused: code, what, words });
      if (code === 'KARMA_CHANGED' && again !== undefined) await again();
      else if (code !== 'KARMA_LOCK_HELD' && code !== 'KARMA_CONFLICT') return undefined;
      await sleep(200 + random.below(800));
    }
  }
  return undefined;
}

function edit() {
  const size = chance(0.04) ? 100 + random.below(50) : 1 + random.below(90);
  const roll = random.below(100);
  if (roll < 62) return { id: `dev/note/${random.pick(notes)}`, set: chance(0.5) ? { size } : { text: `t${size}` } };
  if (roll < 72) return { id: `dev/note/${random.pick(notes)}`, set: { middle_nickname: random.pick(middles) } };
  if (roll < 88) return { id: `dev/middle/${random.pick(middles)}`, set: { size } };
  return { id: `dev/base/${random.pick(bases)}`, set: { size } };
}

/** The first line of a module, as it is now: what others write too. */
function patch(): string {
  const file = `components/${random.pick(['base', 'middle'] as const)}/main.tf`;
  const text = execFileSync('git', ['-C', place, 'show', `main:${file}`], { encoding: 'utf8' });
  const [first = '', second = ''] = text.split('\n');
  const now = `# words: ${random.below(1000)}`;
  return `--- a/${file}\n+++ b/${file}\n@@ -1,2 +1,2 @@\n-${first}\n+${now}\n ${second}\n`;
}

function proposal() {
  const reason = `number ${random.below(1_000_000)}`;
  if (chance(0.1)) return { reason, diff: patch() };
  if (chance(0.05))
    return { reason, create: [{ name: `note/n${random.below(6)}`, environment: 'dev', from: 'dev/note/a' }] };
  if (chance(0.04)) return { reason, remove: [`dev/note/n${random.below(6)}`] };
  const first = edit();
  const second = chance(0.2) ? edit() : undefined;
  return { reason, edits: second === undefined || second.id === first.id ? [first] : [first, second] };
}

async function propose(revise?: string): Promise<string | undefined> {
  const made = await tried('propose', () =>
    ask(context, 'change-propose', { ...proposal(), ...(revise === undefined ? {} : { revise }) }),
  );
  if (made?.id !== undefined)
    write({ event: made.log_entry_id ?? '', change: made.id, what: revise ? 'revised' : 'proposed' });
  return made?.id;
}

async function approve(id: string): Promise<void> {
  const by = { ...context, actor: names[random.below(names.length)] ?? 'ben' };
  const seen = chance(0.5) ? await tried('look', () => ask(by, 'change', { id })) : undefined;
  if (seen !== undefined && chance(0.3)) await sleep(random.below(600));
  const exactly = seen === undefined ? {} : { revision: seen.change.revision, consequence: seen.consequence };
  const agreed = await tried('approve', () => ask(by, 'change-approve', { id, ...exactly }));
  if (agreed !== undefined) write({ event: agreed.log_entry_id, change: id, what: 'agreed' });
}

async function apply(id: string): Promise<void> {
  const face = { here: { face: yes } };
  const work = () => ask(context, 'change-apply', { id, overtake: chance(0.5) }, face);
  const done = await tried('apply', work, () => approve(id));
  if (done?.outcome === 'applied') write({ change: id, what: 'applied' });
}

async function resume(id: string): Promise<void> {
  const done = await tried('resume', () => ask(context, 'change-resume', { id }, { here: { face: yes } }));
  if (done?.outcome === 'applied') write({ change: id, what: 'applied' });
}

async function revert(id: string): Promise<void> {
  const made = await tried('revert', () => ask(context, 'change-revert', { id }));
  if (made?.id !== undefined) write({ event: made.log_entry_id ?? '', change: made.id, what: 'proposed' });
}

async function end(id: string, verb: 'change-cancel' | 'change-reject'): Promise<void> {
  const done = await tried(verb, () => ask(context, verb, { id }));
  if (done !== undefined) write({ change: id, what: 'ended' });
}

for (let step = 0; step < steps; step += 1) {
  const { changes } = await ask(context, 'changes', { all: true });
  const oldest = (state: string): string | undefined => changes.findLast((one) => one.state === state)?.id;
  const among = (...states: readonly string[]): string | undefined =>
    random.pick(changes.filter(({ state }) => states.includes(state)).map(({ id }) => id));
  // Nobody leaves a heap of proposals lying about: what has lain longest and holds up the rest goes.
  const waiting = changes.filter(({ state }) => ['proposed', 'simulated', 'blocked', 'planned'].includes(state));
  const last = waiting.at(-1);
  if (waiting.length > 6 && last !== undefined && chance(0.6)) await end(last.id, 'change-cancel');
  const roll = random.below(100);
  if (roll < 45) {
    const id = await propose();
    if (id === undefined) continue;
    if (chance(0.75)) await approve(id);
    if (chance(0.05)) await propose(id);
    if (chance(0.8)) await apply(id);
    continue;
  }
  const [id, act] =
    roll < 58
      ? [among('simulated', 'planned', 'proposed', 'blocked'), approve]
      : roll < 74
        ? [chance(0.7) ? oldest('approved') : among('approved'), apply]
        : roll < 80
          ? [among('simulated', 'approved', 'blocked'), propose]
          : roll < 85
            ? [
                oldest('blocked') ?? among('simulated', 'approved', 'proposed'),
                (one: string) => end(one, 'change-cancel'),
              ]
            : roll < 88
              ? [among('simulated', 'approved', 'blocked'), (one: string) => end(one, 'change-reject')]
              : roll < 93
                ? [among('applied'), revert]
                : [among('applying', 'failed'), resume];
  if (id !== undefined) await act(id);
}
await open.stores.close();
