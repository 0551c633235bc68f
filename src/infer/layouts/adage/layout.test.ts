import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadGrammar } from '../../../hcl/parse.ts';
import { adageLayout } from './layout.ts';
import { config, estateOf, header, publishing, read } from './small-estate.fixture.ts';

beforeAll(loadGrammar);

const vpc = { 'components/vpc/main.tf': publishing('', 'vpc_id', 'subnets') };
const main = config('prod/vpc/main', {});
const reading = (name: string, use = 'jsondecode(data.aws_ssm_parameter.it.value).vpc_id') => ({
  'components/app/main.tf': publishing(`
data "aws_ssm_parameter" "it" { name = ${name} }
resource "terraform_data" "app" { input = ${use} }`),
});
const nicknamed = '"${var.iac_prefix}/vpc/${local.config.vpc_nickname}/runtime"';

describe('parameter reads', () => {
  test.each([
    ['a name with a config key', nicknamed, { vpc_nickname: 'main' }],
    ['a literal name', '"/iac/vpc/main/runtime"', {}],
    ['a default', '"${var.iac_prefix}/vpc/${try(local.config.vpc, "main")}/runtime"', {}],
    ['an ARN', '"arn:aws:ssm:eu-west-1:000000000000:parameter/iac/vpc/main/runtime"', {}],
    ['a version', '"/iac/vpc/main/runtime:3"', {}],
    ['a path of its own', 'local.config.network.path', { network: { path: '/iac/vpc/main/runtime' } }],
  ])('%s', (_what, name, value) => {
    const { edges } = read({ ...vpc, ...main, ...reading(name), ...config('prod/app/x', value) });
    expect(edges.map((edge) => edge.replace(/ (parameter-read|path-value|,)+/, ''))).toEqual([
      'prod/app/x -> prod/vpc/main /vpc_id',
    ]);
  });

  test('the own nickname is a rule of its own, unless the config says the same', () => {
    const module = reading('"${var.iac_prefix}/vpc/${try(local.config.vpc_nickname, var.nickname)}/runtime"');
    const { edges } = read({ ...vpc, ...main, ...module, ...config('prod/app/main', {}) });
    expect(edges).toEqual(['prod/app/main -> prod/vpc/main own-nickname /vpc_id']);
    const told = read({ ...vpc, ...main, ...module, ...config('prod/app/main', { vpc_nickname: 'main' }) });
    expect(told.edges).toEqual(['prod/app/main -> prod/vpc/main parameter-read /vpc_id']);
  });

  test('for_each over a filtered map; what is consumed is known once the map is', () => {
    const module = {
      'components/app/main.tf': publishing(`
locals { wanted = { for name, f in local.config.functions : name => f if try(f.vpc_nickname, "") != "" } }
data "aws_ssm_parameter" "each" {
  for_each = local.wanted
  name     = "\${var.iac_prefix}/vpc/\${each.value.vpc_nickname}/runtime"
}
locals { runtimes = { for name, p in data.aws_ssm_parameter.each : name => jsondecode(p.value) } }
resource "terraform_data" "app" { input = [for r in local.runtimes : r.subnets] }`),
    };
    const functions = { a: { vpc_nickname: 'main' }, b: {}, c: { vpc_nickname: '' } };
    const { edges, findings } = read({ ...vpc, ...main, ...module, ...config('prod/app/x', { functions }) });
    expect(edges).toEqual(['prod/app/x -> prod/vpc/main parameter-read /subnets']);
    expect(findings).toEqual([]);
  });

  test('a use that count switches off is no reference', () => {
    const module = {
      'components/app/main.tf': publishing(`
data "aws_ssm_parameter" "it" {
  count = try(local.config.enabled, false) ? 1 : 0
  name  = "\${var.iac_prefix}/vpc/\${local.config.vpc_nickname}/runtime"
}`),
    };
    const { edges } = read({ ...vpc, ...main, ...module, ...config('prod/app/x', { vpc_nickname: 'main' }) });
    expect(edges).toEqual([]);
  });

  test('a test for null does not consume the whole runtime', () => {
    const use = 'local.it == null ? "" : local.it.vpc_id';
    const module = reading(nicknamed, use);
    const text = `${module['components/app/main.tf']}\nlocals { it = jsondecode(data.aws_ssm_parameter.it.value) }`;
    const files = { 'components/app/main.tf': text };
    const { edges } = read({ ...vpc, ...main, ...files, ...config('prod/app/x', { vpc_nickname: 'main' }) });
    expect(edges).toEqual(['prod/app/x -> prod/vpc/main parameter-read /vpc_id']);
  });

  test('a runtime that goes into a template that is not there is consumed whole', () => {
    const use = 'templatefile("gone.tpl", { vpc = jsondecode(data.aws_ssm_parameter.it.value) })';
    const files = { ...reading(nicknamed, use), ...config('prod/app/x', { vpc_nickname: 'main' }) };
    expect(read({ ...vpc, ...main, ...files }).edges).toEqual(['prod/app/x -> prod/vpc/main parameter-read *']);
  });

  test('one parameter an output: the runtime is the subtree', () => {
    const files = {
      'components/vpc/main.tf': `${header}
resource "aws_ssm_parameter" "out" {
  for_each = { vpc_id = "a", cidr = "b" }
  name     = "\${local.runtime_path}/\${each.key}"
  value    = each.value
}`,
      ...reading('"${var.iac_prefix}/vpc/main/runtime/vpc_id"', 'data.aws_ssm_parameter.it.value'),
    };
    const { edges, findings } = read({ ...files, ...main, ...config('prod/app/x', {}) });
    expect(edges).toEqual(['prod/app/x -> prod/vpc/main parameter-read /vpc_id']);
    expect(findings).toEqual([]);
  });

  test.each([
    [
      'nobody has that runtime',
      '"${var.iac_prefix}/vpc/other/runtime"',
      ['dangling-reference prod/app/x param:prod:/iac/vpc/other/runtime'],
    ],
    ['only a run could know', 'random_id.x.hex', ['unknown-path prod/app/x data.aws_ssm_parameter.it']],
    ['the config lacks the key', nicknamed, ['evaluation-failed prod/app/x data.aws_ssm_parameter.it']],
    ['AWS gives it', '"/aws/service/ami/latest"', []],
    ['it is the account', '"${var.iac_prefix}/environment"', []],
  ])('no reference where %s', (_what, name, findings) => {
    const files = { ...vpc, ...main, ...reading(name), ...config('prod/app/x', {}) };
    files['components/app/main.tf'] += 'resource "random_id" "x" { byte_length = 2 }';
    const estate = read(files);
    expect(estate.edges).toEqual([]);
    expect(estate.findings).toEqual(findings);
  });

  test('a parameter that is no runtime is a node of its own; a system outside too', () => {
    const files = {
      'components/app/main.tf': publishing(`
data "aws_ssm_parameter" "ami" { name = "/iac/app/ami/base" }
data "aws_ssm_parameter" "sso" { name = "/external/okta/workforce/runtime" }
resource "terraform_data" "app" { input = [jsondecode(data.aws_ssm_parameter.ami.value).ami_id, data.aws_ssm_parameter.sso.value] }`),
    };
    const { edges, nodes } = read({ ...files, ...config('prod/app/x', {}) });
    expect(edges).toEqual([
      'prod/app/x -> prod/okta/workforce parameter-read *',
      'prod/app/x -> prod/param:/iac/app/ami/base parameter-read /ami_id',
    ]);
    expect(nodes).toEqual(['prod/app/x', 'prod/okta/workforce', 'prod/param:/iac/app/ami/base']);
  });

  test('an output that nobody publishes is a broken contract, unless somebody else writes it too', () => {
    const files = {
      ...main,
      ...reading(nicknamed, 'jsondecode(data.aws_ssm_parameter.it.value).arn'),
      ...config('prod/app/x', { vpc_nickname: 'main' }),
    };
    expect(read({ ...vpc, ...files }).findings).toEqual(['contract-mismatch prod/app/x prod/vpc/main#/arn']);
    const declared = { 'components/vpc/component.yaml': 'also_written_by: { deploy.py: [arn] }\n' };
    expect(read({ ...vpc, ...declared, ...files }).findings).toEqual([]);
    const ignoring = {
      'components/vpc/main.tf': `${header}
resource "aws_ssm_parameter" "runtime" {
  name  = local.runtime_path
  value = jsonencode({ vpc_id = "x" })
  lifecycle { ignore_changes = [value] }
}`,
    };
    expect(read({ ...ignoring, ...files }).findings).toEqual([]);
  });

  test('one config can own several runtimes, and none of its own name', () => {
    const files = {
      'components/lambda/main.tf': `${header}
resource "aws_ssm_parameter" "runtime" {
  for_each = local.config.functions
  name     = "\${var.iac_prefix}/\${var.component_name}/\${each.key}/runtime"
  value    = jsonencode({ arn = each.key })
}`,
      ...reading('"/iac/lambda/${local.config.function}/runtime"', 'jsondecode(data.aws_ssm_parameter.it.value).arn'),
    };
    const configs = {
      ...config('prod/lambda/api', { functions: { echo: {}, time: {} } }),
      ...config('prod/app/x', { function: 'echo' }),
    };
    expect(read({ ...files, ...configs }).edges).toEqual(['prod/app/x -> prod/lambda/api parameter-read /arn']);
  });

  test('two components that write one name', () => {
    const files = {
      'components/app/main.tf': `${header}
resource "aws_ssm_parameter" "runtime" {
  name  = "/iac/shared/one/runtime"
  value = jsonencode({})
}`,
    };
    const { findings } = read({ ...files, ...config('prod/app/a', {}), ...config('prod/app/b', {}) });
    expect(findings.filter((one) => one.startsWith('name-claimed-twice'))).toHaveLength(2);
  });
});

