import { withSeverities } from '../../graph/finding-rules.ts';
import { type Comparison, compareEnds } from '../../graph/impact-of-change/compare.ts';
import type { RangeEnd } from '../../graph/impact-of-change/range-end.ts';
import { loadGrammar } from '../../hcl/parse.ts';
import { namesItsPlace } from '../../infer/terraform/reads-itself.ts';
import { byCodeUnit } from '../../model/digest.ts';
import { KarmaError } from '../../model/errors.ts';
import type { FindingRule } from '../../model/finding.ts';
import { findEstateRoot } from '../../observe/estate/estate-root.ts';
import { type RevisionRange, resolveRange, splitRange } from '../../observe/git/revision.ts';
import type { EngineContext } from '../context.ts';
import { readingOf } from '../reading.ts';
import type { EstateClaims } from '../view/estate-claims.ts';
import { claimsOf, viewOf } from '../view/load-view.ts';
import { type OpenedEstate, openEstate } from '../view/open-estate.ts';
import { sealOf } from '../view/seal.ts';
import { type ClaimedAs, type LoadedView, stampOf, type ViewStamp, viewBlindSpots } from '../view/view.ts';
import { cachedComparison } from './cached-comparison.ts';
import { handingsOf, type ResidentHandings } from './cached-handings.ts';
import { ChangedModules } from './changed-modules.ts';
import { endOf } from './end-of.ts';
import { handedOn } from './handed-on.ts';
import { idleGenerated } from './idle-generated.ts';
import { idleLocals } from './idle-locals.ts';
import { idleValues } from './idle-values.ts';
import { shapesAt } from './output-shapes.ts';
import { outsideReaders } from './outside-readers.ts';
import { publishedBy } from './published.ts';
import { changesIn, type RangeChanges } from './range-changes.ts';
import { readersIn } from './range-readers.ts';
import { mayHaveMoved, renamesIn } from './renames.ts';
import { needsGrammar, sameCodeBetween } from './same-code.ts';
import { type ResidentClaims, sharingClaims, stateOf, withResident } from './shared-claims.ts';
import { unreadBlindSpots } from './unread-inputs.ts';

export interface RangeAnswer {
  readonly before: ViewStamp;
  readonly after: ViewStamp;
  readonly comparison: Comparison;
  /** Other repositories of the estate, which are read at one position for both ends: no change of theirs is in the answer. */
  readonly fixed: readonly { readonly repository: string; readonly followed: string }[];
}

export interface ComparedRange extends RangeAnswer {
  readonly views: { readonly before: LoadedView; readonly after: LoadedView };
  readonly ends: { readonly before: RangeEnd; readonly after: RangeEnd };
}

/**
 * Compares the estate at both ends of a range: `REV` (to the work tree), `A..B`, or `A...B` (from where they parted). Both
 * ends share what earlier processes kept, so the second costs what differs.
 * @param as the branch that both ends are a state of, where they are named by their ids
 */
export async function compareRange(
  context: EngineContext,
  range: string,
  { as }: { readonly as?: string | undefined } = {},
): Promise<ComparedRange> {
  const { from, to, repository } = await endsOf(context, range);
  const branch = as === undefined ? {} : { as };
  const before = await openEstate(context, { at: from.commit ?? 'HEAD', ...branch });
  const after = await openEstate(context, to === undefined ? {} : { at: to.commit ?? 'HEAD', ...branch });
  const claims = await claimsOf(context);
  const views = {
    before: await viewOf(context, before, 'revision', { claims }),
    after: await viewOf(context, after, to === undefined ? 'worktree' : 'revision', { claims }),
  };
  const estates = { before, after };
  const changes = await changesIn(estates, { from, to, repository });
  const held = residentClaims(context, stateOf(before, views.before, readingOf(context)));
  let ends = {
    before: withResident(endOf(before, views.before, claims).end, held),
    after: endOf(after, views.after, claims).end,
  };
  const restsOn = [readingOf(context), (await sealOf(context))('comparison'), ...facts(estates, views)];
  const comparison = await cachedComparison(context.cache, restsOn, async () => {
    const compared = await compareViews(context, estates, views, changes, { claims, held });
    ends = compared.ends;
    return compared.comparison;
  });
  const judged = asJudged(comparison, after.karmaFile?.findings ?? []);
  return {
    before: stampOf(views.before),
    after: stampOf(views.after),
    views,
    fixed: fixedIn(after),
    comparison: judged,
    ends,
  };
}

/** Of the earlier end alone: where a process stays, that is mostly the followed commit, question after question. */
function residentClaims({ resident }: EngineContext, of: string): ResidentClaims | undefined {
  if (resident === undefined) return undefined;
  if (resident.claims?.of !== of) resident.claims = { of, claims: new Map() };
  return resident.claims;
}

/** Of the view that changes are followed from: it stays the same over many commits. */
function residentHandings({ resident }: EngineContext, claimedAs: ClaimedAs | undefined): ResidentHandings | undefined {
  if (resident === undefined || claimedAs === undefined) return undefined;
  const { of } = claimedAs;
  if (resident.handings?.of !== of) resident.handings = { of, handings: new Map() };
  return resident.handings;
}

/** How bad findings are is a matter of the later end's `karma.yaml`, and of no row. */
function asJudged(comparison: Comparison, rules: readonly FindingRule[]): Comparison {
  if (rules.length === 0) return comparison;
  const { findingsNew, findingsGone } = comparison;
  return {
    ...comparison,
    findingsNew: withSeverities(findingsNew, rules),
    findingsGone: withSeverities(findingsGone, rules),
  };
}

