import { documentReader, readEffectiveConfig } from '../../../config/effective-config.ts';
import { isJsonObject, type JsonObject } from '../../../config/merge-patch.ts';
import { parseObject } from '../../../consequence/reconstruct/read.ts';
import type { ComponentWork, SetMember } from '../../../deploy/set.ts';
import { byCodeUnit } from '../../../model/digest.ts';
import { KarmaError } from '../../../model/errors.ts';
import type { RunSetup } from '../../../model/run-setup.ts';
import { valueDigest } from '../../../model/secrets/value-digest.ts';
import { keySecrets } from '../../../model/secrets/values.ts';
import type { Outputs } from '../../../run/port.ts';
import { leavesOf } from '../../../run/redact.ts';
import { type ChosenVariables, chooseVariables } from '../../../run/variables.ts';
import { type KnownComponent, ownRuntime } from '../../deployed/known-components.ts';
import { bindingOf } from '../../deployed/placement.ts';
import { referencesOf } from '../../deployed/reconstruct-record.ts';
import { publishedName } from '../../deployed/runtimes.ts';
import type { DeployFacts } from '../deploy-facts.ts';
import { isDestroyed } from './absent.ts';
import type { AdageRun, Program } from './finish-work.ts';
import { finishWork, type WorkOptions } from './finish-work.ts';
import { moduleFolder } from './module-folder.ts';
import { selfPublishedJob } from './self-published.ts';

export async function adageWork(
  facts: DeployFacts,
  member: SetMember,
  component: KnownComponent,
  setup: RunSetup,
  options: WorkOptions,
): Promise<ComponentWork> {
  const { row } = component;
  const binding = bindingFor(facts, member, component);
  const runtime = ownRuntime(component) ?? `${setup.prefix}/${row.type}/${row.nickname}/runtime`;
  await facts.live.refresh(binding, namesRead(facts, component, setup, runtime));
  const config = configOf(facts, component);
  const module = await moduleFolder(facts, row.module);
  const own = ownVariables(facts, component, setup);
  const run: AdageRun = { facts, member, component, setup, binding, module, own, config };
  const secrets = secretsIn(config, setup.sensitive);
  const program: Program = setup.selfPublishing ? await selfPublishedJob(run) : plainJob(run, options);
  const store = await facts.live.store(binding);
  const outputs = memberOutputs(facts, binding, runtime);
  return finishWork(facts, member, component, {
    options,
    setup,
    module,
    secrets,
    ...program,
    outputsNow: outputs.digests ?? (setup.selfPublishing ? undefined : {}),
    runtimeExists: Object.keys(outputs.digests ?? {}).length > 0,
    runtime: outputs.value,
    ...(setup.selfPublishing ? { readBack: () => readBack(run, runtime) } : { publish: { store, name: runtime } }),
    place: { runtime },
  });
}

/** The account a member lives in. @throws KARMA_REFUSED when nothing says which */
function bindingFor({ estate }: DeployFacts, { deployment }: SetMember, { row }: KnownComponent): string {
  return deployment === '' ? bindingOf(estate.view, row, undefined) : deployment;
}

/** Every parameter that the inputs of a run are told from. */
function namesRead(
  { view, components }: DeployFacts,
  { node, runtimes }: KnownComponent,
  { handed }: RunSetup,
  runtime: string,
): readonly string[] {
  const names = new Set([runtime, runtime.replace(/\/runtime$/, '/config'), ...runtimes, ...Object.values(handed)]);
  const { outStart } = view.graph.adjacency;
  for (let edge = outStart[node] ?? 0; edge < (outStart[node + 1] ?? 0); edge++) {
    const { to, consumesFrom } = view.graph.reference(edge);
    for (const name of Object.keys(consumesFrom)) names.add(publishedName(components.get(to), name));
  }
  return [...names].filter((name) => name.startsWith('/')).sort(byCodeUnit);
}

/** Findings of a config that make its meaning unsure. */
const unsure: ReadonlySet<string> = new Set([
  'schema-violation',
  'json-unreadable',
  'json-duplicate-key',
  'extends-broken',
  'file-too-large',
]);

function configOf({ view, estate }: DeployFacts, { row }: KnownComponent): JsonObject {
  const broken = view.graph
    .findings()
    .find(({ code, severity, subject }) => severity === 'error' && subject === row.id && unsure.has(code));
  if (broken !== undefined)
    throw new KarmaError('KARMA_REFUSED', `${row.id}: ${broken.message}`, {
      hint: `\`karma explain ${broken.code}\` says more`,
    });
  const colon = row.path.indexOf(':');
  const repo = estate.view.repos.get(colon < 0 ? '' : row.path.slice(0, colon));
  if (repo === undefined || row.attributes['source'] === 'published') return {};
  const { value } = readEffectiveConfig(row.id, documentReader(repo), repo.repo);
  return isJsonObject(value) ? value : {};
}

function ownVariables(
  { context }: DeployFacts,
  { row }: KnownComponent,
  { prefix, region }: RunSetup,
): Readonly<Record<string, string>> {
  const where = region ?? context.env['AWS_REGION'] ?? context.env['AWS_DEFAULT_REGION'];
  return {
    component_name: row.type,
    nickname: row.nickname,
    environment: row.environment,
    iac_prefix: prefix,
    ...(where === undefined ? {} : { region: where }),
  };
}

