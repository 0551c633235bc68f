import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammar } from '../../../hcl/parse.ts';
import { readEstate } from './small-estate.fixture.ts';

beforeAll(loadGrammar);

const claimOf = (expression: string, environment: Readonly<Record<string, string>> = {}) => {
  const files = {
    'modules/m/main.tf': 'variable "a" {}\noutput "a" { value = var.a }\n',
    'x/terragrunt.hcl': '',
    'a/terragrunt.hcl': `terraform { source = "../modules/m" }
locals { a = ${expression} }
inputs = { a = local.a }
dependency "x" { config_path = "../\${local.a}" }
`,
  };
  const { claims, edges } = readEstate(files, { environment });
  const claim = claims.get('a');
  return { value: Object(claim?.evaluated)['inputs']?.a, spots: claim?.blindSpots.map(({ code }) => code), edges };
};

/** Each as the real Terragrunt takes it: some fail there, some it never had, some only a run could answer. */
describe('what Karma does not know is never guessed, nor what stands in its place', () => {
  it.each([
    'run_cmd()',
    'run_cmd("")',
    'run_cmd("date")',
    'sops_decrypt_file("nowhere.yaml")',
    'provider::aws::arn_parse("x")',
    'deep_merge({ a = "x" }, { b = 1 })',
    'no_such("x")',
    'core::lower("X")',
    'templatestring("x", {})',
  ])('%s', (call) => {
    for (const expression of [call, `try(${call}, "x")`, `can(${call}) ? "x" : "y"`]) {
      const { value, spots, edges } = claimOf(expression);
      expect(value).toHaveProperty('$unknown');
      expect(spots?.some((code) => code === 'unknown-path' || code === 'evaluation-failed')).toBe(true);
      expect(edges).toEqual([]);
    }
  });

  it('a merge in depth is made where it is said that it is switched on', () => {
    const merge = 'deep_merge({ a = { b = 1 } }, { a = { c = 2 } })';
    expect(claimOf(merge, { TG_EXPERIMENT: 'cas,deep-merge' }).value).toEqual({ a: { b: 1, c: 2 } });
    expect(claimOf(merge, { TG_EXPERIMENT_MODE: 'true' }).value).toEqual({ a: { b: 1, c: 2 } });
  });
});
