import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammar } from '../../../hcl/parse.ts';
import { findingsOf, root, told } from './small-estate.fixture.ts';

beforeAll(loadGrammar);

/** A root that writes a parameter, and one that reads it. */
const writes = (key: string, provider = '', more = '', name = '"/acme/vpc"') =>
  root(
    key,
    `${provider}\nresource "aws_ssm_parameter" "p" {\n  name = ${name}\n  type = "String"\n  value = "v"\n  ${more}\n}`,
  );
const reads = (provider = '', more = '', name = '"/acme/vpc"') =>
  root(
    'app',
    `${provider}\ndata "aws_ssm_parameter" "p" {\n  name = ${name}\n  ${more}\n}\noutput "o" { value = data.aws_ssm_parameter.p.value }`,
  );
const aws = (body: string) => `provider "aws" {\n  ${body}\n}\n`;
const role = (account: string, name = 'deploy') =>
  `assume_role {\n    role_arn = "arn:aws:iam::${account}:role/${name}"\n  }`;
const [here, there] = ['111111111111', '222222222222'];

describe('a parameter of one name', () => {
  it.each<[what: string, writer: string, reader: string, expected: readonly string[]]>([
    ['with equal providers', aws('region = "a"'), aws('region = "a"'), ['app → net']],
    ['without any provider', '', '', ['app → net']],
    ['in another region', aws('region = "a"'), aws('region = "b"'), []],
    [
      'in a region only a run could know',
      aws('region = "a"'),
      `variable "r" {}\n${aws('region = var.r')}`,
      ['app → net'],
    ],
    ['in another account, by its role', aws(role(here)), aws(role(there)), []],
    ['by two roles of one account', aws(role(here)), aws(role(here, 'read')), ['app → net']],
    ['in another account, by what is allowed', aws(`allowed_account_ids = ["${here}"]`), aws(role(there)), []],
    ['by another profile', aws('profile = "one"'), aws('profile = "two"'), ['app ? net']],
    ['by a role, and as whoever runs it', aws(role(here)), aws('region = "a"'), ['app ? net']],
  ])('%s', (_what, writer, reader, expected) => {
    expect(told({ 'net/main.tf': writes('net', writer), 'app/main.tf': reads(reader) })).toEqual(expected);
  });

  it('is told from others by the provider that its block names', () => {
    const aliased = `${aws('region = "a"')}${aws('alias = "far"\n  region = "b"')}`;
    const net = { 'net/main.tf': writes('net', aws('region = "b"')) };
    expect(told({ ...net, 'app/main.tf': reads(aliased, 'provider = aws.far') })).toEqual(['app → net']);
    expect(told({ ...net, 'app/main.tf': reads(aliased) })).toEqual([]);
    expect(told({ ...net, 'app/main.tf': reads(aws('region = "a"'), 'region = "b"') })).toEqual(['app → net']);
  });

  it('is told from others by the provider that a call hands to a child module', () => {
    const files = (providers: string) => ({
      'net/main.tf': writes('net', aws('region = "b"')),
      'app/main.tf': root(
        'app',
        `${aws('region = "a"')}${aws('alias = "far"\n  region = "b"')}module "m" {\n  source = "../lib"\n  ${providers}\n}`,
      ),
      'lib/main.tf':
        'data "aws_ssm_parameter" "p" { name = "/acme/vpc" }\noutput "o" { value = data.aws_ssm_parameter.p.value }',
    });
    expect(told(files('providers = { aws = aws.far }'))).toEqual(['app → net']);
    expect(told(files(''))).toEqual([]);
  });

  it('written by two: who is configured alike is proven, and where nothing tells them apart none is', () => {
    const two = (one: string, other: string) => ({
      'one/main.tf': writes('one', one),
      'two/main.tf': writes('two', other),
    });
    expect(
      told({
        ...two(aws('region = "a"'), aws(`region = "a"\n${role(there)}`)),
        'app/main.tf': reads(aws('region = "a"')),
      }),
    ).toEqual(['app → one']);
    const alike = { ...two(aws('region = "a"'), aws('region = "a"')), 'app/main.tf': reads(aws('region = "a"')) };
    expect(told(alike)).toEqual(['app ? one', 'app ? two']);
    expect(findingsOf(alike)).toEqual(['ambiguous-reference app']);
  });

  it('in the folders of two environments is not proven to be one', () => {
    const files = { 'live/dev/net/main.tf': writes('net'), 'live/prod/app/main.tf': reads() };
    expect(told(files)).toEqual(['live/prod/app ? live/dev/net']);
    expect(told({ ...files, 'live/prod/net/main.tf': writes('net2') })).toEqual(['live/prod/app → live/prod/net']);
    const alike = { 'live/production/net/main.tf': writes('net'), 'live/prod/app/main.tf': reads() };
    expect(told(alike)).toEqual(['live/prod/app → live/production/net']);
  });
});

