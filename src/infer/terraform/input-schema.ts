import { parseExpression } from '../../hcl/parse.ts';
import type { Expression } from '../../hcl/tree.ts';
import { constantOf } from './constant.ts';
import type { Module, Variable } from './module.ts';
import { type Narrowing, narrowingOf } from './validation-schema.ts';

export type JsonSchema = { readonly [keyword: string]: unknown };

export interface InputSchema {
  /** JSON Schema 2020-12 of what the module is given: its variables, by name. */
  readonly schema: JsonSchema;
  /** Variables that it calls sensitive. */
  readonly sensitive: readonly string[];
  /** Validations that no schema can say, by variable. */
  readonly beyond: readonly { readonly variable: string; readonly file: string; readonly line: number }[];
}

/**
 * What a schema lets pass: `exactly` what types say; also what Terraform `converts`, a number for a text, `"true"` for a bool;
 * or what it reads from the `environment`, where a text may stand for any value and any value for a text.
 */
export type Passing = 'exactly' | 'converts' | 'environment';

/**
 * What a module takes, as its variables say: types, defaults, descriptions, and validations where a schema can say them. But
 * with `exactly` nothing that Terraform accepts is refused. O(variables).
 */
export function inputSchemaOf(module: Module, passing: Passing): InputSchema {
  const properties: Record<string, JsonSchema> = {};
  const beyond: InputSchema['beyond'][number][] = [];
  const variables = [...module.variables.values()];
  for (const variable of variables) {
    const narrowed = narrowingOf(variable);
    properties[variable.name] = propertyOf(variable, narrowed.schema, passing);
    if (narrowed.beyond) beyond.push({ variable: variable.name, file: variable.file, line: variable.at.line });
  }
  const required = variables.filter((one) => one.default === undefined).map(({ name }) => name);
  return {
    schema: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties,
      ...(required.length > 0 ? { required } : {}),
    },
    sensitive: variables.filter(({ sensitive }) => sensitive).map(({ name }) => name),
    beyond,
  };
}

function propertyOf(variable: Variable, narrowed: Narrowing, passing: Passing): JsonSchema {
  const type = variable.type === undefined ? {} : schemaOfType(variable.type, passing);
  const preset = variable.default === undefined ? undefined : constantOf(variable.default);
  // A list's length is told in items, a text's in characters.
  const narrower = narrowedBy(type, narrowed, passing);
  const kept = passing === 'environment' ? fromEnvironment(narrower) : narrower;
  return {
    ...describedBy(variable),
    ...(variable.nullable && passing !== 'exactly' ? orNull(kept) : kept),
    ...(preset === undefined || preset === null || variable.sensitive ? {} : { default: preset }),
  };
}

function describedBy({ body }: Variable): JsonSchema {
  const written = body.attributes.get('description')?.value;
  const text = written === undefined ? undefined : constantOf(written);
  return typeof text === 'string' && text.trim() !== '' ? { description: text.trim() } : {};
}

/** `null` means the default to a variable that is nullable, which they are unless they say otherwise. */
function orNull(schema: JsonSchema): JsonSchema {
  if (Object.keys(schema).length === 0) return schema;
  const { type, enum: among, ...rest } = schema;
  if (typeof type === 'string' || Array.isArray(type) || Array.isArray(among))
    return {
      ...(type === undefined
        ? {}
        : {
            type: [...(Array.isArray(type) ? type : [type]), 'null'],
          }),
      ...(Array.isArray(among) ? { enum: [...among, null] } : {}),
      ...rest,
    };
  return { anyOf: [schema, { type: 'null' }] };
}

function narrowedBy(type: JsonSchema, { texts, lists, numbers }: Narrowing, passing: Passing): JsonSchema {
  if (type['type'] === 'array') return { ...type, ...lists };
  if (type['type'] === 'object') return type;
  if (type['type'] === 'number') return { ...type, ...numbers };
  if (passing === 'exactly') return type['type'] === 'string' ? { ...type, ...texts } : type;
  // What is said of texts holds for texts only: keywords of texts pass by everything else.
  const { enum: among, ...others } = texts;
  return { ...type, ...others, ...(among === undefined ? {} : oneOf(among, type)) };
}

