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
  const expression = new RegExp(`^${sourceOf(pattern)}$`, 's');
  return (text) => expression.test(text);
}

function sourceOf(pattern: string): string {
  return pattern.replace(/\\(.)|\*\*+|[\s\S]/g, (piece, escaped: string | undefined) => {
    if (escaped !== undefined) return literal(escaped);
    if (piece === '*') return '[^/]*';
    if (piece === '?') return '[^/]';
    return piece.startsWith('**') ? '.*' : literal(piece);
  });
}

function literal(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&');
}

/** A text in which nothing is a wildcard. */
export function escapeGlob(text: string): string {
  return text.replace(/[\\*?]/g, '\\$&');
}
