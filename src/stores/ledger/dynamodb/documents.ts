import { canonicalJson } from '../../../model/digest.ts';
import { KarmaError } from '../../../model/errors.ts';
import type { StoredDocument } from '../port.ts';
import { packText, unpackText } from './body.ts';
import { getItem, type Item, isLost, onTable, partition, queryItems, type Table } from './table.ts';

export async function getDocument(table: Table, kind: string, id: string): Promise<StoredDocument | undefined> {
  const item = await getItem(table, partition(table, 'document', kind), id);
  return item === undefined ? undefined : read(table, item);
}

/** @param nonce names this write, so that one whose answer was lost is not taken for somebody else's. */
export async function putDocument(
  table: Table,
  { kind, id, body, revision }: { kind: string; id: string; body: unknown; revision: number },
  nonce: string,
): Promise<boolean> {
  if (id === '' || Buffer.byteLength(id) > 1024) {
    throw new KarmaError('KARMA_INPUT_INVALID', `a ${kind} needs an id of 1 to 1024 bytes`);
  }
  const pk = partition(table, 'document', kind);
  const content = await packText(table, canonicalJson(body));
  const put = new table.commands.PutCommand({
    TableName: table.name,
    Item: { pk, sk: id, revision: revision + 1, nonce, ...content },
    ...(revision === 0
      ? { ConditionExpression: 'attribute_not_exists(pk)' }
      : { ConditionExpression: 'revision = :revision', ExpressionAttributeValues: { ':revision': revision } }),
  });
  try {
    await onTable(table, () => table.client.send(put));
    return true;
  } catch (error) {
    if (isLost(error)) return (await getItem(table, pk, id))?.['nonce'] === nonce;
    throw error;
  }
}

export async function listDocuments(
  table: Table,
  kind: string,
  { after, limit = 1000 }: { readonly after?: string; readonly limit?: number } = {},
): Promise<readonly StoredDocument[]> {
  const found: StoredDocument[] = [];
  // A sort key is never empty, so a space of no width comes before all.
  const from = after === undefined || after === '' ? '\u0000' : after;
  const pk = partition(table, 'document', kind);
  for await (const item of queryItems(table, { pk, range: 'sk > :sk', sk: from }, Math.min(limit, 100))) {
    found.push(await read(table, item));
    if (found.length >= limit) break;
  }
  return found;
}

async function read(table: Table, item: Item): Promise<StoredDocument> {
  const body: unknown = JSON.parse(await unpackText(table, item));
  return { id: String(item['sk']), revision: Number(item['revision']), body };
}
