import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type Clock, systemClock } from '../../deploy/clock.ts';
import { deploySet } from '../../deploy/deploy.ts';
import type { DeployOptions, DeployPorts, DeployResult, SetMember } from '../../deploy/set.ts';
import { notPassed } from '../../model/check.ts';
import { KarmaError } from '../../model/errors.ts';
import type { Seal } from '../../model/record.ts';
import { runStep } from '../../run/steps.ts';
import { sweepRunFolders } from '../../run/sweep.ts';
import type { HeldFence } from '../../stores/ledger/port.ts';
import type { EngineContext } from '../context.ts';
import { outsideReaders } from '../range/outside-readers.ts';
import { hasComponents } from '../view/blind-spots.ts';
import { loadView } from '../view/load-view.ts';
import { stampOf } from '../view/view.ts';
import { type DeployFacts, deployFacts } from './deploy-facts.ts';
import { type ChosenMembers, chooseMembers } from './members.ts';
import { type ReadPlanFile, readPlanFile } from './plan-file.ts';
import { publisherDuring } from './publish.ts';
import type { DeployAnswer, DeployFace, DeployQuery, DeployQuestion, Resumed } from './query.ts';
import { resumeInterrupted } from './resume.ts';
import { workOf } from './runs/component-work.ts';
import type { WorkOptions } from './runs/finish-work.ts';
import { shownIn } from './shown-files.ts';

/** Deploys a selection in order; what provably need not run is skipped. */
export async function deploy(context: EngineContext, query: DeployQuery, face: DeployFace): Promise<DeployAnswer> {
  refuseInCi(context);
  const prepared = await prepare(context, query);
  const { facts, id, clock } = prepared;
  try {
    const before = planGiven(query, facts.seal);
    const chosen = before === undefined ? await chosenOf(facts, query) : plannedMembers(before);
    const shown = shownIn(facts);
    const named = portsOf(prepared, face, { action: 'apply', ...contractsOf(facts) });
    const ports = { ...named, refuseEdited: shown.refuseEditedOf };
    const resumed = await resumeInterrupted(facts, ports, { action: 'apply', members: chosen.members, face, query });
    const asked = questionOf(facts, 'apply', resumed.members, chosen, resumed.told);
    const question = before === undefined ? asked : { ...asked, planned: before };
    if (!(await face.confirm(question))) throw declined();
    await shown.refuseEdited();
    const begun = clock.monotonic();
    const publisher = publisherDuring(context, face.listen);
    const watched = { ...ports, listen: publisher.listen };
    const set = { id, components: resumed.members };
    const result = await deploySet(set, watched, {
      ...optionsOf(facts, query, face, stillDone(facts, query, resumed.alreadyDone)),
      ...(before === undefined ? {} : { planned: before.planned }),
    });
    const version = result.leaseLost === true ? undefined : await publisher.end();
    return answerOf(facts, question, result, (clock.monotonic() - begun) / 1000, version);
  } finally {
    tidy(prepared);
  }
}

/** What an interrupted deploy had done is done only where its checks passed, for who asks that they do. */
function stillDone({ records }: DeployFacts, { verify }: DeployQuery, done: ReadonlySet<string>): ReadonlySet<string> {
  if (verify !== true) return done;
  return new Set([...done].filter((key) => notPassed(records.get(key)?.last.checks).length === 0));
}

/** All of nothing is mostly the wrong folder, and must not look like a deploy that went well. */
export async function chosenOf(facts: DeployFacts, query: DeployQuery): Promise<ChosenMembers> {
  const chosen = await chooseMembers(facts, query);
  if (query.selection.length === 0 && query.beside === undefined && !hasComponents(facts.view.graph))
    throw new KarmaError('KARMA_NO_ESTATE', 'no component is recognised here, so there is nothing to run', {
      hint: '`karma doctor` says what was looked for and passed over; `-C` names another folder',
    });
  return chosen;
}

/** Only what was shown is deployed: a selection beside it would be something else. */
function planGiven({ plan, selection, all }: DeployQuery, seal: Seal): ReadPlanFile | undefined {
  if (plan === undefined) return undefined;
  if (all || selection.length > 0)
    throw new KarmaError('KARMA_USAGE', 'a plan that was kept says what is deployed: name nothing beside it', {
      hint: 'leave the selection out, or plan again with another one',
    });
  return readPlanFile(plan, seal);
}

function plannedMembers({ members, notPlanned }: ReadPlanFile): ChosenMembers {
  const notRun = notPlanned.map(({ component, reason }) => ({ component, reason: `was not planned: ${reason}` }));
  return { members, notRun };
}

export interface Prepared {
  readonly facts: DeployFacts;
  readonly id: string;
  readonly clock: Clock;
  readonly runs: string;
}

export async function prepare(context: EngineContext, { at }: Pick<DeployQuery, 'at'>): Promise<Prepared> {
  const view = await loadView(context, at, { needsEstate: true, needsClaims: true });
  if (view.estate === undefined) throw new KarmaError('KARMA_USAGE', `${view.label} holds no files to run`);
  const id = `d${shortId(context)}`;
  const runs = logFolder(context);
  const facts = await deployFacts(context, view, view.estate, id);
  sweepRunFolders(runs, facts.host);
  return { facts, id, clock: systemClock, runs };
}

