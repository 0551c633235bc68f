import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { commandFirst } from '../../src/faces/cli/command-first.ts';
import { commands, groups } from '../../src/faces/cli/commands.ts';

const folder = new URL('../../schemas/answers/', import.meta.url).pathname;
const validators = new Map<string, ValidateFunction>();

/** Which answers a command may print as its one document: the first that fits is it. */
const documents: Readonly<Record<string, readonly string[]>> = {
  overview: ['overview'],
  list: ['list'],
  show: ['show'],
  outputs: ['outputs'],
  impact: ['impact', 'impact-since'],
  'graph impact': ['impact', 'impact-since'],
  why: ['why', 'causes'],
  order: ['order', 'order-since'],
  diff: ['diff'],
  status: ['status'],
  'log list': ['log'],
  'log grep': ['log'],
  'log verify': ['log-verify'],
  'graph versions': ['versions'],
  'config show': ['config'],
  'config validate': ['config-validate'],
  'type list': ['types'],
  'type show': ['type'],
  'modules fetch': ['modules-fetch'],
  'modules list': ['modules'],
  'token create': ['token-create'],
  'token list': ['token-list'],
  'token revoke': ['token-revoke'],
  build: ['build'],
  'graph build': ['build'],
  doctor: ['doctor'],
  explain: ['explain'],
};

/** What is wrong with the document that a command printed, as lines; empty where it is as its schema says. */
export function wrongInDocument(args: readonly string[], document: unknown): readonly string[] {
  if (typeof document === 'object' && document !== null && 'error' in document) return [];
  const names = documents[commandOf(args)] ?? [];
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
  return new Ajv2020({ strict: false }).compile(closed(schema) as object);
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
function commandOf(args: readonly string[]): string {
  const [first = '', second = ''] = commandFirst(args).filter((word) => !word.startsWith('-'));
  const noun = Object.entries(groups).find(([, { aliases = [] }]) => aliases.includes(first))?.[0] ?? first;
  const found =
    commands.find(({ name }) => name === `${noun} ${second}`) ??
    commands.find(({ name, aliases = [] }) => name === first || aliases.includes(first));
  return found?.name ?? '';
}
