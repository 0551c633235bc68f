import { gunzipSync, gzipSync } from 'node:zlib';
import { parseDocument, type ScalarTag } from 'yaml';
import { exactNumber, isLongNumber, parseExactJson } from '../../model/exact-number.ts';
import { sortedKeys, toText } from '../convert.ts';
import type { Place, Value } from '../value.ts';
import { emptyObject, isList, isUnknown, longNumber, unknownFrom } from '../value.ts';
import type { FunctionTable } from './define.ts';
import { arg, deep, raw, text } from './define.ts';
import { encodeYaml } from './yaml.ts';

/** JSON as Terraform writes it: keys sorted, no white space, `<`, `>`, `&` and line separators escaped. */
export function encodeJson(value: Value): string {
  if (typeof value === 'string') return quoted(value);
  if (value === null || typeof value !== 'object') return value === null ? 'null' : toText(value);
  if (isList(value)) return `[${value.map(encodeJson).join(',')}]`;
  if (isUnknown(value)) throw new Error('unknown inside of JSON');
  return `{${sortedKeys(value)
    .map((key) => `${quoted(key)}:${encodeJson(value[key] ?? null)}`)
    .join(',')}}`;
}

function quoted(value: string): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]|\\[bf]/g,
    (one) => goEscapes[one] ?? `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

const goEscapes: Readonly<Record<string, string>> = { '\\b': '\\u0008', '\\f': '\\u000c' };

/** Parsed JSON or YAML as values: objects without prototype. @throws RangeError where it is nested beyond {@link deepest} */
export function asValue(plain: unknown, depth = 0): Value {
  if (plain === null || plain === undefined) return null;
  if (depth > deepest) throw new RangeError('nested too deep');
  if (typeof plain === 'bigint') return asValue(exactNumber(String(plain)));
  if (isLongNumber(plain)) return longNumber(plain);
  if (typeof plain === 'string' || typeof plain === 'number' || typeof plain === 'boolean') return plain;
  if (Array.isArray(plain)) return plain.map((item) => asValue(item, depth + 1));
  if (plain instanceof Date) return plain.toISOString();
  const result = emptyObject();
  for (const key of Object.keys(plain))
    result[key] = asValue((plain as Readonly<Record<string, unknown>>)[key], depth + 1);
  return result;
}

/** Deeper ones are good documents to Terraform, and too deep for whoever walks through a value here. */
const deepest = 500;

/** What is beyond the limits here need not be beyond Terraform's: then nobody knows what it comes to. */
function beyondLimits(error: unknown): Value | undefined {
  if (error instanceof RangeError) return unknownFrom('a document that is nested deeper than is read here');
  // The library's word for a text that would become far larger than it is.
  if (error instanceof ReferenceError) return unknownFrom('a document whose aliases repeat too much to be read here');
  return undefined;
}

export function decodeJson(json: string): Value {
  try {
    return asValue(parseExactJson(json));
  } catch (error) {
    const value = beyondLimits(error);
    if (value !== undefined) return value;
    // The parser's message quotes the text, which may hold a secret.
    throw new Error('this is no JSON');
  }
}

/** Terraform still reads YAML 1.1's words for true and false. */
const yamlBool: ScalarTag = {
  tag: 'tag:yaml.org,2002:bool',
  default: true,
  test: /^(?:y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF)$/,
  resolve: (written) => /^[yY]|^[oO][nN]/.test(written),
};

/** More takes seconds and a gigabyte to be read. */
const mostYaml = 1024 * 1024;

export function decodeYaml(yaml: string): Value {
  if (yaml.length > mostYaml) return unknownFrom('a document of YAML that is larger than 1 MiB');
  let value: Value | undefined;
  try {
    const document = parseDocument(yaml, {
      merge: true,
      // The last of two equal keys counts.
      uniqueKeys: false,
      strict: false,
      intAsBigInt: /\d{16}/.test(yaml),
      logLevel: 'error',
      customTags: (tags) => [yamlBool, ...tags],
    });
    // The library's words where it ran out of stack.
    if (document.errors.some(({ code }) => code === 'RESOURCE_EXHAUSTION')) throw new RangeError();
    // A tag that nobody knows is no warning to Terraform, nor is a text in which nothing stands a document.
    const isRead = document.errors.length === 0 && !document.warnings.some(({ code }) => code === 'TAG_RESOLVE_FAILED');
    if (isRead && document.contents !== null) value = asValue(document.toJS({ maxAliasCount: 100 }));
  } catch (error) {
    value = beyondLimits(error);
  }
  // The parser's message quotes the text, which may hold a secret.
  if (value === undefined) throw new Error('this is no YAML');
  return value;
}

/** RFC 4180, the first row names the columns. */
export function decodeCsv(csv: string): Value {
  const rows = csvRows(csv);
  const [header, ...body] = rows;
  if (header === undefined) throw new Error('a table without a first row');
  return body.map((row) => {
    if (row.length !== header.length) throw new Error('a row of another length');
    const result = emptyObject();
    for (const [i, name] of header.entries()) result[name] = row[i] ?? '';
    return result;
  });
}

function csvRows(csv: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const match of csv.replaceAll('\r\n', '\n').matchAll(/(?:"((?:[^"]|"")*)"|([^,\n]*))(,|\n|$)/g)) {
    const [all, quotedCell, bare = '', end] = match;
    if (all === '' && row.length === 0) break;
    row.push(quotedCell === undefined ? bare : quotedCell.replaceAll('""', '"'));
    if (end === ',') continue;
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
    if (end === '') break;
  }
  return rows;
}

/** `application/x-www-form-urlencoded`, as Go's `QueryEscape`. */
function encodeUrl(value: string): string {
  return encodeURIComponent(value)
    .replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}

function decodeBase64(value: string): string {
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(value)) throw new Error('this is no base64');
  const bytes = Buffer.from(value, 'base64');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Error('the bytes are no UTF-8');
  }
}

/**
 * A document that is not known until a run is at the same place, whatever it is written in: steps into it are steps into what
 * the parameter or the config holds. A text within such a document, or within an output, is one value: what is written in it
 * has no place of its own, so who decodes it reads all of it.
 */
const decoding = (name: string, isDocument: (place: Place) => boolean, decode: (document: string) => Value) =>
  raw(1, 1, (args) => {
    const value = arg(args, 0);
    if (!isUnknown(value)) return decode(text(args, 0));
    const { alternatives } = value;
    const whole = alternatives.length > 0 && alternatives.every(isDocument);
    return whole ? value : unknownFrom(`${name} of something known after a run`, value);
  });

const isSource = ({ steps }: Place): boolean => steps.length === 0;

/** What a parameter holds is kept as JSON, or as one text. */
function isJsonDocument(place: Place): boolean {
  if (isSource(place)) return true;
  const last = place.steps[place.steps.length - 1];
  const before = place.steps.slice(0, -1);
  return (
    /(?:^|\.)(?:data|ephemeral)\.aws_ssm_parameter\./.test(place.source) &&
    (last === 'value' || last === 'insecure_value') &&
    before.every((step) => step === '*' || /^\d+$/.test(step))
  );
}

export const encodingFunctions: FunctionTable = {
  jsonencode: deep(1, 1, (args) => encodeJson(arg(args, 0))),
  jsondecode: decoding('jsondecode', isJsonDocument, decodeJson),
  yamlencode: deep(1, 1, (args) => encodeYaml(arg(args, 0))),
  yamldecode: decoding('yamldecode', isSource, decodeYaml),
  csvdecode: deep(1, 1, (args) => decodeCsv(text(args, 0))),
  base64encode: deep(1, 1, (args) => Buffer.from(text(args, 0)).toString('base64')),
  base64decode: deep(1, 1, (args) => decodeBase64(text(args, 0))),
  base64gzip: deep(1, 1, (args) => gzipSync(text(args, 0)).toString('base64')),
  base64gunzip: deep(1, 1, (args) =>
    gunzipSync(Buffer.from(text(args, 0), 'base64'), { maxOutputLength: 5 << 20 }).toString(),
  ),
  textencodebase64: deep(2, 2, (args) => Buffer.from(text(args, 0), charset(text(args, 1))).toString('base64')),
  textdecodebase64: deep(2, 2, (args) => Buffer.from(text(args, 0), 'base64').toString(charset(text(args, 1)))),
  urlencode: deep(1, 1, (args) => encodeUrl(text(args, 0))),
  urldecode: deep(1, 1, (args) => decodeURIComponent(text(args, 0).replaceAll('+', ' '))),
};

function charset(name: string): BufferEncoding {
  const known: Readonly<Record<string, BufferEncoding>> = {
    'utf-8': 'utf8',
    'utf-16le': 'utf16le',
    'iso-8859-1': 'latin1',
    'us-ascii': 'ascii',
  };
  const found = known[name.toLowerCase()];
  if (found === undefined) throw new Error(`the character set ${name} is not known here`);
  return found;
}
