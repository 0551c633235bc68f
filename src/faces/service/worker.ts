import { setTimeout as sleep } from 'node:timers/promises';
import type { ApplyQuestion } from '../../engine/applying/apply.ts';
import { environmentsTouched } from '../../engine/changing/environments-touched.ts';
import type { EngineContext } from '../../engine/context.ts';
import type { DeployFace, DeployQuestion } from '../../engine/deploying/query.ts';
import type { DeployEvent } from '../../engine/deploying/words.ts';
import type { Engine } from '../../engine/engine.ts';
import { OutcomeTaker } from '../../engine/requests/run-outcome.ts';
import { isKnown, OpenRequests, type RunRequest } from '../../engine/requests/run-request.ts';
import { type TakenRequest, takeRequest } from '../../engine/requests/take-request.ts';
import { type KnownRequest, readRequest, writeRequest } from '../../engine/requests/write-request.ts';
import { RunLogReporter } from '../../engine/runs/reported-log.ts';
import { type AnswerOf, ask, type QueryOf } from '../../engine/verbs/table.ts';
import { isKarmaError, KarmaError } from '../../model/errors.ts';
import { hideInText } from '../../model/secrets/text.ts';

/** How often the ledger is looked at for something to do, and for whether what runs is to stop. */
const look = { sqlite: 250, elsewhere: 2_000 };
/** Somebody else holds what it needs: it is tried again. */
const again = 3_000;

/** What it does for nobody who asked: looking for work, and telling how that went. */
const itself = { door: 'schedule' } as const;

export interface WorkerOptions {
  readonly engine: Engine;
  /** Unique for this process. */
  readonly name: string;
  /** Aborted: take nothing more, and let finish what runs. */
  readonly stop: AbortSignal;
  /** Leave when nothing is left to do. */
  readonly once?: boolean;
  readonly say: (text: string) => void;
}

/**
 * Takes runs that were asked for, one after the other, and runs them as who asked. Any number of workers share one ledger. What
 * another one has is watched beside that, and is ours once that one is gone.
 */
export async function work(options: WorkerOptions): Promise<void> {
  const { stop, say } = options;
  const context = options.engine.as(itself);
  const open = new OpenRequests();
  const every = isLedgerHere(context) ? look.sqlite : look.elsewhere;
  const watched = new Map<string, Promise<void>>();
  const left = new Set<string>();
  let trouble = '';
  while (!stop.aborted) {
    try {
      const all = await open.now(await context.stores.ledger());
      const requests = all.filter(isKnown);
      for (const { id } of all.filter((one) => !isKnown(one) && !left.has(one.id))) {
        left.add(id);
        say(
          `${id}: was asked for by a newer Karma, in a way that this one does not know; it is left to a newer worker`,
        );
      }
      if (options.once === true && requests.length === 0) return;
      for (const { id, state } of requests)
        if (state !== 'asked' && !watched.has(id))
          watched.set(
            id,
            tryOne(options, id, every).finally(() => watched.delete(id)),
          );
      const next = requests.find(({ state, id }) => state === 'asked' && !watched.has(id));
      if (next !== undefined) await tryOne(options, next.id, every);
      trouble = '';
    } catch (error) {
      // Said once, and looked at less often until it is over.
      if (wordsOf(error) !== trouble) say(`could not look for work: ${wordsOf(error)}`);
      trouble = wordsOf(error);
    }
    await sleep(trouble === '' ? every : again, undefined, { signal: stop }).catch(() => undefined);
  }
  await Promise.all(watched.values());
}

/** Then whoever asks for a log sees the same files. */
function isLedgerHere({ stores }: EngineContext): boolean {
  return stores.places.some(({ store, adapter }) => store === 'ledger' && adapter === 'sqlite');
}

async function tryOne(options: WorkerOptions, id: string, every: number): Promise<void> {
  const { engine, name, stop, say } = options;
  const context = engine.as(itself);
  try {
    const taken = await takeRequest(context, id, { worker: name, giveUp: stop });
    if (taken === undefined) return;
    say(`${id}: ${taken.tookOver ? 'taken over' : 'taken'}`);
    try {
      const request = await carriedOut(options, taken, every);
      await tell(context, taken, request);
      say(`${id}: ${request.state}`);
    } finally {
      await taken.lease.release();
    }
  } catch (error) {
    // Whoever took it over goes on with it.
    say(`${id}: ${wordsOf(error)}`);
  }
}

