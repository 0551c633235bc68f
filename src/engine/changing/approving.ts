import { type ApprovalRule, type ApprovalStanding, type GivenApproval, standingOf } from '../../change/approval.ts';
import { type Change, contributorsTo, type SimulatedAs } from '../../change/change.ts';
import { consequenceDigest, grownBy } from '../../change/consequence.ts';
import { relationOf } from '../../change/footprint.ts';
import type { Simulation } from '../../change/simulation.ts';
import type { ApprovalSetting, AskSetting, KarmaFile } from '../../config/karma-file.ts';
import { diff } from '../../graph/operations/diff.ts';
import { isKarmaError } from '../../model/errors.ts';
import { commitsHeld, treeChanges } from '../../observe/git/content-commit.ts';
import type { EngineContext } from '../context.ts';
import { compareRange } from '../range/compare-range.ts';
import { selectNodes } from '../view/select.ts';
import type { LoadedView } from '../view/view.ts';
import { footprintOf } from './footprint-of.ts';
import { keptSimulation } from './kept-simulation.ts';
import { type OpenedChanges, viewAt } from './opened-changes.ts';
import type { PolicyVerdict } from './policies.ts';
import { filesWithin } from './simulate.ts';

/** What a change is held to: where it stands now, and what it does there. */
interface Now {
  readonly simulation: Simulation;
  readonly as: SimulatedAs;
}

/** How a change stands with those who must agree, as the followed ref says who they are: no change takes away who guards it. */
export async function approvalOf(
  context: EngineContext,
  opened: OpenedChanges,
  change: Pick<Change, 'proposer' | 'revisers' | 'revision' | 'approvals'>,
  now: Now,
  verdicts: readonly PolicyVerdict[],
): Promise<ApprovalStanding> {
  const rules = await rulesAsking(context, opened, { simulation: now.simulation, policies: verdicts });
  return standingOf(rules, await givenTo(context, opened, change, now), contributorsTo(change));
}

/** The rules that ask of a change, each with what of it it is about. */
export async function rulesAsking(
  context: EngineContext,
  opened: OpenedChanges,
  { simulation, policies }: { readonly simulation: Simulation; readonly policies: readonly PolicyVerdict[] },
): Promise<Asking> {
  const { estate } = await viewAt(context, opened, opened.followed.commit);
  const { karmaFile } = estate ?? {};
  return [...(await rulesThatAsk(context, opened, karmaFile, simulation)), ...policiesThatAsk(karmaFile, policies)];
}

type Asking = readonly { readonly rule: ApprovalRule; readonly because: string }[];

async function rulesThatAsk(
  context: EngineContext,
  opened: OpenedChanges,
  karmaFile: KarmaFile | undefined,
  simulation: Simulation,
): Promise<Asking> {
  const asking: { rule: ApprovalRule; because: string }[] = [];
  const concern = new Concerns(context, opened, simulation);
  for (const [at, setting] of (karmaFile?.approvals ?? []).entries()) {
    const because = await concern.of(setting);
    if (because !== undefined) asking.push({ rule: ruleOf(`approvals[${at}]`, setting, karmaFile), because });
  }
  return asking;
}

function policiesThatAsk(karmaFile: KarmaFile | undefined, verdicts: readonly PolicyVerdict[]): Asking {
  return verdicts.flatMap(({ policy, outcome, is, reason }) => {
    const setting = karmaFile?.changePolicies.find(({ name }) => name === policy);
    if (outcome !== 'ask' || setting === undefined) return [];
    const because =
      is === 'holds' ? `policy ${policy} holds` : `whether policy ${policy} holds is not known: ${reason}`;
    const why = setting.reason === undefined ? {} : { reason: setting.reason };
    return [{ rule: ruleOf(`policy ${policy}`, { ...setting.ask, ...why }, karmaFile), because }];
  });
}

