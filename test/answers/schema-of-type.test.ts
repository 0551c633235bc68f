import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SchemaOfType } from '../../scripts/schemas/schema-of-type.ts';

const types = `
interface Cause { readonly text: string; readonly causes: readonly Cause[] }
interface Row<T> { readonly of: T }
class Held { #inner = 1; read() { return this.#inner; } }
export interface Cases {
  words: 'b' | 'a';
  mark: true;
  yesOrNo: boolean;
  absent?: string;
  perhaps: string | undefined;
  nothing: null | number;
  pair: readonly [string, number];
  some: readonly (string | number)[];
  counts: Partial<Record<'x' | 'y', number>>;
  named: Readonly<Record<string, boolean>>;
  tree: Cause;
  row: Row<string>;
  both: { a: string } & { b?: number };
  rest: Omit<{ a: string; b: string }, 'a'>;
  /** What it is. */
  told: unknown;
  held: Held;
  map: ReadonlyMap<string, string>;
  lines: Iterable<string>;
  call: () => void;
  deep: { inner: { list: { no: Set<string> }[] } };
}
`;

const folder = mkdtempSync(join(tmpdir(), 'karma-types-'));
let schemaOf: (member: string) => { readonly schema: object; readonly defs: object };

beforeAll(() => {
  const file = join(folder, 'cases.ts');
  writeFileSync(file, types);
  const program = ts.createProgram([file], { strict: true, target: ts.ScriptTarget.ES2022, types: [] });
  const checker = program.getTypeChecker();
  const declared = program
    .getSourceFile(file)
    ?.statements.find((one) => ts.isInterfaceDeclaration(one) && one.name.text === 'Cases');
  if (declared === undefined) throw new Error('the cases are not there');
  schemaOf = (member) => {
    const writer = new SchemaOfType(checker, folder);
    const property = checker
      .getPropertiesOfType(checker.getTypeAtLocation(declared))
      .find(({ name }) => name === member);
    if (property === undefined) throw new Error(`there is no ${member}`);
    return { schema: writer.of(checker.getTypeOfSymbol(property), member), defs: writer.defs };
  };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const text = { type: 'string' };

describe('the schema of a type', () => {
  it.each([
    ['words', { enum: ['a', 'b'] }],
    ['mark', { const: true }],
    ['yesOrNo', { type: 'boolean' }],
    ['perhaps', text],
    ['nothing', { anyOf: [{ type: 'null' }, { type: 'number' }] }],
    ['pair', { type: 'array', prefixItems: [text, { type: 'number' }], minItems: 2, maxItems: 2 }],
    ['some', { type: 'array', items: { anyOf: [text, { type: 'number' }] } }],
    ['counts', { type: 'object', properties: { x: { type: 'number' }, y: { type: 'number' } } }],
    ['named', { type: 'object', additionalProperties: { type: 'boolean' } }],
    ['row', { type: 'object', properties: { of: text }, required: ['of'] }],
    ['both', { type: 'object', properties: { a: text, b: { type: 'number' } }, required: ['a'] }],
    ['rest', { type: 'object', properties: { b: text }, required: ['b'] }],
    ['told', {}],
  ])('of %s is what JSON tells of it', (member, schema) => {
    expect(schemaOf(member).schema).toEqual(schema);
  });

  it('names what has a name, once, also where it holds itself', () => {
    expect(schemaOf('tree')).toEqual({
      schema: { $ref: '#/$defs/Cause' },
      defs: {
        Cause: {
          type: 'object',
          properties: { text, causes: { type: 'array', items: { $ref: '#/$defs/Cause' } } },
          required: ['causes', 'text'],
        },
      },
    });
  });

  it.each([
    ['held', 'held is Held'],
    ['map', 'map is ReadonlyMap<string, string>'],
    ['lines', 'lines is Iterable<string'],
    ['call', 'call is () => void'],
    ['deep', 'deep.inner.list[].no is Set<string>'],
  ])('is refused of %s, which JSON does not tell', (member, message) => {
    expect(() => schemaOf(member)).toThrow(message);
  });
});
