import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammar } from '../../../hcl/parse.ts';
import { type Files, readEstate } from './small-estate.fixture.ts';

beforeAll(loadGrammar);

const empty = '';
const unit = 'terragrunt.hcl';

describe('edges', () => {
  it.each<[title: string, files: Files, edges: string[]]>([
    [
      'a dependency block, with the outputs that expressions name',
      {
        [`vpc/${unit}`]: empty,
        [`app/${unit}`]: `dependency "vpc" {
  config_path = "../vpc"
}
inputs = {
  a = dependency.vpc.outputs.id
  b = dependency.vpc.outputs.subnets[0].id
  c = dependency.vpc.outputs.zones[local.n]
  d = try(dependency.vpc.outputs.arn, "")
}
`,
      },
      ['app -> vpc ?/arn /id /subnets/0/id /zones'],
    ],
    [
      'a dependency that nothing is read of only orders',
      { [`a/${unit}`]: empty, [`b/${unit}`]: 'dependencies {\n  paths = ["../a", "../missing"]\n}\n' },
      ['b -> a'],
    ],
    [
      'a whole dependency is everything',
      {
        [`a/${unit}`]: empty,
        [`b/${unit}`]: 'dependency "a" {\n  config_path = "../a"\n}\ninputs = dependency.a.outputs\n',
      },
      ['b -> a *'],
    ],
    [
      'an include is evaluated in the folder of the unit that includes it',
      {
        'root.hcl': 'locals {\n  env = basename(dirname(path_relative_to_include()))\n}\n',
        '_envcommon/app.hcl': `dependency "vpc" {
  config_path = "\${get_terragrunt_dir()}/../vpc"
}
inputs = {
  id   = dependency.vpc.outputs.id
  name = dependency.vpc.outputs.name
}
`,
        [`live/prod/vpc/${unit}`]: empty,
        [`live/prod/app/${unit}`]: `include "root" {
  path = find_in_parent_folders("root.hcl")
}
include "envcommon" {
  path   = "\${dirname(find_in_parent_folders("root.hcl"))}/_envcommon/app.hcl"
  expose = true
}
inputs = {
  name = "mine"
}
`,
      },
      ['live/prod/app -> live/prod/vpc /id'],
    ],
    [
      'a shallow merge keeps the path of an overridden block, as the reference does, a deep one does not',
      {
        'base.hcl': 'dependency "x" {\n  config_path = "../a"\n}\n',
        [`a/${unit}`]: empty,
        [`b/${unit}`]: empty,
        [`shallow/${unit}`]: 'include {\n  path = "../base.hcl"\n}\ndependency "x" {\n  config_path = "../b"\n}\n',
        [`deep/${unit}`]:
          'include {\n  path = "../base.hcl"\n  merge_strategy = "deep"\n}\ndependency "x" {\n  config_path = "../b"\n}\n',
        [`none/${unit}`]: 'include {\n  path = "../base.hcl"\n  merge_strategy = "no_merge"\n}\n',
      },
      ['deep -> b', 'shallow -> a', 'shallow -> b'],
    ],
    [
      'a deep merge fills in what the unit leaves out',
      {
        'base.hcl': 'dependency "x" {\n  config_path = "../a"\n}\n',
        [`a/${unit}`]: empty,
        [`deep/${unit}`]: `include {
  path = "../base.hcl"
  merge_strategy = "deep"
}
dependency "x" {
  config_path  = ""
  mock_outputs = { id = 1 }
}
inputs = { id = dependency.x.outputs.id }
`,
      },
      ['deep -> a /id'],
    ],
    [
      'a disabled dependency is none; one that skips its outputs is',
      {
        [`a/${unit}`]: empty,
        [`b/${unit}`]: empty,
        [`c/${unit}`]:
          'dependency "a" {\n  config_path = "../a"\n  enabled = false\n}\ndependency "b" {\n  config_path = "../b"\n  skip_outputs = true\n}\n',
      },
      ['c -> b'],
    ],
    [
      'locals in any order, other configurations, YAML, variables files and the environment',
      {
        'env.hcl': 'locals {\n  name = "dev"\n}\n',
        'paths.yaml': 'net: network\n',
        'vars.tfvars': 'kms = "keys"\n',
        [`dev/network/${unit}`]: empty,
        [`dev/keys/${unit}`]: empty,
        [`dev/db/${unit}`]: empty,
        [`app/${unit}`]: `locals {
  net  = "\${local.base}/\${yamldecode(file("\${get_repo_root()}/paths.yaml")).net}"
  keys = "\${local.base}/\${jsondecode(read_tfvars_file("\${get_repo_root()}/vars.tfvars")).kms}"
  db   = "\${local.base}/\${get_env("DB", "none")}"
  base = "\${get_repo_root()}/\${local.env.locals.name}"
  env  = read_terragrunt_config(find_in_parent_folders("env.hcl"))
  gone = read_terragrunt_config("\${get_repo_root()}/gone.hcl", { locals = {} })
}
dependency "net" {
  config_path = local.net
}
dependency "keys" {
  config_path = local.keys
}
dependency "db" {
  config_path = local.db
}
`,
      },
      ['app -> dev/db', 'app -> dev/keys', 'app -> dev/network'],
    ],
    [
      'a path only a run could know takes no other edge away',
      {
        [`a/${unit}`]: empty,
        [`b/${unit}`]:
          'dependency "x" {\n  config_path = run_cmd("echo", "../a")\n}\ndependency "a" {\n  config_path = "../a"\n}\n',
      },
      ['b -> a'],
    ],
    [
      'the root unit, hidden folders, JSON, and no caches',
      {
        [unit]: empty,
        [`.hidden/${unit}`]: 'dependency "root" {\n  config_path = ".."\n}\n',
        'json/terragrunt.hcl.json':
          '{"dependency": {"h": {"config_path": "../.hidden"}}, "inputs": {"x": "${dependency.h.outputs.y}"}}',
        [`a/.terragrunt-cache/x/${unit}`]: 'dependency "r" {\n  config_path = "/"\n}\n',
      },
      ['.hidden -> .', 'json -> .hidden /y'],
    ],
    [
      'a broken file keeps the blocks that still can be read',
      {
        [`a/${unit}`]: empty,
        [`b/${unit}`]:
          'locals {\n  x = = 1\n}\ndependency "a" {\n  config_path = "../a"\n}\ninputs = {\n  y = dependency.a.outputs.z\n}\n',
      },
      ['b -> a /z'],
    ],
    [
      'features, exposed includes and locals of includes in a path',
      {
        'root.hcl': 'locals {\n  target = "../a"\n}\nfeature "on" {\n  default = true\n}\n',
        [`a/${unit}`]: empty,
        [`b/${unit}`]: `include "root" {
  path   = "../root.hcl"
  expose = true
}
dependency "a" {
  config_path = include.root.locals.target
  enabled     = feature.on.value
}
`,
      },
      ['b -> a'],
    ],
  ])('%s', (_title, files, edges) => {
    expect(readEstate(files, { environment: { DB: 'db' } }).edges).toEqual(edges);
  });

  it('of two units that depend on each other are both there', () => {
    const files = {
      [`a/${unit}`]: 'dependency "b" {\n  config_path = "../b"\n}\n',
      [`b/${unit}`]: 'dependency "a" {\n  config_path = "../a"\n}\n',
    };
    expect(readEstate(files).edges).toEqual(['a -> b', 'b -> a']);
  });
});

