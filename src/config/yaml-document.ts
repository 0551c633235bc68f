import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
} from 'yaml';
import { stepsOf } from '../model/pointer.ts';
import {
  type ConfigDocument,
  type DocumentProblem,
  documentLimits,
  lineAt,
  mostYaml,
  notUtf8,
  tooLarge,
  unreadable,
} from './document.ts';
import { pointerStep } from './json-scan.ts';

/**
 * Reads YAML 1.2 (and so JSON). Custom tags are read as what stands behind them; aliases are resolved up to the library's
 * limit, so that a small file cannot become a large value.
 */
export function readYaml(source: string): ConfigDocument {
  const large = tooLarge(source, mostYaml) ?? tooDeep(source);
  if (large !== undefined) return unreadable(large);
  const lines = new LineCounter();
  const document = parsed(source, lines);
  if (document === undefined || isDeeper(document.contents, documentLimits.depth))
    return unreadable({ code: 'file-too-large', line: 1, key: 'depth', message: deeper });
  const [error] = document.errors.filter(({ code }) => code !== 'MULTIPLE_DOCS');
  if (error !== undefined) {
    const { line } = lines.linePos(error.pos[0]);
    const message = `the file is not valid YAML from line ${line} on and was read as empty`;
    return unreadable({ code: 'json-unreadable', line, key: 'syntax', message });
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 1000 });
  } catch {
    return unreadable({
      code: 'file-too-large',
      line: 1,
      key: 'aliases',
      message: 'the aliases of the file cannot be resolved',
    });
  }
  const encoding = notUtf8(source);
  return {
    value: value ?? {},
    problems: [
      ...(encoding === undefined ? [] : [encoding]),
      ...furtherDocuments(source, document, lines),
      ...keysTwice(document.contents, lines),
    ],
    lineOf: (pointer) => lines.linePos(offsetOf(document.contents, stepsOf(pointer))).line || 1,
  };
}

/** Behind the first document nothing is read; a mark at the end of the file begins none. */
function furtherDocuments(source: string, { errors }: Document.Parsed, lines: LineCounter): DocumentProblem[] {
  const further = errors.find(({ code }) => code === 'MULTIPLE_DOCS');
  if (further === undefined) return [];
  const behind = source.slice(further.pos[0]).split('\n');
  if (behind.every((line) => /^(?:---|\.\.\.)?\s*(?:#.*)?$/.test(line))) return [];
  const { line } = lines.linePos(further.pos[0]);
  const message = `the file holds several documents; only the first is read, and not what stands from line ${line} on`;
  return [{ code: 'several-documents', line, key: 'documents', message }];
}

/** Brackets beyond the limit, before the parser goes down them; those in texts count too, which a real file survives. */
export function tooDeep(source: string): DocumentProblem | undefined {
  let depth = 0;
  for (let at = 0; at < source.length; at += 1) {
    const code = source.charCodeAt(at);
    if (code === 0x5b || code === 0x7b) depth += 1;
    else if (code === 0x5d || code === 0x7d) depth -= 1;
    if (depth <= documentLimits.depth) continue;
    return { code: 'file-too-large', line: lineAt(source, at), key: 'depth', message: deeper };
  }
  return undefined;
}

const deeper = `the file is nested deeper than ${documentLimits.depth} levels and was not read`;

/** Undefined where the parser ran out of stack: lists and maps nest without a bracket too (`- - - -`), far beyond the limit. */
function parsed(source: string, lineCounter: LineCounter) {
  try {
    // With 'silent', further documents are passed over.
    return parseDocument(source, { lineCounter, uniqueKeys: false, logLevel: 'error', prettyErrors: false });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function isDeeper(root: Node | null, limit: number): boolean {
  let level: unknown[] = [root];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth >= limit) return true;
    level = level.flatMap((node) => {
      if (isMap(node)) return node.items.flatMap(({ key, value }) => [key, value]).filter(isCollection);
      return isSeq(node) ? node.items.filter(isCollection) : [];
    });
  }
  return false;
}

/** Of two equal keys the last one counts, as in JSON; that there are two is told. */
function keysTwice(root: Node | null, lines: LineCounter, pointer = ''): DocumentProblem[] {
  if (isSeq(root)) return root.items.flatMap((item, at) => keysTwice(asNode(item), lines, `${pointer}/${at}`));
  if (!isMap(root)) return [];
  const seen = new Set<string>();
  const problems: DocumentProblem[] = [];
  for (const { key, value } of root.items) {
    if (!isScalar(key)) continue;
    const name = String(key.value);
    const place = pointer + pointerStep(name);
    if (seen.has(name)) {
      const { line } = lines.linePos(key.range?.[0] ?? 0);
      const message = `the key ${JSON.stringify(name)} stands twice; this one, on line ${line}, wins`;
      problems.push({ code: 'json-duplicate-key', line, key: place, message });
    }
    seen.add(name);
    problems.push(...keysTwice(asNode(value), lines, place));
  }
  return problems;
}

function asNode(value: unknown): Node | null {
  return isCollection(value) ? value : null;
}

/** The offset of the key or item the steps lead to, or of its nearest parent. */
function offsetOf(root: Node | null, steps: readonly string[]): number {
  let node: unknown = root;
  let found = root?.range?.[0] ?? 0;
  for (const step of steps) {
    if (isAlias(node) || !isCollection(node)) return found;
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === step);
      if (pair === undefined) return found;
      if (isScalar(pair.key)) found = pair.key.range?.[0] ?? found;
      node = pair.value;
    } else if (isSeq(node)) {
      const item = node.items[Number(step)];
      if (item === undefined) return found;
      if (isScalar(item) || isCollection(item)) found = item.range?.[0] ?? found;
      node = item;
    }
  }
  return found;
}