function ruleOf(
  name: string,
  { count = 1, group, proposer = false, applies = true, reason }: AskSetting & { readonly reason?: string },
  karmaFile: KarmaFile | undefined,
): ApprovalRule {
  return {
    ...{ name, count, proposer, applies },
    ...(group === undefined ? {} : { group, members: karmaFile?.groups[group] ?? [] }),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** What of a change rules are about. An estate may have hundreds: its two ends are opened once, and each selection is asked once. */
class Concerns {
  readonly #context: EngineContext;
  readonly #opened: OpenedChanges;
  readonly #simulation: Simulation;
  readonly #selected = new Map<string, Promise<Selected>>();
  readonly #touched = new Map<ApprovalSetting['only'], ReadonlySet<string>>();
  #ends: Promise<readonly LoadedView[]> | undefined;

  constructor(context: EngineContext, opened: OpenedChanges, simulation: Simulation) {
    this.#context = { ...context, report: () => undefined };
    this.#opened = opened;
    this.#simulation = simulation;
  }

  /** In words; undefined where a rule is about nothing of it. What nobody can tell counts. */
  async of({ select, only }: ApprovalSetting): Promise<string | undefined> {
    const { footprint, conflicts, comparison } = this.#simulation;
    if (select.length === 0) return 'every change';
    if (conflicts.length > 0) return 'what it does is not known';
    if (footprint.whole !== undefined) return footprint.whole;
    const key = JSON.stringify(select);
    const asked = this.#selected.get(key) ?? this.#select(select);
    this.#selected.set(key, asked);
    const selected = await asked;
    if (selected === 'unclear') return `whether ${select.join(', ')} means something of it is not clear`;
    if (selected === undefined) return `nothing is called ${select.join(', ')}, so what it guards is not known`;
    const touched = this.#touched.get(only) ?? touchedBy(this.#simulation, only);
    this.#touched.set(only, touched);
    const [first, ...more] = selected.filter((id) => touched.has(id));
    if (first !== undefined) return more.length === 0 ? first : `${first} and ${more.length} more`;
    return comparison.complete ? undefined : `it is not proved to leave ${select.join(', ')} alone`;
  }

  /** At both ends, sorted. */
  async #select(select: readonly string[]): Promise<Selected> {
    const { base, head } = this.#simulation;
    this.#ends ??= Promise.all([base, head].map((commit) => viewAt(this.#context, this.#opened, commit)));
    const found = new Set<string>();
    let isRead = false;
    for (const view of await this.#ends) {
      const selected = await selectedIn(this.#context, view, select);
      if (selected === 'unclear') return 'unclear';
      isRead ||= selected !== undefined;
      for (const id of selected ?? []) found.add(id);
    }
    return isRead ? [...found].sort() : undefined;
  }
}

/** Undefined: nothing of that name is there, which at one end may be right. */
type Selected = readonly string[] | 'unclear' | undefined;

function touchedBy({ comparison }: Simulation, only: ApprovalSetting['only']): ReadonlySet<string> {
  const { added, removed, moved, changed, undecided, affected, possible } = comparison;
  const written = [
    ...added,
    ...removed,
    ...moved.flatMap(({ was, id }) => [was, id]),
    ...[...changed, ...undecided].map(({ id }) => id),
  ];
  return new Set(only === 'writes' ? written : [...written, ...affected.map(({ id }) => id), ...possible]);
}

async function selectedIn(context: EngineContext, view: LoadedView, select: readonly string[]): Promise<Selected> {
  try {
    return (await selectNodes(context, view, select)).map((node) => view.graph.id(node));
  } catch (error) {
    if (!isKarmaError(error)) throw error;
    return error.code === 'KARMA_NOT_FOUND' ? undefined : 'unclear';
  }
}

/** Who agreed, and whether that holds for what the change is now. */
async function givenTo(
  context: EngineContext,
  opened: OpenedChanges,
  { revision, approvals = [] }: Pick<Change, 'revision' | 'approvals'>,
  now: Now,
): Promise<readonly GivenApproval[]> {
  const given: GivenApproval[] = [];
  for (const one of approvals) {
    const because =
      one.revision === revision
        ? await whyOutgrown(context, opened, one.simulation, now, one.consequence)
        : `it got another content: revision ${revision}`;
    given.push({ ...one, holds: because === undefined, ...(because === undefined ? {} : { because }) });
  }
  return given;
}

/**
 * Why what somebody saw of a change is not what it is now: it does more, or what came between has to do with it. Undefined: it is.
 * @param seen digest of the simulation that they saw
 */
export async function whyOutgrown(
  context: EngineContext,
  opened: OpenedChanges,
  seen: string,
  { simulation, as }: Now,
  consequence?: string,
): Promise<string | undefined> {
  if (seen === as.digest) return undefined;
  const before = await keptSimulation(await context.stores.ledger(), seen);
  if (before === undefined) return 'what was found out then is not kept any more';
  if (consequence !== consequenceDigest(simulation)) {
    const [first, ...more] = grownBy(before, simulation);
    if (first !== undefined)
      return `it does more than then: ${first}${more.length > 0 ? ` and ${more.length} more` : ''}`;
  }
  return whyNotCommuting(context, opened, before, simulation.base);
}

/** What came to the followed ref since a simulation and has to do with the change. Undefined: nothing, in either order it is the same. */
export async function whyNotCommuting(
  context: EngineContext,
  opened: OpenedChanges,
  before: Simulation,
  on: string,
): Promise<string | undefined> {
  if (before.base === on) return undefined;
  const { repository } = opened;
  if (!(await commitsHeld(repository, [before.base])).has(before.base))
    return 'the commit that it was looked at on is not there any more';
  const compared = await compareRange(context, `${before.base}..${on}`, { as: opened.branch });
  const { comparison, views } = compared;
  const renames = new Map(comparison.moved.map(({ was, id }) => [was, id]));
  const graph = diff(views.before.graph, views.after.graph, { renames });
  const between = footprintOf(compared, graph, filesWithin(opened, await treeChanges(repository, before.base, on)));
  // Git put the two together already, or the change is blocked.
  const { is, over, more } = relationOf(before.footprint, between, undefined);
  if (is === 'commutes') return undefined;
  return `what came to ${opened.branch ?? 'the followed ref'} since has to do with it: ${over.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
