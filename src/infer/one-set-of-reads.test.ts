import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammar } from '../hcl/parse.ts';
import type { Claim } from '../model/claim.ts';
import type { EstateView } from '../model/estate.ts';
import type { Layout } from './layout.ts';
import { adageLayout } from './layouts/adage/layout.ts';
import { terraformLayout } from './layouts/terraform/layout.ts';
import { terragruntLayout } from './layouts/terragrunt/layout.ts';
import { viewOf } from './terraform/memory-view.fixture.ts';

beforeAll(loadGrammar);

/** One module in each layout. */
function claimsOf(module: string): Record<string, Claim | undefined> {
  const backend = 'terraform {\n  backend "s3" {\n    bucket = "b"\n    key    = "own"\n  }\n}\n';
  const runtime =
    'variable "nickname" {}\nresource "aws_ssm_parameter" "r" {\n  name  = "/iac/t/${var.nickname}/runtime"\n  value = "{}"\n}\n';
  const estates: readonly [Layout, string, Record<string, string>][] = [
    [terraformLayout, 'app', { 'app/main.tf': `${backend}${module}` }],
    [terragruntLayout, 'app', { 'm/main.tf': module, 'app/terragrunt.hcl': 'terraform {\n  source = "../m"\n}\n' }],
    [adageLayout, 'prod/t/app', { 'components/t/main.tf': `${runtime}${module}`, 'iac/prod/t/app/config.json': '{}' }],
  ];
  return Object.fromEntries(
    estates.map(([layout, id, files]) => {
      const main = viewOf(files);
      const view: EstateView = {
        main: { ...main, repoRoot: '' },
        repos: new Map([['', main]]),
        environment: {},
        parameters: new Map(),
        settings: {},
      };
      const open = layout.open(view);
      const candidate = open.discover().candidates.find((one) => one.id === id);
      return [layout.name, candidate === undefined ? undefined : open.claim(candidate)];
    }),
  );
}

describe('the same module says the same in every layout', () => {
  it.each([
    'vault_generic_secret',
    'vault_kv_secret_v2',
    'consul_keys',
    'aws_cloudformation_export',
    'aws_cloudformation_stack',
    'aws_secretsmanager_secret_version',
    'google_secret_manager_secret_version',
    'azurerm_key_vault_secret',
    'aws_s3_object',
    'kubernetes_secret_v1',
  ])('of %s: a blind spot', (type) => {
    const claims = claimsOf(`data "${type}" "x" {\n  name = "x"\n}\n`);
    for (const [layout, claim] of Object.entries(claims))
      expect([layout, claim?.blindSpots.map(({ code }) => code)]).toEqual([layout, ['foreign-read']]);
  });

  it.each([
    'data "terraform_remote_state" "net" {\n  backend = "s3"\n  config = {\n    bucket = "b"\n    key    = "net/terraform.tfstate"\n  }\n}\noutput "v" {\n  value = data.terraform_remote_state.net.outputs.vpc_id\n}\n',
    'data "tfe_outputs" "net" {\n  organization = "o"\n  workspace    = "net"\n}\noutput "v" {\n  value = data.tfe_outputs.net.values.vpc_id\n}\n',
  ])('of a state that it reads: what it needs, and no blind spot', (module) => {
    const claims = claimsOf(module);
    const seen = Object.values(claims).map((claim) => ({
      blind: claim?.blindSpots,
      needs: claim?.needs.filter(({ rule }) => rule === 'remote-state').map(({ key, consumes }) => [key, consumes]),
    }));
    expect(seen[0]?.needs).toHaveLength(1);
    expect(seen[0]?.needs?.[0]?.[1]).toEqual(['/vpc_id']);
    for (const one of seen) expect(one).toEqual({ ...seen[0], blind: [] });
  });

  it('of a program and of a module elsewhere: blind spots', () => {
    const claims = claimsOf(
      'module "far" {\n  source = "terraform-aws-modules/vpc/aws"\n}\ndata "external" "p" {\n  program = ["x"]\n}\n',
    );
    for (const [layout, claim] of Object.entries(claims))
      expect([layout, claim?.blindSpots.map(({ code }) => code)]).toEqual([
        layout,
        ['module-not-read', 'program-unread'],
      ]);
  });
});
