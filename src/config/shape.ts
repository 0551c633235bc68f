import { pointerStep } from './json-scan.ts';
import { isJsonObject } from './merge-patch.ts';
import { nearestWord } from './nearest.ts';

/**
 * What a file that Karma owns may hold. One description serves two ends: validation that names the place and the nearest
 * right word, and the JSON Schema that editors pick up, so that the two cannot disagree.
 */
export type Shape =
  | { readonly kind: 'string'; readonly about: string; readonly pattern?: string }
  | { readonly kind: 'boolean' | 'integer' | 'any'; readonly about: string }
  | {
      readonly kind: 'number';
      readonly about: string;
      readonly above?: number;
      readonly least?: number;
      readonly most: number;
      readonly whole?: true;
    }
  | { readonly kind: 'choice'; readonly about: string; readonly of: readonly string[] }
  | { readonly kind: 'list'; readonly about: string; readonly of: Shape }
  | { readonly kind: 'map'; readonly about: string; readonly of: Shape }
  | ObjectShape
  /** The first alternative that fits; told apart by their JSON type. */
  | { readonly kind: 'either'; readonly about: string; readonly of: readonly Shape[] };

export interface ObjectShape {
  readonly kind: 'object';
  readonly about: string;
  readonly fields: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  /** Keys beyond the fields are allowed. */
  readonly open?: boolean;
}

export interface ShapeIssue {
  readonly pointer: string;
  /** Lower-case start; names the key and what was expected, never the value. */
  readonly message: string;
  readonly hint?: string;
}

/** Every place where a value does not have the shape, in document order. */
export function checkShape(shape: Shape, value: unknown, pointer = ''): ShapeIssue[] {
  switch (shape.kind) {
    case 'any':
      return [];
    case 'list':
      if (!Array.isArray(value)) return [mismatch(shape, value, pointer)];
      return value.flatMap((item, index) => checkShape(shape.of, item, `${pointer}/${index}`));
    case 'map':
      if (!isJsonObject(value)) return [mismatch(shape, value, pointer)];
      return Object.entries(value).flatMap(([key, member]) => checkShape(shape.of, member, pointer + pointerStep(key)));
    case 'object':
      return isJsonObject(value) ? checkObject(shape, value, pointer) : [mismatch(shape, value, pointer)];
    case 'either': {
      const fitting = shape.of.find((one) => jsonTypes(one).includes(jsonTypeOf(value)));
      return fitting === undefined ? [mismatch(shape, value, pointer)] : checkShape(fitting, value, pointer);
    }
    case 'choice':
      if (typeof value === 'string' && shape.of.includes(value)) return [];
      return [wrongChoice(shape.of, value, pointer)];
    case 'string':
      if (typeof value !== 'string') return [mismatch(shape, value, pointer)];
      if (shape.pattern === undefined || new RegExp(shape.pattern).test(value)) return [];
      return [{ pointer, message: `${nameOf(pointer)} does not have the form ${shape.pattern}` }];
    case 'number': {
      if (typeof value !== 'number') return [mismatch(shape, value, pointer)];
      const { above = Number.NEGATIVE_INFINITY, least = Number.NEGATIVE_INFINITY, most } = shape;
      if (shape.whole === true && !Number.isInteger(value))
        return [{ pointer, message: `${nameOf(pointer)} must be a whole number` }];
      if (value > above && value >= least && value <= most) return [];
      const from = shape.least === undefined ? `above ${shape.above}` : `at least ${shape.least}`;
      return [{ pointer, message: `${nameOf(pointer)} must be ${from} and at most ${most}` }];
    }
    default:
      return jsonTypes(shape).includes(jsonTypeOf(value)) ? [] : [mismatch(shape, value, pointer)];
  }
}

