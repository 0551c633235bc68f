import { sortedKeys, toText } from '../convert.ts';
import type { Value } from '../value.ts';
import { isList, isObject } from '../value.ts';

/** YAML as Terraform's `yamlencode` writes it: texts always quoted, lists not indented under their key. */
export function encodeYaml(value: Value): string {
  return `${block(value, '').replace(/^\n/, '')}\n`;
}

/** A value behind `key:` or `-`, with the line break that it needs before it. */
function block(value: Value, indent: string): string {
  if (isList(value)) {
    if (value.length === 0) return '[]';
    return value.map((item) => `\n${indent}- ${nested(item, indent)}`).join('');
  }
  if (isObject(value)) {
    const keys = sortedKeys(value);
    if (keys.length === 0) return '{}';
    return keys
      .map((key) => {
        const member = value[key] ?? null;
        const written = block(member, isList(member) ? indent : `${indent}  `);
        return `\n${indent}${JSON.stringify(key)}:${written.startsWith('\n') ? '' : ' '}${written}`;
      })
      .join('');
  }
  return scalar(value, indent);
}

/** What stands behind `- `: a block whose first line goes on after the dash. */
function nested(value: Value, indent: string): string {
  const inner = `${indent}  `;
  const written = block(value, inner);
  return written.startsWith('\n') ? written.slice(1 + inner.length) : written;
}

function scalar(value: Value, indent: string): string {
  if (typeof value !== 'string') return value === null ? 'null' : toText(value);
  if (!value.includes('\n')) return JSON.stringify(value);
  const chomp = value.endsWith('\n\n') ? '+' : value.endsWith('\n') ? '' : '-';
  const lines = value.replace(/\n$/, '').split('\n');
  const inner = indent === '' ? '  ' : indent;
  return `|${chomp}\n${lines.map((line) => (line === '' ? '' : inner + line)).join('\n')}`;
}
