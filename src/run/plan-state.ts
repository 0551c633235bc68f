import { readFileSync, realpathSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { noState, type StateMark } from '../model/record.ts';
import { isEqualMark, markOfFile, markOfText } from './state-mark.ts';

/** More than any state has before its outputs. */
const headSize = 64 * 1024;

/**
 * The mark of the state that a plan was made of, as its file says: an archive with the state in it. Undefined where that cannot be
 * told, as of a plan that is encrypted.
 */
export function markOfPlan(file: string): StateMark | undefined {
  try {
    const text = memberOf(readFileSync(file), 'tfstate');
    const mark = text === undefined ? undefined : markOfText(text);
    return mark?.lineage === '' ? noState : mark;
  } catch {
    return undefined;
  }
}

/**
 * The beginning of a member of a ZIP archive, from its central directory (APPNOTE 4.3.12): sizes in front of members may stand
 * behind them.
 */
function memberOf(bytes: Buffer, wanted: string): string | undefined {
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0) return undefined;
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    const [name, extra, comment] = [28, 30, 32].map((place) => bytes.readUInt16LE(at + place));
    if (bytes.toString('utf8', at + 46, at + 46 + (name ?? 0)) === wanted) return contentAt(bytes, at);
    at += 46 + (name ?? 0) + (extra ?? 0) + (comment ?? 0);
  }
  return undefined;
}

function contentAt(bytes: Buffer, entry: number): string {
  const [method, packed, header] = [
    bytes.readUInt16LE(entry + 10),
    bytes.readUInt32LE(entry + 20),
    bytes.readUInt32LE(entry + 42),
  ];
  const start = header + 30 + bytes.readUInt16LE(header + 26) + bytes.readUInt16LE(header + 28);
  const content = bytes.subarray(start, start + packed);
  const plain = method === 0 ? content : inflateRawSync(content, { maxOutputLength: 1024 * 1024 * 1024 });
  return plain.toString('utf8', 0, Math.min(plain.length, headSize));
}

/**
 * The state that a run left elsewhere, or undefined where it may be somebody else's: a plan that changes nothing leaves the state
 * that it was made of, and an apply the next one. One that takes long may keep what it has so far and write several: nobody can
 * tell those from what somebody else wrote behind it.
 */
export function leftByRun(
  planned: StateMark | undefined,
  found: StateMark | undefined,
  applied: boolean,
): StateMark | undefined {
  if (planned === undefined || found === undefined) return undefined;
  const isSameLine = planned.lineage === found.lineage || planned.lineage === '';
  return isSameLine && found.serial - planned.serial <= (applied ? 1 : 0) ? found : undefined;
}

/**
 * The same of a state in a local file, which Terraform writes with each resource. Beside it lies what the last one to write it had
 * found: what the plan was made of, unless somebody else wrote since. Where nothing was written the backup is an older one.
 */
export function leftInFile(planned: StateMark | undefined, file: string): StateMark | undefined {
  const found = markOfFile(file);
  if (isEqualMark(found, planned)) return found;
  return wasMadeOf(planned, file) && isEqualMark(markOfFile(file), found) ? found : undefined;
}

/**
 * In a checkout a state is a link to where it has always been, and Terraform keeps the backup beside the name that it was initialised
 * with: this one or that. Whoever writes where the state lies leaves a backup there that is younger than what the plan was made of.
 */
function wasMadeOf(planned: StateMark | undefined, file: string): boolean {
  const place = placeOf(file);
  const there = markOfFile(`${place}.backup`);
  if (isEqualMark(there, planned)) return true;
  if (place === file || planned === undefined || there === undefined) return false;
  const isOlder = there.lineage === '' || (there.lineage === planned.lineage && there.serial < planned.serial);
  return isOlder && isEqualMark(markOfFile(`${file}.backup`), planned);
}

function placeOf(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}
