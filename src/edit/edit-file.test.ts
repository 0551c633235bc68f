import { describe, expect, test } from 'vitest';
import type { Edit } from './edit.ts';
import { editFile } from './edit-file.ts';

function edited(path: string, text: string, ...edits: readonly Edit[]): string {
  const answer = editFile({ path, bytes: new TextEncoder().encode(text) }, edits);
  if ('bytes' in answer) return new TextDecoder('utf-8', { ignoreBOM: true }).decode(answer.bytes);
  const { code, line, column, reason } = answer.refusal;
  return `${code} ${line}:${column} ${reason}`;
}

describe('JSON', () => {
  const json = (text: string, ...edits: readonly Edit[]) => edited('config.json', text, ...edits);

  test.each<readonly [string, Edit, string]>([
    ['{\n  "a": 1,\n  "b": 2\n}\n', { path: '/a', set: 5 }, '{\n  "a": 5,\n  "b": 2\n}\n'],
    ['{\n  "a": 1\n}\n', { path: '/b', set: 'x' }, '{\n  "a": 1,\n  "b": "x"\n}\n'],
    ['{\r\n\t"a":1\r\n}', { path: '/b', set: [1] }, '{\r\n\t"a":1,\r\n\t"b":[\r\n\t\t1\r\n\t]\r\n}'],
    ['{"a":1}', { path: '/b', set: { c: [1, 2] } }, '{"a":1,"b":{"c":[1,2]}}'],
    ['{"a": 1, "b": 2}', { path: '/b', unset: true }, '{"a": 1}'],
    ['{"a": 1, "b": 2}', { path: '/a', unset: true }, '{"b": 2}'],
    ['{\n  "a": 1,\n  "b": 2\n}', { path: '/a', unset: true }, '{\n  "b": 2\n}'],
    ['{\n  "a": 1,\n  "b": 2\n}', { path: '/b', unset: true }, '{\n  "a": 1\n}'],
    ['{\n  "a": {\n    "b": 2\n  }\n}', { path: '/a/b', unset: true }, '{\n  "a": {}\n}'],
    ['{\n  "a": {}\n}', { path: '/a/b', set: 2 }, '{\n  "a": {\n    "b": 2\n  }\n}'],
    ['{\n  "a": [1, 2]\n}', { path: '/a/-', set: 3 }, '{\n  "a": [1, 2, 3]\n}'],
    ['{\n  "a": [1, 2]\n}', { path: '/a', set: [0, 2, 5] }, '{\n  "a": [0, 2, 5]\n}'],
    ['{\n  "a": [\n    1,\n    2\n  ]\n}', { path: '/a', set: [2] }, '{\n  "a": [\n    2\n  ]\n}'],
    ['{\n  "a": [1, 2, 3]\n}', { path: '/a/0', unset: true }, '{\n  "a": [2, 3]\n}'],
    ['\ufeff{"a": 1}\n', { path: '/a', set: null }, '\ufeff{"a": null}\n'],
    ['{"a": 1}', { path: '/x/y/z', set: true }, '{"a": 1, "x": {"y": {"z": true}}}'],
    ['{}', { path: '/a', set: 1 }, '{\n  "a": 1\n}'],
    ['{"a": "\\u00e9", "b": 1}', { path: '/b', set: 'ü' }, '{"a": "\\u00e9", "b": "\\u00fc"}'],
    ['{"__proto__": {"a": 1}}', { path: '/__proto__/a', set: 2 }, '{"__proto__": {"a": 2}}'],
    ['{"a": {"b": 1}, "c": 1}', { path: '', set: { c: 2 } }, '{"c": 2}'],
    ['{"a": 12345678901234567890}', { path: '/b', set: 1 }, '{"a": 12345678901234567890, "b": 1}'],
  ])('%j, %j', (text, edit, wanted) => {
    expect(json(text, edit)).toBe(wanted);
  });

  test.each<readonly [string, Edit, RegExp]>([
    ['{"a": 1,\n "a": 2}', { path: '/a', set: 3 }, /^stands-twice 2:2 /],
    ['{"a": 1', { path: '/a', set: 3 }, /^unreadable 1:8 /],
    ['{"a": 1}', { path: '/a/b', set: 3 }, /^not-there 1:7 /],
    ['{"a": [1]}', { path: '/a/5', set: 3 }, /^not-there 1:7 /],
    ['{"a": 1}', { path: '', unset: true }, /^cannot-say /],
    ['{\n<<<<<<< HEAD\n"a": 1\n=======\n"a": 2\n>>>>>>> x\n}', { path: '/a', set: 3 }, /^unreadable 2:1 .*merge/],
    ['['.repeat(200), { path: '/a', set: 3 }, /^unreadable 1:102 .*deeper/],
  ])('%j, %j is refused', (text, edit, wanted) => {
    expect(json(text, edit)).toMatch(wanted);
  });

  test('what is no UTF-8 is refused with its line', () => {
    const bytes = new Uint8Array([...new TextEncoder().encode('{\n"a": "'), 0xff, 0x22, 0x7d]);
    expect(editFile({ path: 'config.json', bytes }, [{ path: '/a', set: 1 }])).toMatchObject({
      refusal: { code: 'unreadable', line: 2, column: 7 },
    });
  });

  test('several edits are made in order, or none', () => {
    expect(json('{"a": 1}', { path: '/b', set: 1 }, { path: '/b/c', set: 1 })).toMatch(/^not-there/);
    expect(json('{"a": 1}', { path: '/b', set: {} }, { path: '/b/c', set: 1 })).toBe('{"a": 1, "b": {"c": 1}}');
  });
});