/** What a comparison of two ends rests on: where all of it is equal, so is the comparison. */
function facts(estates: Both<OpenedEstate>, views: Both<LoadedView>): unknown[] {
  const { karmaFile } = estates.after;
  return [
    ...(['before', 'after'] as const).map((end) => [estates[end].identity, views[end].hash, views[end].environment]),
    (karmaFile?.consumers ?? []).map((one, place) => [one, karmaFile?.lineOf(`/consumers/${place}`)]),
    karmaFile?.contracts ?? '',
    [karmaFile?.terraform.binary ?? '', karmaFile?.terragrunt.binary ?? ''],
  ];
}

function fixedIn({ observation }: OpenedEstate): RangeAnswer['fixed'] {
  return observation.opened
    .filter(({ name }) => name !== '')
    .map(({ name, followed }) => ({ repository: name, followed }))
    .sort((a, b) => byCodeUnit(a.repository, b.repository));
}

interface Both<T> {
  readonly before: T;
  readonly after: T;
}

/**
 * Kept graphs are compared with kept claims, asked for one by one. Where a claim that is needed is not kept any more, that
 * end is inferred in full and everything compared again: an answer never rests on a claim that was not there.
 */
async function compareViews(
  context: EngineContext,
  estates: Both<OpenedEstate>,
  views: Both<LoadedView>,
  changes: RangeChanges,
  { claims, held }: { readonly claims: EstateClaims; readonly held: ResidentClaims | undefined },
): Promise<Pick<ComparedRange, 'comparison' | 'ends'>> {
  const from = endOf(estates.before, views.before, claims);
  const before = { end: withResident(from.end, held), missed: from.missed };
  const after = endOf(estates.after, views.after, claims);
  const shapes = {
    before: shapesAt(before.end, estates.before.view),
    after: shapesAt(after.end, estates.after.view),
  };
  const { karmaFile } = estates.after;
  const [was, is] = [estates.before.view.main, estates.after.view.main];
  const files = { before: { end: before.end, view: was }, after: { end: after.end, view: is } };
  const moves = mayHaveMoved(files.before, files.after);
  if (moves || needsGrammar(changes.files.map(({ path }) => path))) await loadGrammar();
  const modules = new ChangedModules(was, is);
  const { sameCode, saysTheSame } = sameCodeBetween(was, is, modules);
  const blindSpots = viewBlindSpots(views.after);
  const readers = readersIn(changes, { before: before.end, after: after.end }, views);
  const shared = sharingClaims({ before: before.end, after: after.end }, estates, views, readers);
  const { claimedAs } = views.after;
  const handings = handingsOf(shared, claimedAs, context.cache, residentHandings(context, claimedAs));
  const comparison = compareEnds(before.end, after.end, {
    shapesOf: (end, id) => shapes[end](id),
    outside: outsideReaders(karmaFile),
    ...(karmaFile?.contracts === undefined ? {} : { contracts: karmaFile.contracts }),
    tools: {
      ...(karmaFile?.terraform.binary === undefined ? {} : { terraform: karmaFile.terraform.binary }),
      ...(karmaFile?.terragrunt.binary === undefined ? {} : { terragrunt: karmaFile.terragrunt.binary }),
    },
    sameCode,
    saysTheSame,
    sameUnitCode: idleLocals(was, is),
    namesItsPlace: (read) => namesItsPlace(is, read),
    unreadBlindSpots: unreadBlindSpots({ ...files, saysTheSame, blindSpots }),
    unfetched: changes.unfetched,
    idle: { value: idleValues(modules, after.end, is), generated: idleGenerated(modules, is) },
    onward: handedOn(after.end.graph, handings, modules),
    publishedBy: publishedBy(before.end, after.end, modules),
    readers,
    renames: moves ? renamesIn(files.before, files.after) : new Map(),
    blindSpots,
  });
  // What was made of it serves the next question, too.
  context.cache.flush();
  if (!before.missed() && !after.missed()) return { comparison, ends: { before: before.end, after: after.end } };
  const full = (missed: boolean, side: keyof Both<unknown>) =>
    missed ? viewOf(context, estates[side], views[side].kind, { claims, needsClaims: true }) : views[side];
  const again = { before: await full(before.missed(), 'before'), after: await full(after.missed(), 'after') };
  return compareViews(context, estates, again, changes, { claims, held });
}

async function endsOf(
  context: EngineContext,
  range: string,
): Promise<RevisionRange & { readonly repository: NonNullable<ReturnType<typeof findEstateRoot>['repository']> }> {
  const { cwd, configFile } = context.request;
  const { repository, folder } = findEstateRoot({ cwd, configFile });
  if (repository === undefined)
    throw new KarmaError('KARMA_USAGE', `${folder} is no Git repository, so there is nothing to compare`, {
      hint: 'Karma compares Git revisions: `git init`, or ask in a checkout',
    });
  const resolved = await resolveRange(repository, range);
  const split = splitRange(range);
  // `main...` means up to HEAD: a merge base is a question about commits.
  if (split?.mergeBase === true && resolved.to === undefined)
    return { ...(await resolveRange(repository, `${range}HEAD`)), repository };
  return { ...resolved, repository };
}
