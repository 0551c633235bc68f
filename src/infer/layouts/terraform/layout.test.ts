import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammar } from '../../../hcl/parse.ts';
import type { Claim } from '../../../model/claim.ts';
import { sha256 } from '../../../model/digest.ts';
import type { EstateSettings, EstateView } from '../../../model/estate.ts';
import type { FileView } from '../../../model/file-view.ts';
import { keysOf } from '../../provider-index.ts';
import { readSetHolds } from '../../record-reads.ts';
import type { Provider } from '../../resolve.ts';
import { resolveNode } from '../../resolve.ts';
import { viewOf } from '../../terraform/memory-view.fixture.ts';
import { terraformLayout } from './layout.ts';

beforeAll(loadGrammar);

type Files = Readonly<Record<string, string>>;
interface Around {
  readonly settings?: EstateSettings;
  readonly environment?: Readonly<Record<string, string>>;
  readonly others?: Readonly<Record<string, FileView>>;
  readonly elsewhere?: NonNullable<EstateView['elsewhere']>;
}

function open(files: Files, { settings = {}, environment = {}, others = {}, elsewhere }: Around = {}) {
  const main = viewOf(files);
  const repos = new Map([['', main], ...Object.entries(others)]);
  const layout = terraformLayout.open({
    main,
    repos,
    environment,
    parameters: new Map(),
    settings,
    ...(elsewhere === undefined ? {} : { elsewhere }),
  });
  const { candidates, passedOver } = layout.discover();
  return { repos, candidates, passedOver, claims: candidates.map((candidate) => layout.claim(candidate)) };
}

/** `from → to pointers`, and what was found, joined as a build joins it. */
function join(claims: readonly Claim[]) {
  const providers = new Map<string, Provider[]>();
  for (const { component, provides } of claims)
    for (const provide of provides)
      for (const key of keysOf(provide)) providers.set(key, [...(providers.get(key) ?? []), { component, provide }]);
  const all = claims.map(({ component, needs, provides }) =>
    resolveNode({ component, needs, provides }, (key) => providers.get(key) ?? [], []),
  );
  return {
    edges: all.flatMap(({ references }) =>
      references.map(({ from, to, consumes }) => [from, '→', to, ...consumes].join(' ')),
    ),
    findings: [...claims, ...all]
      .flatMap(({ findings }) => findings.map(({ code, subject }) => `${code} ${subject}`))
      .sort(),
  };
}

const edgesOf = (files: Files, around?: Around): readonly string[] => join(open(files, around).claims).edges;

const s3 = (key: string, more = '') =>
  `terraform {\n  backend "s3" {\n    bucket = "acme"\n    key = "${key}"\n    ${more}\n  }\n}\n`;
const reads = (config: string, backend = 's3', more = '') => `
  data "terraform_remote_state" "net" {
    backend = "${backend}"
    ${more}
    config = { ${config} }
  }
  output "id" { value = data.terraform_remote_state.net.outputs.vpc_id }
`;
const output = 'output "vpc_id" { value = "v" }\n';

