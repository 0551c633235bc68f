import { firstNot } from '../model/binary-search.ts';
import { CannotEdit, type Place } from './dialect.ts';
import { placeOf } from './lines.ts';

/** A text file as bytes say it; what is put together again gives the same bytes. */
export interface FileText {
  readonly text: string;
  readonly mark: boolean;
}

const bom = '\ufeff';

/** @throws CannotEdit for bytes that are no UTF-8, and for a merge that nobody ended */
export function textOf(bytes: Uint8Array): FileText {
  let whole: string;
  try {
    whole = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new CannotEdit('unreadable', 'the file holds bytes that are not UTF-8', { at: wrongByte(bytes) });
  }
  const mark = whole.startsWith(bom);
  const text = mark ? whole.slice(1) : whole;
  const conflict = /^(?:<{7}|>{7}) /m.exec(text);
  if (conflict !== null)
    throw new CannotEdit('unreadable', 'the file holds the marks of a merge that was not ended', {
      at: placeOf(text, conflict.index),
      ways: ['end the merge first'],
    });
  return { text, mark };
}

export function bytesOf({ text, mark }: FileText): Uint8Array {
  return new TextEncoder().encode(mark ? bom + text : text);
}

/** Where the first byte stands that is wrong. */
function wrongByte(bytes: Uint8Array): Place {
  const good = firstNot(bytes.length, (length) => isText(bytes.subarray(0, length + 1)));
  const before = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, good));
  return placeOf(before, before.length);
}

function isText(bytes: Uint8Array): boolean {
  try {
    // A character that is cut off at the end may yet be whole.
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
