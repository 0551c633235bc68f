import { setTimeout as sleep } from 'node:timers/promises';
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
  const said = new Set<string>();
  const once = (text: string) => {
    if (!said.has(text)) say(text);
    said.add(text);
  };
  while (!stop.aborted) {
    try {
      for (const schedule of await schedulesOf(context)) {
        if (stop.aborted) break;
        if (schedule.refused !== undefined) once(`${schedule.name} is not done: ${schedule.refused}`);
        else if (runsTerraform(schedule) && !options.works) once(`${schedule.name} is for a service that runs things`);
        else if (await isDue(context, book, schedule, started)) await tryOne(options, book, schedule, started);
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

async function isDue(
  context: EngineContext,
  book: ScheduleBook,
  schedule: KnownSchedule,
  started: string,
): Promise<boolean> {
  const last = await book.lastOf(await context.stores.ledger(), schedule.name);
  const due = nextDue(schedule, last?.at, started);
  return due !== undefined && Date.parse(due) <= Date.parse(context.now());
}

async function tryOne(
  options: SchedulesOptions,
  book: ScheduleBook,
  schedule: KnownSchedule,
  started: string,
): Promise<void> {
  const { context, say } = options;
  const lease = await holdSchedule(context, schedule.name, options.name);
  if (lease === undefined) return;
  try {
    // Somebody else may have done it while this one came for the lease.
    if (!(await isDue(context, book, schedule, started))) return;
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