export function tidy({ facts, runs }: Prepared): void {
  facts.folders.remove();
  sweepRunFolders(runs, facts.host);
}

function logFolder({ stores }: EngineContext): string {
  return join(stores.dataFolder, 'runs');
}

/** Long enough never to meet, short enough to be read aloud. */
function shortId({ newId }: EngineContext): string {
  return newId().replaceAll('-', '').slice(0, 12);
}

export function portsOf(
  { facts, id, clock, runs }: Prepared,
  face: Pick<DeployFace, 'listen'>,
  options: WorkOptions,
): DeployPorts {
  const { context, ledger, host } = facts;
  const { actor, door } = context;
  return {
    ledger,
    clock,
    runId: () => `r${shortId(context)}`,
    runFolder: (run) => join(runs, run),
    work: workOf(facts, options),
    runStep,
    listen: countingRuns(context, (event) => face.listen(event)),
    raiseFences: (held) => raiseFences(facts, held),
    ...(context.held === undefined ? {} : { held: context.held }),
    holder: { id, host, pid: process.pid, actor, since: clock.now() },
    actor,
    door,
  };
}

/** What runs, and how many of those that are to have come to their end. */
function countingRuns({ report }: EngineContext, listen: DeployFace['listen']): DeployFace['listen'] {
  let total = 0;
  let done = 0;
  return (event) => {
    listen(event);
    if (event.kind === 'deploy' && event.state === 'started') total = event.components;
    if (event.kind !== 'state' || !ends.has(event.state)) return;
    done += 1;
    report({ kind: 'phase', phase: 'run', about: event.key, done, total });
  };
}

const ends: ReadonlySet<string> = new Set(['finished', 'failed', 'skipped', 'discarded']);

/** All accounts of an embedded store share one file; where none is, nothing of the estate is published by Karma. */
async function raiseFences({ context, components }: DeployFacts, held: readonly HeldFence[]): Promise<void> {
  const adage = [...components.values()].find(({ row }) => row.layout === 'adage' && !row.external);
  if (adage === undefined) return;
  const [known = adage.row.environment] = await context.stores.knownBindings();
  await (await context.stores.parameters(known)).raiseFences?.(held);
}

export function optionsOf(
  { estate }: DeployFacts,
  query: DeployQuery,
  face: DeployFace,
  alreadyDone: ReadonlySet<string>,
): DeployOptions {
  const { failFast, cutoff, newState, takeOver, approval, cause, verify } = query;
  const breakContracts = query.breakContracts === true || estate.karmaFile?.contracts === 'warn';
  return {
    parallelism: query.parallelism ?? availableParallelism(),
    finishOnly: face.finishOnly,
    stopNow: face.stopNow,
    alreadyDone,
    breakContracts,
    ...(failFast === undefined ? {} : { failFast }),
    ...(cutoff === undefined ? {} : { cutoff }),
    ...(newState === undefined ? {} : { newState }),
    ...(takeOver === undefined ? {} : { takeOver }),
    ...(verify === undefined ? {} : { verify }),
    ...(approval === undefined ? {} : { approval }),
    ...(cause === undefined ? {} : { cause }),
  };
}

export function contractsOf({ estate }: DeployFacts): Pick<WorkOptions, 'contracts' | 'outside'> {
  const { karmaFile } = estate;
  return { contracts: karmaFile?.contracts !== 'off', outside: outsideReaders(karmaFile) };
}

export function questionOf(
  facts: DeployFacts,
  action: 'apply' | 'destroy',
  members: readonly SetMember[],
  { notRun }: Pick<ChosenMembers, 'notRun'>,
  resumed: readonly Resumed[],
): DeployQuestion {
  const environments = [...new Set(members.map(({ environment }) => environment))].sort();
  const { asTheyAre } = facts.folders;
  return { action, view: stampOf(facts.view), members, environments, notRun, asTheyAre, resumed };
}

export function answerOf(
  { folders, context }: DeployFacts,
  { action, view, environments, notRun, asTheyAre, resumed }: DeployQuestion,
  result: DeployResult,
  seconds: number,
  version: number | undefined,
): DeployAnswer {
  return {
    view,
    action,
    ...result,
    environments,
    ...(folders.commit === undefined ? {} : { commit: folders.commit }),
    notRun,
    asTheyAre,
    resumed,
    seconds: Math.round(seconds * 1000) / 1000,
    logs: Object.fromEntries(
      result.members.flatMap(({ key, run }) =>
        run === undefined ? [] : [[key, join(logFolder(context), run, 'run.log')]],
      ),
    ),
    ...(version === undefined ? {} : { version }),
  };
}

export function declined(): KarmaError {
  return new KarmaError('KARMA_DECLINED', 'nothing was changed', { hint: 'say --yes to go on without being asked' });
}

/** A ledger on a machine that is thrown away is no ledger: the next deploy would know of nothing. */
export function refuseInCi({ env, stores }: EngineContext): void {
  if ((env['CI'] !== 'true' && env['CI'] !== '1') || stores.placeGiven) return;
  throw new KarmaError('KARMA_REFUSED', `in CI the ledger would lie in ${stores.dataFolder} and be lost`, {
    hint: 'say where it is kept: --data FOLDER or KARMA_DATA, on a disk that the next job sees too',
  });
}
