import type { Place, Value } from '../../../hcl/value.ts';
import { isList, isUnknown } from '../../../hcl/value.ts';
import { walkBody, walkChains, walkExpression } from '../../terraform/expression-walk.ts';
import type { ModuleInstance } from '../../terraform/instance.ts';
import { type Sink, sinksOf } from '../../terraform/sinks.ts';
import { sinkValues } from './sink-values.ts';

/**
 * Where a module's use of a config key goes. `name`: into the name, number or keys of a parameter read, which evaluation
 * follows. `opaque`: into a program (now, or later in a function or on a machine) or a module that is not read. `local`: only into a local. `other`: into a resource.
 */
export type UseKind = 'name' | 'opaque' | 'local' | 'other';

/** One key of the config that a module uses; `*` as a step is each of them. */
export interface ConfigUse {
  readonly steps: readonly string[];
  readonly kinds: ReadonlySet<UseKind>;
}

export interface ConfigUses {
  readonly uses: readonly ConfigUse[];
  /** Every name that stands behind a dot or in brackets anywhere in the module, evaluable or not. */
  readonly names: ReadonlySet<string>;
  /** The name of the own config's parameter goes to something that may read all of it by itself. */
  readonly handsConfigOn: boolean;
}

/** Variables that Karma fills by itself, not from config keys. */
export const builtInVariables: ReadonlySet<string> = new Set([
  'component_name',
  'nickname',
  'environment',
  'iac_prefix',
  'region',
  'config',
]);

/**
 * The config keys of a module that was evaluated with the config unknown at `config`, and with every variable unknown at
 * `var.<name>`.
 * @param variablesAreKeys a plain module is handed config keys as variables.
 */
export function configUsesOf(root: ModuleInstance, variablesAreKeys: boolean): ConfigUses {
  const found = new Map<string, { steps: readonly string[]; kinds: Set<UseKind> }>();
  const enter = (place: Place, kind: UseKind): void => {
    const steps = stepsInConfig(place, variablesAreKeys);
    if (steps === undefined) return;
    const key = steps.join('\n');
    const known = found.get(key);
    if (known === undefined) found.set(key, { steps, kinds: new Set([kind]) });
    else known.kinds.add(kind);
  };
  for (const sink of sinksOf(root)) {
    const kind = useKindOf(sink);
    for (const { value, handsOn } of sinkValues(sink)) eachPlace(value, handsOn, (place) => enter(place, kind));
  }
  for (const place of root.droppedPlaces) enter(place, 'other');
  return { uses: [...found.values()], names: namesIn(root), handsConfigOn: handsConfigOn(root) };
}

/** The config key that a place is; undefined for every other place. */
export function stepsInConfig({ source, steps }: Place, variablesAreKeys: boolean): readonly string[] | undefined {
  if (source === 'config') return steps;
  if (!variablesAreKeys || !source.startsWith('var.')) return undefined;
  const name = source.slice('var.'.length);
  return builtInVariables.has(name) ? undefined : [name, ...steps];
}

/** What starts with these values may read anything they name, when it runs. */
const programs =
  /(^|\.)data\.external\.[^.]+\.(program|query|working_dir)|\.(environment\.variables|user_data(_base64)?|container_definitions|provisioner\.\w+)$/;

function useKindOf({ kind, site, handsOn }: Sink): UseKind {
  if (kind === 'local') return 'local';
  if (kind === 'argument' && !handsOn && !/\.(count|for_each)$/.test(site)) return 'opaque';
  if (programs.test(site)) return 'opaque';
  if (/(^|\.)(data|ephemeral)\.aws_ssm_parameters?(_by_path)?\.[^.]+\.(name|path|count|for_each)$/.test(site))
    return 'name';
  return 'other';
}

