/** The types of `@usekarma/karma/client`, made of the schemas that queries are checked with and answers are frozen by. */

import { readFileSync } from 'node:fs';
import { verbNamed } from '../src/engine/verbs/table.ts';
import { jsonSchemaOf } from '../src/engine/verbs/verb.ts';
import { AnswerSchemas } from '../src/faces/api/answer-schemas.ts';
import { askable } from '../src/faces/api/ask.ts';
import { errorKinds } from '../src/model/errors.ts';

type Schema = Readonly<Record<string, unknown>>;

export async function clientTypes(): Promise<string> {
  const answers = new AnswerSchemas();
  const verbs: string[] = [];
  for (const name of [...askable].sort()) {
    const { about, query } = await verbNamed(name);
    const answer = typeOf(answers.of(name), '  ');
    verbs.push(`${comment(about, '  ')}  readonly ${word(name)}: {
    readonly query: ${typeOf(jsonSchemaOf(query), '    ')};
    readonly answer: Omit<${answer}, 'schemaVersion'>;
  };`);
  }
  const parts = Object.entries(answers.parts)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, schema]) => `${comment(schema['description'])}export type ${name} = ${typeOf(schema, '')};`);
  return [head, `export interface Verbs {\n${verbs.join('\n')}\n}`, ...parts, tail].join('\n\n');
}

function typeOf(schema: Schema, indent: string): string {
  const { type, $ref, anyOf, enum: words, items, prefixItems } = schema;
  if (typeof $ref === 'string') return $ref.slice($ref.lastIndexOf('/') + 1);
  if ('const' in schema) return JSON.stringify(schema['const']);
  if (Array.isArray(words)) return words.map((one) => JSON.stringify(one)).join(' | ');
  if (Array.isArray(anyOf)) return [...new Set((anyOf as Schema[]).map((one) => typeOf(one, indent)))].join(' | ');
  if (Array.isArray(type)) return type.map((one) => typeOf({ ...schema, type: one as string }, indent)).join(' | ');
  if (type === 'array') {
    if (Array.isArray(prefixItems))
      return `readonly [${(prefixItems as Schema[]).map((one) => typeOf(one, indent)).join(', ')}]`;
    return `readonly (${typeOf((items ?? {}) as Schema, indent)})[]`;
  }
  if (type === 'object') return objectType(schema, indent);
  if (type === 'integer') return 'number';
  return typeof type === 'string' ? type : 'unknown';
}

function objectType({ properties, required, additionalProperties }: Schema, indent: string): string {
  const members = Object.entries((properties ?? {}) as Readonly<Record<string, Schema>>);
  const must = new Set((required ?? []) as readonly string[]);
  const inner = `${indent}  `;
  const rest =
    additionalProperties !== null && typeof additionalProperties === 'object'
      ? typeOf(additionalProperties as Schema, inner)
      : 'unknown';
  if (members.length === 0) return `{ readonly [key: string]: ${rest} }`;
  const lines = members.map(
    ([name, member]) =>
      `${comment(member['description'], inner)}${inner}readonly ${word(name)}${must.has(name) ? '' : '?'}: ${typeOf(member, inner)};`,
  );
  return `{\n${lines.join('\n')}\n${indent}}`;
}

function word(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

function comment(text: unknown, indent = ''): string {
  return typeof text === 'string' && text !== '' ? `${indent}/** ${text.replaceAll('*/', '* /')} */\n` : '';
}

/** The options as the client itself declares them. */
function optionTypes(): string {
  const source = readFileSync(new URL('../src/faces/client/client.ts', import.meta.url), 'utf8');
  return ['ClientOptions', 'AskOptions']
    .map((name) => new RegExp(`^export interface ${name} \\{\\n[\\s\\S]*?^\\}`, 'm').exec(source)?.[0] ?? '')
    .join('\n\n');
}

const head = `/** Asks a service of Karma (\`karma serve\`). Made of the schemas of queries and answers; see docs/api.md. */

${optionTypes()}

export declare class KarmaClient {
  constructor(options: ClientOptions);
  /** @throws KarmaError with the code that the service gave; KARMA_UPSTREAM where it does not answer */
  ask<Name extends keyof Verbs>(verb: Name, query: Verbs[Name]['query'], options?: AskOptions): Promise<Verbs[Name]['answer']>;
  /** Events of the ledger as they happen, after a place; goes on by itself where the connection ends, until it is aborted. */
  events(options?: { readonly after?: number; readonly signal?: AbortSignal }): AsyncGenerator<LedgerEvent>;
}

export declare class KarmaError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: { readonly [key: string]: unknown } | undefined;
}`;

const tail = `export type ErrorCode = ${Object.keys(errorKinds)
  .map((code) => JSON.stringify(code))
  .join(' | ')};\n`;
