import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { emptyDelta } from '../../src/model/rows.ts';
import { checkNeptune } from '../../src/stores/graph/neptune/checks.ts';
import { openNeptune } from '../../src/stores/graph/neptune/open.ts';
import { passCypher, passGremlin } from '../../src/stores/graph/neptune/passthrough.ts';
import { checkDynamoLedger } from '../../src/stores/ledger/dynamodb/checks.ts';
import { checkSsmParameters } from '../../src/stores/parameters/ssm/checks.ts';
import { openSsmParameters } from '../../src/stores/parameters/ssm/parameter-store.ts';
import { neptuneError, startFaultProxy } from './fault-proxy.ts';
import { createLedgerTable } from './ledger-table.ts';
import { motoClient } from './moto-client.ts';
import { newName, servers, withServer } from './servers.ts';

const states = (checks: readonly { readonly name: string; readonly state: string }[]) =>
  Object.fromEntries(checks.map((check) => [check.name, check.state]));
const neverAsked = () => {
  throw new Error('nothing may be decrypted here');
};

withServer('checks of Neptune', servers.gremlin, ({ endpoint }) => {
  const settings = { estate: newName('checked'), iam: false, language: 'gremlin-lang' } as const;

  it('try reading, writing and the reader, and write nothing', async () => {
    const { client, store } = await openNeptune({ ...settings, endpoint, readerEndpoint: endpoint });
    expect(states(await checkNeptune(client, settings.estate))).toEqual({ read: 'ok', write: 'ok', reader: 'ok' });
    expect(await store.head()).toBe(0);
    await store.apply(1, emptyDelta, 'h');
    expect((await checkNeptune(client, settings.estate))[0]?.message).toContain('v1 to v1');
  });

  it('tell a missing right to write from a cluster out of reach', async () => {
    const proxy = await startFaultProxy(endpoint);
    proxy.decide = ({ body }) =>
      body.includes('property(') ? neptuneError('AccessDeniedException', 403) : { kind: 'pass' };
    const { client } = await openNeptune({ ...settings, endpoint: proxy.endpoint });
    expect(states(await checkNeptune(client, settings.estate))).toEqual({ read: 'ok', write: 'failed' });
    await proxy.close();
  });

  it('queries passed through read what Karma wrote', async () => {
    const { client } = await openNeptune({ ...settings, endpoint });
    expect(await passGremlin(client, `g.V('head|${settings.estate}').values('gen')`)).toEqual([1]);
    const proxy = await startFaultProxy(endpoint);
    const body = JSON.stringify({ results: [{ n: 1 }] });
    proxy.decide = () => ({ kind: 'answer', status: 200, body });
    const cypher = await openNeptune({ ...settings, endpoint: proxy.endpoint });
    expect(await passCypher(cypher.client, 'MATCH (c:Component) RETURN count(c) AS n')).toEqual([{ n: 1 }]);
    expect(proxy.seen[0]?.body).toBe('{"query":"MATCH (c:Component) RETURN count(c) AS n"}');
    await proxy.close();
  });
});

withServer('checks of', servers.moto, ({ endpoint }) => {
  const client = motoClient(endpoint, newName('checks'));

  describe('DynamoDB', () => {
    beforeAll(async () => {
      await createLedgerTable(DynamoDBDocumentClient.from(new DynamoDBClient(client)), 'karma');
    });

    it('try reading and writing, and write nothing', async () => {
      const options = { table: 'karma', estate: 'checked', client };
      expect(states(await checkDynamoLedger(options))).toEqual({ read: 'ok', write: 'ok' });
      expect((await checkDynamoLedger(options))[0]?.message).toContain('0 events');
    });

    it('say how to make a table that is not there', async () => {
      const [read] = await checkDynamoLedger({ table: 'nowhere', estate: 'checked', client });
      expect(read).toMatchObject({ state: 'failed', hint: expect.stringContaining('create-table') });
    });
  });

  describe('Parameter Store', () => {
    const options = { binding: 'prod', client, key: neverAsked, quota: { perSecond: 1000, describePerSecond: 1000 } };
    const expected = { prefix: '/iac', environment: 'prod' };

    it('leave open what cannot be tried without writing', async () => {
      expect(states(await checkSsmParameters(options, expected))).toEqual({
        read: 'ok',
        list: 'ok',
        environment: 'ok',
        write: 'unknown',
      });
    });

    it('see that the account is the one that is meant, and write nothing', async () => {
      const store = await openSsmParameters(options);
      const at = '2026-11-24T10:00:00.000Z';
      await store.put({ name: '/iac/environment', type: 'String', value: 'dev', at, by: 'ted' });
      const wrong = states(await checkSsmParameters(options, expected));
      expect(wrong).toMatchObject({ environment: 'failed', write: 'ok' });
      expect(await store.get('/iac/environment')).toMatchObject({ version: 1, value: 'dev' });
    });
  });
});