describe('owners', () => {
  test.each([
    ['the config says it', { owner: 'team' }, 'team'],
    ['CODEOWNERS says it', {}, '@acme/net'],
  ])('%s', (_what, value, owner) => {
    const files = { CODEOWNERS: '/iac/prod/vpc/ @acme/net\n', ...config('prod/vpc/main', value) };
    expect(read(files).claims.get('prod/vpc/main')?.component.attributes.owner).toBe(owner);
  });

  test('of a config that only another repository holds are named there', () => {
    const { claims } = read(
      { CODEOWNERS: '* @here\n' },
      { repos: { other: { CODEOWNERS: '* @there\n', ...config('prod/vpc/main', {}) } } },
    );
    expect(claims.get('prod/vpc/main')?.component.attributes.owner).toBe('@there');
  });
});

describe('lookups by name', () => {
  const zone = {
    'components/route53-zone/main.tf': publishing(
      'resource "aws_route53_zone" "z" { name = local.config.name }',
      'zone_id',
    ),
  };
  const site = {
    'components/site/main.tf': publishing(`
data "aws_route53_zone" "z" {
  count = try(local.config.custom, false) ? 1 : 0
  name  = local.config.zone
}
resource "aws_route53_record" "r" {
  count   = length(data.aws_route53_zone.z)
  zone_id = data.aws_route53_zone.z[0].zone_id
}`),
  };

  test.each([
    [
      'case and the root dot do not matter',
      { custom: true, zone: 'Acme.example' },
      ['prod/site/x -> prod/route53-zone/acme lookup-by-name /zone_id'],
    ],
    ['switched off is no reference', { custom: false, zone: 'acme.example' }, []],
    ['a zone of somebody else is nothing', { custom: true, zone: 'other.example' }, []],
  ])('%s', (_what, value, edges) => {
    const configs = { ...config('prod/route53-zone/acme', { name: 'acme.example.' }), ...config('prod/site/x', value) };
    const estate = read({ ...zone, ...site, ...configs });
    expect(estate.edges).toEqual(edges);
    expect(estate.findings).toEqual([]);
  });

  test('another environment is another account', () => {
    const configs = {
      ...config('dev/route53-zone/acme', { name: 'acme.example' }),
      ...config('prod/site/x', { custom: true, zone: 'acme.example' }),
    };
    expect(read({ ...zone, ...site, ...configs }).edges).toEqual([]);
  });
});

