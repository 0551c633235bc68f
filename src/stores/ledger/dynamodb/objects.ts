import { sha256 } from '../../../model/digest.ts';
import { KarmaError } from '../../../model/errors.ts';
import { packObject, unpackObject } from '../packing.ts';
import { getItem, type Item, isLost, onTable, partition, queryItems, type Table } from './table.ts';

/** An item may be 400 KB with all its names; the rest of an object goes into items beside it. */
const chunkSize = 350_000;

/** The last chunk written is the first one: where it is, the object is whole. */
export async function putObject(table: Table, content: Uint8Array): Promise<string> {
  const digest = sha256(content);
  const { encoding, bytes } = packObject(content);
  const chunks = Math.max(1, Math.ceil(bytes.length / chunkSize));
  const pk = partition(table, 'object', digest);
  if (chunks > 1 && (await getItem(table, pk, chunkKey(0))) !== undefined) return digest;
  for (let at = chunks - 1; at >= 0; at -= 1) {
    const part = bytes.slice(at * chunkSize, (at + 1) * chunkSize);
    const item = { pk, sk: chunkKey(at), bytes: part, ...(at === 0 ? { encoding, chunks } : {}) };
    await putOnce(table, item);
  }
  return digest;
}

/** Content has one name: whoever was first wrote the same. */
async function putOnce(table: Table, item: Item): Promise<void> {
  const put = new table.commands.PutCommand({
    TableName: table.name,
    Item: { ...item },
    ConditionExpression: 'attribute_not_exists(pk)',
  });
  try {
    await onTable(table, () => table.client.send(put));
  } catch (error) {
    if (!isLost(error)) throw error;
  }
}

export async function getObject(table: Table, digest: string): Promise<Uint8Array | undefined> {
  const pk = partition(table, 'object', digest);
  const first = await getItem(table, pk, chunkKey(0));
  if (first === undefined) return undefined;
  const parts = [bytesOf(first)];
  const { chunks, encoding } = first;
  if (typeof chunks === 'number' && chunks > 1) {
    for await (const item of queryItems(table, { pk, range: 'sk > :sk', sk: chunkKey(0) })) parts.push(bytesOf(item));
  }
  return unpackObject(digest, String(encoding), Buffer.concat(parts));
}

function chunkKey(at: number): string {
  return String(at).padStart(6, '0');
}

function bytesOf(item: Item): Uint8Array {
  if (item['bytes'] instanceof Uint8Array) return item['bytes'];
  throw new KarmaError('KARMA_DATA_CORRUPT', `the item ${String(item['pk'])} holds no bytes`);
}
