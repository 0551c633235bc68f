import { beforeAll, describe, expect, test } from 'vitest';
import { loadGrammar } from '../../../hcl/parse.ts';
import { config, publishing, read } from './small-estate.fixture.ts';

beforeAll(loadGrammar);

const database = {
  'components/database/component.yaml': 'abstract: true\noutputs:\n  url: { type: string }\n',
  'components/postgres/component.yaml': 'extends: database\n',
  'components/postgres/main.tf': publishing('', 'url'),
};
const app = {
  'components/app/component.yaml':
    'references:\n  database: { type: database, by: database_nickname, consumes: [url] }\n',
};

describe('a type is a class', () => {
  test('who needs one of a type is content with one of a type that extends it', () => {
    const files = {
      ...database,
      ...app,
      ...config('prod/postgres/orders', {}),
      ...config('prod/app/web', { database_nickname: 'orders' }),
    };
    const { edges, findings } = read(files);
    expect(edges).toEqual(['prod/app/web -> prod/postgres/orders declared /url']);
    expect(findings.filter((one) => /dangling|abstract/.test(one))).toEqual([]);
  });

  test('but not with one in another environment, of another name, or of a type that extends nothing', () => {
    const wanted = config('prod/app/web', { database_nickname: 'orders' });
    for (const other of ['dev/postgres/orders', 'prod/postgres/users', 'prod/mysql/orders']) {
      const { edges, findings } = read({ ...database, ...app, ...wanted, ...config(other, {}) });
      expect(edges).toEqual([]);
      expect(findings.some((one) => one.startsWith('dangling-reference prod/app/web'))).toBe(true);
    }
  });

  test('the type itself comes before those that extend it', () => {
    const { edges } = read({
      ...database,
      ...app,
      'components/database/component.yaml': '{}\n',
      'components/database/main.tf': publishing('', 'url'),
      ...config('prod/database/orders', {}),
      ...config('prod/postgres/orders', {}),
      ...config('prod/app/web', { database_nickname: 'orders' }),
    });
    expect(edges).toEqual(['prod/app/web -> prod/database/orders declared /url']);
  });

  test('a nickname key that nobody declared means one of a type that extends it, too, where there is none of its own', () => {
    const plain = {
      ...database,
      'components/app/main.tf': 'variable "database" { type = any }\noutput "url" { value = var.database.url }\n',
      ...config('prod/app/web', { database_nickname: 'orders' }),
    };
    expect(read({ ...plain, ...config('prod/postgres/orders', {}) }).edges).toEqual([
      'prod/app/web -> prod/postgres/orders variable /url',
    ]);
    const own = {
      'components/database/component.yaml': '{}\n',
      'components/database/main.tf': publishing('', 'url'),
      ...config('prod/database/orders', {}),
    };
    expect(read({ ...plain, ...own, ...config('prod/postgres/orders', {}) }).edges).toEqual([
      'prod/app/web -> prod/database/orders variable /url',
    ]);
    // Nobody reads this module: the key alone says so.
    const unread = { ...database, ...config('prod/app/web', { database_nickname: 'orders' }) };
    expect(read({ ...unread, ...config('prod/postgres/orders', {}) }).edges).toEqual([
      'prod/app/web -> prod/postgres/orders nickname-key *',
    ]);
    expect(read({ ...unread, ...config('dev/postgres/orders', {}) }).edges).toEqual([]);
  });

  test('an abstract type has no components of its own, and somebody extends it', () => {
    const found = (files: Parameters<typeof read>[0]) =>
      read(files).findings.filter((one) => one.startsWith('abstract'));
    expect(found({ ...database, ...config('prod/database/orders', {}) })).toEqual([
      'abstract-instance prod/database/orders database',
    ]);
    expect(found({ 'components/lone/component.yaml': 'abstract: true\n', ...config('prod/app/web', {}) })).toEqual([
      'abstract-without-child type lone lone',
    ]);
    expect(found({ ...database, ...config('prod/postgres/orders', {}) })).toEqual([]);
  });

  test.each([
    [
      'a plain module that is handed what it takes',
      'variable "size" { type = number }\noutput "url" { value = var.size }\n',
    ],
    [
      'a module that reads its own config',
      `${'locals {\n  config = jsondecode(data.aws_ssm_parameter.config.value)\n}\ndata "aws_ssm_parameter" "config" {\n  name = "/iac/app/${var.nickname}/config"\n}\nvariable "nickname" {}\nvariable "size" {\n  type = number\n  default = 1\n}\nresource "aws_ssm_parameter" "runtime" {\n  name = "/iac/app/${var.nickname}/runtime"\n  type = "String"\n  value = jsonencode({ url = local.config.size })\n}\n'}`,
    ],
  ])('what is declared of %s is held against what it shows', (_what, module) => {
    const declared = (inputs: string) =>
      `inputs: ${inputs}\noutputs: { url: { type: string }, arn: { type: string } }\nreferences: { vpc: { type: vpc, by: net_nickname } }\n`;
    const { findings } = read({
      'components/app/main.tf': module,
      'components/app/component.yaml': declared('{ size: { type: object }, gone: {}, net_nickname: {} }'),
      ...config('prod/app/web', {}),
    });
    expect(findings.filter((one) => one.startsWith('type-contradicts'))).toEqual([
      'type-contradicts type app /inputs/gone',
      'type-contradicts type app /inputs/size',
      'type-contradicts type app /outputs/arn',
    ]);
  });

  test('a thousand types in a tree, and fifty that each extend the one before, say together what holds for the last', () => {
    const tree = Array.from({ length: 1000 }, (_one, at) => [
      `components/t${at}/component.yaml`,
      `${at === 0 ? '' : `extends: t${Math.floor((at - 1) / 3)}\n`}inputs:\n  k${at}: { type: number, maximum: ${2000 - at} }\n`,
    ]);
    const chain = Array.from({ length: 50 }, (_one, at) => [
      `components/c${at}/component.yaml`,
      `${at === 0 ? '' : `extends: c${at - 1}\n`}abstract: ${at < 49}\ninputs:\n  k${at % 10}: { type: number, maximum: ${2000 - at} }\n`,
    ]);
    const { findings } = read({
      ...(Object.fromEntries([...tree, ...chain]) as Record<string, string>),
      ...config('prod/t999/one', { k0: 1, k999: 1002, k332: 'x' }),
      ...config('prod/c49/one', { k0: 1961, k9: 1951, k8: 1 }),
    });
    expect(findings.filter((one) => one.startsWith('schema-violation')).sort()).toEqual([
      'schema-violation prod/c49/one /k0',
      'schema-violation prod/t999/one /k332',
      'schema-violation prod/t999/one /k999',
    ]);
    expect(findings.filter((one) => /extends-broken|type-widens|abstract/.test(one))).toEqual([]);
  });
});
