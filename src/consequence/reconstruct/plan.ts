import { digestOf } from '../../model/digest.ts';
import type { Digest, RunRecord, Seal } from '../../model/record.ts';
import { valueDigest } from '../../model/secrets/value-digest.ts';
import { asList, asObject, asText, type JsonObject } from './read.ts';
import { consumedBy, type RuntimeRead, readOf } from './reads.ts';
import { emptyInputs, type Reconstruction } from './state.ts';

/** What `terraform show -json <plan>` shows of a run that somebody else made from it. The document is secret; this is not. */
export interface PlanReading {
  readonly terraformVersion: string;
  readonly digests: Readonly<Record<string, Digest>>;
  /** Outputs that are known and not sensitive, as values. */
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly sensitive: readonly string[];
  /** Outputs that only the apply could tell. */
  readonly unknown: readonly string[];
  readonly variables: Digest;
  readonly reads: readonly RuntimeRead[];
  readonly resourcesChanged: number;
}

export function readPlan(document: unknown, seal: Seal): PlanReading | undefined {
  const plan = asObject(document);
  if (plan === undefined || asText(plan.format_version) === undefined || !('planned_values' in plan)) return undefined;
  const planned = asObject(asObject(plan.planned_values)?.outputs) ?? {};
  const digests: Record<string, Digest> = {};
  const outputs: Record<string, unknown> = {};
  const sensitive: string[] = [];
  const unknown: string[] = [];
  for (const name of Object.keys(planned).sort()) {
    const output = asObject(planned[name]) ?? {};
    if (!('value' in output)) {
      unknown.push(name);
      continue;
    }
    if (output.sensitive === true) sensitive.push(name);
    else outputs[name] = output.value;
    digests[name] = output.sensitive === true ? seal(output.value) : valueDigest([name], output.value, seal);
  }
  const modules = [asObject(plan.prior_state)?.values, plan.planned_values];
  return {
    terraformVersion: asText(plan.terraform_version) ?? '',
    digests,
    outputs,
    sensitive,
    unknown,
    variables: seal(plan.variables ?? {}),
    reads: modules.flatMap((one) => readsOfModule(asObject(asObject(one)?.root_module))),
    resourcesChanged: asList(plan.resource_changes).filter(changesResource).length,
  };
}

/** Data blocks of a module and of those it calls. */
function readsOfModule(module: JsonObject | undefined): RuntimeRead[] {
  if (module === undefined) return [];
  const own = asList(module.resources).flatMap((raw) => {
    const resource = asObject(raw);
    const values = asObject(resource?.values);
    if (resource?.mode !== 'data' || values === undefined) return [];
    const read = readOf(asText(resource.type) ?? '', values);
    return read === undefined ? [] : [read];
  });
  return [...own, ...asList(module.child_modules).flatMap((one) => readsOfModule(asObject(one)))];
}

function changesResource(raw: unknown): boolean {
  const change = asObject(raw);
  if (change?.mode === 'data') return false;
  const actions = asList(asObject(change?.change)?.actions);
  return actions.length > 0 && !actions.every((one) => one === 'no-op' || one === 'read');
}

/** A record out of a plan that was applied as it is. */
export function recordFromPlan(plan: PlanReading, given: Reconstruction): RunRecord {
  return {
    ...emptyInputs(given),
    id: `plan:${digestOf([plan.digests, plan.variables, given.at]).slice(0, 16)}`,
    action: 'apply',
    source: 'plan',
    reconstructed: true,
    at: given.at,
    outcome: 'finished',
    binary: plan.terraformVersion === '' ? undefined : `terraform ${plan.terraformVersion}`,
    variables: plan.variables,
    consumed: consumedBy(plan.reads, given.resolve, given.seal),
    outputs: plan.digests,
    version: digestOf(plan.digests),
    resourcesChanged: plan.resourcesChanged,
    dependsOn: given.dependsOn,
    notes: plan.unknown.map((name) => `the plan did not know its output ${name}`),
  };
}
