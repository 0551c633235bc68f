import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammar, parseWithGrammar } from './parse.ts';
import { parseStrict } from './strict-parse.ts';

beforeAll(loadGrammar);

const examples = new URL('../../examples/', import.meta.url);

function sources(): string[] {
  return readdirSync(examples, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(tf|hcl|tfvars)$/.test(path))
    .sort();
}

describe('what is well-formed', () => {
  it.each(sources())('%s reads as the grammar reads it', (path) => {
    const text = readFileSync(new URL(path, examples), 'utf8');
    expect(parseStrict(text)).toEqual(parseWithGrammar(text).body);
  });

  it.each([
    'a = 1 # c\nb = 2 // c\n/* d\n e */ c = 3\n',
    'x = a ? b : c ? d : e\ny = (a ? b : c) ? [1, 2] : {}\n',
    'x = a[*].b[*].c[0].d.0.e\ny = a.*.b.c[1]\n',
    'x = f(\n  a, # one\n  b...\n)\ny = provider::a::b(1)\n',
    'x = {\n  a = 1, b = 2\n  (c) = 3\n  "d${e}" : 4\n  null = 5\n  6 = 7\n}\n',
    'x = [\n  1,\n  "two",\n  [3],\n]\n',
    'x = { for k, v in a : k => v... if v != null && !k }\ny = [for v in a : v]\n',
    'x = -a * -1 + b % 2 >= c || d && e == !f\n',
    'x = "a${ b }c$${d}%{ if e ~} f %{ else }g%{ endif ~} h\\"${ "i${j}" }"\n',
    'x = <<EOF\n  a ${b}\n\n%{ for i in c ~}\n  ${i.d}\n%{ endfor ~}\nEOF\ny = <<-E1\n    a\n      $${b}\n  E1\n',
    'x = jsonencode({\n  a = [for i in b : {\n    c = i.d\n  }]\n})\n',
    'resource "a" b {\n  c = 1\n  d "e" { f = 2 }\n  g {}\n}\r\nh = 1\r\n',
    'x = {}\ny = []\nz = ""\n',
  ])('%j', (text) => {
    const body = parseStrict(text);
    expect(body).toBeDefined();
    expect(body).toEqual(parseWithGrammar(text).body);
  });
});

describe('what is not', () => {
  it.each([
    'a = ',
    'a = 1 b = 2',
    'a {',
    '}',
    'a = "',
    'a = <<E\nb',
    'a = [1 2]',
    'a == 1',
    'a = é',
    'a = 1 +',
    'a = {b c}',
    '"a" = 1',
  ])('%j is left to the grammar', (text) => {
    expect(parseStrict(text)).toBeUndefined();
  });

  it('never differs from the grammar where both read a text without errors', () => {
    const piece = fc.constantFrom(
      ...['a', 'b.c', ' = ', '{', '}', '"', '${', '[', ']', '(', ')', '\n', '<<E\n', '\nE\n', '[*]', ' + ', '-', '!'],
      ...['%{ if a }', '%{ endif }', '1', ' ? ', ' : ', ',', ' # c\n', '~', 'for x in y', ' => ', '...', '\\"', '$${'],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 24 }), (pieces) => {
        const text = `x = ${pieces.join('')}\n`;
        const body = parseStrict(text);
        const other = parseWithGrammar(text);
        if (body !== undefined && other.errors.length === 0) expect(body).toEqual(other.body);
      }),
      { numRuns: 2000 },
    );
  });
});
