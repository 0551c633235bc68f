import { byCodeUnit, canonicalJson } from '../model/digest.ts';
import { isJsonObject, type JsonObject } from './merge-patch.ts';

/** Where a child type promises less than its parent. */
export interface Widening {
  /** `inputs` or `outputs` and the key: `/inputs/size`. */
  readonly pointer: string;
  readonly message: string;
}

/** What two schemas of one thing say, of which the child's is laid over the parent's already. */
interface Both {
  readonly parent: JsonObject | undefined;
  readonly child: JsonObject | undefined;
}

/**
 * Where a child takes what its parent refuses, asks for less, or leaves out or retypes an output. Only what the keywords show
 * outright is told: a schema that cannot be compared is passed over. O(size of the schemas).
 */
export function widenings(inputs: Both, outputs: Both): readonly Widening[] {
  return [...inputWidenings(inputs), ...outputChanges(outputs)].sort((a, b) => byCodeUnit(a.pointer, b.pointer));
}

function inputWidenings({ parent, child }: Both): Widening[] {
  if (parent === undefined || child === undefined) return [];
  const found: Widening[] = [];
  const [was, is] = [propertiesOf(parent), propertiesOf(child)];
  for (const [name, schema] of Object.entries(was)) {
    const now = is[name];
    const pointer = `/inputs/${name}`;
    if (now === undefined) found.push({ pointer, message: `${name} is gone` });
    else if (isJsonObject(schema) && isJsonObject(now)) {
      const how = wider(schema, now);
      if (how !== undefined) found.push({ pointer, message: `${name} ${how}` });
    }
  }
  const needed = new Set(listOf(child.required));
  for (const name of listOf(parent.required))
    if (typeof name === 'string' && !needed.has(name))
      found.push({ pointer: `/inputs/${name}`, message: `${name} is not required any more` });
  return found;
}

function outputChanges({ parent, child }: Both): Widening[] {
  if (parent === undefined || child === undefined) return [];
  const [was, is] = [propertiesOf(parent), propertiesOf(child)];
  return Object.entries(was).flatMap(([name, schema]): Widening[] => {
    const now = is[name];
    const pointer = `/outputs/${name}`;
    if (now === undefined) return [{ pointer, message: `the output ${name} is gone` }];
    const retyped =
      isJsonObject(schema) &&
      isJsonObject(now) &&
      schema.type !== undefined &&
      !isWithin(typesOf(now), typesOf(schema));
    return retyped ? [{ pointer, message: `the output ${name} is ${words(now)} and was ${words(schema)}` }] : [];
  });
}

/** How a schema takes more than another, in words; undefined where nothing shows that it does. */
function wider(parent: JsonObject, child: JsonObject): string | undefined {
  if (parent.type !== undefined && !isWithin(typesOf(child), typesOf(parent)))
    return `takes ${words(child)} and the parent only ${words(parent)}`;
  if (Array.isArray(parent.enum)) {
    const among = new Set(parent.enum.map((one) => canonicalJson(one)));
    const more = Array.isArray(child.enum) ? child.enum.filter((one) => !among.has(canonicalJson(one))) : undefined;
    if (more === undefined && child.const === undefined) return 'takes any value and the parent only some';
    if (more !== undefined && more.length > 0) return `takes ${more.map((one) => JSON.stringify(one)).join(', ')} too`;
  }
  for (const [keyword, sign] of bounds) {
    const [was, is] = [parent[keyword], child[keyword]];
    if (typeof was !== 'number') continue;
    if (typeof is !== 'number' || (is - was) * sign > 0) return `has no ${keyword} of ${was} any more`;
  }
  return undefined;
}

/** Upper bounds grow, lower ones fall. */
const bounds = [
  ['maximum', 1],
  ['exclusiveMaximum', 1],
  ['maxLength', 1],
  ['maxItems', 1],
  ['minimum', -1],
  ['exclusiveMinimum', -1],
  ['minLength', -1],
  ['minItems', -1],
] as const;

function propertiesOf(schema: JsonObject): JsonObject {
  return isJsonObject(schema.properties) ? schema.properties : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function typesOf({ type }: JsonObject): readonly unknown[] | undefined {
  return type === undefined ? undefined : Array.isArray(type) ? type : [type];
}

/** An integer is a number. */
function isWithin(child: readonly unknown[] | undefined, parent: readonly unknown[] | undefined): boolean {
  if (parent === undefined) return true;
  return child?.every((one) => parent.includes(one) || (one === 'integer' && parent.includes('number'))) ?? false;
}

function words(schema: JsonObject): string {
  return (typesOf(schema) ?? ['anything']).join(' or ');
}
