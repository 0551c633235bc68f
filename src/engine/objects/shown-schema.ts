import { isSecretKey } from '../../model/secrets/names.ts';
import { hideInTexts } from '../../model/secrets/text.ts';
import { redact } from '../../model/secrets/values.ts';

type Schema = Readonly<Record<string, unknown>>;

/** Words of JSON Schema that hold values of what they describe. */
const values = new Set(['default', 'examples', 'const', 'enum']);

/**
 * A schema fit to be shown: what a key that names a secret may be is not told by example, and no value or text in it holds one.
 * Everything else is as it was, so that it judges the same but for a secret that it named.
 */
export function shownSchema(schema: Schema): Schema {
  return hideInTexts(visit(schema, false) as Schema);
}

function visit(part: unknown, isSecret: boolean): unknown {
  if (Array.isArray(part)) return part.map((one) => visit(one, isSecret));
  if (!isObject(part)) return part;
  const shown: [string, unknown][] = [];
  for (const [word, inner] of Object.entries(part)) {
    if (values.has(word)) {
      if (!isSecret) shown.push([word, redact(inner)]);
    } else if ((word === 'properties' || word === 'patternProperties') && isObject(inner)) {
      const members = Object.entries(inner).map(([key, one]): [string, unknown] => [
        key,
        visit(one, isSecret || isSecretKey(key)),
      ]);
      shown.push([word, Object.fromEntries(members)]);
    } else shown.push([word, visit(inner, isSecret)]);
  }
  return Object.fromEntries(shown);
}

function isObject(value: unknown): value is Schema {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