describe('states that other root modules keep', () => {
  it.each<[what: string, files: Files]>([
    [
      'by bucket and key',
      {
        'net/main.tf': s3('net.tfstate') + output,
        'app/main.tf': s3('app') + reads('bucket = "acme", key = "net.tfstate"'),
      },
    ],
    [
      'through locals, defaults and a loop over them',
      {
        'net/main.tf': s3('prod/net.tfstate') + output,
        'app/main.tf': `${s3('app')}
          variable "stage" { default = "prod" }
          locals { states = { net = "\${var.stage}/net.tfstate" } }
          data "terraform_remote_state" "all" {
            for_each = local.states
            backend  = "s3"
            config   = { bucket = "acme", key = each.value }
          }
          output "id" { value = data.terraform_remote_state.all["net"].outputs.vpc_id }`,
      },
    ],
    [
      'with variables from tfvars',
      {
        'net/main.tf': s3('net.tfstate') + output,
        'app/main.tf': `${s3('app')}variable "b" {}\n${reads('bucket = var.b, key = "net.tfstate"')}`,
        'app/terraform.tfvars': 'b = "acme"',
      },
    ],
    [
      'with a backend file',
      {
        'net/main.tf': `terraform {\n  backend "s3" {}\n}\n${output}`,
        'net/prod.tfbackend': 'bucket = "acme"\nkey = "net.tfstate"',
        'app/main.tf': s3('app') + reads('bucket = "acme", key = "net.tfstate"'),
      },
    ],
    [
      'with a bucket that init gives',
      {
        'net/main.tf': `terraform {\n  backend "s3" {\n    key = "net.tfstate"\n  }\n}\n${output}`,
        'app/main.tf': s3('app') + reads('bucket = "acme", key = "net.tfstate"'),
      },
    ],
    [
      'with the workspace written out in the key',
      {
        'net/main.tf': s3('net/x.tfstate') + output,
        'app/main.tf': s3('app') + reads('bucket = "acme", key = "env:/prod/net/x.tfstate"'),
      },
    ],
    [
      'under a workspace key prefix',
      {
        'net/main.tf': s3('x.tfstate', 'workspace_key_prefix = "teams/net"') + output,
        'app/main.tf': s3('app') + reads('bucket = "acme", key = "teams/net/${terraform.workspace}/x.tfstate"'),
      },
    ],
    [
      'in a bucket of Google',
      {
        'net/main.tf': `terraform {\n  backend "gcs" {\n    bucket = "b"\n    prefix = "net/"\n  }\n}\n${output}`,
        'app/main.tf': s3('app') + reads('bucket = "b", prefix = "net"', 'gcs'),
      },
    ],
    [
      'in Azure',
      {
        'net/main.tf': `terraform {\n  backend "azurerm" {\n    storage_account_name = "a"\n    container_name = "c"\n    key = "net"\n  }\n}\n${output}`,
        'app/main.tf':
          s3('app') + reads('storage_account_name = "a", container_name = "c", key = "netenv:prod"', 'azurerm'),
      },
    ],
    [
      'in a local file',
      {
        'net/main.tf': `provider "aws" {\n  region = "x"\n}\n${output}`,
        'app/main.tf': reads('path = "${path.module}/../net/terraform.tfstate"', 'local'),
      },
    ],
    [
      'in a workspace of HCP Terraform',
      {
        'net/main.tf': `terraform {\n  cloud {\n    organization = "o"\n    workspaces { name = "net-prod" }\n  }\n}\n${output}`,
        'app/main.tf': s3('app') + reads('organization = "o", workspaces = { name = "net-prod" }', 'remote'),
      },
    ],
    [
      'in workspaces with a prefix',
      {
        'net/main.tf': `terraform {\n  backend "remote" {\n    organization = "o"\n    workspaces { prefix = "net-" }\n  }\n}\n${output}`,
        'app/main.tf': `${s3('app')}variable "env" {}\n${reads('organization = "o", workspaces = { name = "net-${var.env}" }', 'remote')}`,
      },
    ],
    [
      'as outputs of a workspace',
      {
        'net/main.tf': `terraform {\n  cloud {\n    organization = "o"\n    workspaces { tags = ["net", "aws"] }\n  }\n}\n${output}`,
        'app/main.tf': `${s3('app')}variable "env" {}
          data "tfe_outputs" "net" {
            organization = "o"
            workspace    = "net-\${var.env}"
          }
          output "id" { value = data.tfe_outputs.net.values.vpc_id }`,
      },
    ],
    [
      'as Terraform 0.11 wrote it',
      {
        'net/main.tf': s3('net.tfstate') + output,
        'app/main.tf': `${s3('app')}
          data "terraform_remote_state" "net" {
            backend = "s3"
            config {
              bucket = "acme"
              key    = "net.tfstate"
            }
          }
          output "id" { value = "\${data.terraform_remote_state.net.vpc_id}" }`,
      },
    ],
    [
      'handed to a child module',
      {
        'net/main.tf': s3('net.tfstate') + output,
        'app/main.tf': `${s3('app')}
          data "terraform_remote_state" "net" {
            backend = "s3"
            config  = { bucket = "acme", key = "net.tfstate" }
          }
          module "x" {
            source = "../modules/x"
            net    = data.terraform_remote_state.net.outputs
          }`,
        'modules/x/main.tf': 'variable "net" {}\nresource "a_b" "c" { id = var.net.vpc_id }',
      },
    ],
  ])('%s', (_what, files) => {
    expect(edgesOf(files)).toEqual(['app → net /vpc_id']);
  });

  it.each<[what: string, app: string, findings: readonly string[]]>([
    ['of somebody else', reads('bucket = "theirs", key = "x.tfstate"'), ['state-elsewhere app']],
    ['only a run could know', `variable "k" {}\n${reads('bucket = "acme", key = var.k')}`, ['unknown-path app']],
    ['in an unseen bucket', `variable "b" {}\n${reads('bucket = var.b, key = "net.tfstate"')}`, []],
    [
      'in an unseen bucket of nobody',
      `variable "b" {}\n${reads('bucket = var.b, key = "x"')}`,
      ['state-elsewhere app'],
    ],
    [
      'in a backend only a run could know',
      `variable "b" {}\n${reads('bucket = "acme"', '${var.b}')}`,
      ['unknown-path app'],
    ],
    ['at a local path to nowhere', reads('path = "../nowhere/terraform.tfstate"', 'local'), ['dangling-reference app']],
    [
      'read for an output that is not there',
      reads('bucket = "acme", key = "net.tfstate"').replace('vpc_id }', 'vpc }'),
      ['contract-mismatch app'],
    ],
  ])('%s: a finding', (_what, app, findings) => {
    expect(
      join(open({ 'net/main.tf': s3('net.tfstate') + output, 'app/main.tf': s3('app') + app }).claims).findings,
    ).toEqual(findings);
  });

  describe('under a key with a part that only a run could know', () => {
    const variables = 'variable "stack" {}\nvariable "b" {}\n';
    const app = (config: string) => ({ 'app/main.tf': `${s3('app/x.tfstate')}${variables}${reads(config)}` });
    const edgesOf = (files: Readonly<Record<string, string>>) => join(open(files).claims).edges;
    const found = ['app → net /vpc_id'];

    it.each<[what: string, key: string, kept: string, edges: readonly string[]]>([
      ['its first step', '${var.stack}/net.tfstate', 'blue/net.tfstate', found],
      ['an inner step', 'acme/${var.stack}/net.tfstate', 'acme/prod/net.tfstate', found],
      ['two steps', '${var.stack}/${var.b}/net.tfstate', 'prod/eu/net.tfstate', found],
      ['what a function refuses', '${coalesce("", "")}/net.tfstate', 'blue/net.tfstate', found],
      ['a part of a step', 'x-${var.stack}/net.tfstate', 'y-blue/net.tfstate', []],
      ['all that tells', '${var.stack}/terraform.tfstate', 'net/terraform.tfstate', []],
      ['more steps than one', '${var.stack}/net.tfstate', 'acme/blue/net.tfstate', []],
    ])('%s', (_what, key, kept, edges) => {
      const files = { 'net/main.tf': s3(kept) + output, ...app(`bucket = var.b, key = "${key}"`) };
      expect(edgesOf(files)).toEqual(edges);
    });

    it('is no reference where two roots keep states of that shape, or another store is named', () => {
      const reader = (store: string) => app(`${store}, key = "\${var.stack}/net.tfstate"`);
      const net = { 'net/main.tf': s3('blue/net.tfstate') + output };
      const old = { 'old/main.tf': s3('green/net.tfstate') + output };
      expect(edgesOf({ ...net, ...old, ...reader('bucket = var.b') })).toEqual([]);
      expect(edgesOf({ ...net, ...reader('bucket = "theirs"') })).toEqual([]);
      expect(edgesOf({ ...net, ...reader('bucket = "acme"') })).toEqual(found);
    });

    it('is found among the backend files of a root', () => {
      const file = (env: string) => `bucket = "acme-${env}"\nkey = "blue/net.tfstate"\n`;
      const net = {
        'net/main.tf': `terraform {\n  backend "s3" {}\n}\n${output}`,
        'net/prod.tfbackend': file('prod'),
        'net/test.tfbackend': file('test'),
      };
      expect(edgesOf({ ...net, ...app('bucket = var.b, key = "${var.stack}/net.tfstate"') })).toEqual(found);
    });
  });

  it('are kept once: two root modules with one address are told', () => {
    const { claims } = open({ 'a/main.tf': s3('x.tfstate'), 'b/main.tf': s3('x.tfstate') });
    expect(join(claims).findings).toEqual(['state-shared a', 'state-shared b']);
  });

  it('tolerates what has a default', () => {
    const [app] = open({
      'app/main.tf': `${s3('app')}
        data "terraform_remote_state" "net" {
          backend  = "s3"
          config   = { bucket = "acme", key = "net" }
          defaults = { a = 1 }
        }
        output "o" {
          value = [data.terraform_remote_state.net.outputs.a, data.terraform_remote_state.net.outputs.b, try(data.terraform_remote_state.net.outputs.c, 0)]
        }`,
    }).claims;
    expect(app?.needs[0]).toMatchObject({ consumes: ['/a', '/b', '/c'], tolerated: ['/a', '/c'] });
  });
});

