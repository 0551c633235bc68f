import type { Value } from '../../../hcl/value.ts';
import type { Provide } from '../../../model/claim.ts';
import { byCodeUnit } from '../../../model/digest.ts';
import type { Evidence } from '../../../model/evidence.ts';
import { partKeys } from '../../partly-known.ts';
import { blockProvides } from '../../rules/block-rules.ts';
import { givenArgument, rule as lookupRule, nameProvides } from '../../rules/lookup-by-name.ts';
import { componentProvide } from '../../rules/nickname-key.ts';
import { parseParameterName, runtimeName } from '../../rules/parameter-name.ts';
import { kindKey, provideUnder } from '../../rules/subject.ts';
import type { DataQuery, ModuleInstance } from '../../terraform/instance.ts';
import { parameterWrites } from '../../terraform/parameters.ts';
import { queriesOf } from '../../terraform/queries.ts';
import { withoutKeys } from '../../terraform/sinks.ts';
import type { ComponentFacts } from './component-facts.ts';
import type { Gathered } from './gathered.ts';
import type { TypeModule } from './type-module.ts';

/** What a component can be read or found by: its runtimes, its config, itself, the names of what it makes. */
export function componentProvides(facts: ComponentFacts, gathered: Gathered): readonly Provide[] {
  const { subject, type } = facts;
  const runtime = runtimeName(subject.prefix, subject.type, subject.nickname);
  const evidence: Evidence = { rule: 'config', ...facts.site('') };
  const config = `${subject.prefix}/${subject.type}/${subject.nickname}/config`;
  const parameters = [
    ...provideUnder('param', subject, config, { runtime: config, alsoWritten: true, evidence }),
    ...runtimes(facts, type.module, runtime, evidence, gathered),
  ];
  return [
    componentProvide(subject.id, runtime, evidence),
    ...parameters,
    ...asItsParents(facts, parameters, evidence),
    ...foundFromBeside(facts, parameters),
    ...names(facts, runtime),
    ...fromBlocks(facts),
  ];
}

function fromBlocks(facts: ComponentFacts): readonly Provide[] {
  const { instance, type } = facts;
  if (instance === undefined || type.module?.blockRules.provides !== true) return [];
  return blockProvides(facts.ruleSubject, instance);
}

/** Who declares that it needs a `database` is content with one of a type that extends it. */
function asItsParents(
  { subject, type }: ComponentFacts,
  parameters: readonly Provide[],
  evidence: Evidence,
): readonly Provide[] {
  const [, ...parents] = type.declaration?.lineage ?? [];
  if (parents.length === 0) return [];
  const own = runtimeName(subject.prefix, subject.type, subject.nickname);
  const { outputs } = parameters.find(({ runtime }) => runtime === own) ?? {};
  return parents.map((parent) => ({
    key: kindKey(subject.environment, parent, subject.nickname),
    runtime: own,
    ...(outputs === undefined ? {} : { outputs }),
    evidence,
  }));
}

/**
 * The same parameters as a root of another layout finds them, that need know neither environment nor nickname: by what it knows of
 * the name. Whose account that is nobody says here, so an environment is all that may speak against it.
 */
function foundFromBeside({ subject }: ComponentFacts, provides: readonly Provide[]): readonly Provide[] {
  const where = { login: '${?}', environment: subject.environment };
  const byName = new Map(provides.map((provide) => [provide.runtime, provide]));
  return [...byName.values()].map(({ exclusive: _, ...provide }) => {
    const addresses = [['', provide.runtime]] as const;
    return { ...provide, ...partKeys('param:~', addresses), addresses, where };
  });
}

function runtimes(
  facts: ComponentFacts,
  module: TypeModule | undefined,
  conventional: string,
  evidence: Evidence,
  gathered: Gathered,
): readonly Provide[] {
  const { subject } = facts;
  const fallback = () =>
    provideUnder('param', subject, conventional, {
      runtime: conventional,
      alsoWritten: true,
      fallback: true,
      evidence,
    });
  // Nobody shows what it publishes: by convention a runtime of its own name, of unknown outputs.
  if (module === undefined || facts.instance === undefined) return fallback();
  if (!module.selfPublishing) {
    const { row } = module.analysis;
    const provide = { runtime: conventional, exclusive: true, evidence, ...outputsWith(facts, row.outputs, false) };
    return provideUnder('param', subject, conventional, provide);
  }
  const writes = writesOf(facts.instance, module);
  const known = writtenRuntimes(facts, writes);
  const hidden = writes.filter(({ name }) => typeof name !== 'string');
  for (const { query } of hidden) gathered.blindSpots.push(hiddenWrite(query.resource, withoutKeys(query.address)));
  return hidden.length > 0 ? [...known, ...fallback()] : known;
}

/** A parameter that the module writes with this config. */
interface Write {
  readonly query: DataQuery;
  readonly name: Value;
  readonly keys: readonly string[] | undefined;
  readonly alsoWritten: boolean;
}