/** A local that merely holds the whole config does not use it. */
function eachPlace(value: Value, handsOn: boolean, visit: (place: Place) => void): void {
  if (value === null || typeof value !== 'object') return;
  if (isUnknown(value)) {
    for (const place of value.places)
      if (!handsOn || place.steps.length > 0 || !value.alternatives.includes(place)) visit(place);
  } else for (const member of isList(value) ? value : Object.values(value)) eachPlace(member, handsOn, visit);
}

/** `data.aws_ssm_parameter.config.name`, or a local that holds it, outside of a local. */
function handsConfigOn(root: ModuleInstance): boolean {
  const holders = new Set<string>();
  const names = (expr: Parameters<typeof walkChains>[0]): boolean => {
    let found = false;
    walkChains(expr, ({ root: start, steps }) => {
      const [first = '', , attribute = ''] = steps;
      if (start === 'data' && first === 'aws_ssm_parameter' && /^(name|id|arn)$/.test(attribute)) found = true;
      if (start === 'local' && holders.has(first)) found = true;
    });
    return found;
  };
  for (const { name, value } of root.module.locals.values()) if (names(value)) holders.add(name);
  for (const sink of sinksOf(root)) if (sink.kind !== 'local' && sink.kind !== 'data' && names(sink.expr)) return true;
  return false;
}

function namesIn(root: ModuleInstance): ReadonlySet<string> {
  const names = new Set<string>();
  const look = (expr: Parameters<typeof walkExpression>[0]) =>
    walkExpression(expr, (part) => {
      if (part.kind === 'access') {
        if (part.step.kind === 'attr') names.add(part.step.name);
        else if (part.step.key.kind === 'literal') names.add(String(part.step.key.value));
      } else if (part.kind === 'literal' && typeof part.value === 'string') names.add(part.value);
    });
  const { module } = root;
  for (const { value } of module.locals.values()) look(value);
  for (const { body } of [...module.resources.values(), ...module.outputs.values(), ...module.calls.values()])
    walkBody(body, look);
  return names;
}

/** Whether a use takes in a key of the config, lies in it, or is it. */
function touches(use: ConfigUse, steps: readonly string[]): boolean {
  const shared = Math.min(use.steps.length, steps.length);
  for (let at = 0; at < shared; at += 1) if (use.steps[at] !== '*' && use.steps[at] !== steps[at]) return false;
  return true;
}

/** What a module does with one key of the config. */
export interface KeyUse {
  /** Some use takes in the key, lies in it, or is it. */
  readonly isTouched: boolean;
  /** Some use takes all of it. */
  readonly isWhole: boolean;
  /** How: every use of it or of what lies in it; where there is none, those that take it in. */
  readonly kinds: ReadonlySet<UseKind>;
}

/** By key: components of one type have the same keys. Emptied when full, for configs whose keys are names. */
const keyUses = new WeakMap<ConfigUses, Map<string, KeyUse>>();
const mostKeys = 2000;

export function useOfKey(uses: ConfigUses, steps: readonly string[]): KeyUse {
  const known = keyUses.get(uses) ?? new Map<string, KeyUse>();
  if (known.size === 0) keyUses.set(uses, known);
  const key = steps.join('\n');
  let use = known.get(key);
  if (use === undefined) {
    if (known.size >= mostKeys) known.clear();
    use = lookAtKey(uses, steps);
    known.set(key, use);
  }
  return use;
}

function lookAtKey({ uses }: ConfigUses, steps: readonly string[]): KeyUse {
  const touching = uses.filter((use) => touches(use, steps));
  const exact = touching.filter((use) => use.steps.length >= steps.length);
  return {
    isTouched: touching.length > 0,
    isWhole: touching.some((use) => use.steps.length <= steps.length),
    kinds: new Set((exact.length > 0 ? exact : touching).flatMap(({ kinds }) => [...kinds])),
  };
}

export function kindsOfKey(uses: ConfigUses, steps: readonly string[]): ReadonlySet<UseKind> {
  return useOfKey(uses, steps).kinds;
}
