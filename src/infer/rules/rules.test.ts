import { describe, expect, test } from 'vitest';
import { lookupNeed, nameProvides } from './lookup-by-name.ts';
import { nicknameKeys } from './nickname-key.ts';
import { readOperations } from './openapi.ts';
import { bareName, normalisePrefix, parseParameterName } from './parameter-name.ts';
import { parseParameterValue, parsePathValue } from './path-value.ts';
import { needKey, provideUnder, type Subject } from './subject.ts';

const subject: Subject = {
  id: 'prod/app/x',
  environment: 'prod',
  type: 'app',
  nickname: 'x',
  prefix: '/iac',
  bindings: [],
  siblings: [],
};

describe('what a parameter name says', () => {
  test.each([
    ['/iac/vpc/main/runtime', 'runtime vpc main'],
    ['/iac/vpc/main/runtime:7', 'runtime vpc main'],
    ['/iac/vpc/main/runtime/subnets/0', 'runtime vpc main subnets/0'],
    ['/iac/vpc/main/config', 'config vpc main'],
    ['/external/okta/workforce/runtime', 'external okta workforce'],
    ['/iac/clickhouse/ami/base', 'other'],
    ['/iac/vpc/main', 'other'],
    ['/iac//main/runtime', 'other'],
    ['/iac2/vpc/main/runtime', 'other'],
    ['/other/vpc/main/runtime', 'other'],
    ['/external/okta', 'other'],
    ['/aws/service/ami', 'given'],
    ['/iac/environment', 'given'],
    ['arn:aws:ssm:eu-west-1:000000000000:parameter/iac/vpc/main/runtime', 'runtime vpc main'],
  ])('%s', (name, said) => {
    const parsed = parseParameterName(name, '/iac');
    const parts = [parsed.kind, ...('type' in parsed ? [parsed.type, parsed.nickname] : [])];
    if ('output' in parsed && parsed.output !== undefined) parts.push(parsed.output);
    expect(parts.join(' ')).toBe(said);
  });

  test('names and prefixes have one form', () => {
    expect(['a/b', '/a/b/', '/a/b:3'].map(bareName)).toEqual(['a/b', '/a/b', '/a/b']);
    expect(['/iac/', 'iac', '/', ''].map(normalisePrefix)).toEqual(['/iac', '/iac', '', '']);
  });
});

describe('paths in configs', () => {
  test.each([
    ['/iac/vpc/main/runtime', undefined],
    ['/iac/vpc/main/runtime:default_sg_id', 'default_sg_id'],
    ['/iac/vpc/main/runtime:3', undefined],
    ['/iac/vpc/main/runtime/vpc_id', 'vpc_id'],
    ['/external/okta/workforce/runtime:issuer', 'issuer'],
  ])('%s', (text, output) => expect(parsePathValue(text, '/iac')).toMatchObject({ output }));

  test.each([
    '/docs/runtime',
    'see /iac/vpc/main/runtime',
    '/iac/vpc/main/config',
    'https://x/iac/vpc/main/runtime',
    '',
  ])('%j is no path of a runtime', (text) => expect(parsePathValue(text, '/iac')).toBeUndefined());

  test('another parameter only under a key that says so', () => {
    expect(parseParameterValue('token_param', '/iac/app/token', '/iac')).toBe('/iac/app/token');
    expect(parseParameterValue('page', '/iac/app/token', '/iac')).toBeUndefined();
    expect(parseParameterValue('token_param', '/app/token', '/iac')).toBeUndefined();
  });
});

test('nickname keys, wherever they stand', () => {
  const config = {
    vpc_nickname: 'main',
    functions: [{ s3_bucket_nickname: 'files' }],
    src_type: 'clickhouse',
    src_nickname: 'events',
    nickname: 'x',
    _nickname: 'y',
    empty_nickname: '',
    zone_nickname: null,
  };
  expect(
    nicknameKeys(config).map(({ name, type, nickname, steps }) => [name, type, nickname, steps.join('/')]),
  ).toEqual([
    ['vpc', 'vpc', 'main', 'vpc_nickname'],
    ['s3_bucket', 's3-bucket', 'files', 'functions/0/s3_bucket_nickname'],
    ['src', 'clickhouse', 'events', 'src_nickname'],
  ]);
});

test('operations name functions; references inside of the document do not matter', () => {
  const text = [
    'paths:',
    '  /a:',
    '    parameters: [{ $ref: "#/components/parameters/x" }]',
    '    get:',
    '      x-lambda-nickname: list',
    '    POST:',
    '      x-lambda-nickname: create',
    '    summary: { x-lambda-nickname: no }',
    '  /b:',
    '    $ref: "#/components/pathItems/b"',
  ].join('\n');
  expect(readOperations('openapi.yaml', text).operations).toEqual([
    { lambda: 'list', route: 'GET /a', line: 5 },
    { lambda: 'create', route: 'POST /a', line: 7 },
  ]);
  expect(
    readOperations('openapi.json', '{"paths": {"/a": {"get": {"x-lambda-nickname": "f"}}}}').operations,
  ).toHaveLength(1);
  expect(readOperations('openapi.yaml', 'paths: [x-lambda-nickname').problems).toHaveLength(1);
});

test('a zone has no case and no root dot; other names are as they are written', () => {
  const evidence = { rule: 'x', site: 'y' };
  const need = (type: string, name: string) => lookupNeed(subject, type, name, undefined, evidence)?.key;
  const provide = (type: string, name: string) =>
    nameProvides(subject, type, name, 'r', evidence).map(({ key }) => key);
  expect(need('aws_route53_zone', 'Acme.Example.')).toBe('zone:prod:acme.example');
  expect(provide('aws_route53_zone', 'acme.example')).toEqual(['zone:prod:acme.example']);
  expect(provide('aws_s3_bucket', 'Files')).toEqual([need('aws_s3_bucket', 'Files')]);
  expect(provide('aws_ecs_cluster', 'main')).toEqual([need('aws_ecs_cluster', 'main')]);
  expect(provide('aws_cognito_user_pool', 'p')).toEqual([need('aws_cognito_user_pools', 'p')]);
});

describe('accounts', () => {
  const provide = { runtime: 'r', exclusive: true, evidence: { rule: 'x', site: 'y' } };
  const keys = (of: Partial<Subject>) =>
    provideUnder('param', { ...subject, ...of }, '/n', provide).map(
      (one) => `${one.key}${one.exclusive === true ? ' !' : ''}`,
    );
  const siblings = ['east', 'west'];

  test('one account needs no name', () => {
    expect(keys({ siblings: ['east'], bindings: ['east'] })).toEqual(['param:prod:/n !']);
    expect(needKey('param', { ...subject, siblings: ['east'], bindings: ['east'] }, '/n')).toBe('param:prod:/n');
  });

  test('whoever is placed needs in its account; whoever is not may be met in any', () => {
    expect(needKey('param', { ...subject, siblings, bindings: ['east'] }, '/n')).toBe('param:prod@east:/n');
    expect(needKey('param', { ...subject, siblings }, '/n')).toBe('param:prod:/n');
    expect(keys({ siblings, bindings: ['east'] })).toEqual(['param:prod:/n', 'param:prod@east:/n !']);
    expect(keys({ siblings })).toEqual(['param:prod:/n !', 'param:prod@east:/n', 'param:prod@west:/n']);
  });
});
