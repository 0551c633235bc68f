import { Hidden } from '../../../config/expression.ts';
import { type CheckInput, judgeCheck } from '../../../config/judge-check.ts';
import type { ComponentChecks, SetMember } from '../../../deploy/set.ts';
import { instancesOf } from '../../../graph/objects/instances.ts';
import type { DeclaredCheck } from '../../../model/check.ts';
import type { ComponentId, ComponentRow } from '../../../model/component.ts';
import { byCodeUnit } from '../../../model/digest.ts';
import { isUnknownValue } from '../../../model/evaluated.ts';
import { holdsKeyedDigest } from '../../../model/secrets/keyed-digest.ts';
import type { Outputs } from '../../../run/port.ts';
import type { KnownComponent } from '../../deployed/known-components.ts';
import { DeclaredBeside } from '../../objects/declared-beside.ts';
import { inputsOf } from '../../objects/judged-inputs.ts';
import type { DeployFacts } from '../deploy-facts.ts';

type Plain = Readonly<Record<string, unknown>>;

/** What must hold of a component after its run, and how that is judged; undefined where nothing is declared. */
export function checksOf(
  facts: DeployFacts,
  member: SetMember,
  component: KnownComponent,
): Pick<ComponentChecks, 'declared' | 'judge'> | undefined {
  const declared = declaredChecks(facts, component.row);
  if (declared.length === 0) return undefined;
  return {
    declared,
    judge: (check, outputs) => judgeCheck(check, inputOf(facts, member, component, outputs)),
  };
}

/** Adage's layout reads a type with its components; elsewhere a `component.yaml` stands beside the module, and is read now. */
function declaredChecks({ claims, estate }: DeployFacts, row: ComponentRow): readonly DeclaredCheck[] {
  if (row.layout === 'adage') return claims.get(row.id)?.run?.checks ?? [];
  return new DeclaredBeside(estate.view).of(row).declaration?.checks ?? [];
}

function inputOf(facts: DeployFacts, member: SetMember, component: KnownComponent, outputs: Outputs): CheckInput {
  const given = inputsOf(component.row, facts.claims.get(component.row.id));
  const config = given.get(member.deployment) ?? given.get('');
  return {
    outputs: Object.fromEntries(
      Object.entries(outputs).map(([name, { sensitive, value }]) => [
        name,
        sensitive ? new Hidden(`the output ${name}, which is a secret`) : value,
      ]),
    ),
    config: config === undefined ? new Hidden('the config, which was not evaluated') : shownOf(config),
    upstream: upstreamOf(facts, member, component),
  };
}

/** The evaluated config without what stands in it for secrets and for what only a run knows. */
function shownOf(value: unknown): unknown {
  if (typeof value === 'string') return holdsKeyedDigest(value) ? new Hidden('a secret of the config') : value;
  if (Array.isArray(value)) return value.map(shownOf);
  if (value === null || typeof value !== 'object') return value;
  if (isUnknownValue(value)) return new Hidden(`a value of the config that is ${value.$unknown}`);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shownOf(member)]));
}

/** Outputs of what it depends on: by object (`vpc/main`), and by the name that its files give the reference. */
function upstreamOf(facts: DeployFacts, member: SetMember, component: KnownComponent): Plain {
  const { view, runtimes } = facts;
  const { graph } = view;
  const lookup = runtimes.lookupFor(component, member.deployment);
  const objects = objectNames(facts);
  const found = new Map<string, Plain | Hidden>();
  const { outStart } = graph.adjacency;
  for (let edge = outStart[component.node] ?? 0; edge < (outStart[component.node + 1] ?? 0); edge++) {
    const { to, strength, consumesFrom } = graph.reference(edge);
    if (strength !== 'proven' || !facts.components.has(to)) continue;
    const outputs = outputsOf(to, Object.keys(consumesFrom), lookup);
    if (outputs === undefined) continue;
    const names = graph.evidence(edge).flatMap(({ site }) => nameIn(site) ?? []);
    for (const name of [...names.sort(byCodeUnit), objects.get(to) ?? to])
      if (!found.has(name)) found.set(name, outputs);
  }
  return Object.fromEntries(found);
}

/** The name of a reference, where a place in a file gives it one. */
function nameIn(site: string): string | undefined {
  const key = /^config#\/(?:.*\/)?(.+)_nickname$/.exec(site)?.[1];
  return key ?? /^(?:var|dependency|data\.terraform_remote_state)\.([\w-]+)/.exec(site)?.[1];
}

function outputsOf(
  provider: ComponentId,
  runtimes: readonly string[],
  lookup: ReturnType<DeployFacts['runtimes']['lookupFor']>,
): Plain | Hidden | undefined {
  let outputs: Record<string, unknown> | undefined;
  for (const runtime of [...runtimes].sort(byCodeUnit)) {
    const document = lookup(provider, runtime);
    if (document === undefined) return new Hidden(`outputs of ${provider}, which could not be read`);
    if (typeof document === 'string') return new Hidden(`outputs of ${provider}, which are secret`);
    if (document === null) continue;
    const { value, sealed = {} } = document;
    if (value === null || typeof value !== 'object') continue;
    const secrets = Object.keys(sealed).map((name) => [name, new Hidden(`${name} of ${provider}, which is a secret`)]);
    outputs = { ...outputs, ...value, ...Object.fromEntries(secrets) };
  }
  return outputs;
}

const knownNames = new WeakMap<DeployFacts, ReadonlyMap<ComponentId, string>>();

function objectNames(facts: DeployFacts): ReadonlyMap<ComponentId, string> {
  const known = knownNames.get(facts);
  if (known !== undefined) return known;
  const { byEnvironment } = instancesOf(facts.view.graph, facts.estate.view.settings.environments);
  const names = new Map<ComponentId, string>();
  for (const instances of byEnvironment.values())
    for (const { id, object, deployment } of instances.values()) if (deployment === '') names.set(id, object);
  knownNames.set(facts, names);
  return names;
}
