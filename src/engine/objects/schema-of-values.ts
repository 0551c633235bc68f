import type { JsonSchema } from '../../infer/terraform/input-schema.ts';
import { isUnknownValue } from '../../model/evaluated.ts';
import { isKeyedDigest } from '../../model/secrets/keyed-digest.ts';

/**
 * What values of one key have in common, as a schema: their JSON types, of objects the members that there are. No value that it
 * was made of is refused. Unknown values and digests of secrets say nothing.
 */
export function schemaOfValues(values: readonly unknown[]): JsonSchema {
  const known = values.filter((value) => value !== undefined && !saysNothing(value));
  if (known.length === 0) return {};
  const types = [...new Set(known.map(typeOf))].sort();
  const [type] = types;
  const schema: Record<string, unknown> = types.length === 1 ? { type } : { type: types };
  if (types.includes('array')) {
    const items = schemaOfValues(known.filter(Array.isArray).flat());
    if (Object.keys(items).length > 0 && !known.filter(Array.isArray).flat().some(saysNothing)) schema['items'] = items;
  }
  return schema;
}

function saysNothing(value: unknown): boolean {
  if (typeof value === 'string') return isKeyedDigest(value);
  return isUnknownValue(value);
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
}