describe('what configs say', () => {
  const plain = {
    'components/app/main.tf': `
variable "nickname" {}
variable "vpc" {
  type    = any
  default = null
}
variable "paths" { default = {} }
resource "terraform_data" "app" { input = [var.vpc == null ? "" : var.vpc.vpc_id, var.paths] }`,
    'components/vpc/main.tf': 'output "vpc_id" { value = "x" }',
  };

  test.each([
    [
      'a plain module is handed the runtime',
      { vpc_nickname: 'main' },
      ['prod/app/x -> prod/vpc/main variable /vpc_id'],
    ],
    ['the key may stand anywhere', { net: { vpc_nickname: 'main' } }, ['prod/app/x -> prod/vpc/main variable /vpc_id']],
    [
      'a pair says its type',
      { vpc_type: 'vpc', vpc_nickname: 'main' },
      ['prod/app/x -> prod/vpc/main variable /vpc_id'],
    ],
    [
      'a path with an output',
      { paths: { A: '/iac/vpc/main/runtime:vpc_id' } },
      ['prod/app/x -> prod/vpc/main path-value /vpc_id'],
    ],
    ['a path in a list', { paths: ['/iac/vpc/main/runtime'] }, ['prod/app/x -> prod/vpc/main path-value *']],
    [
      'a parameter that a program reads',
      { paths: { token_param: '/iac/app/token' } },
      ['prod/app/x -> prod/param:/iac/app/token path-value *'],
    ],
    ['order only', { $depends_on: ['vpc/main'] }, ['prod/app/x -> prod/vpc/main declared']],
    ['a key that nothing reads', { other: '/iac/vpc/main/runtime', subnet_nickname: 'main' }, []],
    ['a plain nickname', { nickname: 'main', vpc: 'main' }, []],
  ])('%s', (_what, value, edges) => {
    expect(read({ ...plain, ...main, ...config('prod/app/x', value) }).edges).toEqual(edges);
  });

  test('a key that nothing reads is a hint, on request', () => {
    const open = adageLayout.open(
      estateOf({ ...plain, ...main, ...config('prod/app/x', { other: '/iac/vpc/main/runtime' }) }),
    );
    const [candidate] = open.discover().candidates;
    if (candidate === undefined) throw new Error('no candidate');
    expect(candidate.id).toBe('prod/app/x');
    expect(open.hints?.(candidate)).toMatchObject([{ strength: 'hint', key: 'param:prod:/iac/vpc/main/runtime' }]);
  });

  test('references of component.yaml, with a key that does not name its type', () => {
    const declared = { 'components/app/component.yaml': 'references:\n  vpc: { type: vpc, by: net.name }\n' };
    const found = read({ ...plain, ...declared, ...main, ...config('prod/app/x', { net: { name: 'main' } }) });
    expect(found.edges).toEqual(['prod/app/x -> prod/vpc/main declared,variable /vpc_id']);
    const missing = read({ ...plain, ...declared, ...main, ...config('prod/app/x', {}) });
    expect(missing.findings).toContain('dangling-reference prod/app/x reference:vpc');
  });

  test('a nickname key proves a reference where no module is read, and where only a run could follow its use', () => {
    const keys = config('prod/app/x', { vpc_nickname: 'main' });
    expect(read({ ...vpc, ...main, ...keys }).edges).toEqual(['prod/app/x -> prod/vpc/main nickname-key *']);
    const program = {
      'components/app/main.tf': publishing(`
data "external" "resolved" {
  program = ["python3", "resolve.py"]
  query   = { vpc = local.config.vpc_nickname }
}`),
    };
    expect(read({ ...vpc, ...main, ...program, ...keys }).edges).toEqual([
      'prod/app/x -> prod/vpc/main nickname-key *',
    ]);
    const environment = {
      'components/app/main.tf': publishing(`
resource "aws_lambda_function" "f" {
  for_each = local.config.functions
  environment { variables = { SRC_TYPE = try(each.value.src_type, ""), SRC = try(each.value.src_nickname, "") } }
}`),
    };
    const functions = { seed: { src_type: 'vpc', src_nickname: 'main' }, echo: {} };
    expect(read({ ...vpc, ...main, ...environment, ...config('prod/app/x', { functions }) }).edges).toEqual([
      'prod/app/x -> prod/vpc/main nickname-key *',
    ]);
    const used = {
      'components/app/main.tf': publishing('resource "terraform_data" "x" { input = local.config.vpc_nickname }'),
    };
    expect(read({ ...vpc, ...main, ...used, ...keys }).edges).toEqual([]);
  });

  test('$extends is no dependency; the effective config is what counts', () => {
    const files = {
      ...plain,
      ...main,
      ...config('_base/app/web', { vpc_nickname: 'main' }),
      ...config('prod/app/x', { $extends: '_base/app/web' }),
      ...config('prod/app/y', { $extends: 'prod/app/x', vpc_nickname: null }),
    };
    expect(read(files).edges).toEqual(['prod/app/x -> prod/vpc/main variable /vpc_id']);
    expect(read(files).nodes).toEqual(['prod/app/x', 'prod/app/y', 'prod/vpc/main']);
  });
});