describe('files of variables that do not parse', () => {
  it.each([
    ['that Terraform loads', 'a/terraform.tfvars', 'name = "x\nother = 1'],
    ['of one environment', 'a/envs/prod.tfvars', 'name = \n'],
    ['as JSON', 'a/envs/prod.tfvars.json', '{ "name": '],
    ['of a backend', 'a/prod.tfbackend', 'bucket = = "b"'],
  ])('%s are named, and a blind spot', (_what, path, text) => {
    const [claim] = open({ 'a/main.tf': s3('a'), [path]: text }).claims;
    expect(claim?.findings).toMatchObject([{ code: 'hcl-unreadable', subject: 'a', key: path }]);
    expect(claim?.blindSpots).toMatchObject([{ code: 'hcl-unreadable', evidence: { file: path } }]);
  });
});

describe('deployments', () => {
  it('come from var-files, each with its own state read', () => {
    const { claims } = open({
      'net/main.tf': `terraform {\n  backend "s3" {}\n}\n${output}`,
      'net/envs/dev.tfbackend': 'bucket = "b-dev"\nkey = "net"',
      'net/envs/prod.tfbackend': 'bucket = "b-prod"\nkey = "net"',
      'app/main.tf': `terraform {\n  backend "s3" {}\n}\nvariable "env" {}\n${reads('bucket = "b-${var.env}", key = "net"')}`,
      'app/envs/dev.tfvars': 'env = "dev"',
      'app/envs/prod.tfvars': 'env = "prod"',
      'app/common.tfvars': 'x = 1',
    });
    expect(
      claims.map(({ component, deployments }) => [
        component.id,
        ...(deployments ?? []).map(({ deployment }) => deployment),
      ]),
    ).toEqual([
      ['app', 'dev', 'prod'],
      ['net', 'dev', 'prod'],
    ]);
    expect(join(claims).edges).toEqual(['app → net /vpc_id']);
    expect(claims[0]?.needs.map(({ key }) => key)).toEqual(['state:s3://b-dev/net', 'state:s3://b-prod/net']);
  });

  it('come from the workspaces that a module names', () => {
    const { claims } = open({
      'app/main.tf': `${s3('app')}
        locals { buckets = { dev = "b-dev", prod = "b-prod" } }
        ${reads('bucket = local.buckets[terraform.workspace], key = "net"')}`,
    });
    expect(claims[0]?.needs.map(({ key }) => key)).toEqual(['state:s3://b-dev/net', 'state:s3://b-prod/net']);
  });

  it('follow the patterns that settings give', () => {
    const { claims } = open(
      {
        'app/main.tf': `${s3('app')}variable "k" {}\n${reads('bucket = "b", key = var.k')}`,
        'vars/app/prod/x.tfvars': 'k = "n"',
      },
      { settings: { varFiles: ['vars/app/{environment}/*.tfvars'] } },
    );
    expect(claims[0]?.deployments).toEqual([{ component: 'app', deployment: 'prod', runtimes: {} }]);
    expect(claims[0]?.needs[0]?.key).toBe('state:s3://b/n');
  });

  it('take variables from the environment, and say that they looked', () => {
    const files = { 'app/main.tf': `${s3('app')}variable "k" {}\n${reads('bucket = "b", key = var.k')}` };
    const [app] = open(files, { environment: { TF_VAR_k: 'n' } }).claims;
    expect(app?.needs[0]?.key).toBe('state:s3://b/n');
    expect(app?.readSet.environment).toEqual({ TF_VAR_k: sha256('n') });
  });
});

