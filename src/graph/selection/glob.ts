import { type Part, wildcards } from '../../model/wildcards.ts';

/**
 * Globs as Terragrunt's `--filter` reads them: `*` and `?` stay within a step of the path, `**` crosses steps, a backslash
 * takes the next character as it is. Between two literals `**` may also stand for nothing (`a`, `**`, `b` joined by slashes match `a/b`); beside
 * another wildcard it may not.
 */
export type Glob = (text: string) => boolean;

/** Whether a text holds a wildcard at all. */
export function isGlob(text: string): boolean {
  return /(?<!\\)[*?]/.test(text);
}

export function compileGlob(pattern: string): Glob {
  if (!isGlob(pattern)) {
    const literal = pattern.replace(/\\(.)/g, '$1');
    return (text) => text === literal;
  }
  const [before = '', after = '', ...more] = pattern.split('**');
  if (more.length === 0 && pattern.includes('**') && !isGlob(before) && !isGlob(after) && !pattern.includes('\\')) {
    return (text) => text.startsWith(before) && text.endsWith(after);
  }
  return wildcards(partsOf(pattern)).test;
}

function partsOf(pattern: string): readonly Part[] {
  return [...pattern.matchAll(/\\(.)|\*\*+|[*?]|[^\\*?]+|\\/gs)].map(([piece, escaped]): Part => {
    if (escaped !== undefined) return escaped;
    if (piece === '?') return { one: '[^/]' };
    return piece.startsWith('*') ? { run: piece === '*' ? 'step' : 'all' } : piece;
  });
}

/** A text in which nothing is a wildcard. */
export function escapeGlob(text: string): string {
  return text.replace(/[\\*?]/g, '\\$&');
}