const unit = `include "root" {
  path = find_in_parent_folders()
}

terraform {
  source = "git::https://example.com/m.git//vpc?ref=v1.2.0"
}

locals {
  region = "eu-west-1"
}

inputs = {
  cidr   = "10.0.0.0/16" # all of it
  zones  = ["a", "b"]
  region = local.region
  name   = "net-\${local.region}"
  tags = {
    Team = "net"
  }
}
`;

describe('HCL', () => {
  const unitWith = (...edits: readonly Edit[]) => edited('live/vpc/terragrunt.hcl', unit, ...edits);

  test.each<readonly [string, Edit, readonly [string, string]]>([
    ['a text', { path: '/inputs/cidr', set: '10.1.0.0/16' }, ['"10.0.0.0/16"', '"10.1.0.0/16"']],
    ['an item', { path: '/inputs/zones/-', set: 'c' }, ['["a", "b"]', '["a", "b", "c"]']],
    ['a local', { path: '/locals/region', set: 'us-east-1' }, ['"eu-west-1"', '"us-east-1"']],
    [
      'a nested key',
      { path: '/inputs/tags/Env', set: 'prod' },
      ['Team = "net"\n', 'Team = "net"\n    Env  = "prod"\n'],
    ],
    ['a source', { path: '/terraform/source', ref: 'v1.3.0' }, ['ref=v1.2.0', 'ref=v1.3.0']],
    ['an override', { path: '/inputs/region', set: 'x', override: true }, ['region = local.region', 'region = "x"']],
    ['a template', { path: '/inputs/tags/Env', set: '${x} "\n' }, ['"net"\n', '"net"\n    Env  = "$${x} \\"\\n"\n']],
    [
      'a longer key',
      { path: '/inputs/tags/Environment', set: 1 },
      ['Team = "net"\n', 'Team        = "net"\n    Environment = 1\n'],
    ],
    ['taken away', { path: '/inputs/zones', unset: true }, ['  zones  = ["a", "b"]\n', '']],
    ['an odd key', { path: '/inputs/tags/a~1b', set: true }, ['Team = "net"\n', 'Team  = "net"\n    "a/b" = true\n']],
    [
      'an object',
      { path: '/inputs/tags', set: { Team: 'net', Owner: { id: 1 } } },
      ['Team = "net"\n', 'Team = "net"\n    Owner = {\n      id = 1\n    }\n'],
    ],
  ])('%s', (_name, edit, [before, after]) => {
    expect(unitWith(edit)).toBe(unit.replace(before, () => after));
  });

  test.each<readonly [Edit, string]>([
    [{ path: '/inputs/region', set: 'x' }, 'elsewhere 16:12 the value is no literal here: it is `local.region`'],
    [
      { path: '/inputs/name', set: 'x' },
      'elsewhere 17:12 the value is no literal here: it is a template with `local.region` in it',
    ],
    [{ path: '/inputs', set: {} }, 'elsewhere 16:12 the value is no literal here: it is `local.region`'],
    [
      { path: '/include/root', set: 1 },
      'elsewhere 2:10 the value is no literal here: the function `find_in_parent_folders` makes it',
    ],
    [
      { path: '/terraform', unset: true },
      'cannot-say 5:1 blocks are neither made nor taken away, and no value takes the place of one',
    ],
    [{ path: '/terraform/source', ref: 'v1"' }, 'cannot-say 1:1 this is no version that a source can name'],
  ])('%j is refused', (edit, wanted) => {
    expect(unitWith(edit)).toBe(wanted);
  });

  test.each<readonly [string, Edit, string]>([
    ['a = 1\nbb = 2 # x\n', { path: '/a', set: 3 }, 'a = 3\nbb = 2 # x\n'],
    ['a  = 1\nbb = 2\n', { path: '/ccc', set: 3 }, 'a   = 1\nbb  = 2\nccc = 3\n'],
    ['a   = 1\nbb  = 2\nccc = 3\n', { path: '/ccc', unset: true }, 'a  = 1\nbb = 2\n'],
    ['a = 1\nbb = 2\n', { path: '/ccc', set: 3 }, 'a = 1\nbb = 2\nccc = 3\n'],
    ['a = 1', { path: '/b', set: 3 }, 'a = 1\nb = 3'],
    ['a = 1\nb = 3', { path: '/b', unset: true }, 'a = 1'],
    ['a = 1\r\n', { path: '/b', set: [{ c: 1 }] }, 'a = 1\r\nb = [\r\n  {\r\n    c = 1\r\n  },\r\n]\r\n'],
    ['', { path: '/b', set: 'x' }, 'b = "x"\n'],
    ['# only this\n', { path: '/b', set: 'x' }, '# only this\nb = "x"\n'],
    ['a = <<EOT\none\nEOT\n', { path: '/a', set: 'two\n${x}\n' }, 'a = <<EOT\ntwo\n$${x}\nEOT\n'],
    ['a = <<-EOT\n    one\n  EOT\n', { path: '/a', set: 'two\nthree\n' }, 'a = <<-EOT\n    two\n    three\n  EOT\n'],
    ['a = <<EOT\none\nEOT\n', { path: '/a', set: 'two' }, 'a = "two"\n'],
    ['a = {}\n', { path: '/a/b', set: 1 }, 'a = {\n  b = 1\n}\n'],
    ['a = {\n  b = 1\n}\n', { path: '/a/b', unset: true }, 'a = {}\n'],
    ['a = { b = 1 }\n', { path: '/a/c', set: 1 }, 'a = { b = 1, c = 1 }\n'],
    ['a = { "b" : 1 }\n', { path: '/a/c', set: 1 }, 'a = { "b" : 1, "c" : 1 }\n'],
    ['a = {\n  b = 1,\n  c = 2,\n}\n', { path: '/a/d', set: 1 }, 'a = {\n  b = 1,\n  c = 2,\n  d = 1,\n}\n'],
    [
      'a = {\n  b = 1, # one\n  c = 2 # two\n}\n',
      { path: '/a/d', set: 1 },
      'a = {\n  b = 1, # one\n  c = 2, # two\n  d = 1\n}\n',
    ],
    [
      'a = [\n  "x", # one\n  "y" # two\n]\n',
      { path: '/a/-', set: 'z' },
      'a = [\n  "x", # one\n  "y", # two\n  "z"\n]\n',
    ],
    ['a = [\n  "x",\n]\n', { path: '/a/-', set: 'z' }, 'a = [\n  "x",\n  "z",\n]\n'],
    [
      'a = [\n  {\n    b = 1\n  },\n]\n',
      { path: '/a/-', set: { b: 2 } },
      'a = [\n  {\n    b = 1\n  },\n  {\n    b = 2\n  },\n]\n',
    ],
    ['a = [{\n  b = 1\n}]\n', { path: '/a/-', set: { b: 2 } }, 'a = [{\n  b = 1\n}, {\n  b = 2\n}]\n'],
    ['a   = 1 # x\nbbb = 2 # y\n', { path: '/a', set: 100 }, 'a   = 100 # x\nbbb = 2   # y\n'],
    ['a = -1\n', { path: '/a', set: 12.5 }, 'a = 12.5\n'],
    [
      'a = [\n  { b = 1 },\n  { c = 2 },\n]\n',
      { path: '/a/0/long', set: 1 },
      'a = [\n  { b = 1, long = 1 },\n  { c = 2 },\n]\n',
    ],
    [
      'type    = 1\ndefault = {}\nn       = 2\n',
      { path: '/default/k', set: 1 },
      'type = 1\ndefault = {\n  k = 1\n}\nn = 2\n',
    ],
    [
      'type = 1\ndefault = {\n  k = 1\n}\nn = 2\n',
      { path: '/default/k', unset: true },
      'type    = 1\ndefault = {}\nn       = 2\n',
    ],
    ['a = toset(["x"])\n', { path: '/a/-', set: 'y' }, 'a = toset(["x", "y"])\n'],
    ['a = 1\n', { path: '/a', set: 1e21 }, 'a = 1000000000000000000000\n'],
    ['a = 1\n', { path: '/a', set: -1.5e-7 }, 'a = -0.00000015\n'],
    ['a = (1)\n', { path: '/a', set: 2 }, 'a = (2)\n'],
  ])('variables %j, %j', (text, edit, wanted) => {
    expect(edited('x.tfvars', text, edit)).toBe(wanted);
  });

  test.each<readonly [string, Edit, string]>([
    ['variable "x" {}\n', { path: '/variable/x/default', set: 1 }, 'variable "x" {\n  default = 1\n}\n'],
    [
      'variable "x" {\n  type    = string\n  default = "a"\n}\n',
      { path: '/variable/x/default', set: 'b' },
      'variable "x" {\n  type    = string\n  default = "b"\n}\n',
    ],
    [
      'variable "x" {\n  type = string\n}\n',
      { path: '/variable/x/default', set: 'b' },
      'variable "x" {\n  type    = string\n  default = "b"\n}\n',
    ],
    [
      'variable "x" { type = string }\n',
      { path: '/variable/x/default', set: 'b' },
      'variable "x" {\n  type    = string\n  default = "b"\n}\n',
    ],
    [
      'locals {\n  a = 1\n}\nlocals {\n  b = 1\n}\n',
      { path: '/locals/a', set: 2 },
      'locals {\n  a = 2\n}\nlocals {\n  b = 1\n}\n',
    ],
    [
      'module "v" {\n  source = "x/y/z"\n  version = "1.0.0"\n}\n',
      { path: '/module/v/version', set: '1.1.0' },
      'module "v" {\n  source = "x/y/z"\n  version = "1.1.0"\n}\n',
    ],
    [
      'module "v" {\n  source = "${local.base}//v?ref=v1"\n}\n',
      { path: '/module/v/source', ref: 'v2' },
      'module "v" {\n  source = "${local.base}//v?ref=v2"\n}\n',
    ],
    [
      'terraform {\n  source = "tfr:///a/b/c?version=1.0.0"\n}\n',
      { path: '/terraform/source', ref: '1.1.0' },
      'terraform {\n  source = "tfr:///a/b/c?version=1.1.0"\n}\n',
    ],
    [
      'inputs = merge(local.all, {\n  a = 1\n})\n',
      { path: '/inputs/a', set: 2 },
      'inputs = merge(local.all, {\n  a = 2\n})\n',
    ],
    [
      'inputs = merge(local.all, {\n  a = 1\n})\n',
      { path: '/inputs/b', set: 2, override: true },
      'inputs = merge(local.all, {\n  a = 1\n  b = 2\n})\n',
    ],
    [
      'terraform {\n  source = "x"\n}\n',
      { path: '/inputs/a', set: 1 },
      'terraform {\n  source = "x"\n}\n\ninputs = {\n  a = 1\n}\n',
    ],
  ])('configurations %j, %j', (text, edit, wanted) => {
    expect(edited('terragrunt.hcl', text, edit)).toBe(wanted);
  });
});

