import { choice, count, object, text } from '../../config/shape-parts.ts';
import { recordOf, runActions } from '../../consequence/run-events.ts';
import { KarmaError } from '../../model/errors.ts';
import type { LedgerEvent } from '../../model/event.ts';
import type { RunRecord } from '../../model/record.ts';
import type { Ledger } from '../../stores/ledger/port.ts';
import type { EngineContext } from '../context.ts';
import { readReportedLog } from '../runs/reported-log.ts';
import { hasRunLog } from '../runs/run-log.ts';
import { eventsOfRun, opensRun, type ToldRun, tellRun } from '../runs/runs-told.ts';
import { defineVerb } from './verb.ts';

export interface RunsQuery {
  readonly component?: string;
  readonly environment?: string;
  readonly deploy?: string;
  readonly state?: ToldRun['state'];
  readonly limit: number;
  /** `next` of the answer before. */
  readonly cursor?: string;
}

export interface RunsAnswer {
  readonly runs: readonly ToldRun[];
  /** Where the answer that goes on begins; left out where nothing is left. */
  readonly next?: string;
}

const states = [
  'planning',
  'unconfirmed',
  'applying',
  'finished',
  'failed',
  'skipped',
  'discarded',
  'recorded',
] as const;
const page = 500;

/** Runs as the ledger tells them, those that began last first. */
export async function listRuns(context: EngineContext, query: RunsQuery): Promise<RunsAnswer> {
  const ledger = await context.stores.ledger();
  const runs: ToldRun[] = [];
  for await (const opening of openings(ledger, query)) {
    const { environment, deploy } = query;
    if (deploy !== undefined && opening.details['deploy'] !== deploy) continue;
    const run = tellRun(await storyOf(ledger, opening));
    if (environment !== undefined && run.environment !== environment) continue;
    if (query.state !== undefined && run.state !== query.state) continue;
    runs.push(run);
    if (runs.length >= query.limit) return { runs, next: opening.id };
  }
  return { runs };
}

async function storyOf(ledger: Ledger, opening: LedgerEvent): Promise<readonly [LedgerEvent, ...LedgerEvent[]]> {
  const [, ...later] = await eventsOfRun(ledger, opening);
  return [opening, ...later];
}

/** The first event of each run, newest first. */
async function* openings(
  ledger: Ledger,
  { component, cursor }: Pick<RunsQuery, 'component' | 'cursor'>,
): AsyncGenerator<LedgerEvent> {
  for (let after = placeOf(cursor); ; ) {
    const events = await ledger.read({
      action: 'run.',
      limit: page,
      backwards: true,
      ...(component === undefined ? {} : { subject: component }),
      ...(after === undefined ? {} : { after }),
    });
    yield* events.filter(opensRun);
    const last = events.at(-1);
    if (last === undefined || events.length < page) return;
    after = last.seq;
  }
}

/** @throws KARMA_USAGE */
function placeOf(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined;
  const seq = Number(/^e(\d{1,15})$/.exec(cursor)?.[1] ?? Number.NaN);
  if (Number.isSafeInteger(seq)) return seq;
  throw new KarmaError('KARMA_USAGE', 'the cursor is none that an answer gave', { hint: 'begin again without it' });
}

export interface RunAnswer {
  readonly run: ToldRun;
  /** What the ledger says of it, oldest first. */
  readonly events: readonly Omit<LedgerEvent, 'previous' | 'hash' | 'bound'>[];
  /** What it consumed and produced, digest by digest. */
  readonly record?: RunRecord;
  /** Whether its log is on this machine, or a worker told of it. */
  readonly log: boolean;
}