function checkObject(shape: ObjectShape, value: Readonly<Record<string, unknown>>, pointer: string): ShapeIssue[] {
  const issues: ShapeIssue[] = [];
  for (const key of shape.required ?? []) {
    if (value[key] === undefined)
      issues.push({ pointer, message: `${nameOf(pointer)} lacks the key ${JSON.stringify(key)}` });
  }
  for (const [key, member] of Object.entries(value)) {
    const field = Object.hasOwn(shape.fields, key) ? shape.fields[key] : undefined;
    const at = pointer + pointerStep(key);
    if (field !== undefined) issues.push(...checkShape(field, member, at));
    else if (shape.open !== true) issues.push(unknownKey(key, Object.keys(shape.fields), at));
  }
  return issues;
}

function unknownKey(key: string, known: readonly string[], pointer: string): ShapeIssue {
  const near = nearestWord(key, known);
  const message = `unknown key ${JSON.stringify(key)}${near === undefined ? '' : `; did you mean ${JSON.stringify(near)}?`}`;
  return { pointer, message, hint: `known keys here: ${known.join(', ')}` };
}

function wrongChoice(choices: readonly string[], value: unknown, pointer: string): ShapeIssue {
  const near = typeof value === 'string' ? nearestWord(value, choices) : undefined;
  const meant = near === undefined ? '' : `; did you mean ${JSON.stringify(near)}?`;
  // Of many nobody reads the list: the nearest is said, and where they stand.
  const all =
    choices.length > 12 ? `${choices.slice(0, 3).join(', ')} and ${choices.length - 3} more` : choices.join(', ');
  return { pointer, message: `${nameOf(pointer)} must be one of ${all}${meant}` };
}

function mismatch(shape: Shape, value: unknown, pointer: string): ShapeIssue {
  const types = shape.kind === 'number' ? [shape.kind] : jsonTypes(shape);
  const wanted = types.map((type) => (type === 'array' ? 'list' : type === 'object' ? 'map' : type));
  return {
    pointer,
    message: `${nameOf(pointer)} must be a ${wanted.join(' or a ')}, not ${articleOf(jsonTypeOf(value))}`,
  };
}

function articleOf(type: string): string {
  return type === 'null' ? 'empty' : type === 'array' ? 'a list' : type === 'object' ? 'a map' : `a ${type}`;
}

function nameOf(pointer: string): string {
  return pointer === '' ? 'the file' : JSON.stringify(pointer.slice(1).replaceAll('/', '.'));
}

function jsonTypeOf(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function jsonTypes(shape: Shape): readonly string[] {
  switch (shape.kind) {
    case 'choice':
      return ['string'];
    case 'list':
      return ['array'];
    case 'map':
      return ['object'];
    case 'either':
      return shape.of.flatMap(jsonTypes);
    case 'number':
      return ['integer', 'number'];
    case 'any':
      return ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'];
    default:
      return [shape.kind];
  }
}

/** The JSON Schema (2020-12) of a shape. */
export function jsonSchemaOf(shape: Shape): Readonly<Record<string, unknown>> {
  const { about: description } = shape;
  switch (shape.kind) {
    case 'any':
      return { description };
    case 'string':
      return { description, type: 'string', ...(shape.pattern === undefined ? {} : { pattern: shape.pattern }) };
    case 'number':
      return {
        description,
        type: shape.whole === true ? 'integer' : 'number',
        ...(shape.above === undefined ? {} : { exclusiveMinimum: shape.above }),
        ...(shape.least === undefined ? {} : { minimum: shape.least }),
        maximum: shape.most,
      };
    case 'choice':
      return { description, enum: shape.of };
    case 'list':
      return { description, type: 'array', items: jsonSchemaOf(shape.of) };
    case 'map':
      return { description, type: 'object', additionalProperties: jsonSchemaOf(shape.of) };
    case 'either':
      return { description, anyOf: shape.of.map(jsonSchemaOf) };
    case 'object':
      return {
        description,
        type: 'object',
        properties: Object.fromEntries(Object.entries(shape.fields).map(([key, field]) => [key, jsonSchemaOf(field)])),
        ...((shape.required ?? []).length === 0 ? {} : { required: shape.required }),
        additionalProperties: shape.open === true,
      };
    default:
      return { description, type: shape.kind };
  }
}