describe('YAML', () => {
  const yaml = (text: string, ...edits: readonly Edit[]) => edited('config.yaml', text, ...edits);

  test.each<readonly [string, Edit, string]>([
    ['a: 1 # c\nb: 2\n', { path: '/a', set: 5 }, 'a: 5 # c\nb: 2\n'],
    ['a: "x"\n', { path: '/a', set: 'y' }, 'a: "y"\n'],
    ["a: 'x'\n", { path: '/a', set: "it's" }, "a: 'it''s'\n"],
    ['a: x\n', { path: '/a', set: 'yes' }, 'a: "yes"\n'],
    ['a: x\n', { path: '/b', set: 'y z' }, 'a: x\nb: y z\n'],
    ['a: "x"\n', { path: '/b', set: 'y' }, 'a: "x"\nb: "y"\n'],
    ['a: x', { path: '/b', set: 'z' }, 'a: x\nb: z'],
    ['a: x\nb: y', { path: '/b', unset: true }, 'a: x'],
    ['a: x\r\nb: y\r\n', { path: '/c/d', set: 1 }, 'a: x\r\nb: y\r\nc:\r\n  d: 1\r\n'],
    ['a:\n  b: 1 # c\n# end\n', { path: '/a/c', set: 2 }, 'a:\n  b: 1 # c\n  c: 2\n# end\n'],
    ['a:\n  b: 1\nc: 2\n', { path: '/a/b', unset: true }, 'a: {}\nc: 2\n'],
    ['a: {}\nc: 2\n', { path: '/a/b', set: 1 }, 'a:\n  b: 1\nc: 2\n'],
    ['a: {b: 1}\n', { path: '/a/c', set: [1, { x: 'y, z' }] }, 'a: {b: 1, c: [1, {x: "y, z"}]}\n'],
    ['a: [x, y]\n', { path: '/a/-', set: 'z' }, 'a: [x, y, z]\n'],
    ['a: [x, y]\n', { path: '/a/0', unset: true }, 'a: [y]\n'],
    ['a:\n- x # one\n- y\n', { path: '/a/-', set: 'z' }, 'a:\n- x # one\n- y\n- z\n'],
    ['a:\n  - x\n  - y\n', { path: '/a', set: ['x', 'w', 'y'] }, 'a:\n  - x\n  - w\n  - y\n'],
    ['a:\n  - x\n  - y\n', { path: '/a/0', unset: true }, 'a:\n  - y\n'],
    ['a:\n  - b: 1\n    c: 2\n', { path: '/a/0/b', unset: true }, 'a:\n  - c: 2\n'],
    ['a:\n  - b: 1\n    c: 2\n', { path: '/a/0/d', set: [1] }, 'a:\n  - b: 1\n    c: 2\n    d:\n      - 1\n'],
    ['a:\n  - b: 1\n', { path: '/a/-', set: { b: 2, c: { d: 1 } } }, 'a:\n  - b: 1\n  - b: 2\n    c:\n      d: 1\n'],
    ['a: |\n  one\n  two\nb: 1\n', { path: '/a', set: 'three\nfour\n' }, 'a: |\n  three\n  four\nb: 1\n'],
    ['a: |\n  one\nb: 1\n', { path: '/a', set: 'three' }, 'a: |-\n  three\nb: 1\n'],
    ['a: |\n  one\n', { path: '/b', set: 1 }, 'a: |\n  one\nb: 1\n'],
    ['a:\nb: 1\n', { path: '/a', set: 'x' }, 'a: x\nb: 1\n'],
    ['a:\nb: 1\n', { path: '/a/c', set: 'x' }, 'a:\n  c: x\nb: 1\n'],
    ['a: 1 # why\nb: 1\n', { path: '/a', set: { c: 1 } }, 'a: # why\n  c: 1\nb: 1\n'],
    ['a: # why\n  c: 1\nb: 1\n', { path: '/a', set: 1 }, 'a: 1 # why\nb: 1\n'],
    ['', { path: '/a', set: 1 }, 'a: 1\n'],
    ['---\n# top\na: 1\n', { path: '/a', set: '1' }, '---\n# top\na: "1"\n'],
    ['"a": 1\n', { path: '/b', set: null }, '"a": 1\n"b": null\n'],
    ['a: 1\n', { path: '/b', set: 'one\ntwo' }, 'a: 1\nb: "one\\ntwo"\n'],
  ])('%j, %j', (text, edit, wanted) => {
    expect(yaml(text, edit)).toBe(wanted);
  });

  test.each<readonly [string, Edit, string]>([
    ['a: &x 1\nb: *x\n', { path: '/b', set: 2 }, 'elsewhere 2:4 the value is no literal here: it is the alias `*x`'],
    ['a: &x 1\nb: *x\n', { path: '/a', set: 2 }, 'elsewhere 1:7 others take this value from here: it is named `&x`'],
    [
      'a: &x\n  c: 1\nb:\n  <<: *x\n  d: 1\n',
      { path: '/b/c', set: 2 },
      'elsewhere 4:7 the value is no literal here: other keys are laid under these by `*x`',
    ],
    ['a: !ref x\n', { path: '/a', set: 2 }, 'elsewhere 1:9 the value is no literal here: the function `!ref` makes it'],
    ['a: 1\na: 2\n', { path: '/a', set: 2 }, 'stands-twice 2:1 a key on the way stands twice; this is the second'],
    ['a: 1\n---\na: 2\n', { path: '/a', set: 2 }, 'unreadable 2:1 several documents in one file are not edited'],
    ['a: [1\n', { path: '/a', set: 2 }, 'unreadable 2:1 the file is not valid YAML from here on'],
  ])('%j, %j is refused', (text, edit, wanted) => {
    expect(yaml(text, edit)).toBe(wanted);
  });

  test('what an alias or a merge gives is overridden where it is asked for', () => {
    expect(yaml('a: &x 1\nb: *x\n', { path: '/b', set: 2, override: true })).toBe('a: &x 1\nb: 2\n');
    expect(yaml('a: &x\n  c: 1\nb:\n  <<: *x\n  d: 1\n', { path: '/b/c', set: 2, override: true })).toBe(
      'a: &x\n  c: 1\nb:\n  <<: *x\n  d: 1\n  c: 2\n',
    );
  });
});

