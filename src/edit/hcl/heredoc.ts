import { parseWithSpans } from '../../hcl/strict-parse.ts';

/** A text as a heredoc like the one it takes the place of; undefined where that was none, or where it would be read as another. */
export function writeHeredoc(old: string, text: string): string | undefined {
  const head = /^<<(-?)(\w[\w-]*)(\r?\n)/.exec(old);
  if (head === null || !text.endsWith('\n')) return undefined;
  const [start, flush, ,] = head;
  const body = old.slice(start.length);
  const close = /[ \t]*[\w-]+$/.exec(body)?.[0] ?? '';
  const indent = flush === '' ? '' : leastIndent(body.slice(0, body.length - close.length));
  const escaped = text.replace(/\$\{/g, '$$$${').replace(/%\{/g, '%%{');
  const lines = escaped.slice(0, -1).split('\n');
  const written = `${start + lines.map((line) => (line.trim() === '' ? line : indent + line)).join('\n')}\n${close}`;
  return readsAs(written, text) ? written : undefined;
}

function leastIndent(body: string): string {
  const indents = body
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => /^[ \t]*/.exec(line)?.[0] ?? '');
  return indents.reduce((least, one) => (one.length < least.length ? one : least), indents[0] ?? '');
}

function readsAs(written: string, text: string): boolean {
  const read = parseWithSpans(`_ = ${written}\n`);
  if ('brokenAt' in read) return false;
  const value = read.body.attributes.get('_')?.value;
  return read.body.attributes.size === 1 && value?.kind === 'literal' && value.value === text;
}
