import { isAlias, isCollection, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { stepsOf } from '../model/pointer.ts';
import { type ConfigDocument, notUtf8, tooLarge, unreadable } from './document.ts';

/**
 * Reads YAML 1.2 (and so JSON). Custom tags are read as what stands behind them; aliases are resolved up to the library's
 * limit, so that a small file cannot become a large value.
 */
export function readYaml(source: string): ConfigDocument {
  const large = tooLarge(source);
  if (large !== undefined) return unreadable(large);
  const lines = new LineCounter();
  const document = parseDocument(source, {
    lineCounter: lines,
    uniqueKeys: false,
    logLevel: 'silent',
    prettyErrors: false,
  });
  const error = document.errors[0];
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
    problems: encoding === undefined ? [] : [encoding],
    lineOf: (pointer) => lines.linePos(offsetOf(document.contents, stepsOf(pointer))).line || 1,
  };
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