describe('a parameter whose name only a run could know', () => {
  const variable = 'variable "v" {}\n';

  it('is found by what is known of it', () => {
    const app = reads(variable, '', '"/acme/${var.v}/vpc"');
    const one = { 'net/main.tf': writes('net', '', '', '"/acme/a/vpc"'), 'app/main.tf': app };
    expect(told(one)).toEqual(['app → net']);
    const two = {
      ...one,
      'b/main.tf': writes('b', '', '', '"/acme/b/vpc"'),
      'c/main.tf': writes('c', '', '', '"/acme/b/x"'),
    };
    expect(told(two)).toEqual(['app ? b', 'app ? net']);
    expect(findingsOf(two)).toEqual(['ambiguous-reference app']);
    expect(told({ 'app/main.tf': app })).toEqual([]);
  });

  it('is found where both sides share a variable', () => {
    const files = {
      'net/main.tf': writes('net', variable, '', '"/${var.v}/vpc"'),
      'app/main.tf': reads(variable, '', '"/${var.v}/vpc"'),
    };
    expect(told(files)).toEqual(['app → net']);
  });

  it('may be any that is written, when nothing of it is known', () => {
    const files = { 'net/main.tf': writes('net'), 'app/main.tf': reads(variable, '', 'var.v') };
    expect(told(files)).toEqual(['app ? net']);
    expect(findingsOf(files)).toEqual(['unknown-path app']);
    expect(told({ ...files, 'app/main.tf': reads(variable, '', '"/aws/service/${var.v}"') })).toEqual([]);
  });

  it('is no reference when a module reads its own back', () => {
    const own = 'resource "aws_ssm_parameter" "own" {\n  name = "/${var.v}/own"\n  type = "String"\n  value = "v"\n}\n';
    const app = reads(`${variable}${own}`, '', '"/${var.v}/own"');
    expect(told({ 'net/main.tf': writes('net', variable, '', '"/${var.v}/own"'), 'app/main.tf': app })).toEqual([]);
    expect(findingsOf({ 'app/main.tf': app })).toEqual([]);
  });
});

describe('a state whose address is known in part', () => {
  const state = (config: string, backend = 's3') =>
    `variable "v" {}\ndata "terraform_remote_state" "s" {\n  backend = "${backend}"\n  config = { ${config} }\n}\noutput "o" { value = data.terraform_remote_state.s.outputs.id }`;
  const keeps = (body: string, backend = 's3') =>
    `terraform {\n  backend "${backend}" {\n    ${body}\n  }\n}\noutput "id" { value = 1 }\n`;
  const app = (config: string, backend?: string) => ({ 'app/main.tf': root('app', state(config, backend)) });

  it('leads to those alone that fit what is known', () => {
    const roots = {
      'dev/main.tf': keeps('bucket = "acme-dev"\nkey = "net"'),
      'prod/main.tf': keeps('bucket = "acme-prod"\nkey = "net"'),
      'other/main.tf': keeps('bucket = "zzz"\nkey = "net"'),
      'dns/main.tf': keeps('bucket = "acme-dev"\nkey = "dns"'),
      'pg/main.tf': keeps('schema_name = "net"', 'pg'),
    };
    expect(told({ ...roots, ...app('bucket = "acme-${var.v}", key = "net"') })).toEqual(['app ? dev', 'app ? prod']);
    expect(told({ ...roots, ...app('bucket = var.v, key = "dns"') })).toEqual(['app → dns']);
    expect(told({ ...roots, ...app('bucket = var.v, key = "nobody"') })).toEqual([]);
  });

  it('may be of a root that does not show its own, and that is told where that one would have to', () => {
    const files = {
      'net/main.tf': keeps('key = "x/net"'),
      'odd/main.tf': keeps(''),
      ...app('bucket = var.v, key = "x/net"'),
    };
    expect(told(files)).toEqual(['app ? odd', 'app → net']);
    expect(findingsOf(files)).toEqual([]);
  });

  it.each<[string, string, string]>([
    ['oci', 'bucket = "b"\nnamespace = "n"\nkey = "net"', 'bucket = "b", namespace = "n", key = "net"'],
    [
      'pg',
      'conn_str = "postgres://u:p@db/one"\nschema_name = "net"',
      'conn_str = "postgres://x@db/one", schema_name = "net"',
    ],
    ['artifactory', 'url = "u"\nrepo = "r"\nsubpath = "net"', 'url = "u", repo = "r", subpath = "net"'],
    ['http', 'address = "h/net"', 'address = "h/net"'],
  ])('is known in a backend %s', (backend, kept, read) => {
    expect(told({ 'net/main.tf': keeps(kept, backend), ...app(read, backend) })).toEqual(['app → net']);
  });

  it('of one schema in two databases is two', () => {
    const net = { 'net/main.tf': keeps('conn_str = "postgres://u:p@db/one"\nschema_name = "net"', 'pg') };
    expect(told({ ...net, ...app('conn_str = "postgres://u@db/two", schema_name = "net"', 'pg') })).toEqual([]);
  });

  it('is found where one side leaves the organization to its environment', () => {
    const files = {
      'net/main.tf': 'terraform {\n  cloud {\n    workspaces { name = "net" }\n  }\n}\noutput "id" { value = 1 }\n',
      'dns/main.tf': 'terraform {\n  cloud {\n    workspaces { name = "dns" }\n  }\n}\n',
      'app/main.tf': root(
        'app',
        'data "tfe_outputs" "n" {\n  organization = "acme"\n  workspace = "net"\n}\noutput "o" { value = data.tfe_outputs.n.values.id }',
      ),
    };
    expect(told(files)).toEqual(['app → net']);
  });

  it('is settled by the reference that karma.yaml adds, one for each block', () => {
    const files = { 'net/main.tf': keeps('bucket = "acme"\nkey = "net"'), ...app('bucket = "acme", key = var.v') };
    expect(told(files)).toEqual(['app ? net']);
    const references = [{ from: 'app', to: 'net', consumes: ['/id'], reason: 'the pipeline says so' }];
    expect(told(files, { references })).toEqual(['app → net']);
    expect(findingsOf(files, { references })).toEqual([]);
    const second =
      'data "terraform_remote_state" "t" {\n  backend = "s3"\n  config = { bucket = "acme", key = var.v }\n}\n';
    expect(told({ ...files, 'app/main.tf': `${files['app/main.tf']}${second}` }, { references })).toEqual([
      'app ? net',
      'app ? net',
      'app → net',
    ]);
  });
});