describe('what harms', () => {
  const large = 'x'.repeat(10 * 1024 * 1024);
  test.each<readonly [string, string, string]>([
    ['a large file', 'a.json', `{"a": "${large}"}`],
    ['a large file', 'a.yaml', `a: "${large}"\n`],
    ['a large file', 'a.tfvars', `a = "${large}"\n`],
    ['a deep one', 'a.json', `{"a": ${'['.repeat(5000)}${']'.repeat(5000)}}`],
    ['a deep one', 'a.yaml', `a: ${'['.repeat(5000)}${']'.repeat(5000)}\n`],
    ['a deep one without brackets', 'a.yaml', `${'- '.repeat(20_000)}x\n`],
    ['a deep one', 'a.tfvars', `a = ${'['.repeat(5000)}${']'.repeat(5000)}\n`],
  ])('%s in %s is refused', (_what, path, text) => {
    expect(edited(path, text, { path: '/a', set: 1 })).toMatch(/^unreadable /);
  });

  test.each(['a.json', 'a.yaml', 'a.tfvars'])(
    'half a character, and what only looks like a number, write nothing into %s',
    (path) => {
      const text = edited(path, '', { path: '/a', set: 1 }).startsWith('unreadable')
        ? '{"a": 1}'
        : edited(path, '', { path: '/a', set: 1 });
      expect(edited(path, text, { path: '/a', set: '\ud83d' })).toMatch(/^cannot-say/);
      expect(edited(path, text, { path: '/a', set: '\ud800#1, "b": 2' })).toMatch(/^cannot-say/);
      expect(edited(path, text, { path: '/\ud800', set: 1 })).toMatch(/^cannot-say/);
    },
  );

  test('a long number keeps its digits', () => {
    const long = '\ud800#12345678901234567890';
    expect(edited('a.json', '{"a": 1}', { path: '/a', set: long })).toBe('{"a": 12345678901234567890}');
    expect(edited('a.yaml', 'a: 1\n', { path: '/a', set: long })).toBe('a: 12345678901234567890\n');
    expect(edited('a.tfvars', 'a = 1\n', { path: '/a', set: long })).toBe('a = 12345678901234567890\n');
  });

  test('no refusal quotes a value', () => {
    const secret = 'hunter2-hunter2';
    const files: readonly (readonly [string, string])[] = [
      ['a.json', `{"a": {"b": "${secret}"}, "a": "${secret}"`],
      ['a.json', `{"password": "${secret}"}`],
      ['a.yaml', `password: "${secret}\nx: [${secret}\n`],
      ['a.yaml', `password: &p "${secret}"\nx: *p\n`],
      ['a.tf', `variable "x" {\n  default = "${secret}-\${local.x}"\n}\n`],
      ['a.tfvars', `password = "${secret}\n`],
    ];
    const edits: readonly Edit[] = ['/password', '/password/x', '/x', '/a', '/variable/x/default'].flatMap((path) => [
      { path, set: 'other-secret-other' },
      { path, unset: true },
      { path, ref: 'v1' },
    ]);
    for (const [path, text] of files)
      for (const edit of edits) {
        const answer = editFile({ path, bytes: new TextEncoder().encode(text) }, [edit]);
        if ('refusal' in answer) expect(JSON.stringify(answer.refusal)).not.toMatch(/hunter2|other-secret/);
      }
  });

  test('many edits of a large file are refused before they keep a process busy', () => {
    const text = Array.from({ length: 9000 }, (_, at) => `key${at}: "${'x'.repeat(100)}"\n`).join('');
    const edits = Array.from({ length: 2000 }, (_, at): Edit => ({ path: `/key${at}`, set: at }));
    expect(edited('a.yaml', text, ...edits)).toMatch(/^cannot-say .*too many edits/);
  });

  test('a text of a configuration in JSON is a template', () => {
    const text = '{"locals": {"a": "${var.x}-b", "c": "$${d}"}}';
    expect(edited('x.tf.json', text, { path: '/locals/a', set: 'x' })).toBe(
      'elsewhere 1:18 the value is no literal here: it is a template with `var.x` in it',
    );
    expect(edited('x.tf.json', text, { path: '/locals/c', set: '${e}' })).toBe(
      '{"locals": {"a": "${var.x}-b", "c": "$${e}"}}',
    );
  });
});
