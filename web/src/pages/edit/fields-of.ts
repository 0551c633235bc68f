import type { Json } from '../../../../src/model/digest.ts';
import { redacted } from '../../../../src/model/secrets/values.ts';
import { isRecord } from './edits-between.ts';

/** How a value is entered. `fixed` is not: it is made by an expression, or is a secret. */
export type FieldKind = 'text' | 'number' | 'truth' | 'choice' | 'json' | 'group' | 'fixed';

/** One value of a config, as a form shows it. */
export interface Field {
  readonly steps: readonly string[];
  readonly name: string;
  readonly kind: FieldKind;
  readonly value: Json | undefined;
  readonly about?: string;
  readonly required: boolean;
  readonly choices: readonly Json[];
  /** What may stand there, in words. */
  readonly limits: string;
  readonly examples: readonly string[];
  readonly preset?: Json;
  readonly fields: readonly Field[];
}

type Schema = Readonly<Record<string, unknown>>;

interface Known {
  readonly properties: ReadonlyMap<string, Schema>;
  readonly required: ReadonlySet<string>;
}

/** Nothing that a person wrote is nested deeper. */
const deepest = 12;

/** What a schema says of each key, wherever it says it: in parts that are laid together, in branches, behind a name. O(schema). */
function known(root: Schema, schema: Schema): Known {
  const properties = new Map<string, Schema>();
  const required = new Set<string>();
  const visit = (one: unknown, depth: number): void => {
    const here = resolved(root, one);
    if (here === undefined || depth > deepest) return;
    if (isRecord(here['properties']))
      for (const [name, property] of Object.entries(here['properties'])) {
        const said = plain(root, property);
        if (said !== undefined) properties.set(name, { ...said, ...withoutEmpty(properties.get(name)) });
      }
    if (Array.isArray(here['required'])) for (const name of here['required']) required.add(String(name));
    for (const part of Array.isArray(here['allOf']) ? here['allOf'] : []) visit(part, depth + 1);
    // A branch may not hold now, and what it says of a key is still what one would know of it; that a key must be there is not.
    for (const name of ['then', 'else'])
      if (here[name] !== undefined) {
        const before = [...required];
        visit(here[name], depth + 1);
        if (!isPlainInput(here)) {
          required.clear();
          for (const one of before) required.add(one);
        }
      }
  };
  visit(schema, 0);
  return { properties, required };
}

/** The one condition whose other branch is what mostly holds: a config that extends no other one. */
function isPlainInput(schema: Schema): boolean {
  const condition = schema['if'];
  return isRecord(condition) && JSON.stringify(condition) === '{"required":["$extends"]}';
}

function resolved(root: Schema, schema: unknown): Schema | undefined {
  if (!isRecord(schema)) return undefined;
  const name = /^#\/\$defs\/([^/]+)$/.exec(String(schema['$ref'] ?? ''))?.[1];
  if (name === undefined) return schema;
  const defined = isRecord(root['$defs']) ? root['$defs'][name] : undefined;
  return isRecord(defined) ? { ...defined, ...schema } : schema;
}

/** Of several that may stand there, the one that people mean: neither `null` nor a template in place of a number. */
function plain(root: Schema, schema: unknown): Schema | undefined {
  const here = resolved(root, schema);
  if (here === undefined) return undefined;
  const ways = here['anyOf'] ?? here['oneOf'];
  if (!Array.isArray(ways)) return here;
  const typed = ways.map((way) => resolved(root, way)).filter((way) => way !== undefined && way['type'] !== 'null');
  return { ...typed[0], ...here };
}

function withoutEmpty(schema: Schema | undefined): Schema {
  return schema ?? {};
}

/** The fields of a config: what it holds, in its order, then what its schema knows and it does not hold. */
export function fieldsOf(root: Schema, config: Json): readonly Field[] {
  return within(root, root, config, [], 0).filter(({ name, value }) => !name.startsWith('$') || value !== undefined);
}

function within(root: Schema, schema: Schema, config: Json, steps: readonly string[], depth: number): readonly Field[] {
  const { properties, required } = known(root, schema);
  const here = isRecord(config) ? config : {};
  const names = [...new Set([...Object.keys(here), ...properties.keys()])];
  return names.map((name) => {
    const said = properties.get(name) ?? {};
    const value = here[name];
    const kind = kindOf(said, value, depth);
    const own = [...steps, name];
    return {
      ...{ steps: own, name, kind, value, required: required.has(name), limits: limitsOf(said) },
      choices: Array.isArray(said['enum']) ? (said['enum'] as readonly Json[]) : [],
      examples: Array.isArray(said['examples']) ? said['examples'].map(String) : [],
      ...(typeof said['description'] === 'string' ? { about: said['description'] } : {}),
      ...(said['default'] === undefined ? {} : { preset: said['default'] as Json }),
      fields: kind === 'group' ? within(root, said, value ?? {}, own, depth + 1) : [],
    };
  });
}

function kindOf(schema: Schema, value: Json | undefined, depth: number): FieldKind {
  if (value === redacted || (isRecord(value) && '$unknown' in value)) return 'fixed';
  const type = Array.isArray(schema['type']) ? schema['type'].find((one) => one !== 'null') : schema['type'];
  if (Array.isArray(schema['enum']) && (value === undefined || schema['enum'].includes(value))) return 'choice';
  const held = value === undefined ? typeNamed(type, schema) : typeHeld(value);
  // A text where a number belongs is a template: it is shown as what it is.
  if (held === 'group') return depth < deepest ? 'group' : 'json';
  return held;
}

function typeNamed(type: unknown, schema: Schema): FieldKind {
  if (type === 'integer' || type === 'number') return 'number';
  if (type === 'boolean') return 'truth';
  if (type === 'array') return 'json';
  if (type === 'object') return isRecord(schema['properties']) ? 'group' : 'json';
  return 'text';
}

function typeHeld(value: Json): FieldKind {
  if (typeof value === 'string') return 'text';
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'truth';
  return isRecord(value) ? 'group' : 'json';
}

function limitsOf(schema: Schema): string {
  const told: string[] = [];
  const [least, most] = [schema['minimum'], schema['maximum']];
  if (least !== undefined && most !== undefined) told.push(`${least} to ${most}`);
  else if (least !== undefined) told.push(`at least ${least}`);
  else if (most !== undefined) told.push(`at most ${most}`);
  if (typeof schema['pattern'] === 'string') told.push(`like ${schema['pattern']}`);
  if (typeof schema['maxLength'] === 'number') told.push(`at most ${schema['maxLength']} characters`);
  return told.join(', ');
}