describe('findings', () => {
  it.each<[title: string, files: Files, findings: string[]]>([
    [
      'a path that leads nowhere',
      { [`a/${unit}`]: 'dependency "x" {\n  config_path = "../x"\n}\ninputs = { y = dependency.x.outputs.y }\n' },
      ['dangling-reference a unit:x'],
    ],
    [
      'paths that cannot be known',
      {
        [`a/${unit}`]:
          'dependency "x" {\n  config_path = run_cmd("x")\n}\ndependency "y" {\n  config_path = local.gone\n}\ndependencies {\n  paths = [sops_decrypt_file("z")]\n}\n',
      },
      [
        'evaluation-failed a dependency.y.config_path',
        'file-outside a run_cmd what run_cmd answers',
        'unknown-path a dependencies.paths:8',
        'unknown-path a dependency.x.config_path',
      ],
    ],
    [
      'includes that are missing, loop or nest',
      {
        'a.hcl': 'include "b" {\n  path = "b.hcl"\n}\n',
        [`missing/${unit}`]: 'include {\n  path = "../gone.hcl"\n}\n',
        [`loop/${unit}`]: 'include "me" {\n  path = "terragrunt.hcl"\n}\n',
        [`nested/${unit}`]: 'include "a" {\n  path = "../a.hcl"\n}\n',
      },
      [
        'evaluation-failed nested nested:include.b',
        'include-loop loop nested:include.me',
        'include-missing missing include.path',
      ],
    ],
    [
      'a dependency that is not declared',
      { [`a/${unit}`]: 'inputs = { x = dependency.vpc.outputs.id }\n' },
      ['hcl-undeclared-reference a dependency.vpc'],
    ],
    [
      'modules that are missing, elsewhere or floating',
      {
        [`a/${unit}`]: 'terraform {\n  source = "../modules/gone"\n}\n',
        [`b/${unit}`]: 'terraform {\n  source = "git::https://user:hush@example.com/m.git//vpc?ref=main"\n}\n',
        [`c/${unit}`]: 'terraform {\n  source = "tfr:///acme/vpc/aws?version=1.2.3"\n}\n',
      },
      [
        'module-missing a modules/gone',
        'module-not-read b git::https://example.com/m.git//vpc?ref=main',
        'module-not-read c tfr:///acme/vpc/aws?ref=1.2.3',
        'module-source-floating b git::https://example.com/m.git//vpc',
      ],
    ],
    [
      'two units with one state',
      {
        'root.hcl': 'remote_state {\n  backend = "s3"\n  config = {\n    bucket = "b"\n    key = "same"\n  }\n}\n',
        [`a/${unit}`]: 'include {\n  path = "../root.hcl"\n}\n',
        [`b/${unit}`]: 'include {\n  path = "../root.hcl"\n}\n',
      },
      ['state-shared a state:s3://b/same', 'state-shared b state:s3://b/same'],
    ],
    [
      'a syntax error, with what could be read',
      { [`a/${unit}`]: 'locals {\n  x = = 1\n}\n' },
      ['hcl-unreadable a a/terragrunt.hcl#0'],
    ],
    [
      'an output that the module never gives',
      {
        'modules/vpc/main.tf': 'output "id" {\n  value = 1\n}\n',
        [`vpc/${unit}`]: 'terraform {\n  source = "../modules//vpc"\n}\n',
        [`app/${unit}`]:
          'dependency "vpc" {\n  config_path = "../vpc"\n}\ninputs = {\n  a = dependency.vpc.outputs.id\n  b = dependency.vpc.outputs.idd\n}\n',
      },
      ['contract-mismatch app vpc#/idd'],
    ],
  ])('%s', (_title, files, findings) => {
    expect(readEstate(files).findings).toEqual(findings);
  });

  it('make blind spots of what may hide a reference', () => {
    const { claims } = readEstate({ [`a/${unit}`]: 'dependency "x" {\n  config_path = run_cmd("x")\n}\n' });
    expect(claims.get('a')?.blindSpots.map(({ code }) => code)).toEqual(['unknown-path', 'file-outside']);
  });

  it('name the file and line of the expression', () => {
    const { claims } = readEstate({ [`a/${unit}`]: '\ndependency "x" {\n  config_path = run_cmd("x")\n}\n' });
    expect(claims.get('a')?.findings[0]?.evidence).toEqual([
      {
        rule: 'dependency',
        site: 'dependency.x.config_path',
        file: 'a/terragrunt.hcl',
        line: 3,
        expression: 'config_path = run_cmd("x")',
      },
    ]);
  });
});

