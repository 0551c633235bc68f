/** A regular expression of JavaScript as far as its structure decides what it costs. */
export type Pattern =
  /** One character, by whatever stands for it. */
  | { readonly kind: 'one'; readonly test: RegExp }
  /** A place between characters: `^`, `$`, `\b`, `\B`. */
  | { readonly kind: 'edge'; readonly sign: string }
  | { readonly kind: 'all'; readonly parts: readonly Pattern[] }
  | { readonly kind: 'any'; readonly parts: readonly Pattern[] }
  | { readonly kind: 'repeat'; readonly part: Pattern; readonly min: number; readonly max: number }
  | { readonly kind: 'look'; readonly part: Pattern; readonly behind: boolean; readonly negative: boolean };

const deepest = 100;
const quantifier = /[*+?]\??|\{(\d+)(,(\d*))?\}\??/y;
const group = /\((?:\?(?::|<?[=!]|<[^>]*>))?/y;
/** One character as a pattern with the flag `u` writes it; a class in brackets holds no unescaped `]`. */
const atom =
  /\[(?:\\[\s\S]|[^\]\\])*\]|\\(?:u\{[^}]*\}|u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|c[A-Za-z]|[pP]\{[^}]*\}|0|[^\d\skbB])|[^\\]/uy;

/**
 * Reads a pattern that JavaScript takes with the flag `u`; undefined for what no engine answers in bounded time
 * (references to groups) and for nesting that nobody means.
 */
export function readPattern(source: string): Pattern | undefined {
  let at = 0;
  const found = (form: RegExp): RegExpExecArray | null => {
    form.lastIndex = at;
    const match = form.exec(source);
    if (match !== null) at += match[0].length;
    return match;
  };

  const readAny = (depth: number): Pattern | undefined => {
    if (depth > deepest) return undefined;
    const parts: Pattern[] = [];
    for (;;) {
      const part = readAll(depth);
      if (part === undefined) return undefined;
      parts.push(part);
      if (source[at] !== '|') return parts.length === 1 ? part : { kind: 'any', parts };
      at += 1;
    }
  };

  const readAll = (depth: number): Pattern | undefined => {
    const parts: Pattern[] = [];
    while (at < source.length && source[at] !== '|' && source[at] !== ')') {
      const part = readTerm(depth);
      if (part === undefined) return undefined;
      parts.push(repeated(part, found(quantifier)));
    }
    return { kind: 'all', parts };
  };

  const readTerm = (depth: number): Pattern | undefined => {
    if (source[at] === '(') {
      const opened = found(group)?.[0] ?? '(';
      const part = readAny(depth + 1);
      if (part === undefined || source[at] !== ')') return undefined;
      at += 1;
      if (!/^\(\?<?[=!]$/.test(opened)) return part;
      return { kind: 'look', part, behind: opened.includes('<'), negative: opened.endsWith('!') };
    }
    const edge = found(/[\^$]|\\[bB]/y);
    if (edge !== null) return { kind: 'edge', sign: edge[0] };
    const one = found(atom)?.[0];
    return one === undefined ? undefined : { kind: 'one', test: new RegExp(`^(?:${one})$`, 'u') };
  };

  const read = readAny(0);
  return at < source.length ? undefined : read;
}

function repeated(part: Pattern, times: RegExpExecArray | null): Pattern {
  if (times === null) return part;
  const [written, least, comma, most] = times;
  const kind = 'repeat';
  if (least === undefined) {
    const min = written.startsWith('+') ? 1 : 0;
    return { kind, part, min, max: written.startsWith('?') ? 1 : Number.POSITIVE_INFINITY };
  }
  const min = Number(least);
  if (comma === undefined) return { kind, part, min, max: min };
  return { kind, part, min, max: most === '' || most === undefined ? Number.POSITIVE_INFINITY : Number(most) };
}
