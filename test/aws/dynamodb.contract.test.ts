import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll } from 'vitest';
import { startMoto } from '../../scripts/stand-ins/moto.ts';
import { isMissing } from '../../scripts/stand-ins/server.ts';
import { ledgerContract } from '../../src/stores/ledger/contract.ts';
import { openDynamoLedger } from '../../src/stores/ledger/dynamodb/ledger.ts';
import { createLedgerTable } from '../../src/stores/ledger/dynamodb/table.ts';
import { motoClient, newName, withServer } from './servers.ts';

const server = await startMoto();
afterAll(async () => {
  if (!isMissing(server)) await server.stop();
});

withServer('DynamoDB', server, ({ endpoint }) => {
  const client = motoClient(endpoint);
  const table = 'karma';
  beforeAll(async () => {
    await createLedgerTable(DynamoDBDocumentClient.from(new DynamoDBClient(client)), table);
  });
  ledgerContract({
    adapter: 'DynamoDB on moto',
    timeout: 60_000,
    newPlace: async () => {
      const estate = newName('estate|%');
      return {
        open: (processes) =>
          openDynamoLedger({ table, estate, client, ...(processes === undefined ? {} : { processes }) }),
        remove: async () => {},
      };
    },
  });
});
