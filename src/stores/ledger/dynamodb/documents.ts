import { canonicalJson } from '../../../model/digest.ts';
import { KarmaError } from '../../../model/errors.ts';
import { checkedBody } from '../binding.ts';
import type { DocumentsQuery, DocumentWrite, StoredDocument } from '../port.ts';
import { packText, unpackText } from './body.ts';
import { getItem, type Item, isLost, onTable, partition, queryItems, type Table } from './table.ts';

export async function getDocument(table: Table, kind: string, id: string): Promise<StoredDocument | undefined> {
  const item = await getItem(table, partition(table, 'document', kind), id);
  return item === undefined ? undefined : read(table, kind, item);
}

/** @param nonce names this write, so that one whose answer was lost is not taken for somebody else's. */
export async function putDocument(table: Table, write: DocumentWrite, nonce: string): Promise<boolean> {
  const put = new table.commands.PutCommand(await documentPut(table, write, nonce));
  try {
    await onTable(table, () => table.client.send(put));
    return true;
  } catch (error) {
    const { kind, id } = write;
    if (isLost(error)) return (await getItem(table, partition(table, 'document', kind), id))?.['nonce'] === nonce;
    throw error;
  }
}

/** A write on condition that nobody was first; what is too long for an item goes before it. */
export async function documentPut(table: Table, { kind, id, body, revision, until }: DocumentWrite, nonce: string) {
  if (id === '' || Buffer.byteLength(id) > 1024) {
    throw new KarmaError('KARMA_INPUT_INVALID', `a ${kind} needs an id of 1 to 1024 bytes`);
  }
  const content = await packText(table, canonicalJson(body));
  return {
    TableName: table.name,
    Item: {
      ...{ pk: partition(table, 'document', kind), sk: id, revision: revision + 1, nonce, ...content },
      // What DynamoDB goes by where the table lets things expire: seconds.
      ...(until === undefined ? {} : { expires: Math.ceil(Date.parse(until) / 1000) }),
    },
    ...(revision === 0
      ? { ConditionExpression: 'attribute_not_exists(pk)' }
      : { ConditionExpression: 'revision = :revision', ExpressionAttributeValues: { ':revision': revision } }),
  };
}

export async function listDocuments(
  table: Table,
  kind: string,
  { after, limit = 1000, exact = false }: DocumentsQuery = {},
): Promise<readonly StoredDocument[]> {
  const found: StoredDocument[] = [];
  // A sort key is never empty, so a space of no width comes before all.
  const from = after === undefined || after === '' ? '\u0000' : after;
  const pk = partition(table, 'document', kind);
  for await (const item of queryItems(table, { pk, range: 'sk > :sk', sk: from }, Math.min(limit, 100))) {
    found.push(exact ? await readExactly(table, item) : await read(table, kind, item));
    if (found.length >= limit) break;
  }
  return found;
}

async function read(table: Table, kind: string, item: Item): Promise<StoredDocument> {
  const id = String(item['sk']);
  const text = await unpackText(table, item);
  return { id, revision: Number(item['revision']), body: checkedBody(kind, id, parsed(text)) };
}

async function readExactly(table: Table, item: Item): Promise<StoredDocument> {
  const text = await unpackText(table, item).catch(() => '');
  const value = parsed(text);
  const isObject = value !== null && typeof value === 'object';
  const body = isObject && canonicalJson(value) === text ? value : undefined;
  return { id: String(item['sk']), revision: Number(item['revision']), body };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