describe('root modules', () => {
  it.each<[what: string, files: Files, ids: readonly string[]]>([
    ['with a backend', { 'a/main.tf': s3('a') }, ['a']],
    ['at the root', { 'main.tf': s3('a') }, ['.']],
    ['with a lock file', { 'a/main.tf': 'resource "a_b" "c" {}', 'a/.terraform.lock.hcl': '' }, ['a']],
    ['with variables', { 'a/main.tf': 'resource "a_b" "c" {}', 'a/terraform.tfvars': '' }, ['a']],
    ['with a state', { 'a/main.tf': 'resource "a_b" "c" {}', 'a/terraform.tfstate': '{}' }, ['a']],
    ['with a provider that nobody calls', { 'a/main.tf': 'provider "aws" {\n  region = "x"\n}' }, ['a']],
    ['not a module', { 'modules/a/main.tf': 'resource "a_b" "c" {}' }, []],
    [
      'not a module that is called, though somebody tried it out',
      {
        'a/main.tf': `${s3('a')}module "m" {\n  source = "../modules/m"\n}`,
        'modules/m/main.tf': 'provider "x" {\n  y = 1\n}',
      },
      ['a'],
    ],
    [
      'a root that another root calls as a module: what it has of its own is of no use to a caller',
      {
        'a/main.tf': `${s3('a')}module "m" {\n  source = "../m"\n}\nmodule "n" {\n  source = "../n"\n}`,
        'm/main.tf': 'resource "a_b" "c" {}',
        'm/x.tfvars': '',
        'n/main.tf': 'resource "a_b" "c" {}',
        'n/.terraform.lock.hcl': '',
      },
      ['a', 'm', 'n'],
    ],
    ['not an example', { 'examples/a/main.tf': s3('a') }, []],
    ['not a test that keeps its state beside it', { 'test/a/main.tf': 'terraform {\n  backend "local" {\n  }\n}' }, []],
    ['an environment called test', { 'test/a/main.tf': s3('a'), 'dev/a/main.tf': s3('b') }, ['dev/a', 'test/a']],
    ['not what was downloaded', { 'a/.terraform/modules/b/main.tf': s3('a') }, []],
    ['not a Terragrunt unit', { 'a/main.tf': s3('a'), 'a/terragrunt.hcl': '' }, []],
    [
      'not a module of Terragrunt units',
      { 'a/main.tf': 'terraform {\n  backend "s3" {}\n}', 'live/terragrunt.hcl': '' },
      [],
    ],
    ['not an Adage component type', { 'components/a/main.tf': s3('a'), 'iac/dev/a/x/config.json': '{}' }, []],
    ['in JSON syntax', { 'a/main.tf.json': '{"terraform":{"backend":{"s3":{"bucket":"b","key":"k"}}}}' }, ['a']],
  ])('%s', (_what, files, ids) => {
    expect(open(files).candidates.map(({ id }) => id)).toEqual(ids);
  });

  it('can be named', () => {
    const { candidates } = open({ 'modules/a/main.tf': '' }, { settings: { roots: ['modules/a/'] } });
    expect(candidates.map(({ id }) => id)).toEqual(['modules/a']);
  });

  it('are passed over with a reason', () => {
    const { passedOver } = open({ 'examples/a/main.tf': s3('a'), 'b/main.tf': s3('b'), 'b/terragrunt.hcl': '' });
    expect(passedOver).toEqual([
      { path: 'b', reason: 'a Terragrunt unit' },
      { path: 'examples/a', reason: 'below `examples`: nobody deploys from there' },
    ]);
  });

  it('show what they are', () => {
    const [app] = open({
      'live/prod/app/main.tf': `terraform {
          required_version = "~> 1.9"
          backend "s3" {
            bucket = "b"
            key    = "app"
          }
        }
        provider "aws" {
          region = "eu-west-1"
          assume_role { role_arn = "arn:aws:iam::123456789012:role/x" }
        }`,
      CODEOWNERS: '* @all\n/live/prod/ @infra\n',
      'live/prod/app/.terraform.lock.hcl': 'provider "registry.terraform.io/hashicorp/aws" {\n  version = "5.1.0"\n}',
    }).claims;
    expect(app?.component).toMatchObject({
      id: 'live/prod/app',
      environment: 'prod',
      type: 'app',
      attributes: {
        state: 's3://b/app',
        backend: 's3',
        terraform: '~> 1.9',
        region: 'eu-west-1',
        account: '123456789012',
        owner: '@infra',
        'provider.aws': '5.1.0',
      },
    });
  });
});

