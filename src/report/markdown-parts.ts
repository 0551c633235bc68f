/**
 * Parts of a comment in Markdown, as GitHub and GitLab show it. Every text that comes from an estate goes through `code` or
 * `text`.
 */

/** A list longer than this is folded; one longer than the second is cut, with the command that shows the rest. */
export const folded = 15;
const cut = 150;

export function list(title: string, items: readonly string[], note: string): string {
  return items.length === 0 ? '' : limitedList(title, items, note);
}

export function limitedList(title: string, items: readonly string[], note: string): string {
  const summary = `${title}: ${items.length}${note === '' ? '' : ` (${note})`}`;
  return details(summary, [...items.slice(0, cut).map((item) => `- ${item}`), ...moreLine(items.length)]);
}

export function limited(title: string, lines: readonly string[]): string {
  if (lines.length <= folded) return [title, '', ...lines].join('\n');
  return [
    title,
    '',
    ...lines.slice(0, folded),
    '',
    details(`${lines.length - folded} more`, [...lines.slice(folded, cut), ...moreLine(lines.length)]),
  ].join('\n');
}

export function table(
  title: string,
  head: readonly string[],
  rows: readonly string[],
  summary: string | undefined,
): string {
  const lines = [row(...head), row(...head.map(() => '---')), ...rows.slice(0, cut)];
  const more = moreLine(rows.length);
  const whole = [...lines, ...more];
  return [title, '', ...(summary === undefined ? whole : [details(summary, whole)])].join('\n');
}

function moreLine(count: number): string[] {
  return count > cut ? ['', `… and ${count - cut} more`] : [];
}

export function details(summary: string, lines: readonly string[]): string {
  return [`<details><summary>${text(summary)}</summary>`, '', ...lines, '', '</details>'].join('\n');
}

export function row(...cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

export function shortened(items: readonly string[], most: number): string {
  const more = items.length > most ? ` and ${items.length - most} more` : '';
  return items.slice(0, most).join(', ') + more;
}

/** Inline code that holds in a table cell: a backtick or a bar in it must not end it. */
export function code(content: string): string {
  const clean = content.replace(/[\r\n]+/g, ' ').replaceAll('|', '\\|');
  return clean.includes('`') ? `<code>${text(content)}</code>` : `\`${clean}\``;
}

/** Text that Markdown and HTML leave alone, mentions of people included. */
export function text(content: string): string {
  return content
    .replace(/[\r\n]+/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*_[\]|#]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replaceAll('@', '@\u200B');
}
