import { lazyObject } from '../../../hcl/lazy-object.ts';
import { isList, isObject, isUnknown, Unknown, type Value } from '../../../hcl/value.ts';
import type { EstatePaths } from './paths.ts';

/**
 * An input as the module gets it: absolute paths in it lead to the same places there. Everything else is handed on as it is, and
 * members stay uncomputed until they are asked for.
 */
export function moduleInput(value: Value, paths: EstatePaths): Value {
  if (typeof value === 'string') return paths.inModule(value);
  if (value === null || typeof value !== 'object') return value;
  if (isUnknown(value)) return unknownInput(value, paths);
  if (isList(value)) {
    const items = value.map((item) => moduleInput(item, paths));
    return items.some((item, at) => item !== value[at]) ? items : value;
  }
  return isObject(value) ? lazyObject(Object.keys(value), (name) => moduleInput(value[name] ?? null, paths)) : value;
}

function unknownInput(value: Unknown, paths: EstatePaths): Unknown {
  const text = value.text === undefined ? undefined : paths.inModule(value.text);
  if (text === undefined || text === value.text) return value;
  const { reason, places, place, ...more } = value;
  return new Unknown(reason, places, place, {
    alternatives: more.alternatives,
    text,
    exact: more.exact,
    members: more.members,
    choices: more.choices,
    layers: more.layers,
    ...(more.defined === undefined ? {} : { defined: more.defined }),
  });
}
