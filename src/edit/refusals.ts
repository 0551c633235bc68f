import { CannotEdit } from './dialect.ts';
import type { ValueSource } from './edit.ts';
import type { Said, SaidElsewhere, SaidMap } from './said.ts';

/** Refuses what would be lost: anything in a value that is no literal. */
export function refuseElsewhere(said: Said): void {
  const found = elsewhereIn(said);
  if (found !== undefined) throw comesFrom(found);
}

/** Refuses to change what others take from here. */
export function refuseShared({ shared, span }: Said): void {
  if (shared === undefined) return;
  throw new CannotEdit('elsewhere', `others take this value from here: it is named \`${shared.name}\``, {
    at: span.start,
    from: shared,
    ways: ['change it here for all of them (override)', 'write the value out where it is to differ'],
  });
}

function elsewhereIn(said: Said): SaidElsewhere | undefined {
  refuseShared(said);
  if (said.kind === 'elsewhere') return said;
  if (said.kind === 'scalar') return undefined;
  if (said.kind === 'map' && said.beneath !== undefined) return said.beneath;
  const members = said.kind === 'list' ? said.items : said.entries.map(({ value }) => value);
  for (const member of members) {
    const found = elsewhereIn(member);
    if (found !== undefined) return found;
  }
  return undefined;
}

export function comesFrom({ source, span, at = span.start }: SaidElsewhere): CannotEdit {
  const line = source.line === undefined ? '' : `, line ${source.line}`;
  return new CannotEdit('elsewhere', `the value is no literal here: ${inWords(source)}`, {
    at,
    from: source,
    ways: [
      source.name === undefined ? 'change it where it is said' : `change it where it is said: ${source.name}${line}`,
      'override it here: what it comes from stays as it is, and no longer counts here',
    ],
  });
}

function inWords({ kind, name }: ValueSource): string {
  const named = name === undefined ? '' : ` \`${name}\``;
  switch (kind) {
    case 'local':
    case 'variable':
    case 'dependency':
    case 'include':
      return `it is${named}`;
    case 'call':
      return `the function${named} makes it`;
    case 'template':
      return name === undefined ? 'it is a template' : `it is a template with${named} in it`;
    case 'alias':
      return `it is the alias${named}`;
    case 'merge':
      return `other keys are laid under these by${named}`;
    case 'expression':
      return name === undefined ? 'it is an expression' : `it is an expression with${named} in it`;
  }
}

/** A key that stands twice: which of them counts differs from reader to reader. */
export function refuseTwice({ entries }: SaidMap): void {
  const seen = new Set<string>();
  for (const { key, keySpan } of entries) {
    if (seen.has(key)) throw standsTwice(keySpan.start);
    seen.add(key);
  }
}

export function standsTwice(at: number): CannotEdit {
  return new CannotEdit('stands-twice', 'a key on the way stands twice; this is the second', {
    at,
    ways: ['take one of them away first'],
  });
}
