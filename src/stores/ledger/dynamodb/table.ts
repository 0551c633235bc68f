import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { KarmaError } from '../../../model/errors.ts';
import { awsTrouble, isNamed } from '../../aws/trouble.ts';

/** What the ledger needs of DynamoDB, loaded only when an estate names it. */
export type Commands = typeof import('@aws-sdk/lib-dynamodb');

/** One table for any number of estates: partition key `pk`, sort key `sk`, both strings; no index, no expiry. */
export interface Table {
  readonly client: DynamoDBDocumentClient;
  readonly commands: Commands;
  readonly name: string;
  readonly estate: string;
}

export type Item = Readonly<Record<string, unknown>>;

/** A partition of one estate. Parts that come from outside are escaped, so that no two names make one key. */
export function partition({ estate }: Pick<Table, 'estate'>, ...parts: readonly string[]): string {
  return [estate, ...parts].map((part) => part.replaceAll('%', '%25').replaceAll('|', '%7C')).join('|');
}

/** Runs one call, with what goes wrong turned into an error that names the table. */
export async function onTable<T>(table: Pick<Table, 'name'>, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (isNamed(error, 'ConditionalCheckFailedException', 'TransactionCanceledException')) throw error;
    if (isNamed(error, 'ResourceNotFoundException')) {
      throw new KarmaError('KARMA_UPSTREAM', `there is no DynamoDB table ${table.name} in this account and region`, {
        hint: `make it: aws dynamodb create-table --table-name ${table.name} --billing-mode PAY_PER_REQUEST --attribute-definitions AttributeName=pk,AttributeType=S AttributeName=sk,AttributeType=S --key-schema AttributeName=pk,KeyType=HASH AttributeName=sk,KeyType=RANGE`,
        cause: error,
      });
    }
    throw awsTrouble(error, `the ledger in DynamoDB table ${table.name}`);
  }
}

/** A conditional write that did not hold; or one that won, sent a second time because its answer was lost. */
export function isLost(error: unknown): boolean {
  return isNamed(error, 'ConditionalCheckFailedException');
}

/** Reads a whole item as it is now. */
export async function getItem(table: Table, pk: string, sk: string): Promise<Item | undefined> {
  const get = new table.commands.GetCommand({ TableName: table.name, Key: { pk, sk }, ConsistentRead: true });
  return (await onTable(table, () => table.client.send(get))).Item;
}

export interface PageQuery {
  readonly pk: string;
  /** A condition on `:sk`, such as `sk > :sk`. */
  readonly range: string;
  readonly sk: string;
  readonly backwards?: boolean;
}

/** Items of one partition in order, page by page; stops when the caller does. */
export async function* queryItems(table: Table, { pk, range, sk, backwards = false }: PageQuery, page = 100) {
  let from: Record<string, unknown> | undefined;
  do {
    const query = new table.commands.QueryCommand({
      TableName: table.name,
      KeyConditionExpression: `pk = :pk AND ${range}`,
      ExpressionAttributeValues: { ':pk': pk, ':sk': sk },
      ScanIndexForward: !backwards,
      ConsistentRead: true,
      Limit: page,
      ...(from === undefined ? {} : { ExclusiveStartKey: from }),
    });
    const answer = await onTable(table, () => table.client.send(query));
    yield* (answer.Items ?? []) as readonly Item[];
    from = answer.LastEvaluatedKey;
  } while (from !== undefined);
}

/** A sequence number as a sort key: in the order of numbers. */
export function padded(seq: number): string {
  return String(seq).padStart(16, '0');
}