describe('OpenAPI', () => {
  const api = {
    'components/serverless-api/main.tf': publishing('', 'api_id'),
    'components/lambda/main.tf': publishing('', 'arn'),
    'components/s3-bucket/main.tf': publishing('', 'bucket_name'),
    ...config('prod/serverless-api/shop', {}),
    ...config('prod/lambda/orders', {}),
  };
  const docs = {
    'openapi/shop/openapi.yaml':
      'paths:\n  /a:\n    get: { x-lambda-nickname: orders }\n    post: { x-lambda-nickname: orders }\n',
  };

  test('the API depends on its document and its functions, the document on its bucket', () => {
    const bucket = config('prod/s3-bucket/shop', {});
    expect(read({ ...api, ...bucket }, { repos: { docs } }).edges).toEqual([
      'prod/openapi/shop -> prod/s3-bucket/shop openapi /bucket_name',
      'prod/serverless-api/shop -> prod/lambda/orders openapi /arn',
      'prod/serverless-api/shop -> prod/openapi/shop openapi /definition /source',
    ]);
  });

  test('a bucket without an API is no document; a function that nobody has dangles', () => {
    const estate = read({ ...api, ...docs, ...config('dev/s3-bucket/shop', {}) });
    expect(estate.nodes).not.toContain('dev/openapi/shop');
    const other = { 'openapi/shop/openapi.json': '{"paths": {"/a": {"get": {"x-lambda-nickname": "gone"}}}}' };
    expect(read({ ...api, ...other }).findings).toEqual([
      'dangling-reference prod/serverless-api/shop param:prod:/iac/lambda/gone/runtime',
    ]);
  });
});

