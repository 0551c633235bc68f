import type { DeclaredReference } from '../../../config/component-type.ts';
import type { EffectiveConfig } from '../../../config/effective-config.ts';
import { isJsonObject, type JsonObject } from '../../../config/merge-patch.ts';
import { asValue } from '../../../hcl/functions/encoding.ts';
import { Unknown, type Value } from '../../../hcl/value.ts';
import { pointerOf } from '../../../model/pointer.ts';
import { type NicknameKey, nicknameKeys } from '../../rules/nickname-key.ts';
import type { Subject } from '../../rules/subject.ts';
import type { VariableSource } from '../../terraform/instance.ts';
import type { Module } from '../../terraform/module.ts';
import { builtInVariables } from './config-uses.ts';

/** A reference of one component, by name: what a plain module can be handed. */
export interface NamedReference extends NicknameKey {
  /** From `component.yaml`; undefined when the config key alone says so. */
  readonly declared: DeclaredReference | undefined;
}

/** Declared references first: they say what a key means that does not name its type. */
export function referencesOf(
  config: EffectiveConfig,
  declared: Readonly<Record<string, DeclaredReference>>,
): readonly NamedReference[] {
  const keys = nicknameKeys(config.value);
  if (Object.keys(declared).length === 0) return keys.map(undeclared);
  const named = Object.entries(declared).flatMap(([name, reference]): NamedReference[] => {
    const steps = stepsOfKey(reference.by ?? `${name}_nickname`);
    const nickname = valueAt(config.value, steps);
    if (typeof nickname !== 'string' || nickname === '') return [];
    return [{ name, type: reference.type, nickname, steps, declared: reference }];
  });
  const taken = new Set(named.flatMap((one) => [one.name, pointerOf(one.steps)]));
  const inferred = keys.filter((key) => !taken.has(key.name) && !taken.has(pointerOf(key.steps)));
  return [...named, ...inferred.map(undeclared)];
}

function undeclared({ name, type, nickname, steps }: NicknameKey): NamedReference {
  return { name, type, nickname, steps, declared: undefined };
}

/** `db.vpc_nickname` and `/db/vpc_nickname` mean the same. */
function stepsOfKey(key: string): readonly string[] {
  return key.startsWith('/') ? key.slice(1).split('/') : key.split('.');
}

function valueAt(value: unknown, steps: readonly string[]): unknown {
  let at = value;
  for (const step of steps) {
    if (!isJsonObject(at) || !Object.hasOwn(at, step)) return undefined;
    at = at[step];
  }
  return at;
}

/** Why a declared reference leads nowhere: its key is absent although it is not optional. */
export function missingReferences(
  config: EffectiveConfig,
  declared: Readonly<Record<string, DeclaredReference>>,
): readonly { readonly name: string; readonly key: string; readonly reference: DeclaredReference }[] {
  return Object.entries(declared).flatMap(([name, reference]) => {
    const key = reference.by ?? `${name}_nickname`;
    const present = valueAt(config.value, stepsOfKey(key));
    return reference.optional || (present !== undefined && present !== null && present !== '')
      ? []
      : [{ name, key, reference }];
  });
}

/** What Karma itself knows of a component, as variables. */
export function builtIns(subject: Subject, region: string | undefined): Readonly<Record<string, Value>> {
  return {
    component_name: subject.type,
    nickname: subject.nickname,
    environment: subject.environment,
    iac_prefix: subject.prefix,
    region: region ?? Unknown.at('var.region'),
  };
}

/**
 * The variables of a plain module, by name: what Karma knows, then references (only a run knows a runtime), then config keys.
 * A variable that none of them fills keeps its default.
 */
export function handOver(
  known: Readonly<Record<string, Value>>,
  references: readonly NamedReference[],
  config: JsonObject,
): VariableSource {
  const named = new Set(references.map((one) => one.name));
  return (name) => {
    if (Object.hasOwn(known, name)) return known[name];
    if (name === 'config') return asValue(config);
    if (named.has(name)) return Unknown.at(`var.${name}`);
    return Object.hasOwn(config, name) ? asValue(config[name]) : undefined;
  };
}

/** Variables that two sources fill. */
export function matchedTwice(
  module: Module,
  references: readonly NamedReference[],
  config: JsonObject,
): readonly string[] {
  const named = new Set(references.map((one) => one.name));
  return [...module.variables.keys()]
    .filter((name) => {
      const sources = [builtInVariables.has(name), named.has(name), Object.hasOwn(config, name)];
      return sources.filter(Boolean).length > 1;
    })
    .sort();
}
