import { byCodeUnit } from '../model/digest.ts';
import type { Seal } from '../model/record.ts';
import type { ChangeCounts } from '../model/run.ts';
import { valueDigest } from '../model/secrets/value-digest.ts';
import type { OutputValue, Plan, ValueChange } from './port.ts';
import { leavesOf, makeRedactor, markedLeaves, type Redactor } from './redact.ts';
import { valueChanges } from './value-changes.ts';

/**
 * What `terraform show -json <plan>` says. The document holds secrets in clear (values, variables, data sources); what leaves
 * here is counts, addresses, digests, values of outputs that are not sensitive, and the list of what must not be logged.
 */
export type PlanFacts = Omit<Plan, 'mode' | 'file' | 'digest' | 'anyChange'>;

type Json = Readonly<Record<string, unknown>>;

export function readPlanDocument(document: unknown, seal: Seal): PlanFacts {
  const plan = object(document);
  const changes = list(plan['resource_changes']).map(object);
  const managed = changes.filter((one) => one['mode'] !== 'data');
  const outputs = object(plan['output_changes']);
  const planned = plannedOutputs(object(object(plan['planned_values'])['outputs']), outputs, seal);
  const secrets = secretsOf(plan, changes, outputs);
  const hide = makeRedactor(secrets);
  return {
    changes: count(managed),
    resources: resourcesOf(managed, hide),
    drifted: list(plan['resource_drift']).map(object).filter(isChange).map(addressOf).sort(byCodeUnit),
    ...planned,
    outputChanges: outputChangesOf(outputs, hide),
    droppedOutputs: droppedIn(outputs),
    stateEmpty: stateEmpty(object(object(plan['prior_state'])['values']), outputs),
    secrets,
  };
}

function actionsOf(change: Json): readonly unknown[] {
  return list(object(change['change'])['actions']);
}

function isChange(change: Json): boolean {
  return !actionsOf(change).every((one) => one === 'no-op' || one === 'read');
}

function addressOf(change: Json): string {
  return String(change['address'] ?? '');
}

function count(managed: readonly Json[]): ChangeCounts {
  const having = (action: string) => managed.filter((one) => actionsOf(one).includes(action)).length;
  return { add: having('create'), change: having('update'), destroy: having('delete') + having('forget') };
}

function resourcesOf(managed: readonly Json[], hide: Redactor): Plan['resources'] {
  return managed
    .filter(isChange)
    .map((one) => {
      const actions = actionsOf(one);
      const action = actions.length > 1 ? 'replace' : String(actions[0]);
      return { address: addressOf(one), action, values: valueChanges(object(one['change']), hide) };
    })
    .sort((a, b) => byCodeUnit(a.address, b.address));
}

/** The value of an output that is not known yet stands in neither place. */
function plannedOutputs(planned: Json, changes: Json, seal: Seal): Pick<PlanFacts, 'outputs' | 'unknownOutputs'> {
  const outputs: Record<string, OutputValue> = {};
  const unknownOutputs: string[] = [];
  for (const name of Object.keys(planned).sort(byCodeUnit)) {
    const output = object(planned[name]);
    const unknown = object(changes[name])['after_unknown'];
    if (!('value' in output) || hasTrue(unknown)) {
      // Null outputs come without value too; only the change tells them from what is not known.
      if (hasTrue(unknown) || !(name in changes)) {
        unknownOutputs.push(name);
        continue;
      }
    }
    const value = output['value'] ?? null;
    // Terraform keeps no output that is null: after an apply there is none, so there is none in a plan that changes nothing.
    if (value === null) continue;
    outputs[name] =
      output['sensitive'] === true
        ? { sensitive: true, digest: seal(value) }
        : { sensitive: false, digest: valueDigest([name], value, seal), value };
  }
  return { outputs, unknownOutputs };
}

function outputChangesOf(outputs: Json, hide: Redactor): readonly ValueChange[] {
  return Object.entries(outputs)
    .filter(([, one]) => !list(object(one)['actions']).every((action) => action === 'no-op'))
    .flatMap(([name, one]) => valueChanges(nestedIn(name, object(one)), hide))
    .sort((a, b) => byCodeUnit(a.path, b.path));
}

/** Under its name, so that one that is named like a secret is taken for one. */
function nestedIn(name: string, change: Json): Json {
  return Object.fromEntries(Object.entries(change).map(([side, value]) => [side, { [name]: value }]));
}

function hasTrue(marks: unknown): boolean {
  if (marks === true) return true;
  return marks !== null && typeof marks === 'object' && Object.values(marks).some(hasTrue);
}

/** Taken out of the module, or null from now on. */
function droppedIn(changes: Json): string[] {
  return Object.entries(changes)
    .filter(([, one]) => {
      const { actions, before, after, after_unknown: unknown } = object(one);
      const isNull = (after ?? null) === null && (before ?? null) !== null && !hasTrue(unknown);
      return list(actions).includes('delete') || isNull;
    })
    .map(([name]) => name)
    .sort(byCodeUnit);
}

/** Data blocks read while planning stand in the prior state too, and so do outputs: neither says that anything is there. */
function stateEmpty(prior: Json, outputs: Json): boolean {
  const noOutput = Object.values(outputs).every((one) => (object(one).before ?? null) === null);
  return noOutput && !hasManaged(object(prior['root_module']));
}

function hasManaged(module: Json): boolean {
  return (
    list(module['resources']).some((one) => object(one)['mode'] === 'managed') ||
    list(module['child_modules']).some((one) => hasManaged(object(one)))
  );
}

/** By `before_sensitive` and `after_sensitive`, by sensitive outputs, and by variables the module declares sensitive. */
function secretsOf(plan: Json, changes: readonly Json[], outputs: Json): string[] {
  const found: string[] = [];
  for (const one of [...changes.map((change) => object(change['change'])), ...Object.values(outputs).map(object)]) {
    markedLeaves(one['before'], one['before_sensitive'], found);
    markedLeaves(one['after'], one['after_sensitive'], found);
  }
  const declared = object(object(object(plan['configuration'])['root_module'])['variables']);
  const given = object(plan['variables']);
  for (const [name, variable] of Object.entries(declared)) {
    if (object(variable)['sensitive'] === true) leavesOf(object(given[name])['value'], found);
  }
  return [...new Set(found)].sort(byCodeUnit);
}

function object(value: unknown): Json {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Json) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