describe('accounts and stores', () => {
  const binding = (name: string) => ({
    [`account_environments/${name}.json`]: JSON.stringify({ name, environment: 'prod' }),
  });
  const two = {
    ...vpc,
    ...binding('east'),
    ...binding('west'),
    ...main,
    ...reading(nicknamed),
    ...config('prod/app/x', { vpc_nickname: 'main' }),
  };
  const edge = 'prod/app/x -> prod/vpc/main parameter-read /vpc_id';
  const shared = 'two-accounts-one-environment environment prod prod';

  test.each([
    ['nothing says where they live', {}, [edge], [shared]],
    ['both live in one', { 'prod/**': 'east' }, [edge], []],
    [
      'a read resolves within the account',
      { 'prod/vpc/*': 'east', 'prod/app/*': 'west' },
      [],
      ['dangling-reference prod/app/x param:prod@west:/iac/vpc/main/runtime'],
    ],
    ['only one is placed', { 'prod/vpc/*': 'east' }, [edge], [shared]],
  ])('%s', (_what, bindings, edges, findings) => {
    const estate = read(two, { settings: { bindings } });
    expect(estate.edges).toEqual(edges);
    expect(estate.findings).toEqual(findings);
  });

  test('a component lives where its parameters are', () => {
    const parameters = { east: { '/iac/vpc/main/runtime': '{}', '/iac/app/x/config': '{}' }, west: {} };
    const estate = read(two, { parameters });
    expect(estate.edges).toEqual([edge]);
    expect(estate.findings).toEqual([]);
    expect(estate.claims.get('prod/vpc/main')?.deployments).toMatchObject([{ deployment: 'east' }]);
  });

  test('what is only published keeps its published config; a runtime of nobody is a node', () => {
    const parameters = {
      prod: {
        '/iac/app/old/config': '{"vpc_nickname": "main"}',
        '/iac/openapi/shop/runtime': '{"source": "s3://x"}',
        '/iac/vpc/main/runtime': '{}',
      },
    };
    const estate = read({ ...vpc, ...main, ...reading(nicknamed) }, { parameters });
    expect(estate.nodes).toEqual(['prod/app/old', 'prod/openapi/shop', 'prod/vpc/main']);
    expect(estate.edges).toEqual(['prod/app/old -> prod/vpc/main parameter-read /vpc_id']);
    expect(estate.claims.get('prod/app/old')?.component.attributes).toMatchObject({ source: 'published' });
    expect(estate.claims.get('prod/openapi/shop')?.component.external).toBe(true);
  });

  test('another prefix; a literal one beside it is a finding', () => {
    const files = { ...vpc, ...main, ...reading(nicknamed), ...config('prod/app/x', { vpc_nickname: 'main' }) };
    expect(read(files, { settings: { prefix: '/acme/' } }).edges).toEqual([edge]);
    const literal = read({ ...files, ...reading('"/iac/vpc/main/runtime"') }, { settings: { prefix: '/acme' } });
    expect(literal.findings).toContain('prefix-hard-coded type components/app components/app/main.tf:/iac');
  });
});

