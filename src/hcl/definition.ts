import { isSet } from './convert.ts';
import { EvaluationError } from './scope.ts';
import { isList, isUnknown, Unknown, type Value } from './value.ts';

/**
 * What a value is computed from, written out, so that two values that only a run could know can be told to be one: they are
 * when their definitions are equal, because the same function of the same places gives the same. Undefined where something
 * took part that is not written out: another program, the clock, a file.
 */
export function definitionOf(value: Value): string | undefined {
  if (isUnknown(value)) return value.exact ? exactly(value) : value.defined?.();
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) {
    const items = value.map(definitionOf);
    return items.includes(undefined) ? undefined : `${isSet(value) ? 'set' : ''}[${items.join(',')}]`;
  }
  const members = Object.keys(value)
    .sort()
    .map((key) => {
      const member = definitionOf(value[key] ?? null);
      return member === undefined ? undefined : `${JSON.stringify(key)}:${member}`;
    });
  return members.includes(undefined) ? undefined : `{${members.join(',')}}`;
}

function exactly({ place, text }: Unknown): string | undefined {
  if (place !== undefined) return `<${JSON.stringify([place.source, ...place.steps])}>`;
  return text === undefined ? undefined : `text(${JSON.stringify(text)})`;
}

/** The same value, knowing that it is this function of these values and of nothing else. Written out when somebody asks. */
export function definedBy(result: Value, name: string, parts: readonly Value[]): Value {
  if (!isUnknown(result) || result.exact) return result;
  return new Unknown(result.reason, result.places, result.place, {
    alternatives: result.alternatives,
    members: result.members,
    choices: result.choices,
    layers: result.layers,
    ...(result.text === undefined ? {} : { text: result.text }),
    defined: () => written(name, parts),
  });
}

function written(name: string, parts: readonly Value[]): string | undefined {
  try {
    const all = parts.map(definitionOf);
    return all.includes(undefined) ? undefined : `${name}(${all.join(',')})`;
  } catch (error) {
    // A member that fails when it is looked at: what a run would make of it is not written out.
    if (error instanceof EvaluationError) return undefined;
    throw error;
  }
}
