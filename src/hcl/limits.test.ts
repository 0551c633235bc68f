import { describe, expect, it } from 'vitest';
import { evaluate } from './evaluate.ts';
import { decodeJson, decodeYaml } from './functions/encoding.ts';
import { loadGrammar, parseHcl } from './parse.ts';
import type { Scope } from './scope.ts';
import { EvaluationError } from './scope.ts';
import { Unknown, type Value } from './value.ts';

await loadGrammar();

/** Names of a file in any order, each evaluated once, as locals are. */
function valueNamed(text: string, name: string): Value {
  const { attributes } = parseHcl(text).body;
  const known = new Map<string, Value>();
  const scope: Scope = {
    lookup: (root) => {
      const attribute = attributes.get(root);
      if (attribute === undefined) return undefined;
      const value = known.get(root) ?? evaluate(attribute.value, scope);
      known.set(root, value);
      return value;
    },
  };
  return scope.lookup(name) ?? null;
}

const doubled = (form: (before: string) => string) =>
  Array.from({ length: 60 }, (_one, i) => `l${i + 1} = ${form(`l${i}`)}`).join('\n');

describe('expressions that ask for more than any machine has', () => {
  it.each([
    ['a text doubled sixty times', `l0 = "xxxxxxxx"\n${doubled((one) => `"\${${one}}\${${one}}"`)}`, 'l60'],
    ['a list doubled sixty times', `l0 = [1]\n${doubled((one) => `concat(${one}, ${one})`)}`, 'l60'],
    ['lists in lists', `l0 = [1]\n${doubled((one) => `[${one}, ${one}]`)}`, 'l60'],
    ['objects in objects', `l0 = 1\n${doubled((one) => `{ a = ${one}, b = ${one} }`)}`, 'l60'],
    ['a product of three', 'r = range(1000)\na = setproduct(r, r, r)', 'a'],
    ['loops in loops', 'r = range(1000)\na = [for x in r : length([for y in r : length([for z in r : z])])]', 'a'],
    [
      'loops of a template',
      'r = range(1000)\na = "%{ for x in r }%{ for y in r }%{ for z in r }%{ endfor }%{ endfor }%{ endfor }"',
      'a',
    ],
    ['a pattern that goes wild', 'a = regex("^(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab")', 'a'],
    ['one that goes wild in any case', `a = regex("(?i)^(a+)+$", "${'a'.repeat(5000)}b")`, 'a'],
    ['one that goes wild beside a wide character', `a = regex("^(\\\\pL+)+$", "${'ä'.repeat(5000)}💚")`, 'a'],
    ['one that looks through all for each match', `a = regexall("a.*b|a", "${'a'.repeat(50_000)}")`, 'a'],
    ['one that repeats what repeats', 'a = regex("((a{1,100}){1,100}){1,100}", "a")', 'a'],
    ['one that only other engines take', 'a = regex("(?=a)a", "a")', 'a'],
  ])('fail like any other that is wrong: %s', (_what, text, name) => {
    expect(() => valueNamed(text, name)).toThrow(EvaluationError);
  });

  it('and large ones that are meant do not', () => {
    expect(valueNamed('r = range(300)\na = length(flatten([for x in r : [for y in r : x * y]]))', 'a')).toBe(90_000);
    expect(
      valueNamed('a = replace("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "/(a|a)*b/", "x")', 'a'),
    ).toMatch(/!$/);
  });
});

describe('a text that goes on and on', () => {
  const often = 20_000;
  it.each([
    ['attributes', `a${'.b'.repeat(often)}`],
    ['indices', `a${'[0]'.repeat(often)}`],
    ['keys', `a${'["k"]'.repeat(often)}`],
    ['splats', `a${'[*]'.repeat(often)}`],
    ['splats of attributes', `a${'.*.b'.repeat(often)}`],
    ['negations', `${'!'.repeat(often)}true`],
    ['conditions', `${'true ? 1 : '.repeat(often)}2`],
    ['brackets', '['.repeat(often)],
    ['directives', `"${'%{if true}'.repeat(often)}x"`],
  ])('is refused with an error, and the rest of a module is read: %s', (_what, text) => {
    expect(parseHcl(`x = ${text}\n`).errors).toHaveLength(1);
    expect(parseHcl(`{ x = ${text}\n`).errors.length).toBeGreaterThan(0);
  });

  it.each([
    ['directives in directives, all closed', `x = "${'%{if true}'.repeat(often)}x${'%{endif}'.repeat(often)}"`],
    ['errors in each line', 'x = = 1\n'.repeat(often)],
    ['megabytes that are wrong all along', `x = ${'"'.repeat(1_000_001)}`],
  ])('is given up early: %s', (_what, text) => {
    const { errors } = parseHcl(`${text}\n`);
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.length).toBeLessThanOrEqual(500);
  });

  it('and on one line of megabytes no step looks through all of it', () => {
    expect(parseHcl(`x = "${'${a}'.repeat(300_000)}"\ny = "${'%{if a}b%{endif}'.repeat(40_000)}"\n`).errors).toEqual(
      [],
    );
  });

  it('and one that is only long is not', () => {
    const words = Array.from({ length: 5000 }, (_one, i) => `a.b.c${i}[0].d`);
    expect(parseHcl(`x = [${words.join(', ')}]\ny = "${'1.2.3.4, '.repeat(5000)}"\n`).errors).toEqual([]);
  });
});

describe('a document beyond what is read', () => {
  it.each([
    ['of JSON', () => decodeJson(`${'['.repeat(600)}${']'.repeat(600)}`)],
    ['of JSON, beyond what a stack holds', () => decodeJson(`${'['.repeat(60_000)}${']'.repeat(60_000)}`)],
    ['of YAML', () => decodeYaml(`${'- '.repeat(600)}x`)],
    ['of YAML, beyond what a stack holds', () => decodeYaml(`${'- '.repeat(100_000)}x`)],
    ['that is large', () => decodeYaml(`a: ${'x'.repeat(1_100_000)}`)],
    ['of aliases', () => decodeYaml(`a: &a [x]\nb: [${Array.from({ length: 200 }, () => '*a').join(', ')}]`)],
  ])('is good for all one knows, so it is not known: %s', (_what, decode) => {
    expect(decode()).toBeInstanceOf(Unknown);
  });

  it('is not one that is wrong', () => {
    expect(() => decodeYaml('a: [')).toThrow('this is no YAML');
    expect(() => decodeJson('[')).toThrow('this is no JSON');
  });
});

describe('a broken text that the grammar would read over and over', () => {
  it.each([
    ['blanks behind a heredoc that nobody ends', `a = 1\nx = [<<E\n${' '.repeat(200_000)}`],
    ['empty lines behind one', `a = 1\nx = [<<E\n${'\n'.repeat(200_000)}`],
  ])('is told as unread, and what stands before it is read: %s', (_what, text) => {
    const { body, errors } = parseHcl(text);
    expect(body.attributes.get('a')?.value).toMatchObject({ kind: 'literal', value: 1 });
    expect(errors).toMatchObject([{ at: { line: 2 }, message: 'the text cannot be parsed' }]);
  });
});