describe('findings', () => {
  test.each([
    ['no module', config('prod/gone/x', {}), ['config-without-module type gone module']],
    [
      'a planned type',
      { ...config('prod/vpc/main', {}), ...vpc, 'components/sqs/README.md': 'soon' },
      ['type-without-module type components/sqs module'],
    ],
    [
      'a key that nothing reads',
      {
        'components/a/main.tf': publishing('locals { x = local.config.used }'),
        ...config('prod/a/x', { used: 1, unused: { deep: 1 } }),
      },
      ['config-key-unread type components/a /unused'],
    ],
    [
      'a secret',
      { ...vpc, ...config('prod/vpc/main', { db_password: 'hunter2' }) },
      ['config-key-unread type components/vpc /db_password', 'secret-in-config prod/vpc/main /db_password'],
    ],
    [
      'a schema',
      { ...vpc, 'schemas/vpc.schema.json': '{"additionalProperties": false}', ...config('prod/vpc/main', { x: 1 }) },
      ['config-key-unread type components/vpc /x', 'schema-violation prod/vpc/main /x'],
    ],
    [
      'a large config',
      { ...vpc, ...config('prod/vpc/main', { tags: 'x'.repeat(3600) }) },
      ['config-key-unread type components/vpc /tags', 'parameter-near-limit prod/vpc/main config'],
    ],
    [
      'broken JSON',
      { ...vpc, ...config('prod/vpc/main', '{') },
      ['json-unreadable prod/vpc/main iac/prod/vpc/main/config.json:syntax'],
    ],
    [
      'a plan that would fail',
      {
        'components/a/main.tf': publishing(
          'data "aws_region" "r" { count = local.config.on ? 1 : 0 }\nlocals { r = data.aws_region.r[0].name }\nresource "terraform_data" "x" { input = local.r }',
        ),
        ...config('prod/a/x', { on: false }),
        ...config('prod/a/y', { on: true }),
      },
      ['plan-would-fail prod/a/x terraform_data.x.input'],
    ],
    [
      'a guarded use does not fail',
      {
        'components/a/main.tf': publishing(
          'data "aws_region" "r" { count = local.config.on ? 1 : 0 }\nresource "terraform_data" "x" { input = local.config.on ? data.aws_region.r[0].name : "" }',
        ),
        ...config('prod/a/x', { on: false }),
      },
      [],
    ],
    [
      'a variable that two sources fill',
      {
        'components/a/main.tf': 'variable "vpc" {}',
        ...main,
        ...vpc,
        ...config('prod/a/x', { vpc: 1, vpc_nickname: 'main' }),
      },
      ['variable-matches-twice prod/a/x vpc'],
    ],
    [
      'a floating source',
      {
        'components/a/main.tf': publishing(
          'module "m" { source = "git::https://token:s3cr3ttoken@example.com/m.git?ref=main" }',
        ),
        ...config('prod/a/x', {}),
      },
      ['module-not-read type components/a module.m.source', 'module-source-floating type components/a components/a m'],
    ],
  ])('%s', (_what, files, findings) => {
    expect(read(files).findings).toEqual(findings);
  });

  test('a secret is in no claim, row or finding', () => {
    const { claims, details } = read({
      ...vpc,
      ...config('prod/vpc/main', { uri: 'pg://u:hunter2@h/d', db_password: 'hunter2' }),
    });
    expect(JSON.stringify([...claims.values(), ...details])).not.toContain('hunter2');
  });

  test('every finding has a place', () => {
    const files = { ...vpc, ...reading(nicknamed), ...config('prod/app/x', { vpc_nickname: 'gone', unused: 1 }) };
    for (const finding of read(files).details) expect(finding.evidence.length, finding.code).toBeGreaterThan(0);
  });
});

