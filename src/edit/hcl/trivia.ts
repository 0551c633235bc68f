import { lineEnd } from '../lines.ts';

/** The offset behind white space and comments that stand from an offset on, on its line. */
export function skipTrivia(text: string, at: number): number {
  let next = at;
  for (;;) {
    next = skipSpace(text, next);
    if (text[next] === '#' || text.startsWith('//', next)) return lineEnd(text, next);
    if (!text.startsWith('/*', next)) return next;
    const end = text.indexOf('*/', next + 2);
    if (end < 0) return text.length;
    next = end + 2;
  }
}

export function skipSpace(text: string, at: number): number {
  let next = at;
  while (text[next] === ' ' || text[next] === '\t') next += 1;
  return next;
}
