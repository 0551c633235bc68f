import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { evaluate } from './evaluate.ts';
import { decodeJson, encodeJson } from './functions/encoding.ts';
import { fileFunctions } from './functions/files.ts';
import { loadGrammar, parseExpression, parseTemplate } from './parse.ts';
import type { Scope } from './scope.ts';
import { EvaluationError } from './scope.ts';
import { isUnknown, placesIn, Unknown, type Value } from './value.ts';

const roots: Readonly<Record<string, Value>> = {
  vpc: Unknown.at('vpc'),
  db: Unknown.at('db'),
  off: false,
  on: true,
  known: { a: [1, 2], b: 'x' },
};
const scope: Scope = { lookup: (name) => roots[name] };

/** Where a value would come from, one line a place; `?` for a place read with a fallback. */
function placesOf(source: string, in_: Scope = scope): readonly string[] {
  return placesIn(evaluate(parseExpression(source), in_))
    .map((place) => [place.source, ...place.steps].join('.') + (place.tolerated ? '?' : ''))
    .sort();
}

beforeAll(loadGrammar);

describe('what only a run could know', () => {
  it.each([
    ['vpc.subnets[0].id', ['vpc.subnets.0.id']],
    ['vpc["a.b"]', ['vpc.a.b']],
    ['jsondecode(vpc).ids', ['vpc.ids']],
    ['jsondecode(vpc.value).ids', ['vpc.value']],
    ['yamldecode(vpc.value).ids', ['vpc.value']],
    ['csvdecode(vpc.value)[0].ids', ['vpc.value']],
    ['jsondecode(jsondecode(vpc).a).b', ['vpc.a']],
    ['nonsensitive(jsondecode(vpc)).ids', ['vpc.ids']],
    ['vpc.subnets[*].id', ['vpc.subnets.*.id']],
    ['[for s in vpc.subnets : s.id]', ['vpc.subnets', 'vpc.subnets.*.id']],
    ['{for k, v in vpc.zones : k => v.arn}', ['vpc.zones', 'vpc.zones.*.arn']],
    ['vpc[db.key]', ['db.key', 'vpc.*']],
    ['"${vpc.id}/x/${db.name}"', ['db.name', 'vpc.id']],
    ['try(vpc.id, "none")', ['vpc.id?']],
    ['try(vpc.id, db.id)', ['db.id', 'vpc.id?']],
    ['try(vpc, {}).id', ['vpc.id?']],
    ['lookup(vpc.zones, "a", null)', ['vpc.zones.a?']],
    ['lookup(vpc.zones, "a")', ['vpc.zones.a']],
    ['(vpc.flag ? vpc : db).id', ['db.id', 'vpc.flag', 'vpc.id']],
    ['merge({x = 1}, vpc.tags).y', ['vpc.tags.y']],
    ['merge({x = 1}, vpc.tags).x', ['vpc.tags.x?']],
    ['merge(vpc.tags, {x = 1}).y', ['vpc.tags.y']],
    ['lookup(merge(vpc.tags, {x = db.x}), "x", 0)', ['db.x?']],
    ['merge(merge(db, vpc), {x = 1}).y', ['db.y', 'vpc.y']],
    ['merge(merge(db, {x = 1}), vpc).x', ['vpc.x?']],
    ['merge(vpc.tags, {x = 1})', ['vpc.tags']],
    ['try(vpc.a, vpc.on ? {a = db.id} : {a = db.n}).a', ['db.id', 'db.n', 'vpc.a.a?', 'vpc.on']],
    ['vpc[db.on ? "a" : "b"]', ['db.on', 'vpc.a', 'vpc.b']],
    ['vpc[{p = "a", q = "b"}[db.key]].id', ['db.key', 'vpc.a.id', 'vpc.b.id']],
    ['vpc[db.on ? "a" : db.key]', ['db.key', 'db.on', 'vpc.*']],
    ['{a = vpc.a, b = vpc.b, c = vpc.c}[db.on ? "a" : "b"]', ['db.on', 'vpc.a', 'vpc.b']],
    ['{a = vpc.a}[db.on ? "a" : "gone"]', ['db.on', 'vpc.a']],
    ['coalesce(null, vpc.a, db.b, known.b)', ['db.b', 'vpc.a']],
    ['one(vpc.list)', ['vpc.list.*']],
    ['element(vpc.list, 0)', ['vpc.list.0']],
    ['element(vpc.list, 1)', ['vpc.list.*']],
    ['known.a[vpc.index]', ['vpc.index']],
    ['length(vpc.subnets) > 0 ? 1 : 2', ['vpc.subnets']],
    ['length(vpc.subnets) > 0 ? 1 : 1', []],
    ['off && vpc.flag', []],
    ['vpc.flag || on', []],
    ['vpc.flag && on', ['vpc.flag']],
    ['[vpc.a, db.b][0]', ['vpc.a']],
    ['{a = vpc.a, b = db.b}.b', ['db.b']],
    ['can(vpc.x)', ['vpc.x?']],
    ['try(of_a_newer_program(vpc.x), "none")', ['vpc.x?']],
    ['can(of_a_newer_program(vpc.x))', ['vpc.x?']],
    ['md5(vpc.x)', ['vpc.x']],
    ['{ (vpc.k) = db.v }', ['db.v', 'vpc.k']],
    ['[for x in known.a : x if vpc.flag]', ['vpc.flag']],
    ['merge([vpc.maps]...)', ['vpc.maps']],
    ['provider::aws::arn_parse(vpc.arn)', ['vpc.arn']],
    ['"%{ if vpc.flag }${db.a}%{ endif }"', ['db.a', 'vpc.flag']],
    ['"%{ for s in vpc.list }${s.id}%{ endfor }"', ['vpc.list', 'vpc.list.*.id']],
  ])('%s comes from %j', (source, places) => {
    expect(placesOf(source)).toEqual(places);
  });

  it('keeps the known parts of a text', () => {
    const value = evaluate(parseExpression('"/iac/vpc/${vpc.name}/runtime"'), scope);
    expect(isUnknown(value) && value.text).toBe('/iac/vpc/${vpc.name}/runtime');
    const written = evaluate(parseExpression('format("/%s/%s", "iac", db.name)'), scope);
    expect(isUnknown(written) && written.text).toBe('/iac/${db.name}');
  });

  it.each([
    ['vpc.x ? "net-a-1" : "net-b-1"', 'net-${?}-1'],
    ['vpc.x ? "net-prod" : "net-${db.env}"', 'net-${?}'],
    ['vpc.x ? "net-${db.env}/a" : "net-${db.env}/b"', 'net-${db.env}/${?}'],
    ['vpc.x ? "a" : "b"', undefined],
    ['vpc.x ? "aa" : "a"', 'a${?}'],
    ['vpc.x ? "a" : 1', undefined],
    ['{ a = "x-1", b = "x-2" }[vpc.key]', 'x-${?}'],
  ])('keeps what the choices of %s share', (source, text) => {
    const value = evaluate(parseExpression(source), scope);
    expect(isUnknown(value) && value.text).toBe(text);
  });

  it('tells what took part although the result is known without it', () => {
    const dropped: Value[] = [];
    const listening: Scope = { ...scope, dropped: (value) => void dropped.push(value) };
    evaluate(parseExpression('[off && vpc.flag, length([db.id])]'), listening);
    expect(dropped.flatMap((value) => placesIn(value)).map((place) => place.source)).toEqual(['vpc', 'db']);
  });

  it('is what broken source evaluates to', () => {
    expect(isUnknown(evaluate({ kind: 'bad', text: 'a b', at: { line: 1, column: 1 } }, scope))).toBe(true);
  });
});