/** Runs it as who asked for it, and answers what became of it. */
async function carriedOut(options: WorkerOptions, taken: TakenRequest, every: number): Promise<RunRequest> {
  const { engine, stop } = options;
  const context = engine.as(itself);
  const { request } = taken.known;
  const { lease, tookOver } = taken;
  const over = new AbortController();
  const finishOnly = new AbortController();
  const end = () => finishOnly.abort();
  stop.addEventListener('abort', end, { once: true });
  const watching = untilStopped(context, request.id, { every, over: over.signal }).then((was) => was && end());
  if (stop.aborted || request.state === 'stopping') end();
  const { actor, door, person } = request;
  const own = engine.as({ actor, person, door });
  const logs = isLedgerHere(context) ? undefined : new RunLogReporter(context);
  const taker = new OutcomeTaker();
  const deploys = [...(request.deploys ?? [])];
  let telling: Promise<void> = Promise.resolve();
  const listen = (event: DeployEvent): void => {
    if (event.kind === 'state') logs?.heard(event.run);
    taker.heard(event);
    if (event.kind !== 'deploy' || deploys.includes(event.deploy)) return;
    deploys.push(event.deploy);
    // Who follows it finds its runs from here on; what cannot be written now is at its end.
    telling = tell(context, taken, { deploys: [...deploys] }).catch(() => undefined);
  };
  const asItWent = () => (deploys.length === 0 ? request : { ...request, deploys });
  const { select, all, binding, commit } = request;
  const asked = {
    select,
    all,
    at: commit,
    takeOver: tookOver,
    approval: request.id,
    ...(binding === undefined ? {} : { binding }),
  };
  const face = {
    confirm: async (question: DeployQuestion) => {
      taker.asked(question);
      return mayAll(request, question.members);
    },
    confirmChange: async (question: ApplyQuestion) => {
      taker.askedOfChange(question);
      return mayAll(request, question.ahead.members);
    },
    begin: (question: DeployQuestion) => taker.asked(question),
    listen,
    finishOnly: finishOnly.signal,
    stopNow: lease.lost,
  };
  try {
    for (;;) {
      try {
        const answer = await carryOut(own, request, asked, face);
        const told = await toldBy(taker, context, answer);
        return ended(context, { ...asItWent(), ...told }, answer, {
          stopped: stop.aborted,
          cancelled: finishOnly.signal.aborted,
        });
      } catch (error) {
        const waits = isKarmaError(error) && error.code === 'KARMA_LOCK_HELD' && !finishOnly.signal.aborted;
        if (!waits) return failed(context, asItWent(), error, stop.aborted);
        await sleep(again, undefined, { signal: finishOnly.signal }).catch(() => undefined);
      }
    }
  } finally {
    await Promise.all([telling, logs?.end()]);
    over.abort();
    stop.removeEventListener('abort', end);
    await watching;
  }
}

interface Outcome {
  readonly outcome: AnswerOf<'deploy'>['outcome'];
  readonly members: readonly { readonly state: string }[];
  /** As it was answered; left out where nothing was left to be done. */
  readonly made?: { readonly verb: string; readonly answer: object };
}

/** Who asked is told as if they had run it; where that cannot be kept, what became of it still is. */
async function toldBy(
  taker: OutcomeTaker,
  { stores }: EngineContext,
  { made }: Outcome,
): Promise<Pick<RunRequest, 'told'>> {
  if (made === undefined) return {};
  try {
    return { told: await taker.keep(await stores.ledger(), made.verb, made.answer) };
  } catch {
    return {};
  }
}

/** A deploy, a destroy or a plan; or a change, begun, or gone on with where somebody else began it. */
async function carryOut(
  context: EngineContext,
  request: RunRequest,
  asked: QueryOf<'deploy'>,
  face: DeployFace,
): Promise<Outcome> {
  const { action, change, how = {} } = request;
  if (action === 'plan') return planned(context, request, face);
  if (change === undefined) {
    const answer = await ask(context, action, asked, { here: { face } });
    return { outcome: answer.outcome, members: answer.members, made: { verb: action, answer } };
  }
  const { state, revision: now } = (await ask(context, 'change', { id: change })).change;
  const { revision, consequence } = request;
  if (revision !== undefined && revision !== now)
    throw new KarmaError(
      'KARMA_CHANGED',
      `${change} is at revision ${now} by now, and revision ${revision} was asked for`,
      {
        hint: `\`karma change show ${change}\`, then decide about what it is now`,
      },
    );
  if (state === 'applied' || state === 'reverted') return { outcome: 'finished', members: [] };
  const verb = state === 'applying' || state === 'failed' ? 'change-resume' : 'change-apply';
  const exactly = {
    ...(revision === undefined ? {} : { revision }),
    ...(consequence === undefined ? {} : { consequence }),
  };
  const query = { id: change, ...how, takeOver: asked.takeOver === true };
  const answer =
    verb === 'change-apply'
      ? await ask(context, verb, { ...query, ...exactly }, { here: { face } })
      : await ask(context, verb, { ...query, ...(revision === undefined ? {} : { revision }) }, { here: { face } });
  const { outcome, deploy } = answer;
  return {
    made: { verb, answer },
    outcome:
      outcome === 'applied' || outcome === 'offered'
        ? 'finished'
        : outcome === 'interrupted'
          ? 'interrupted'
          : 'failed',
    members: deploy?.members ?? [],
  };
}

