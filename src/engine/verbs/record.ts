import { list, object, text } from '../../config/shape-parts.ts';
import { type PlanReading, readPlan, recordFromPlan } from '../../consequence/reconstruct/plan.ts';
import { asList, asObject, asText } from '../../consequence/reconstruct/read.ts';
import { type ReportedRun, readRunReport } from '../../consequence/reconstruct/run-report.ts';
import { emptyInputs } from '../../consequence/reconstruct/state.ts';
import { runActions } from '../../consequence/run-events.ts';
import { appendWithRecord } from '../../deploy/records.ts';
import { find } from '../../graph/operations/find.ts';
import { byCodeUnit, digestOf } from '../../model/digest.ts';
import { KarmaError } from '../../model/errors.ts';
import type { EventDraft } from '../../model/event.ts';
import { parseExactJson } from '../../model/exact-number.ts';
import { deploymentKey, type RunRecord } from '../../model/record.ts';
import type { EngineContext } from '../context.ts';
import { componentOf, deploymentNamed } from '../deployed/deployment-named.ts';
import type { KnownComponent } from '../deployed/known-components.ts';
import { leftForReaders } from '../deployed/left-for-readers.ts';
import { observedState, whatElse } from '../deployed/observed-state.ts';
import { configRead, readResolver, reconstructRecord, referencesOf } from '../deployed/reconstruct-record.ts';
import type { StateOwner } from '../deployed/state-names.ts';
import { type StatusFacts, statusFacts } from '../deployed/status-facts.ts';
import { takeHistory } from '../history/tell-history.ts';
import { workingDirectoryOf } from '../view/view.ts';
import { defineVerb } from './verb.ts';

export interface RecordQuery {
  readonly files: readonly { readonly name: string; readonly text: string }[];
  /** Whose runs they were, where the file does not say: an id, or `id@deployment`. */
  readonly component?: string;
  readonly runBy?: string;
}

export interface RecordedRunLine {
  readonly file: string;
  readonly kind: RunRecord['source'];
  readonly component: string;
  readonly deployment: string;
  readonly outcome: 'recorded' | 'already recorded';
  readonly run: RunRecord['outcome'];
  readonly consumed: number;
  readonly outputs: number;
  readonly notes: readonly string[];
}

export interface RecordAnswer {
  readonly recorded: readonly RecordedRunLine[];
  /** Units of a run report that did not run, or that no component is called like. */
  readonly passedOver: readonly { readonly file: string; readonly name: string; readonly reason: string }[];
}

/** What a file says of one run, before it is kept. */
interface Reading {
  readonly file: string;
  readonly record: RunRecord;
  readonly environment: string;
}

/**
 * Runs made by others become records in the ledger: what a plan, a state, outputs or a run report shows of them, digest by
 * digest. No value of the file is kept. Recording the same run twice is nothing.
 */
export async function record(context: EngineContext, query: RecordQuery): Promise<RecordAnswer> {
  const seal = await context.stores.seal('keep');
  const facts = await statusFacts(context, {});
  const passedOver: RecordAnswer['passedOver'][number][] = [];
  const readings: Reading[] = [];
  for (const { name, text } of query.files) {
    const document = documentIn(name, text);
    const runs = readRunReport(document);
    if (runs === undefined) readings.push(readOne(context, { ...facts, seal }, query, name, document));
    else readings.push(...readReport({ ...facts, seal }, query, name, runs, passedOver));
  }
  if (facts.view.estate !== undefined) await takeHistory(context, facts.view);
  const recorded: RecordedRunLine[] = [];
  for (const reading of readings) recorded.push(await keep(context, facts, reading, query.runBy));
  return { recorded, passedOver };
}

function documentIn(name: string, text: string): unknown {
  try {
    return parseExactJson(text);
  } catch (cause) {
    throw new KarmaError('KARMA_INPUT_INVALID', `${name} is no JSON`, { hint: insteadOf(text), cause });
  }
}

