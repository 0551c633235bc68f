import { sha256 } from '../../../model/digest.ts';
import { KarmaError } from '../../../model/errors.ts';
import { packObject, unpackObject } from '../packing.ts';
import { getObject, putObject } from './objects.ts';
import type { Item, Table } from './table.ts';

/** Up to here a text stands in its item; a longer one is an object of its own. In bytes. */
const inlineSize = 300_000;

/** Text of any length as attributes of an item. */
export async function packText(table: Table, text: string): Promise<Item> {
  const bytes = new TextEncoder().encode(text);
  const packed = packObject(bytes);
  if (packed.bytes.length > inlineSize) return { object: await putObject(table, bytes) };
  return { encoding: packed.encoding, bytes: packed.bytes, digest: sha256(bytes) };
}

export async function unpackText(table: Table, { object, encoding, bytes, digest, pk }: Item): Promise<string> {
  const content =
    typeof object === 'string'
      ? await getObject(table, object)
      : bytes instanceof Uint8Array && typeof digest === 'string'
        ? unpackObject(digest, String(encoding), bytes)
        : undefined;
  if (content === undefined) throw new KarmaError('KARMA_DATA_CORRUPT', `the item ${String(pk)} has lost its content`);
  return new TextDecoder().decode(content);
}