describe('placeholders', () => {
  it.each([
    '<BUCKET>',
    'UPDATE_ME',
    'your-bucket-name',
    'REPLACE_WITH_BUCKET',
    '{{bucket}}',
    'CHANGEME',
    'TODO',
    '__BUCKET_NAME__',
  ])('%s is no name that two roots could share', (bucket) => {
    const one = `terraform {\n  backend "s3" {\n    bucket = "${bucket}"\n    key = "x"\n  }\n}\n`;
    expect(findingsOf({ 'a/main.tf': one, 'b/main.tf': one })).toEqual([]);
  });

  it.each(['acme-state', 'example-bucket', 'todos', 'my-company', 'setup', 'inhere', 'Company-State'])(
    '%s is a name',
    (bucket) => {
      const one = `terraform {\n  backend "s3" {\n    bucket = "${bucket}"\n    key = "x"\n  }\n}\n`;
      expect(findingsOf({ 'a/main.tf': one, 'b/main.tf': one })).toEqual(['state-shared a', 'state-shared b']);
    },
  );
});

describe('a parameter under a name with a slash in front and one without', () => {
  const root = (key: string, more: string) =>
    `terraform {\n  backend "s3" {\n    bucket = "b"\n    region = "r"\n    key = "${key}"\n  }\n}\n${more}`;
  const arn = (name: string) => `arn:aws:ssm:eu-west-1:111122223333:parameter/${name}`;
  it.each<[string, string, string, readonly string[]]>([
    ['are two', '/acme/x', 'name = "acme/x"', []],
    ['whichever of them is read', 'acme/x', 'name = "/acme/x"', []],
    ['are each their own', 'acme/x', 'name = "acme/x"', ['app → net']],
    ['are known in an ARN by their steps', '/acme/x', `name = "${arn('acme/x')}"`, ['app → net']],
    ['are not told apart by an ARN of one step', '/x', `name = "${arn('x')}"`, ['app → net']],
    ['of which either is meant', 'x', `name = "${arn('x')}"`, ['app → net']],
  ])('%s', (_what, written, read, expected) => {
    const files = {
      'net/main.tf': root('net', `resource "aws_ssm_parameter" "p" {\n  name = "${written}"\n  value = "v"\n}\n`),
      'app/main.tf': root(
        'app',
        `data "aws_ssm_parameter" "p" {\n  ${read}\n}\noutput "o" { value = data.aws_ssm_parameter.p.value }\n`,
      ),
    };
    expect(told(files)).toEqual(expected);
  });
});
