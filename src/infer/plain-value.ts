import { definitionOf } from '../hcl/definition.ts';
import { EvaluationError } from '../hcl/scope.ts';
import { isList, isObject, isUnknown, type Place, type Unknown, type Value } from '../hcl/value.ts';
import { sha256 } from '../model/digest.ts';
import type { UnknownValue } from '../model/evaluated.ts';

/** A value as plain JSON, what is not known or fails in it marked as such. */
export function plainValue(value: Value): unknown {
  if (isUnknown(value)) return marked(value);
  if (isList(value)) return value.map(plainValue);
  if (!isObject(value)) return value;
  const result: Record<string, unknown> = {};
  for (const key of Object.keys(value)) result[key] = guardedPlain(() => value[key] ?? null);
  return result;
}

/** The same for something that is still to be computed. */
export function guardedPlain(compute: () => Value): unknown {
  try {
    return plainValue(compute());
  } catch (error) {
    if (error instanceof EvaluationError) return { $unknown: error.message } satisfies UnknownValue;
    throw error;
  }
}

/** Place and text are given only when they tell the value alone: a fallback or a function around them could change unseen. */
function marked(unknown: Unknown): UnknownValue {
  const { place, text, reason } = unknown;
  if (!unknown.exact) {
    const definition = definitionOf(unknown);
    return { $unknown: reason, ...(definition === undefined ? {} : { from: sha256(definition) }) };
  }
  return {
    $unknown: reason,
    ...(place === undefined ? {} : { place: placeText(place) }),
    ...(text === undefined ? {} : { text }),
  };
}

function placeText({ source, steps }: Place): string {
  return [source, ...(source.startsWith('dependency.') ? ['outputs'] : []), ...steps].join('.');
}
