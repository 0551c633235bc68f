import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { largestText, loadGrammar, parseHcl, parseTemplate } from '../hcl/parse.ts';
import { readJson } from './json-document.ts';
import { readYaml } from './yaml-document.ts';

/** What people write, broken in every way: each reader says what is wrong and never fails itself. */

await loadGrammar();

const seeds: Readonly<Record<string, string>> = {
  hcl: 'variable "a" {\n  type = object({ b = optional(string, "x") })\n}\nlocals {\n  c = [for k, v in var.a : "${k}-%{if v}x%{else}y%{endif}" if v != null]\n  d = <<-E\n    ${local.c[*].e}\n  E\n}\n',
  terragrunt:
    'include "root" {\n  path = find_in_parent_folders("root.hcl")\n}\ndependency "vpc" {\n  config_path = "../vpc"\n  mock_outputs = { id = "x" }\n}\ninputs = merge(local.a, { id = dependency.vpc.outputs.id })\n',
  tfvars: 'a = 1\nb = ["x", { c = true }]\n# d\ne = <<E\ntext\nE\n',
  json: '{ "a": [1, 2.50, { "b": null }], "c": "\\u00e4", "d": { "e": true } }\n',
  yaml: 'extends:\n  - a: &x { b: 1 }\n  - *x\nreason: >\n  long\n  text\nassume:\n  - module: x\n',
};

/** Cuts, doublings, swaps, and bytes that mean something somewhere. */
const mutation = fc.record({
  kind: fc.constantFrom('cut', 'repeat', 'put', 'replace', 'end'),
  at: fc.nat(400),
  length: fc.integer({ min: 1, max: 40 }),
  times: fc.constantFrom(2, 3, 500),
  sign: fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    '(',
    '"',
    '${',
    '%{',
    '%{if',
    '<<E\n',
    '\n',
    '=',
    '\\',
    '\0',
    '&x',
    '*x',
    '/*',
    '\ud83d',
    '__proto__',
    ',',
  ),
});

function mutated(text: string, steps: readonly (typeof mutation extends fc.Arbitrary<infer T> ? T : never)[]): string {
  return steps.reduce((now, { kind, at, length, times, sign }) => {
    const from = now.length === 0 ? 0 : at % now.length;
    const [before, part, after] = [now.slice(0, from), now.slice(from, from + length), now.slice(from + length)];
    if (kind === 'cut') return before + after;
    if (kind === 'repeat') return before + part.repeat(times) + after;
    if (kind === 'put') return before + sign + part + after;
    if (kind === 'replace') return before + sign + after;
    return before;
  }, text);
}

describe.each(Object.entries(seeds))('%s, mutated', (kind, seed) => {
  it('is read or refused in words', () => {
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (steps) => {
        const text = mutated(seed, steps);
        const told =
          kind === 'json'
            ? readJson(text).problems
            : kind === 'yaml'
              ? readYaml(text).problems
              : [...parseHcl(text).errors];
        for (const { message } of told) expect(message).not.toMatch(/\n\s+at |undefined|\[object/);
        expect(parseTemplate(text).kind).toBeDefined();
        expect(text.length).toBeLessThan(largestText);
      }),
      { numRuns: Number(process.env['KARMA_FUZZ'] ?? 150) },
    );
  });
});