describe('other ways to read across', () => {
  it('parameters that one writes and another reads', () => {
    const edges = edgesOf({
      'net/main.tf': `${s3('net')}resource "aws_ssm_parameter" "p" {
        name  = "/net/vpc"
        type  = "String"
        value = jsonencode({ id = 1, cidr = 2 })
      }`,
      'app/main.tf': `${s3('app')}
        data "aws_ssm_parameter" "p" { name = "/net/vpc" }
        data "aws_ssm_parameter" "ami" { name = "/aws/service/ami" }
        output "id" { value = jsondecode(data.aws_ssm_parameter.p.value).id }`,
      'all/main.tf': `${s3('all')}data "aws_ssm_parameters_by_path" "p" { path = "/net" }`,
    });
    expect(edges).toEqual(['all → net', 'app → net /id']);
  });

  const written = `${s3('net')}resource "aws_ssm_parameter" "p" {
    name  = "/net/vpc"
    value = jsonencode({ id = 1, cidr = 2 })
  }`;

  it.each<[what: string, app: string, need: object]>([
    ['its version, which each new value changes', 'data.aws_ssm_parameter.p.version', { consumes: ['*'] }],
    ['its ARN, which none does', 'data.aws_ssm_parameter.p.arn', { consumes: [] }],
    [
      'a member with a fallback',
      'try(jsondecode(data.aws_ssm_parameter.p.value).id, null)',
      { consumes: ['/id'], tolerated: ['/id'] },
    ],
    [
      'a member with a fallback and without',
      '[for p in [jsondecode(data.aws_ssm_parameter.p.value)] : [p.id, try(p.id, 0)]]',
      { consumes: ['/id'] },
    ],
  ])('of a parameter: %s', (_what, value, need) => {
    const app = `${s3('app')}data "aws_ssm_parameter" "p" { name = "/net/vpc" }\noutput "o" { value = ${value} }`;
    const [claim] = open({ 'app/main.tf': app, 'net/main.tf': written }).claims;
    expect(claim?.needs).toMatchObject([need]);
    expect(claim?.needs[0]?.tolerated).toEqual('tolerated' in need ? need.tolerated : undefined);
  });

  it.each<[what: string, name: string]>([
    ['in full', '"arn:aws:ssm:eu-west-1:123456789012:parameter/net/vpc"'],
    [
      'with an account known in a run only',
      '"arn:aws:ssm:eu-west-1:${data.aws_caller_identity.me.id}:parameter/net/vpc"',
    ],
  ])('parameters by their ARN, %s', (_what, arn) => {
    const me = 'data "aws_caller_identity" "me" {}\n';
    const value = 'output "o" { value = jsondecode(data.aws_ssm_parameter.p.value).id }';
    const read = `data "aws_ssm_parameter" "p" { name = ${arn} }\n${value}`;
    expect(edgesOf({ 'app/main.tf': s3('app') + me + read, 'net/main.tf': written })).toEqual(['app → net /id']);
    const passing = `ephemeral "aws_ssm_parameter" "p" { arn = ${arn} }\nprovider "x" { p = ephemeral.aws_ssm_parameter.p.value }`;
    expect(edgesOf({ 'app/main.tf': s3('app') + me + passing, 'net/main.tf': written })).toEqual(['app → net *']);
  });

  it.each(['/net/vpc:3', '/net/vpc:stable', 'arn:aws:ssm:eu-west-1:123456789012:parameter/net/vpc:3'])(
    'a parameter at a version: %s',
    (name) => {
      const app = `data "aws_ssm_parameter" "p" { name = "${name}" }\noutput "o" { value = data.aws_ssm_parameter.p.value }`;
      expect(edgesOf({ 'app/main.tf': s3('app') + app, 'net/main.tf': written })).toEqual(['app → net *']);
    },
  );

  it('lookups by name count only where accounts are shared', () => {
    const files = {
      'dns/main.tf': `${s3('dns')}resource "aws_route53_zone" "z" { name = "Acme.dev" }`,
      'app/main.tf': `${s3('app')}data "aws_route53_zone" "z" { name = "acme.dev." }\noutput "z" { value = data.aws_route53_zone.z.zone_id }`,
    };
    expect(edgesOf(files)).toEqual([]);
    expect(edgesOf(files, { settings: { sharedAccounts: true } })).toEqual(['app → dns /zone_id']);
  });

  it('systems and programs that are not followed are named', () => {
    const { claims } = open({
      'app/main.tf': `${s3('app')}
        data "vault_generic_secret" "s" { path = "x" }
        data "external" "e" { program = ["x"] }
        module "far" {
          source  = "terraform-aws-modules/vpc/aws"
          version = "5.0.0"
        }`,
    });
    expect(join(claims).findings).toEqual(['foreign-read app', 'module-not-read app', 'program-unread app']);
    expect(claims[0]?.blindSpots.map(({ code }) => code).sort()).toEqual([
      'foreign-read',
      'module-not-read',
      'program-unread',
    ]);
  });

  it('modules elsewhere are followed where settings say', () => {
    const files = {
      'net/main.tf': s3('net') + output,
      'app/main.tf': `${s3('app')}module "m" {\n  source = "git::https://example.com/m.git//sub?ref=v1.0.0"\n}`,
    };
    const others = { mods: viewOf({ 'sub/main.tf': reads('bucket = "acme", key = "net"') }, 'mods') };
    const around = { others, settings: { modules: { 'https://example.com/m.git': 'mods' } } };
    expect(edgesOf(files, around)).toEqual(['app → net /vpc_id']);
  });

  it('modules elsewhere are followed at their ref where a repository is at hand', () => {
    const files = {
      'net/main.tf': s3('net') + output,
      'app/main.tf': `${s3('app')}module "m" {\n  source = "git::https://example.com/m.git//sub?ref=v1.0.0"\n}`,
    };
    const asked: (string | undefined)[] = [];
    const elsewhere = (address: string, ref: string | undefined) => {
      asked.push(address, ref);
      return viewOf({ 'sub/main.tf': reads('bucket = "acme", key = "net"') }, 'm@v1.0.0');
    };
    const { claims } = open(files, { elsewhere });
    expect(join(claims)).toEqual({ edges: ['app → net /vpc_id'], findings: [] });
    expect(asked.slice(0, 2)).toEqual(['https://example.com/m.git', 'v1.0.0']);
    expect(Object.keys(claims[0]?.readSet.files ?? {})).toContain('m@v1.0.0:sub/main.tf');
  });
});

