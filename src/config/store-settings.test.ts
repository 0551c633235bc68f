import { describe, expect, it } from 'vitest';
import { isKarmaError } from '../model/errors.ts';
import { readKarmaFile } from './karma-file.ts';
import { storeSettings } from './store-settings.ts';

const read = (text: string, env: Readonly<Record<string, string>> = {}) =>
  storeSettings(readKarmaFile('karma.yaml', `estate: shop\n${text}`), env);

function refusal(work: () => unknown): string {
  try {
    work();
    return 'nothing was refused';
  } catch (error) {
    return isKarmaError(error) ? `${error.code} ${error.message}` : String(error);
  }
}

const neptune = 'https://shop.cluster-abc.eu-west-1.neptune.amazonaws.com:8182';

describe('stores', () => {
  it('are embedded where nobody says anything', () => {
    const sqlite = { kind: 'sqlite', from: 'convention' };
    expect(read('')).toEqual({ ledger: sqlite, graph: sqlite, parameters: sqlite });
  });

  it('are chosen one by one in karma.yaml', () => {
    const text = `stores:
  ledger: { dynamodb: { table: shop, region: eu-west-1 } }
  graph: sqlite
  parameters:
    ssm:
      quotaShare: 0.25
      bindings: { shop-prod: { profile: prod, decrypt: true } }
`;
    expect(read(text)).toEqual({
      ledger: { kind: 'dynamodb', table: 'shop', region: 'eu-west-1', from: 'karma.yaml:3' },
      graph: { kind: 'sqlite', from: 'karma.yaml:4' },
      parameters: {
        kind: 'ssm',
        from: 'karma.yaml:5',
        paths: ['/external'],
        quotaShare: 0.25,
        bindings: { 'shop-prod': { profile: 'prod', decrypt: true } },
      },
    });
  });

  it.each([
    ['ledger', { KARMA_LEDGER: 'dynamodb' }, { kind: 'dynamodb', table: 'karma', from: 'KARMA_LEDGER' }],
    ['ledger', { KARMA_LEDGER: 'dynamodb:acme' }, { kind: 'dynamodb', table: 'acme', from: 'KARMA_LEDGER' }],
    ['graph', { KARMA_GRAPH: neptune }, { kind: 'neptune', endpoint: neptune, iam: true, from: 'KARMA_GRAPH' }],
    [
      'graph',
      { KARMA_GRAPH: JSON.stringify({ neptune: { endpoint: neptune, iam: false } }) },
      { kind: 'neptune', endpoint: neptune, iam: false, from: 'KARMA_GRAPH' },
    ],
    [
      'parameters',
      { KARMA_PARAMETERS: 'ssm' },
      { kind: 'ssm', paths: ['/external'], bindings: {}, from: 'KARMA_PARAMETERS' },
    ],
    ['ledger', { KARMA_LEDGER: '' }, { kind: 'dynamodb', table: 'karma', from: 'karma.yaml:2' }],
  ] as const)('%s: the environment goes before karma.yaml (%o)', (store, env, expected) => {
    expect(read('stores: { ledger: dynamodb }\n', env)[store]).toEqual(expected);
  });

  it.each([
    ['stores:\n  ledger: { dynamo: { table: x } }\n', 'karma.yaml:3: "stores.ledger" lacks the key "dynamodb"'],
    ['stores:\n  ledger: dynamodbb\n', 'karma.yaml:3: "stores.ledger" must be one of sqlite, dynamodb; did you mean'],
    ['stores:\n  graph:\n    neptune: {}\n', 'karma.yaml:4: "stores.graph.neptune" lacks the key "endpoint"'],
    ['stores:\n  graph:\n    neptune: { endpoint: db:8182 }\n', 'karma.yaml:4: "stores.graph.neptune.endpoint"'],
    ['stores:\n  parameters:\n    ssm: { quotaShare: 2 }\n', 'karma.yaml:4: "stores.parameters.ssm.quotaShare" must'],
    ['stores:\n  parameters: { ssm: { binding: {} } }\n', 'unknown key "binding"; did you mean "bindings"?'],
  ])('%j is refused with its place and the nearest right word', (text, message) => {
    const told = refusal(() => read(text));
    expect(told).toContain('KARMA_CONFIG_INVALID');
    expect(told).toContain(message);
  });

  it.each([
    [{ KARMA_LEDGER: 'ram' }, 'KARMA_LEDGER: its value must be one of sqlite, dynamodb'],
    [{ KARMA_GRAPH: '{"neptune":{}}' }, 'KARMA_GRAPH: neptune: "neptune" lacks the key "endpoint"'],
    [{ KARMA_GRAPH: '{"neptune"' }, 'KARMA_GRAPH begins with { and is no JSON'],
  ])('%o is refused', (env, message) => {
    expect(refusal(() => read('', env))).toBe(`KARMA_CONFIG_INVALID ${message}`);
  });
});