/** A plain module gets exactly the variables it declares, by name. */
function plainJob(run: AdageRun, options: WorkOptions): Program {
  const { facts, component, setup, binding, own, config } = run;
  let refusal: KarmaError | undefined;
  const declared = facts.view.graph.types().get(component.row.module)?.variables ?? [];
  const references: Record<string, unknown> = {};
  for (const [name, meant] of Object.entries(setup.handed)) {
    const parameter = standingFor(run, name, meant);
    const value = runtimeAt(run, parameter);
    references[name] = value ?? {};
    if (value === undefined && options.action === 'apply')
      refusal ??= new KarmaError(
        'KARMA_REFUSED',
        `it is handed ${parameter}, and there is no such runtime in ${binding}`,
        { hint: 'deploy what publishes it first' },
      );
  }
  const chosen = chooseVariables(declared, { own: { ...own, config }, references, config });
  const values = options.action === 'destroy' ? withNulls(chosen) : required(chosen);
  const secretNames = new Set(setup.sensitive.map((pointer) => pointer.split('/')[1]));
  const sensitive = [...new Set([...chosen.sensitive, ...Object.keys(values).filter((name) => secretNames.has(name))])];
  // What it is handed of others is compared pointer by pointer; here only that it is handed.
  const handed = { own, references: Object.keys(references).sort(byCodeUnit) };
  return { variables: values, sensitive, handed, ...(refusal === undefined ? {} : { refusal }) };
}

function required({ values, missing }: ChosenVariables): Readonly<Record<string, unknown>> {
  if (missing.length === 0) return values;
  throw new KarmaError('KARMA_REFUSED', `nothing gives its module a value for ${missing.join(', ')}`, {
    hint: 'add the key to the config, or give the variable a default',
  });
}

/** What is destroyed needs no values any more, only that there are some. */
function withNulls({ values, missing }: ChosenVariables): Readonly<Record<string, unknown>> {
  return { ...values, ...Object.fromEntries(missing.map((name) => [name, null])) };
}

/** The runtime that a variable is handed: the one its config names, or that of a component of a type that extends the named one. */
function standingFor({ facts, component }: AdageRun, variable: string, meant: string): string {
  const { graph } = facts.view;
  const { outStart } = graph.adjacency;
  let found: string | undefined;
  for (let edge = outStart[component.node] ?? 0; edge < (outStart[component.node + 1] ?? 0); edge++) {
    const [own] = Object.keys(graph.reference(edge).consumesFrom).filter((name) => name.startsWith('/'));
    if (Object.hasOwn(graph.reference(edge).consumesFrom, meant)) return meant;
    if (own !== undefined && graph.evidence(edge).some(({ site }) => site === `var.${variable}`)) found ??= own;
  }
  return found ?? meant;
}

function runtimeAt({ facts, component, member, binding }: AdageRun, parameter: string): JsonObject | undefined {
  const text = facts.live.text(binding, parameter);
  const value = text === undefined ? undefined : parseObject(text);
  if (value === undefined) return undefined;
  if (Object.keys(value).length > 0) return value as JsonObject;
  // What was destroyed left a runtime of nothing; so does a module without outputs, and that one is there.
  const wasDestroyed = referencesOf(facts.view, component.node).some(
    ({ to, consumesFrom }) =>
      Object.hasOwn(consumesFrom, parameter) &&
      isDestroyed(facts, to, facts.runtimes.counterpart(to, member.deployment) ?? ''),
  );
  return wasDestroyed ? undefined : {};
}

interface MemberOutputs {
  readonly digests: Readonly<Record<string, string>> | undefined;
  readonly value: Readonly<Record<string, unknown>>;
}

/** The outputs of a published runtime; no digests where it cannot be read, or is not there. */
function memberOutputs({ live, seal }: DeployFacts, binding: string, parameter: string): MemberOutputs {
  const text = live.text(binding, parameter);
  const value = text === undefined ? undefined : parseObject(text);
  if (value === undefined) return { digests: undefined, value: {} };
  return {
    digests: Object.fromEntries(Object.entries(value).map(([name, one]) => [name, valueDigest([name], one, seal)])),
    value,
  };
}

/** What a module published itself, read when its run is over. */
async function readBack({ facts, binding, component }: AdageRun, runtime: string): Promise<Outputs | undefined> {
  await facts.live.refresh(binding, [runtime, ...component.runtimes.filter((name) => name.startsWith('/'))]);
  const text = facts.live.text(binding, runtime);
  const value = text === undefined ? undefined : parseObject(text);
  if (value === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      { sensitive: false, digest: valueDigest([name], one, facts.seal), value: one },
    ]),
  );
}

/** Everything in a config that looks like a secret or is declared one. */
export function secretsIn(config: JsonObject, sensitive: readonly string[]): readonly string[] {
  const found: string[] = [];
  keySecrets(config, sensitive, (secret) => {
    found.push(secret);
    return '';
  });
  return leavesOf(found);
}
