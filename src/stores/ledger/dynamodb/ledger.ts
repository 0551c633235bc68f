import { randomUUID } from 'node:crypto';
import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { type Pacing, realPacing } from '../../aws/pacing.ts';
import { type HostProcesses, thisHost } from '../liveness.ts';
import type { Ledger } from '../port.ts';
import { type Appender, append, readHeadItem } from './append.ts';
import { getDocument, listDocuments, putDocument } from './documents.ts';
import { readEvents } from './events.ts';
import { dynamoLeases } from './leases.ts';
import { getObject, putObject } from './objects.ts';
import type { Table } from './table.ts';

export interface DynamoLedgerOptions {
  readonly table: string;
  readonly estate: string;
  /** Region, profile, endpoint … where the AWS SDK's own conventions are not enough. */
  readonly client?: DynamoDBClientConfig;
  readonly processes?: HostProcesses;
  readonly pacing?: Pacing;
  readonly newNonce?: () => string;
}

/** The ledger in one DynamoDB table: any number of processes on any number of hosts append to one chain. */
export async function openDynamoLedger(options: DynamoLedgerOptions): Promise<Ledger> {
  const { processes = thisHost(), pacing = realPacing, newNonce = randomUUID } = options;
  const table = await connect(options);
  const appender: Appender = { table, pacing, newNonce, remembered: undefined };
  return {
    head: async () => (await readHeadItem(table)).head,
    append: (drafts, expect, together) => append(appender, drafts, expect, together),
    counter: async (name) => {
      const item = await readHeadItem(table);
      appender.remembered = item;
      return item.counters[name] ?? 0;
    },
    read: (query) => readEvents(table, query),
    putObject: (bytes) => putObject(table, bytes),
    getObject: (digest) => getObject(table, digest),
    getDocument: (kind, id) => getDocument(table, kind, id),
    putDocument: (kind, id, body, revision, until) =>
      putDocument(table, { kind, id, body, revision, ...(until === undefined ? {} : { until }) }, newNonce()),
    listDocuments: (kind, query) => listDocuments(table, kind, query),
    leases: dynamoLeases(table, processes, newNonce),
    close: async () => table.client.destroy(),
  };
}

export async function connect({ table, estate, client: config = {} }: DynamoLedgerOptions): Promise<Table> {
  const [{ DynamoDBClient }, commands] = await Promise.all([
    import('@aws-sdk/client-dynamodb'),
    import('@aws-sdk/lib-dynamodb'),
  ]);
  const client = commands.DynamoDBDocumentClient.from(new DynamoDBClient({ maxAttempts: 8, ...config }));
  return { client, commands, name: table, estate };
}