test('equal estates give equal claims, in whatever order they are asked for', () => {
  const files = {
    ...vpc,
    ...main,
    ...reading(nicknamed),
    ...config('prod/app/x', { vpc_nickname: 'main' }),
    ...config('prod/app/y', {}),
  };
  const claimsIn = (reverse: boolean) => {
    const open = adageLayout.open(estateOf(files));
    const { candidates } = open.discover();
    const order = reverse ? [...candidates].reverse() : candidates;
    return Object.fromEntries(order.map((one) => [one.id, open.claim(one)]).sort());
  };
  expect(JSON.stringify(claimsIn(true))).toBe(JSON.stringify(claimsIn(false)));
});

test('the read-set names what was read and what was not there', () => {
  const files = { ...vpc, ...config('prod/vpc/main', { $extends: '_base/vpc/none' }) };
  const claim = read(files).claims.get('prod/vpc/main');
  const keys = Object.keys(claim?.readSet.files ?? {});
  expect(keys).toEqual([...keys].sort());
  expect(claim?.readSet.files).toMatchObject({
    'iac/_base/vpc/none/config.json': null,
    'components/vpc/component.yaml': null,
  });
  expect(Object.keys(claim?.readSet.folders ?? {})).toContain('account_environments');
});

test('property: no config makes a claim fail, and its findings stay its own', () => {
  const module = reading(nicknamed);
  const zone = {
    'components/zone/main.tf': publishing('resource "aws_route53_zone" "z" { name = local.config.name }'),
  };
  const plain = {
    'components/plain/main.tf':
      'variable "config" {}\nvariable "vpc" { default = null }\nvariable "a" { default = {} }\noutput "o" { value = [var.config, var.vpc, var.a] }',
  };
  const key = fc.constantFrom(
    'vpc_nickname',
    'name',
    'a',
    '$extends',
    '$depends_on',
    'vpc_type',
    'functions',
    '__proto__',
    'tags',
  );
  const value = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom('/iac/vpc/main/runtime', 'main', 'prod/app/x'));
  fc.assert(
    fc.property(
      fc.constantFrom('app', 'zone', 'plain', 'gone'),
      fc.array(fc.tuple(key, value), { maxLength: 5 }),
      (type, members) => {
        const text = `{${members.map(([name, member]) => `${JSON.stringify(name)}: ${JSON.stringify(member)}`).join(',')}}`;
        const { claims } = read({ ...vpc, ...main, ...module, ...zone, ...plain, ...config(`prod/${type}/x`, text) });
        expect(claims.get(`prod/${type}/x`)?.component.id).toBe(`prod/${type}/x`);
      },
    ),
    { numRuns: 150 },
  );
});

test('property: a text that is no JSON makes a finding and an empty config', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const { claims } = read({ ...vpc, ...config('prod/vpc/main', text) });
      expect(claims.size).toBe(1);
    }),
  );
});
