import { toText, typeName } from './convert.ts';
import { guarded } from './guarded.ts';
import { memberOfLayers } from './layers.ts';
import { either, extend } from './places.ts';
import { EvaluationError } from './scope.ts';
import type { At, Step } from './tree.ts';
import type { Unknown, Value } from './value.ts';
import { isList, isObject, isUnknown } from './value.ts';

/** One step into a value. */
export function step(value: Value, key: Value, at: At): Value {
  if (isUnknown(key) && key.choices !== undefined) return oneOf(value, key, key.choices, at);
  if (isUnknown(value) && value.layers !== undefined && !isUnknown(key)) {
    const { layers } = value;
    const member = guarded(at, () => memberOfLayers(layers, toText(key)));
    if (member !== undefined) return member;
  }
  if (isUnknown(value))
    return isUnknown(key)
      ? extend(value, '*', key)
      : extend(
          value,
          guarded(at, () => toText(key)),
        );
  if (value === null) throw new EvaluationError('a step into a null value', at);
  if (isUnknown(key)) {
    if (isList(value)) return either('an element known after a run', value, [key]);
    if (isObject(value)) return either('an element known after a run', Object.values(value), [key]);
  } else if (isList(value)) {
    const index = typeof key === 'number' ? key : guarded(at, () => Number(toText(key)));
    const item = value[index];
    if (item === undefined || !Number.isInteger(index))
      throw new EvaluationError(`no element ${shown(key)} in a list of ${value.length}`, at);
    return item;
  } else if (isObject(value)) {
    const name = guarded(at, () => toText(key));
    if (Object.hasOwn(value, name)) return value[name] ?? null;
    throw new EvaluationError(`no attribute ${shown(key)}`, at);
  }
  throw new EvaluationError(`a step into ${typeName(value)}`, at);
}

/** A step by a key of which it is known what it may be; where each of them fails, so does the step. */
function oneOf(value: Value, key: Unknown, choices: NonNullable<Unknown['choices']>, at: At): Value {
  const found: Value[] = [];
  let failure: EvaluationError | undefined;
  for (const choice of choices) {
    try {
      found.push(step(value, choice, at));
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      failure = error;
    }
  }
  if (found.length === 0 && failure !== undefined) throw failure;
  return either('an element known after a run', found, [key]);
}

export function shown(key: Value): string {
  return JSON.stringify(key);
}

/** A step that is a constant, as text; undefined for one that must be evaluated. */
export function constantStep(one: Step): string | undefined {
  if (one.kind === 'attr') return one.name;
  const { key } = one;
  return key.kind === 'literal' && (typeof key.value === 'string' || typeof key.value === 'number')
    ? String(key.value)
    : undefined;
}
