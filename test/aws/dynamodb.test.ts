import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyLedger } from '../../src/stores/ledger/chain.ts';
import { ledgerContract } from '../../src/stores/ledger/contract.ts';
import { draft } from '../../src/stores/ledger/contract-place.ts';
import { openDynamoLedger } from '../../src/stores/ledger/dynamodb/ledger.ts';
import type { LeaseHolder } from '../../src/stores/ledger/port.ts';
import { type Fault, type FaultProxy, pass, startFaultProxy } from './fault-proxy.ts';
import { createLedgerTable } from './ledger-table.ts';
import { motoClient } from './moto-client.ts';
import { newName, servers, withServer } from './servers.ts';

const table = 'karma';

withServer('DynamoDB', servers.moto, ({ endpoint }) => {
  const region = newName('region');
  const client = motoClient(endpoint, region);
  beforeAll(async () => {
    await createLedgerTable(DynamoDBDocumentClient.from(new DynamoDBClient(client)), table);
  });
  it('says in seconds when a document may expire, and of no other thing', async () => {
    const estate = newName('expiring');
    const ledger = await openDynamoLedger({ table, estate, client });
    await ledger.append([draft('c1')]);
    await ledger.putDocument('record', 'stays', {}, 0);
    await ledger.putDocument('run-log', 'goes', { text: 'a line' }, 0, '2026-11-24T10:00:00.500Z');
    const { Items = [] } = await DynamoDBDocumentClient.from(new DynamoDBClient(client)).send(
      new ScanCommand({ TableName: table }),
    );
    const own = Items.filter(({ pk }) => String(pk).startsWith(`${estate}|`));
    expect(own.length).toBeGreaterThan(3);
    expect(own.flatMap(({ sk, expires }) => (expires === undefined ? [] : [[sk, expires]]))).toEqual([
      ['goes', Date.parse('2026-11-24T10:00:01Z') / 1000],
    ]);
    expect(await ledger.getDocument('run-log', 'goes')).toMatchObject({ body: { text: 'a line' } });
  });

  ledgerContract({
    adapter: 'DynamoDB on moto',
    newPlace: async () => {
      const estate = newName('estate|%');
      return {
        open: (processes) =>
          openDynamoLedger({ table, estate, client, ...(processes === undefined ? {} : { processes }) }),
        remove: async () => {},
      };
    },
  });

  describe('a ledger behind a bad network', () => {
    let proxy: FaultProxy;
    beforeAll(async () => {
      proxy = await startFaultProxy(endpoint);
    });
    afterAll(() => proxy.close());
    const open = (estate: string) => openDynamoLedger({ table, estate, client: motoClient(proxy.endpoint, region) });
    /** The next requests meet these, later ones pass. */
    const meet = (...faults: readonly Fault[]) => {
      proxy.seen.length = 0;
      proxy.decide = (_, index) => faults[index] ?? pass;
    };
    const operations = () => proxy.seen.map(({ headers }) => String(headers['x-amz-target']).split('.')[1]);
    const throttled: Fault = {
      kind: 'answer',
      status: 400,
      body: JSON.stringify({ __type: 'com.amazonaws.dynamodb.v20120810#ThrottlingException', message: 'slow down' }),
    };
    const holder: LeaseHolder = { id: 'a', host: 'h', pid: 1, actor: 'ted', since: '2026-11-24T10:00:00Z' };

    it('appends once, whatever happens to the answer', async () => {
      const ledger = await open(newName('lost'));
      for (const fault of [{ kind: 'lose' }, { kind: 'reset' }, { kind: 'cut', clean: false }, throttled] as const) {
        const from = await ledger.counter('graph');
        meet(fault, fault);
        expect(await ledger.append([draft(fault.kind)], { counter: 'graph', from, to: from + 1 })).toHaveLength(1);
      }
      proxy.decide = () => pass;
      expect((await ledger.read({ limit: 10 })).map((event) => event.subject)).toEqual([
        'lose',
        'reset',
        'cut',
        'answer',
      ]);
      expect(await ledger.counter('graph')).toBe(4);
      expect(await verifyLedger(ledger)).toMatchObject({ sound: true });
    });

    it('writes a document and takes a lease once, when the answer is lost', async () => {
      const ledger = await open(newName('lost'));
      meet({ kind: 'lose' });
      expect(await ledger.putDocument('change', 'cr-1', { state: 'proposed' }, 0)).toBe(true);
      meet({ kind: 'lose' });
      expect(await ledger.putDocument('change', 'cr-1', { state: 'planned' }, 1)).toBe(true);
      meet({ kind: 'lose' });
      expect(await ledger.leases.acquire('prod', holder, 1000)).toMatchObject({ fence: 1 });
      expect(await ledger.leases.acquire('prod', { ...holder, id: 'b' }, 1000)).toBeNull();
      expect(await ledger.getDocument('change', 'cr-1')).toMatchObject({ revision: 2 });
    });

    it('asks as little as it can', async () => {
      const ledger = await open(newName('counted'));
      await ledger.append([draft('first')]);
      meet();
      await ledger.append([draft('v1'), draft('more')], { counter: 'graph', from: 0, to: 1 });
      expect(operations()).toEqual(['TransactWriteItems']);
      meet();
      await ledger.putObject(new TextEncoder().encode('delta'.repeat(1000)));
      expect(operations()).toEqual(['PutItem']);
      meet();
      await ledger.head();
      await ledger.counter('graph');
      expect(operations()).toEqual(['GetItem', 'GetItem']);
    });

    it('reads what a filter wants without walking the ledger', async () => {
      const ledger = await open(newName('filtered'));
      for (let n = 0; n < 30; n += 1) {
        const action = n === 17 ? 'run.applied' : 'config.published';
        await ledger.append([draft(`c${n}`, { action })]);
      }
      meet();
      expect((await ledger.read({ limit: 5, action: 'run.' })).map((event) => event.subject)).toEqual(['c17']);
      expect(await ledger.read({ limit: 1, subject: 'c3' })).toHaveLength(1);
      expect(operations()).toEqual(['Query', 'GetItem', 'Query', 'GetItem']);
      await ledger.append([draft('c3', { action: 'run.applied' }), draft('c4', { action: 'config.published' })]);
      meet();
      expect((await ledger.read({ limit: 5, subject: 'c3', action: 'run.' })).map(({ seq }) => seq)).toEqual([31]);
      expect(await ledger.read({ limit: 5, subject: 'c4', action: 'run.' })).toEqual([]);
      expect(operations()).toEqual(['Query', 'GetItem', 'Query']);
    });

    it('says what to do about a table that is not there, and about refused credentials', async () => {
      const nowhere = await openDynamoLedger({ table: 'no-such-table', estate: 'e', client });
      await expect(nowhere.head()).rejects.toMatchObject({
        code: 'KARMA_UPSTREAM',
        hint: expect.stringContaining('aws dynamodb create-table --table-name no-such-table'),
      });
      const body = JSON.stringify({ __type: 'com.amazon.coral.service#AccessDeniedException', Message: 'no' });
      proxy.decide = () => ({ kind: 'answer', status: 400, body });
      await expect((await open('e')).head()).rejects.toMatchObject({ code: 'KARMA_ACCESS' });
    });
  });
});
