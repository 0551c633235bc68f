import { isJsonObject, type JsonObject } from './merge-patch.ts';

/**
 * A schema as a part of another one: its references to itself lead to where it stands now, and what older drafts say is said as
 * 2020-12 says it. Values (`enum`, `const`, `default`) are left as they are.
 *
 * @param at where it will stand, as a JSON pointer with `#`
 */
export function embeddedSchema(schema: unknown, at: string): JsonObject | boolean {
  if (typeof schema === 'boolean') return schema;
  if (!isJsonObject(schema)) return true;
  const { $schema, $id: _id, id: _oldId, ...body } = schema;
  const old = typeof $schema === 'string' && /draft-0[4-7]/.test($schema);
  return embedded(body, { at, old });
}

interface Embedding {
  readonly at: string;
  readonly old: boolean;
}

const mapsOfSchemas: ReadonlySet<string> = new Set([
  ...['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'],
]);
const listsOfSchemas: ReadonlySet<string> = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);
const schemas: ReadonlySet<string> = new Set([
  ...['additionalProperties', 'items', 'not', 'if', 'then', 'else', 'contains', 'propertyNames'],
  ...['unevaluatedProperties', 'unevaluatedItems', 'additionalItems', 'contentSchema'],
]);

function embedded(schema: JsonObject, how: Embedding): JsonObject {
  const { $ref } = schema;
  // Beside a reference older drafts say nothing.
  if (how.old && typeof $ref === 'string') return { $ref: moved($ref, how) };
  const made: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(schema)) Object.assign(made, keywordIn(keyword, value, schema, how));
  return made;
}

function keywordIn(keyword: string, value: unknown, beside: JsonObject, how: Embedding): JsonObject {
  const of = (one: unknown) => (isJsonObject(one) ? embedded(one, how) : one);
  const all = (map: JsonObject) => Object.fromEntries(Object.entries(map).map(([name, one]) => [name, of(one)]));
  if (keyword === '$ref' || keyword === '$dynamicRef')
    return { [keyword]: typeof value === 'string' ? moved(value, how) : value };
  if (how.old && keyword === 'items' && Array.isArray(value)) return { prefixItems: value.map(of) };
  if (how.old && keyword === 'additionalItems') return Array.isArray(beside.items) ? { items: of(value) } : {};
  if (keyword === 'dependencies' && isJsonObject(value)) {
    const entries = Object.entries(value);
    return {
      dependentRequired: Object.fromEntries(entries.filter(([, one]) => Array.isArray(one))),
      dependentSchemas: all(Object.fromEntries(entries.filter(([, one]) => !Array.isArray(one)))),
    };
  }
  if (mapsOfSchemas.has(keyword) && isJsonObject(value)) return { [keyword]: all(value) };
  if (listsOfSchemas.has(keyword) && Array.isArray(value)) return { [keyword]: value.map(of) };
  return { [keyword]: schemas.has(keyword) ? of(value) : value };
}

function moved(reference: string, { at }: Embedding): string {
  if (reference === '#') return at;
  return reference.startsWith('#/') ? `${at}${reference.slice(1)}` : reference;
}

const inPlaceLists = ['allOf', 'anyOf', 'oneOf'] as const;
const inPlace = ['if', 'then', 'else', 'not'] as const;

/**
 * The same of a file in which keys that begin with `$` are Karma's and no part of what is checked: whatever closes an object lets
 * them pass, in the schema itself and in what it applies to the same object.
 *
 * @param resolve what a reference leads to, of those that lead into the same document
 */
export function besideOwnKeys(
  schema: JsonObject | boolean,
  resolve: (reference: string) => unknown,
  depth = 0,
): JsonObject | boolean {
  if (typeof schema === 'boolean') return schema;
  const again = (one: unknown) =>
    isJsonObject(one) || typeof one === 'boolean' ? besideOwnKeys(one, resolve, depth + 1) : one;
  const made: Record<string, unknown> = { ...schema };
  const target = typeof schema.$ref === 'string' && depth < deepest ? resolve(schema.$ref) : undefined;
  if (isJsonObject(target)) {
    delete made.$ref;
    made.allOf = [...(Array.isArray(schema.allOf) ? schema.allOf : []), target];
  }
  for (const keyword of inPlaceLists) if (Array.isArray(made[keyword])) made[keyword] = made[keyword].map(again);
  for (const keyword of inPlace) if (made[keyword] !== undefined) made[keyword] = again(made[keyword]);
  if (schema.propertyNames !== undefined) made.propertyNames = { anyOf: [{ pattern: ownKey }, schema.propertyNames] };
  if (schema.additionalProperties !== undefined || schema.unevaluatedProperties !== undefined)
    made.patternProperties = {
      ...(isJsonObject(schema.patternProperties) ? schema.patternProperties : {}),
      [ownKey]: true,
    };
  return made;
}

const ownKey = '^\\$';
/** A schema that leads back to itself at the same object is unfolded so often; deeper nobody goes. */
const deepest = 8;