/** One run. Its component makes it quick to find. @throws KARMA_NOT_FOUND */
export async function showRun(
  context: EngineContext,
  { id, component }: { readonly id: string; readonly component?: string },
): Promise<RunAnswer> {
  const ledger = await context.stores.ledger();
  for await (const opening of openings(ledger, component === undefined ? {} : { component })) {
    if (![opening.details['run'], recordOf(opening)?.id, opening.id].includes(id)) continue;
    const story = await storyOf(ledger, opening);
    const record = story.flatMap((event) => recordOf(event) ?? []).at(-1);
    return {
      run: tellRun(story),
      events: story.map(({ previous: _previous, hash: _hash, bound: _bound, details, ...event }) => {
        const { record: _record, runFolder: _folder, ...rest } = details;
        return { ...event, details: rest };
      }),
      ...(record === undefined ? {} : { record }),
      log: hasRunLog(context, id) || (await readReportedLog(ledger, id, { from: 0, most: 1 })) !== undefined,
    };
  }
  throw new KarmaError('KARMA_NOT_FOUND', `the ledger knows no run \`${id}\``, {
    hint: 'a plan leaves no event: only runs of a deploy and what was recorded are known by name',
  });
}

export interface ToldDeploy {
  readonly id: string;
  readonly action?: string;
  /** `settled`: it was killed, and a later one looked at what it left. */
  readonly state: 'running' | 'ended' | 'settled';
  readonly outcome?: string;
  readonly environments: readonly string[];
  readonly components: number;
  /** How many runs ended how. */
  readonly counts?: Readonly<Record<string, number>>;
  readonly actor: string;
  readonly door: string;
  readonly startedAt: string;
  readonly endedAt?: string;
  /** The event that it follows from. */
  readonly cause?: string;
}

/** Deploys, newest first. */
export async function listDeploys(
  context: EngineContext,
  { limit, cursor }: Pick<RunsQuery, 'limit' | 'cursor'>,
): Promise<{ readonly deploys: readonly ToldDeploy[]; readonly next?: string }> {
  const ledger = await context.stores.ledger();
  const after = placeOf(cursor);
  const started = await ledger.read({
    action: runActions.deployStarted,
    limit: limit + 1,
    backwards: true,
    ...(after === undefined ? {} : { after }),
  });
  const deploys: ToldDeploy[] = [];
  for (const event of started.slice(0, limit)) deploys.push(await tellDeploy(ledger, event));
  const last = started[limit - 1];
  return { deploys, ...(started.length > limit && last !== undefined ? { next: last.id } : {}) };
}

async function tellDeploy(ledger: Ledger, started: LedgerEvent): Promise<ToldDeploy> {
  const { subject: id, actor, door, at, cause, details, seq } = started;
  const later = await ledger.read({ subject: id, after: seq, limit: page });
  const end = later.find(({ action }) => action === runActions.deployFinished || action === runActions.deploySettled);
  const { environments, components } = details;
  return {
    id,
    ...(typeof details['action'] === 'string' ? { action: details['action'] } : {}),
    state: end === undefined ? 'running' : end.action === runActions.deploySettled ? 'settled' : 'ended',
    ...(typeof end?.details['outcome'] === 'string' ? { outcome: end.details['outcome'] } : {}),
    environments: Array.isArray(environments) ? environments : [],
    components: Number(components ?? 0),
    ...(end?.details['counts'] === undefined ? {} : { counts: end.details['counts'] as ToldDeploy['counts'] & {} }),
    actor,
    door,
    startedAt: at,
    ...(end === undefined ? {} : { endedAt: end.at }),
    ...(cause === undefined ? {} : { cause }),
  };
}

const limit = count('At most so many; default 50.', 1, 500);
const cursor = text('`next` of the answer before, to go on after it.');

export const runsVerb = defineVerb({
  about: 'Runs of components, those that began last first.',
  query: object('Which.', {
    component: text('Of one component.'),
    environment: text('Of one environment.'),
    deploy: text('Of one deploy.'),
    state: choice('In one state.', ...states),
    limit,
    cursor,
  }),
  writes: 'nothing',
  isSmall: true,
  run: (context, { limit: most = 50, ...rest }) => listRuns(context, { limit: most, ...rest }),
});

export const runVerb = defineVerb({
  about: 'One run: its events, what it consumed and produced.',
  query: object('Which.', { id: text('A run.'), component: text('Whose run it is: it is found sooner.') }, 'id'),
  writes: 'nothing',
  isSmall: true,
  run: showRun,
});

export const deploysVerb = defineVerb({
  about: 'Deploys, newest first.',
  query: object('How many.', { limit, cursor }),
  writes: 'nothing',
  isSmall: true,
  run: (context, { limit: most = 50, ...rest }) => listDeploys(context, { limit: most, ...rest }),
});
