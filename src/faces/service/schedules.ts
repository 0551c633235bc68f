import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import type { EngineContext } from '../../engine/context.ts';
import { holdSchedule } from '../../engine/schedules/hold-schedule.ts';
import { nextDue } from '../../engine/schedules/schedule.ts';
import { ScheduleBook, scheduleDone } from '../../engine/schedules/schedule-book.ts';
import { type KnownSchedule, schedulesOf } from '../../engine/schedules/schedules-of.ts';
import { ask } from '../../engine/verbs/table.ts';
import { isKarmaError } from '../../model/errors.ts';
import { hideInText } from '../../model/secrets/text.ts';

/** How often it is looked whether something is due. */
const look = 5_000;
const mostSaid = 200;

export interface SchedulesOptions {
  readonly context: EngineContext;
  /** Unique for this process. */
  readonly name: string;
  /** Whether Terraform may be run here. */
  readonly works: boolean;
  readonly stop: AbortSignal;
  readonly say: (text: string) => void;
}

/**
 * Does what `schedules:` of karma.yaml wants done, one after the other. Whoever of several services comes first does it: it holds a
 * lease, and the ledger says when it was done last. Nothing is deployed.
 */
export async function keepSchedules(options: SchedulesOptions): Promise<void> {
  const { context, stop, say } = options;
  const started = context.now();
  const book = new ScheduleBook();
  const whenDue = new WhenDue(started);
  const said = new Set<string>();
  const once = (text: string) => {
    if (!said.has(text)) say(text);
    said.add(text);
  };
  while (!stop.aborted) {
    try {
      for (const schedule of await schedulesOf(context)) {
        if (stop.aborted) break;
        // Whoever asks the service meanwhile is answered.
        await setImmediate();
        if (schedule.refused !== undefined && said.size < mostSaid)
          once(`${schedule.name} is not done: ${schedule.refused}`);
        if (schedule.refused !== undefined) continue;
        if (runsTerraform(schedule) && !options.works) once(`${schedule.name} is for a service that runs things`);
        else if (await isDue(context, book, schedule, whenDue)) {
          const began = performance.now();
          await tryOne(options, book, schedule, whenDue);
          // However much an estate wants done, half of the time is for who asks.
          await sleep(performance.now() - began, undefined, { signal: stop }).catch(() => undefined);
        }
      }
    } catch (error) {
      once(`could not look for work that is due: ${wordsOf(error)}`);
    }
    await sleep(look, undefined, { signal: stop }).catch(() => undefined);
  }
}

function runsTerraform({ does }: KnownSchedule): boolean {
  return does === 'drift' || does === 'refresh';
}

/** A cron line of a day that never comes takes a tenth of a second to be found out: told once for as long as nothing happens. */
class WhenDue {
  readonly #started: string;
  readonly #known = new Map<string, { readonly asked: string; readonly due: string | undefined }>();

  constructor(started: string) {
    this.#started = started;
  }

  of(schedule: KnownSchedule, last: string | undefined): string | undefined {
    const { name, every, cron } = schedule;
    const asked = JSON.stringify([every, cron, last]);
    const known = this.#known.get(name);
    if (known?.asked === asked) return known.due;
    const due = nextDue(schedule, last, this.#started);
    this.#known.set(name, { asked, due });
    return due;
  }
}

async function isDue(
  context: EngineContext,
  book: ScheduleBook,
  schedule: KnownSchedule,
  whenDue: WhenDue,
): Promise<boolean> {
  const last = await book.lastOf(await context.stores.ledger(), schedule.name);
  const due = whenDue.of(schedule, last?.at);
  return due !== undefined && Date.parse(due) <= Date.parse(context.now());
}

async function tryOne(
  options: SchedulesOptions,
  book: ScheduleBook,
  schedule: KnownSchedule,
  whenDue: WhenDue,
): Promise<void> {
  const { context, say } = options;
  const lease = await holdSchedule(context, schedule.name, options.name);
  if (lease === undefined) return;
  try {
    // Somebody else may have done it while this one came for the lease.
    if (!(await isDue(context, book, schedule, whenDue))) return;
    const { outcome, details } = await done(options, schedule);
    const ledger = await context.stores.ledger();
    const { actor, door } = context;
    const { name, does } = schedule;
    await ledger.append(
      [
        {
          action: scheduleDone,
          actor,
          door,
          subject: name,
          outcome,
          at: context.now(),
          details: { do: does, ...details },
        },
      ],
      undefined,
      { leases: lease.held },
    );
    say(`${name}: ${outcome}`);
  } finally {
    await lease.release();
  }
}

async function done(
  { context, stop }: SchedulesOptions,
  { does, select: selection }: KnownSchedule,
): Promise<{ readonly outcome: 'ok' | 'failed'; readonly details: Readonly<Record<string, unknown>> }> {
  const select = selection === undefined ? [] : [selection];
  try {
    if (does === 'build') {
      const { version, changed } = await ask(context, 'build', {});
      return { outcome: 'ok', details: { version, changed } };
    }
    if (does === 'check') {
      const { counts, accepted, components } = await ask(context, 'check', { select, at: 'HEAD' });
      return { outcome: 'ok', details: { counts, accepted, components } };
    }
    const { counts } = await ask(context, 'status-refresh', { select, all: select.length === 0 }, { signal: stop });
    return { outcome: 'ok', details: { counts } };
  } catch (error) {
    const code = isKarmaError(error) ? error.code : 'KARMA_BUG';
    return { outcome: 'failed', details: { code, message: hideInText(wordsOf(error)) } };
  }
}

function wordsOf(error: unknown): string {
  return isKarmaError(error) ? `${error.code} ${error.message}` : String(error);
}
