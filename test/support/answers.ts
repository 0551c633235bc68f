import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { CommandSpec } from '../../src/faces/cli/command.ts';
import { commandFirst } from '../../src/faces/cli/command-first.ts';
import { commands, groups } from '../../src/faces/cli/commands.ts';

const folder = new URL('../../schemas/answers/', import.meta.url).pathname;
const validators = new Map<string, ValidateFunction>();

/** What the command line alone answers: that a file was written, or a document as another program takes it. */
const ownDocuments = ['--out', '--write-baseline', '--policy'];

/** What is wrong with the document that a command printed, as lines; empty where it is as its schema says. */
export function wrongInDocument(args: readonly string[], text: string): readonly string[] {
  const names = commandOf(args)?.verbs ?? [];
  if (names.length === 0 || ownDocuments.some((flag) => args.includes(flag))) return [];
  const document: unknown = JSON.parse(text);
  if (typeof document === 'object' && document !== null && 'error' in document) return [];
  const wrong = names.map((name) => wrongInAnswer(name, document));
  return wrong.find((one) => one.length === 0) ?? wrong[0] ?? [];
}

/** The same of the answer of one verb. A member that the schema does not know is wrong here, though readers pass over it. */
export function wrongInAnswer(verb: string, document: unknown): readonly string[] {
  const validate = validators.get(verb) ?? compiled(verb);
  validators.set(verb, validate);
  if (validate(document)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${verb}${instancePath} ${message ?? ''} ${JSON.stringify(params)}`,
  );
}

function compiled(verb: string): ValidateFunction {
  const schema = JSON.parse(readFileSync(join(folder, `${verb}.json`), 'utf8')) as object;
  return new Ajv2020({ strict: false }).compile(closedAbove(closed(schema) as Schema));
}

interface Schema {
  readonly anyOf?: readonly Schema[];
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: unknown;
}

/** Where an answer is one of several, what all of them have stands beside them: it is closed over both. */
function closedAbove(schema: Schema): Schema & { readonly unevaluatedProperties?: false } {
  const { anyOf, $defs = {} } = schema;
  if (anyOf === undefined) return schema;
  const opened = anyOf.map((one) => {
    const { additionalProperties: _, ...open } = $defs[one.$ref?.replace('#/$defs/', '') ?? ''] ?? one;
    return open;
  });
  return { ...schema, anyOf: opened, unevaluatedProperties: false };
}

function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (schema === null || typeof schema !== 'object') return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  return typeof inner['properties'] === 'object' && inner['type'] === 'object' && !('additionalProperties' in inner)
    ? { ...inner, additionalProperties: false }
    : inner;
}

/** The command of a command line, by its own name. */
function commandOf(args: readonly string[]): CommandSpec | undefined {
  const [first = '', second = ''] = commandFirst(args).filter((word) => !word.startsWith('-'));
  const noun = Object.entries(groups).find(([, { aliases = [] }]) => aliases.includes(first))?.[0] ?? first;
  return (
    commands.find(({ name }) => name === `${noun} ${second}`) ??
    commands.find(({ name, aliases = [] }) => name === first || aliases.includes(first))
  );
}