/** The environment holds texts: a list stands there as one, and a text variable takes whatever it is given. */
function fromEnvironment({ type, ...rest }: JsonSchema): JsonSchema {
  if (type === undefined) return rest;
  if (type === 'array' || type === 'object') return { type: [type, 'string'], ...rest };
  return rest;
}

/** One of these as a text; a number or a bool is converted before it is compared. */
function oneOf(among: unknown, type: JsonSchema): JsonSchema {
  const words = Array.isArray(among) ? among : [];
  if (!isTextual(type)) return {};
  const converted = words.flatMap((word) =>
    typeof word === 'string' && /^(?:-?\d+(?:\.\d+)?|true|false)$/.test(word) ? [word, JSON.parse(word)] : [word],
  );
  return { enum: converted };
}

function isTextual({ type }: JsonSchema): boolean {
  return type === 'string' || (Array.isArray(type) && type.includes('string') && type.includes('number'));
}

/** A type constraint as a schema; `any`, and what nobody knows, is everything. */
export function schemaOfType(type: Expression, passing: Passing): JsonSchema {
  if (type.kind === 'literal' && typeof type.value === 'string')
    return schemaOfType(parseExpression(type.value), passing);
  if (type.kind === 'variable') return primitive(type.name, passing);
  if (type.kind !== 'call') return {};
  const [inner] = type.args;
  if (inner === undefined) return {};
  switch (type.name) {
    case 'list':
    case 'set':
      return { type: 'array', ...member('items', memberType(inner, passing)) };
    case 'map':
      return { type: 'object', ...member('additionalProperties', memberType(inner, passing)) };
    case 'tuple':
      return inner.kind === 'tuple'
        ? {
            type: 'array',
            prefixItems: inner.items.map((item) => schemaOfType(item, passing)),
            minItems: inner.items.length,
            maxItems: inner.items.length,
          }
        : { type: 'array' };
    case 'object':
      return objectSchema(inner, passing);
    case 'optional':
      return schemaOfType(inner, passing);
    default:
      return {};
  }
}

function member(keyword: 'items' | 'additionalProperties', schema: JsonSchema): JsonSchema {
  return Object.keys(schema).length === 0 ? {} : { [keyword]: schema };
}

/** Inside a collection null is a value like any other to Terraform. */
function memberType(type: Expression, passing: Passing): JsonSchema {
  const schema = schemaOfType(type, passing);
  return passing === 'exactly' ? schema : orNull(schema);
}

function objectSchema(shape: Expression, passing: Passing): JsonSchema {
  if (shape.kind !== 'object') return { type: 'object' };
  const properties: Record<string, JsonSchema> = {};
  const required: string[] = [];
  for (const { key, value } of shape.items) {
    if (key.kind !== 'literal') return { type: 'object' };
    const name = String(key.value);
    const optional = value.kind === 'call' && value.name === 'optional';
    if (!optional) required.push(name);
    const own = memberType(value, passing);
    const [, preset] = value.kind === 'call' && optional ? value.args : [];
    const filled = preset === undefined ? undefined : constantOf(preset);
    properties[name] = {
      ...own,
      ...(filled === undefined || filled === null ? {} : { default: filled }),
    };
  }
  return { type: 'object', properties, ...(required.length > 0 ? { required } : {}) };
}

const numberInText = '^\\s*[-+]?[0-9]*\\.?[0-9]+([eE][-+]?[0-9]+)?\\s*$';

function primitive(name: string, passing: Passing): JsonSchema {
  const converts = passing !== 'exactly';
  if (name === 'string') return { type: converts ? ['string', 'number', 'boolean'] : 'string' };
  if (name === 'number')
    return converts ? { anyOf: [{ type: 'number' }, { type: 'string', pattern: numberInText }] } : { type: 'number' };
  if (name === 'bool')
    return converts ? { anyOf: [{ type: 'boolean' }, { enum: ['true', 'false', '1', '0'] }] } : { type: 'boolean' };
  if (name === 'list' || name === 'set' || name === 'tuple') return { type: 'array' };
  return name === 'map' || name === 'object' ? { type: 'object' } : {};
}