describe('what is said of a unit', () => {
  const files = {
    'root.hcl': `locals {
  account = read_terragrunt_config(find_in_parent_folders("account.hcl"))
}
remote_state {
  backend = "s3"
  config = {
    bucket = "state-\${local.account.locals.account_id}"
    key    = "\${path_relative_to_include()}/terraform.tfstate"
  }
}
generate "provider" {
  path     = "provider.tf"
  contents = <<EOF
provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["\${local.account.locals.account_id}"]
}
EOF
}
inputs = {
  owner    = "root"
  password = "hush"
}
`,
    'live/prod/account.hcl': 'locals {\n  account_id = "111122223333"\n}\n',
    'modules/app/main.tf': 'variable "vpc" {}\noutput "url" {\n  value = 1\n}\n',
    [`live/prod/app/${unit}`]: `include "root" {
  path = find_in_parent_folders("root.hcl")
}
terraform {
  source = "\${get_repo_root()}/modules//app"
}
dependency "vpc" {
  config_path = "../vpc"
}
inputs = {
  owner = "app"
  vpc   = dependency.vpc.outputs.id
}
`,
    [`live/prod/vpc/${unit}`]: empty,
  };

  it('its module, state, account and region', () => {
    const claim = readEstate(files).claims.get('live/prod/app');
    expect(claim?.component).toMatchObject({ type: 'app', nickname: 'app', module: 'modules/app', outputs: ['url'] });
    expect(claim?.component.attributes).toEqual({
      account: '111122223333',
      backend: 's3',
      includes: 'root.hcl',
      region: 'eu-west-1',
      source: 'modules/app',
      state: 's3://state-111122223333/live/prod/app/terraform.tfstate',
    });
    expect(claim?.types.map(({ key, outputs }) => [key, outputs])).toEqual([['modules/app', ['url']]]);
    expect(claim?.provides.map(({ key, exclusive }) => [key, exclusive])).toContainEqual([
      'state:s3://state-111122223333/live/prod/app/terraform.tfstate',
      true,
    ]);
  });

  it('its inputs as merged, what a run would know marked, secrets hidden', () => {
    expect(readEstate(files).claims.get('live/prod/app')?.evaluated).toMatchObject({
      inputs: {
        owner: 'app',
        password: '(secret)',
        vpc: { $unknown: 'an output of a dependency', place: 'dependency.vpc.outputs.id' },
      },
      source: 'modules/app',
      generate: { provider: { path: 'provider.tf' } },
    });
  });

  it('no secret, not in what was written either', () => {
    const planted = readEstate({
      [`a/${unit}`]: empty,
      [`b/${unit}`]: `dependency "a" {
  config_path = "../a"
}
inputs = {
  db_password = "planted-\${dependency.a.outputs.x}"
  uri         = "postgres://me:planted@host/\${dependency.a.outputs.y}"
}
locals {
  x = "planted" = 1
}
`,
    });
    expect(JSON.stringify([...planted.claims.values()])).not.toContain('planted');
  });

  it('every file that its evaluation touched, absences too', () => {
    const readSet = readEstate(files).claims.get('live/prod/app')?.readSet;
    expect(readSet?.files['live/prod/account.hcl']).toBeTypeOf('string');
    expect(readSet?.files['modules/app/main.tf']).toBeTypeOf('string');
    expect(readSet?.files['root.hcl']).toBeTypeOf('string');
    expect(readSet?.files['live/prod/root.hcl']).toBeNull();
    expect(readSet?.files['live/prod/vpc/terragrunt.hcl']).toBeUndefined();
  });
});
