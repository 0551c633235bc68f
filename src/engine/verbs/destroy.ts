import { flag, object } from '../../config/shape-parts.ts';
import { destroySet, refuseConsumed } from '../../deploy/destroy.ts';
import type { Consumers } from '../../deploy/remaining-consumers.ts';
import { Schedule } from '../../deploy/schedule.ts';
import type { DeploySet, SetMember } from '../../deploy/set.ts';
import { deploymentKey } from '../../model/record.ts';
import type { EngineContext } from '../context.ts';
import type { KnownComponent } from '../deployed/known-components.ts';
import { answerOf, declined, optionsOf, portsOf, prepare, questionOf, refuseInCi, tidy } from '../deploying/deploy.ts';
import type { DeployFacts } from '../deploying/deploy-facts.ts';
import { type GoneMembers, goneMembers } from '../deploying/destroy-gone.ts';
import { type ChosenMembers, chooseMembers } from '../deploying/members.ts';
import { publisherDuring } from '../deploying/publish.ts';
import type { DeployAnswer, DeployFace, DeployQuery, DeployQuestion } from '../deploying/query.ts';
import { resumeInterrupted } from '../deploying/resume.ts';
import type { WorkOptions } from '../deploying/runs/finish-work.ts';
import { shownIn } from '../deploying/shown-files.ts';
import { outsideReaders } from '../range/outside-readers.ts';
import { running, writing } from './deploy.ts';
import { defineVerb, faceOf } from './verb.ts';

/** Destroys a selection backwards over the recorded graph, also what the estate does not have any more. */
export async function destroy(context: EngineContext, query: DeployQuery, face: DeployFace): Promise<DeployAnswer> {
  if (query.dryRun !== true) refuseInCi(context);
  const prepared = await prepare(context, query);
  const { facts, id, clock } = prepared;
  const run: WorkOptions = { action: 'destroy', contracts: false, outside: [] };
  const gone = await goneMembers(facts, query, run);
  try {
    const chosen = await destroyable(facts, gone);
    const named = portsOf(prepared, face, run);
    const ports = { ...named, work: (member: SetMember) => gone.work(member) ?? named.work(member) };
    const { members, notRun } = chosen;
    const resumed =
      query.dryRun === true
        ? { members, alreadyDone: new Set<string>(), told: [] }
        : await resumeInterrupted(facts, ports, { action: 'destroy', members, face, query });
    const question = questionOf(facts, 'destroy', resumed.members, { notRun }, resumed.told);
    const set = { id, components: resumed.members };
    if (query.dryRun === true) return wouldDestroy(facts, question, set, consumersIn(facts, query));
    const shown = shownIn(facts);
    if (!(await face.confirm(question))) throw declined();
    await shown.refuseEdited();
    const begun = clock.monotonic();
    const publisher = publisherDuring(context, face.listen);
    const options = optionsOf(facts, query, face, resumed.alreadyDone);
    const result = await destroySet(set, { ...ports, listen: publisher.listen }, options, consumersIn(facts, query));
    const version = result.leaseLost === true ? undefined : await publisher.end();
    return answerOf(facts, question, result, (clock.monotonic() - begun) / 1000, version);
  } finally {
    gone.remove();
    tidy(prepared);
  }
}

/** What is there to be destroyed: of what the estate has, that which ran; and what it does not have any more. */
async function destroyable(facts: DeployFacts, { members, options }: GoneMembers): Promise<ChosenMembers> {
  if (options.selection.length === 0 && !options.all && members.length > 0) return { members, notRun: [] };
  const chosen = await chooseMembers(facts, options);
  const notRun = [...chosen.notRun];
  const there = chosen.members.filter((member) => {
    const reason = whyNothingToDestroy(facts, member);
    if (reason !== undefined) notRun.push({ component: keyOf(member), reason });
    return reason === undefined;
  });
  const known = new Set(members.map(keyOf));
  return {
    members: [...members, ...there.filter((one) => !known.has(keyOf(one)))],
    notRun: notRun.filter(({ component }) => !members.some((one) => one.component === component)),
  };
}

/** A module that Karma itself hands its variables keeps its state with Karma: without a run there is none. */
function whyNothingToDestroy({ records, claims }: DeployFacts, member: SetMember): string | undefined {
  const record = records.get(keyOf(member))?.last;
  if (record?.action === 'destroy' && record.outcome === 'finished') return 'is destroyed already';
  const shape = claims.get(member.component)?.run;
  return record === undefined && shape?.selfPublishing === false ? 'was never deployed' : undefined;
}

function keyOf({ component, deployment }: SetMember): string {
  return deploymentKey(component, deployment);
}

/** Says what would go, and refuses what would be refused. */
function wouldDestroy(
  facts: DeployFacts,
  question: DeployQuestion,
  set: DeploySet,
  consumers: Omit<Consumers, 'records'>,
): DeployAnswer {
  const finished = [...facts.records.values()].flatMap((one) => one.finished ?? []);
  refuseConsumed(set, { ...consumers, records: finished });
  const members = inOrder(facts, question.members).map((key) => ({ key, state: 'queued' as const }));
  return answerOf(facts, question, { deploy: set.id, outcome: 'finished', members }, 0, undefined);
}

/** One after the other as a destroy would begin them: what was recorded counts, and what is referenced now. */
function inOrder({ records }: DeployFacts, members: readonly SetMember[]): readonly string[] {
  const nodes = members.map((member) => {
    const recorded = records.get(keyOf(member))?.finished?.dependsOn ?? [];
    const keys = members.filter(({ component }) => recorded.includes(component)).map(keyOf);
    return { id: keyOf(member), dependsOn: [...member.dependsOn, ...keys] };
  });
  const schedule = new Schedule(nodes, { backwards: true });
  const order: string[] = [];
  for (let [next] = schedule.ready(); next !== undefined; [next] = schedule.ready()) {
    schedule.start(next);
    schedule.finish(next, 'done');
    order.push(next);
  }
  return order;
}

function consumersIn(facts: DeployFacts, { breakContracts }: DeployQuery): Omit<Consumers, 'records'> {
  const { graph } = facts.view;
  const { karmaFile } = facts.estate;
  const mayBreak = breakContracts === true || (karmaFile?.contracts ?? 'refuse') !== 'refuse';
  return {
    references: Array.from({ length: graph.edges }, (_, edge) => graph.reference(edge)),
    alsoDeployed: [...facts.components.values()].flatMap((one) => deployedByOthers(facts, one)),
    counterpart: facts.runtimes.counterpart,
    outside: mayBreak ? [] : outsideReaders(karmaFile),
  };
}

/** Deployments without a run of Karma's whose states hold something. */
function deployedByOthers(facts: DeployFacts, component: KnownComponent): Consumers['alsoDeployed'] {
  const { id } = component.row;
  return component.deployments
    .filter((name) => !facts.records.has(deploymentKey(id, name)) && facts.stateOf(component, name)?.empty === false)
    .map((deployment) => ({ component: id, deployment }));
}

export const destroyVerb = defineVerb({
  about: 'Destroys a selection backwards over the recorded graph; refuses what others still consume.',
  query: object('What, and how.', { ...running, ...writing, dryRun: flag('Say what would go.') }),
  writes: 'infrastructure',
  run: (context, { select: selection = [], all = false, ...rest }, call) =>
    destroy(context, { selection, all, ...rest }, faceOf(call)),
});
