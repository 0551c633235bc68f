import { byCodeUnit } from '../../model/digest.ts';
import { KarmaError } from '../../model/errors.ts';
import type { ImportedVersion, ParameterType } from './port.ts';
import { nameTrouble } from './rules.ts';

/** What was read from a dump, and what was passed over with the reason. */
export interface AwsDump {
  readonly versions: readonly ImportedVersion[];
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}

/**
 * Reads what `aws ssm get-parameters-by-path`, `get-parameters`, `get-parameter` and `get-parameter-history` print as JSON:
 * one document, or an array of such documents.
 * @throws KARMA_INPUT_INVALID when it is none of these
 */
export function readAwsDump(text: string): AwsDump {
  const versions: ImportedVersion[] = [];
  const skipped: { name: string; reason: string }[] = [];
  for (const entry of entriesOf(parse(text))) {
    const read = readEntry(entry);
    if ('reason' in read) skipped.push(read);
    else versions.push(read);
  }
  versions.sort((a, b) => byCodeUnit(a.name, b.name) || a.version - b.version);
  return { versions, skipped };
}

/** Ciphertext of KMS in base64, as AWS prints a SecureString that was not decrypted. */
export function looksEncrypted(value: string): boolean {
  return /^AQICA[A-Za-z0-9+/]{60,}={0,2}$/.test(value);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    // The parser's own message quotes the text, which may hold a secret.
    const where = error instanceof Error ? (/position \d+|line \d+ column \d+/.exec(error.message)?.[0] ?? '') : '';
    throw new KarmaError('KARMA_INPUT_INVALID', `the dump is not JSON${where === '' ? '' : ` (at ${where})`}`, {
      hint: 'make it with: aws ssm get-parameters-by-path --recursive --path /iac --output json',
    });
  }
}

function entriesOf(document: unknown): readonly unknown[] {
  if (Array.isArray(document))
    return document.flatMap((part) => (isRecord(part) && 'Name' in part ? [part] : entriesOf(part)));
  if (isRecord(document)) {
    if (Array.isArray(document.Parameters)) return document.Parameters;
    if (isRecord(document.Parameter)) return [document.Parameter];
  }
  throw new KarmaError('KARMA_INPUT_INVALID', 'the dump has no Parameters', {
    hint: 'make it with: aws ssm get-parameters-by-path --recursive --path /iac --output json',
  });
}

function readEntry(entry: unknown): ImportedVersion | { readonly name: string; readonly reason: string } {
  if (!isRecord(entry) || typeof entry.Name !== 'string') return { name: '?', reason: 'has no Name' };
  const { Name: name, Type: type = 'String', Value: value, Version: version = 1 } = entry;
  if (typeof name !== 'string') return { name: '?', reason: 'has no Name' };
  const trouble = nameTrouble(name);
  if (trouble !== undefined) return { name, reason: trouble };
  if (!isType(type)) return { name, reason: `is of the unknown type ${String(type)}` };
  if (typeof value !== 'string' || value === '') return { name, reason: 'has no Value' };
  if (typeof version !== 'number' || !Number.isSafeInteger(version) || version < 1) {
    return { name, reason: 'has no sound Version' };
  }
  const modifiedAt = readTime(entry.LastModifiedDate);
  if (modifiedAt === undefined) return { name, reason: 'has no LastModifiedDate' };
  const by = entry.LastModifiedUser;
  const labels = Array.isArray(entry.Labels) ? entry.Labels.filter((label) => typeof label === 'string') : [];
  return { name, type, value, version, modifiedAt, modifiedBy: typeof by === 'string' ? by : 'unknown', labels };
}

/** The AWS CLI prints ISO 8601 with an offset; its first major version printed seconds since 1970. */
function readTime(value: unknown): string | undefined {
  const time =
    typeof value === 'number' ? new Date(value * 1000) : new Date(typeof value === 'string' ? value : Number.NaN);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

function isType(value: unknown): value is ParameterType {
  return value === 'String' || value === 'StringList' || value === 'SecureString';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
