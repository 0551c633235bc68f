import { isJsonObject, type JsonObject } from './merge-patch.ts';

/** What a part of a schema costs each time a value is held against it; no schema has a keyword of this name. */
export const costKeyword = 'x-karma-cost';

/** Parts of a schema that are compiled, and values to compare with; compiling takes longer with the square of the parts. */
const mostParts = 4000;
const mostValues = 100_000;

const ofSchemas: ReadonlySet<string> = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
  'dependentSchemas',
  'dependencies',
]);
/** Values to compare with, which may look like schemas. */
const ofValues: ReadonlySet<string> = new Set([
  'const',
  'enum',
  'default',
  'examples',
  'required',
  'dependentRequired',
]);

/**
 * A copy of a schema in which every part says what it costs, so that whoever checks can count: parts that lead back to
 * themselves, or twice to the next, cost more than any machine has, and no look at the schema tells whether a value makes
 * them. @throws Error where the schema itself is too large
 */
export function measured(schema: JsonObject): JsonObject {
  const count = { parts: 0, values: 0 };
  const counted = (kind: 'parts' | 'values', more: number): number => {
    count[kind] += more;
    if (count.parts > mostParts || count.values > mostValues)
      throw new Error('the schema is larger than any that is meant');
    return more;
  };

  const asSchema = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(asSchema);
    if (!isJsonObject(part)) return part;
    let cost = counted('parts', 1);
    const copy: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(part)) {
      if (ofValues.has(key)) cost += counted('values', sizeOf(value));
      else if (ofSchemas.has(key) && isJsonObject(value)) cost += Object.keys(value).length;
      define(copy, key, ofValues.has(key) ? value : ofSchemas.has(key) ? asMap(value) : asSchema(value));
    }
    // A part that says nothing stays one: it means something by that.
    if (Object.keys(part).length > 0) copy[costKeyword] = cost;
    return copy;
  };

  const asMap = (value: unknown): unknown => {
    if (!isJsonObject(value)) return value;
    const copy: Record<string, unknown> = {};
    for (const [name, part] of Object.entries(value)) define(copy, name, asSchema(part));
    return copy;
  };

  const copy: unknown = asSchema(schema);
  return isJsonObject(copy) ? copy : {};
}

function define(copy: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(copy, key, { value, enumerable: true, configurable: true, writable: true });
}

function sizeOf(value: unknown): number {
  if (value === null || typeof value !== 'object') return 1;
  let size = 1;
  for (const member of Object.values(value)) size += sizeOf(member);
  return size;
}