/** What is found is kept with the change, and told by its page. */
async function planned(
  context: EngineContext,
  { of = '', revision = 0, environments }: RunRequest,
  face: DeployFace,
): Promise<Outcome> {
  const touched = (await environmentsTouched(context, { id: of })) ?? [''];
  mayAll(
    { environments },
    touched.map((environment) => ({ environment })),
  );
  const answer = await ask(context, 'change-plan', { id: of, revision }, { here: { face } });
  const { plans } = answer;
  return {
    outcome: plans.some(({ state }) => state === 'failed') ? 'failed' : 'finished',
    members: plans,
    made: { verb: 'change-plan', answer },
  };
}

/** What the selection has come to mean since it was asked for may lie where who asked may do nothing. */
function mayAll(
  { environments }: Pick<RunRequest, 'environments'>,
  members: readonly { readonly environment: string }[],
): boolean {
  const beyond = members.find(({ environment }) => !environments.includes('') && !environments.includes(environment));
  if (beyond === undefined) return true;
  throw new KarmaError(
    'KARMA_FORBIDDEN',
    `the selection now means something in ${beyond.environment}, and nobody asked for that`,
    {
      hint: 'ask again',
    },
  );
}

function ended(
  context: EngineContext,
  request: RunRequest,
  { outcome, members }: Outcome,
  { stopped, cancelled }: { readonly stopped: boolean; readonly cancelled: boolean },
): RunRequest {
  const counts: Record<string, number> = {};
  for (const { state } of members) counts[state] = (counts[state] ?? 0) + 1;
  const told = { ...request, members: counts };
  // This worker goes; what is left is for the next one.
  if (outcome === 'interrupted' && stopped) return { ...told, state: 'asked' };
  const state = outcome === 'finished' ? 'finished' : outcome === 'interrupted' && cancelled ? 'cancelled' : 'failed';
  return { ...told, state, endedAt: context.now() };
}

function failed(context: EngineContext, request: RunRequest, error: unknown, stopped: boolean): RunRequest {
  const known = isKarmaError(error) ? error : new KarmaError('KARMA_BUG', 'something went wrong that should not');
  if (stopped && known.code === 'KARMA_LOCK_HELD') return { ...request, state: 'asked' };
  const hint = known.hint === undefined ? {} : { hint: hideInText(known.hint) };
  const why = { code: known.code, message: hideInText(known.message), ...hint };
  return { ...request, state: 'failed', ...why, endedAt: context.now() };
}

/** Somebody may have asked meanwhile that it stop: the document is another revision then, and what it says of that stays. */
async function tell(context: EngineContext, { known, lease }: TakenRequest, more: Partial<RunRequest>): Promise<void> {
  let at: KnownRequest = known;
  for (let tries = 0; ; tries++) {
    try {
      await writeRequest(context, { ...at, request: { ...at.request, ...more } }, 'changed', lease.held);
      return;
    } catch (error) {
      if (tries >= 3 || !isKarmaError(error) || error.code !== 'KARMA_CONFLICT') throw error;
      at = await readRequest(context, known.request.id);
    }
  }
}

async function untilStopped(
  context: EngineContext,
  id: string,
  { every, over }: { readonly every: number; readonly over: AbortSignal },
): Promise<boolean> {
  while (!over.aborted) {
    await sleep(every, undefined, { signal: over }).catch(() => undefined);
    const state = await readRequest(context, id).then(
      ({ request }) => request.state,
      () => 'taken',
    );
    if (state === 'stopping') return true;
  }
  return false;
}

function wordsOf(error: unknown): string {
  return isKarmaError(error) ? `${error.code} ${error.message}` : String(error);
}
