import type { Dialect } from '../dialect.ts';
import { Code, type Plain } from '../plain.ts';
import type { Said } from '../said.ts';
import { jsonDialect } from './json-dialect.ts';

/** Configurations in JSON syntax: texts are templates in them. */
export const templateJson: Dialect = {
  ...jsonDialect,
  read: (text) => withTemplates(jsonDialect.read(text)),
  replace: (text, old, value) => jsonDialect.replace(text, old, escaped(value)),
  insert: (text, into, key, value) => jsonDialect.insert(text, into, key, escaped(value)),
  add: (text, into, index, value) => jsonDialect.add(text, into, index, escaped(value)),
};

const reference = /\$\{~?\s*([A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*)/;

function withTemplates(said: Said): Said {
  switch (said.kind) {
    case 'map':
      return { ...said, entries: said.entries.map((entry) => ({ ...entry, value: withTemplates(entry.value) })) };
    case 'list':
      return { ...said, items: said.items.map(withTemplates) };
    case 'elsewhere':
      return said;
    case 'scalar': {
      const { value, span } = said;
      if (typeof value !== 'string' || !/[$%]\{/.test(value)) return said;
      const literal = value.replace(/\$\$\{|%%\{/g, '');
      if (!/[$%]\{/.test(literal)) return { kind: 'scalar', value: value.replace(/([$%])\1\{/g, '$1{'), span };
      const name = reference.exec(literal)?.[1];
      return {
        kind: 'elsewhere',
        code: value,
        span,
        source: { kind: 'template', ...(name === undefined ? {} : { name }) },
      };
    }
  }
}

function escaped(value: Plain): Plain {
  if (typeof value === 'string') return value.replace(/([$%])\{/g, '$1$1{');
  if (value === null || typeof value !== 'object' || value instanceof Code) return value;
  if (value instanceof Map) return new Map([...value].map(([key, member]) => [key, escaped(member)]));
  return (value as readonly Plain[]).map(escaped);
}