/** What people give by mistake, and what to give. */
function insteadOf(text: string): string {
  if (text.startsWith('PK')) return 'it is a plan file: give what `terraform show -json <plan>` prints of it';
  if (/^\s*\{"@level"/.test(text))
    return 'it is the log of a run: give what `terraform show -json <plan>` or `terraform output -json` prints';
  if (text.trim() === '') return 'it is empty: the command that should have printed it failed';
  return usual;
}

const usual =
  'give what `terraform state pull`, `terraform output -json` or `terraform show -json <plan>` prints, or a Terragrunt run report';

function readOne(
  context: EngineContext,
  facts: StatusFacts,
  query: RecordQuery,
  file: string,
  document: unknown,
): Reading {
  const at = context.now();
  const plan = readPlan(document, facts.seal);
  const observation =
    plan === undefined ? observedState({ document, file, modifiedAt: at, own: false }, facts.seal) : undefined;
  if (observation !== undefined && 'reason' in observation)
    throw new KarmaError('KARMA_INPUT_INVALID', `${file} is of no use: ${whatElse(document)}`, {
      hint: usual,
    });
  const owner = ownerOf(facts, query, file, document);
  const component = componentOf(facts, owner.component);
  const record =
    observation === undefined
      ? recordOfPlan(facts, component, owner.deployment, { plan, document, at })
      : reconstructRecord(facts, component, owner.deployment, observation);
  return { file, record, environment: component.row.environment };
}

function recordOfPlan(
  facts: StatusFacts,
  component: KnownComponent,
  deployment: string,
  { plan, document, at }: { readonly plan: PlanReading | undefined; readonly document: unknown; readonly at: string },
): RunRecord {
  const object = asObject(document);
  if (plan === undefined || object?.['errored'] === true)
    throw new KarmaError('KARMA_INPUT_INVALID', 'the plan did not come to an end, so nothing was applied from it', {
      hint: 'record the plan that was applied',
    });
  const { row, node } = component;
  const given = {
    component: row.id,
    deployment,
    seal: facts.seal,
    resolve: readResolver(facts, component, deployment),
    at: asText(object?.['timestamp']) ?? at,
    dependsOn: [...new Set(referencesOf(facts.view, node).map(({ to }) => to))].sort(byCodeUnit),
  };
  const config = configRead(plan.reads, component, facts.seal);
  return {
    ...recordFromPlan(plan, given),
    ...leftForReaders(facts.view, node, leftBy(plan), facts.seal),
    ...(config === undefined ? {} : { config }),
    ...(destroysAll(object) ? { action: 'destroy' as const } : {}),
  };
}

/** What only the apply could tell is not known here either. */
function leftBy({ outputs, digests, sensitive, unknown }: PlanReading): Parameters<typeof leftForReaders>[2] {
  const hidden = sensitive.flatMap((name) => (digests[name] === undefined ? [] : [[name, digests[name]] as const]));
  const untold = unknown.map((name) => [name, undefined] as const);
  return { document: { value: outputs, sensitive: [] }, keyed: Object.fromEntries([...hidden, ...untold]) };
}

/** A plan made with `-destroy`: nothing is left of what it plans. */
function destroysAll(plan: Readonly<Record<string, unknown>> | undefined): boolean {
  const changes = asList(plan?.['resource_changes'])
    .map((one) => asObject(one))
    .filter((one) => one?.['mode'] !== 'data');
  const planned = asObject(asObject(plan?.['planned_values'])?.['root_module']);
  if (
    changes.length === 0 ||
    asList(planned?.['resources']).length > 0 ||
    asList(planned?.['child_modules']).length > 0
  )
    return false;
  return changes.every((one) => asList(asObject(one?.['change'])?.['actions']).join() === 'delete');
}

/** Whose run a file tells of: `--component`, else its name inside the estate, else the lineage of its state. */
function ownerOf(facts: StatusFacts, query: RecordQuery, file: string, document: unknown): StateOwner {
  if (query.component !== undefined) return deploymentNamed(facts, query.component);
  const lineage = asText(asObject(document)?.['lineage']);
  for (const { last } of facts.records.values())
    if (lineage !== undefined && lineage !== '' && last.state?.lineage === lineage)
      return { component: last.component, deployment: last.deployment };
  const found = facts.observed.names.find(placeInEstate(facts, file));
  if (found.kind === 'one') return found.owner;
  throw new KarmaError('KARMA_USAGE', `whose run ${file} tells of is not said`, {
    hint:
      found.kind === 'several'
        ? `add --component with one of: ${found.components.slice(0, 6).join(', ')}`
        : 'add --component <id>; `karma list` shows the ids',
  });
}

function placeInEstate({ view }: StatusFacts, file: string): string {
  const from = workingDirectoryOf(view);
  return from === '' || file.startsWith('/') ? file.replace(/^\.\//, '') : `${from}/${file.replace(/^\.\//, '')}`;
}

/** A report says that units ran and how it went; what their states show beside that is taken along. */
function readReport(
  facts: StatusFacts,
  query: RecordQuery,
  file: string,
  runs: readonly ReportedRun[],
  passedOver: RecordAnswer['passedOver'][number][],
): Reading[] {
  const readings: Reading[] = [];
  for (const run of runs) {
    if (run.outcome === 'not run') {
      passedOver.push({ file, name: run.name, reason: run.reason ?? 'it did not run' });
      continue;
    }
    const component = unitOf(facts, query.component, run.name);
    if (component === undefined) passedOver.push({ file, name: run.name, reason: 'no component is called so' });
    else readings.push({ file, record: recordOfReport(facts, component, run), environment: component.row.environment });
  }
  return readings;
}

/** Units are named by their path from where the run began: `--component` may say which folder that was. */
function unitOf(facts: StatusFacts, base: string | undefined, name: string): KnownComponent | undefined {
  const tried = base === undefined ? [name] : [`${base.replace(/\/+$/, '')}/${name}`, name];
  for (const text of tried) {
    const found = find(facts.view.graph, text, { workingDirectory: workingDirectoryOf(facts.view) });
    const [node] = found.found && (found.by === 'id' || found.by === 'suffix') ? found.nodes : [];
    if (node !== undefined) return facts.components.get(facts.view.graph.id(node));
  }
  return undefined;
}

function recordOfReport(facts: StatusFacts, component: KnownComponent, run: ReportedRun): RunRecord {
  const deployment = facts.deploymentsOf(component)[0] ?? '';
  const at = run.ended ?? run.started ?? '';
  const shown = run.outcome === 'finished' ? facts.reconstructed(component, deployment) : undefined;
  if (shown !== undefined) return { ...shown, at, notes: [...(shown.notes ?? []), 'a run report tells when it ran'] };
  return {
    ...emptyInputs({ component: component.row.id, deployment }),
    id: `report:${digestOf([component.row.id, at, run.outcome]).slice(0, 16)}`,
    action: 'apply',
    source: 'run-report',
    reconstructed: true,
    at,
    outcome: run.outcome === 'failed' ? 'failed' : 'finished',
    outputs: {},
    version: digestOf({ report: at, outcome: run.outcome }),
    dependsOn: [...new Set(referencesOf(facts.view, component.node).map(({ to }) => to))].sort(byCodeUnit),
    notes: [run.reason ?? 'a run report shows nothing of what was consumed or made'],
  };
}

async function keep(
  context: EngineContext,
  facts: StatusFacts,
  { file, record: read, environment }: Reading,
  runBy: string | undefined,
): Promise<RecordedRunLine> {
  const made: RunRecord = runBy === undefined ? read : { ...read, actor: runBy };
  const before = facts.records.get(deploymentKey(made.component, made.deployment));
  const same = before?.last.id === made.id && before.last.version === made.version;
  const line = {
    file,
    kind: made.source,
    component: made.component,
    deployment: made.deployment,
    run: made.outcome,
    consumed: made.consumed.length,
    outputs: Object.keys(made.outputs).length,
    notes: made.notes ?? [],
  };
  if (same && made.source !== 'outputs') return { ...line, outcome: 'already recorded' };
  const ledger = await context.stores.ledger();
  const draft: EventDraft = {
    action: runActions.recorded,
    actor: context.actor,
    door: context.door,
    subject: made.component,
    ...(environment === '' ? {} : { environment }),
    outcome: made.outcome === 'failed' ? 'failed' : 'ok',
    at: context.now(),
    details: { record: made },
  };
  await appendWithRecord(ledger, [draft], made);
  return { ...line, outcome: 'recorded' };
}

export const recordVerb = defineVerb({
  about: 'Records runs made by others: a state, outputs, a plan as JSON or a Terragrunt run report.',
  query: object(
    'What is known of them.',
    {
      files: list(
        'Documents.',
        object('One.', { name: text('What it is called.'), text: text('What it holds.') }, 'name', 'text'),
      ),
      component: text('Whose run it was, where the document does not say.'),
      runBy: text('Who ran it.'),
    },
    'files',
  ),
  writes: 'ledger',
  run: (context, query) => record(context, query),
});
