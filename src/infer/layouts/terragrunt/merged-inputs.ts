import { lazyObject } from '../../../hcl/lazy-object.ts';
import type { Expression } from '../../../hcl/tree.ts';
import { emptyObject, isList, isObject, isUnknown, unknownFrom, type Value } from '../../../hcl/value.ts';
import type { Frame } from './frame.ts';
import type { Layer } from './layers.ts';

/**
 * `inputs` of a configuration with those of its includes: shallow merge replaces whole inputs by name, deep merge joins maps
 * and appends lists. What is replaced is not evaluated.
 */
export function mergedInputs(layers: readonly Layer[]): Value {
  let merged: Value | undefined;
  for (const { frame, strategy } of layers) {
    const expression = frame.source.body.attributes.get('inputs')?.value;
    if (expression === undefined) continue;
    const own = inputsOf(frame, expression);
    merged = merged === undefined ? own : strategy === 'deep' ? deepMerge(own, merged) : shallowMerge(own, merged);
  }
  return merged ?? emptyObject();
}

/** An object written out is evaluated member by member, and only those asked for. */
function inputsOf(frame: Frame, expression: Expression): Value {
  if (expression.kind !== 'object') return frame.evaluate(expression);
  const members = new Map<string, Expression>();
  for (const { key, value } of expression.items) {
    if (key.kind !== 'literal' || key.value === null) return frame.evaluate(expression);
    members.set(String(key.value), value);
  }
  return lazyObject(members.keys(), (name) => {
    const member = members.get(name);
    return member === undefined ? null : frame.evaluate(member);
  });
}

export function shallowMerge(lower: Value, higher: Value): Value {
  if (isUnknown(lower) || isUnknown(higher)) return unknownFrom('inputs known after a run', lower, higher);
  if (!isObject(lower)) return higher;
  if (!isObject(higher)) return lower;
  const names = new Set([...Object.keys(lower), ...Object.keys(higher)]);
  return lazyObject(names, (name) => (Object.hasOwn(higher, name) ? higher[name] : lower[name]) ?? null);
}

/** As mergo with override and appended slices: an empty value replaces nothing. */
export function deepMerge(lower: Value, higher: Value): Value {
  if (isUnknown(lower) || isUnknown(higher))
    return unknownFrom('a merge with something known after a run', lower, higher);
  if (isObject(lower) && isObject(higher)) {
    const names = new Set([...Object.keys(lower), ...Object.keys(higher)]);
    return lazyObject(names, (name) => {
      if (!Object.hasOwn(higher, name)) return lower[name] ?? null;
      return Object.hasOwn(lower, name) ? deepMerge(lower[name] ?? null, higher[name] ?? null) : (higher[name] ?? null);
    });
  }
  if (isList(lower) && isList(higher)) return [...lower, ...higher];
  return higher === null || higher === '' || higher === 0 || higher === false ? lower : higher;
}