/** The keys mostly stand in the module as they are; only where they rest on the config is the value evaluated again. */
function writesOf(instance: ModuleInstance, module: TypeModule): readonly Write[] {
  if ([...module.writes.values()].some(({ keys }) => keys === undefined))
    return parameterWrites(instance).map((write) => ({ ...write, name: write.name ?? null }));
  return queriesOf(instance, isWritten).map((query) => {
    const known = module.writes.get(withoutKeys(query.address));
    return { query, name: query.argument('name') ?? null, keys: known?.keys, alsoWritten: known?.alsoWritten === true };
  });
}

function isWritten({ mode, type }: DataQuery['resource']): boolean {
  return mode === 'managed' && type === 'aws_ssm_parameter';
}

function isNamed({ mode, type }: DataQuery['resource']): boolean {
  return mode === 'managed' && givenArgument(type) !== undefined;
}

/** A name that only a run could tell may be anybody's runtime. */
function hiddenWrite(resource: DataQuery['resource'], base: string) {
  const line = resource.body.attributes.get('name')?.at.line ?? resource.at.line;
  return { code: 'unknown-path', evidence: { rule: 'unknown-path', site: `${base}.name`, file: resource.file, line } };
}

function writtenRuntimes(facts: ComponentFacts, writes: readonly Write[]): readonly Provide[] {
  const { subject } = facts;
  const single: Provide[] = [];
  const subtrees = new Map<string, { outputs: Set<string>; alsoWritten: boolean; evidence: Evidence }>();
  for (const write of writes) {
    if (typeof write.name !== 'string') continue;
    const parameter = parseParameterName(write.name, subject.prefix);
    const evidence = evidenceOf(write);
    if (parameter.kind === 'runtime' && parameter.output !== undefined) {
      const tree = subtrees.get(parameter.name) ?? { outputs: new Set<string>(), alsoWritten: false, evidence };
      tree.outputs.add(parameter.output.split('/')[0] ?? '');
      tree.alsoWritten ||= write.alsoWritten;
      subtrees.set(parameter.name, tree);
      continue;
    }
    const outputs = parameter.kind === 'runtime' ? outputsWith(facts, write.keys, write.alsoWritten) : {};
    const provide = { runtime: parameter.name, exclusive: true, evidence, ...outputs };
    single.push(...provideUnder('param', subject, parameter.name, provide));
  }
  // One parameter an output: together they are the runtime that others read.
  const trees = [...subtrees].flatMap(([name, { outputs, alsoWritten, evidence }]) =>
    provideUnder('param', subject, name, {
      runtime: name,
      exclusive: true,
      evidence,
      ...outputsWith(facts, [...outputs].sort(byCodeUnit), alsoWritten),
    }),
  );
  return [...single, ...trees];
}

/** Outputs that HCL shows, and those of others who write the runtime too. */
function outputsWith(
  { type }: ComponentFacts,
  keys: readonly string[] | undefined,
  ignored: boolean,
): Pick<Provide, 'outputs' | 'alsoWritten'> {
  const others = type.declaration?.alsoWrittenBy ?? [];
  if (others.length === 0)
    return {
      ...(keys === undefined ? {} : { outputs: sortedOnce(keys) }),
      ...(ignored ? { alsoWritten: true } : {}),
    };
  const named = others.flatMap(({ outputs }) => outputs ?? []);
  const open = ignored || others.some(({ outputs }) => outputs === undefined);
  const outputs = keys === undefined ? undefined : [...new Set([...keys, ...named])].sort(byCodeUnit);
  return { ...(outputs === undefined ? {} : { outputs }), ...(open ? { alsoWritten: true } : {}) };
}

/** Sorted and without doubles, by the list it is made of: components of one type share it. */
const sortedLists = new WeakMap<readonly string[], readonly string[]>();

function sortedOnce(keys: readonly string[]): readonly string[] {
  let sorted = sortedLists.get(keys);
  if (sorted === undefined) {
    sorted = [...new Set(keys)].sort(byCodeUnit);
    sortedLists.set(keys, sorted);
  }
  return sorted;
}

function evidenceOf({ query }: Write): Evidence {
  const { resource } = query;
  const line = resource.body.attributes.get('name')?.at.line ?? resource.at.line;
  return { rule: 'parameter-write', site: `${withoutKeys(query.address)}.name`, file: resource.file, line };
}

function names(facts: ComponentFacts, runtime: string): Provide[] {
  const { instance, subject } = facts;
  if (instance === undefined) return [];
  return queriesOf(instance, isNamed).flatMap((query) => {
    const { resource } = query;
    const argument = givenArgument(resource.type) ?? 'name';
    const name = query.argument(argument) ?? null;
    const site = `${withoutKeys(query.address)}.${argument}`;
    const line = resource.body.attributes.get(argument)?.at.line ?? resource.at.line;
    return nameProvides(subject, resource.type, name, runtime, { rule: lookupRule, site, file: resource.file, line });
  });
}