describe('scopes', () => {
  it('asks for constant chains first, and hides nothing of a loop variable', () => {
    const asked: string[] = [];
    const lazy: Scope = {
      lookup: () => undefined,
      traverse: (root, steps) => {
        asked.push([root, ...steps].join('.'));
        return { value: [{ id: 'x' }], used: 1 };
      },
    };
    expect(evaluate(parseExpression('[for local in local.list : local.id]'), lazy)).toEqual(['x']);
    expect(asked).toEqual(['local.list']);
  });

  it('fails with a place', () => {
    try {
      evaluate(parseExpression('known.missing'), scope);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(EvaluationError);
      expect(error instanceof EvaluationError && error.at.line).toBe(1);
    }
  });
});

describe('files', () => {
  const texts: Readonly<Record<string, string>> = {
    'mod/a.json': '{"x":1}',
    'mod/t/one.tpl': 'Hi ${name}',
    'mod/t/two.txt': '',
    'top.txt': 'top',
  };
  const files = fileFunctions({
    read: (path) => texts[path],
    exists: (path) => path in texts,
    list: (folder) => Object.keys(texts).filter((path) => folder === '' || path.startsWith(`${folder}/`)),
    base: 'mod',
    render: (template, lookup) => evaluate(parseTemplate(template), { lookup }),
  });

  it.each([
    ['jsondecode(file("a.json")).x', 1],
    ['file("./../top.txt")', 'top'],
    ['fileexists("b.json")', false],
    ['fileset("t", "*.{tpl,md}")', ['one.tpl']],
    ['fileset(".", "t/*.tpl")', ['t/one.tpl']],
    ['fileset(".", "none/*.tpl")', []],
    ['fileset(".", "{t,none}/*.tpl")', ['t/one.tpl']],
    ['fileset(".", "**")', ['a.json', 't/one.tpl', 't/two.txt']],
    ['templatefile("t/one.tpl", {name = "Ann"})', 'Hi Ann'],
    ['filemd5("../top.txt")', 'b28354b543375bfa94dabaeda722927f'],
  ])('%s', (source, expected) => {
    expect(evaluate(parseExpression(source), { ...scope, functions: files })).toEqual(expected);
  });

  it.each([
    ['templatefile("t/one.tpl", vpc.names)', ['vpc.names.name']],
    ['templatefile("t/one.tpl", merge(vpc.names, { name = db.id }))', ['db.id']],
    ['templatefile(vpc.file, db)', ['db', 'vpc.file']],
  ])('%s reads', (source, expected) => {
    expect(placesOf(source, { ...scope, functions: files })).toEqual(expected);
  });

  it('reads nothing outside the estate', () => {
    expect(() => evaluate(parseExpression('file("../../x")'), { ...scope, functions: files })).toThrow('no file');
  });
});

describe('JSON', () => {
  it('decodes what it encodes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const decoded = decodeJson(encodeJson(decodeJson(JSON.stringify(value))));
        expect(JSON.stringify(decoded)).toBe(JSON.stringify(decodeJson(encodeJson(decoded))));
        expect(encodeJson(decoded)).toBe(encodeJson(decodeJson(JSON.stringify(value))));
      }),
    );
  });
});