describe('a claim', () => {
  const files: Files = {
    'net/main.tf': s3('net.tfstate') + output,
    'app/main.tf': `${s3('app')}variable "pw" { sensitive = true }\nmodule "m" {\n  source = "../m"\n}\n${reads('bucket = "acme", key = "net.tfstate"')}`,
    'app/terraform.tfvars': 'pw = "hunter22"',
    'm/main.tf': 'output "x" { value = file("${path.module}/x.txt") }',
    'm/x.txt': 'x',
    'other.txt': '',
  };

  it('holds no secret', () => {
    expect(JSON.stringify(open(files).claims)).not.toContain('hunter22');
  });

  it.each<[what: string, over: Record<string, string | undefined>, holds: boolean]>([
    ['a file nobody read', { 'other.txt': 'x' }, true],
    ['another root module', { 'net/main.tf': '' }, true],
    ['a file that a child reads', { 'm/x.txt': 'y' }, false],
    ['a variables file', { 'app/terraform.tfvars': '' }, false],
    ['a new file in the folder', { 'app/new.tf': '' }, false],
    ['a file for an environment', { 'app/envs/dev.tfvars': '' }, false],
  ])('has a read-set that is touched by exactly what it rests on: %s', (_what, over, holds) => {
    const app = open(files).claims.find(({ component }) => component.id === 'app');
    if (app === undefined) throw new Error('no claim');
    const texts = Object.fromEntries(
      Object.entries({ ...files, ...over }).filter((one): one is [string, string] => one[1] !== undefined),
    );
    expect(readSetHolds(app.readSet, new Map([['', viewOf(texts)]]))).toBe(holds);
  });

  it('is the same for equal files, and broken files never throw', () => {
    fc.assert(
      fc.property(fc.nat(400), fc.constantFrom('net/main.tf', 'app/main.tf', 'm/main.tf'), (cut, path) => {
        const broken = { ...files, [path]: (files[path] ?? '').slice(0, cut) };
        expect(JSON.stringify(open(broken).claims)).toBe(JSON.stringify(open(broken).claims));
      }),
      { numRuns: 40 },
    );
  });
});
