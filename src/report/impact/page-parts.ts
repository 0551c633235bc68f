/** Parts of a page in HTML. Every text that comes from an estate goes through `text`, `code` or `attribute`. */

/** Text that HTML leaves alone. What writes from right to left, or is no character of a page, stays within itself. */
export function text(content: string): string {
  return content
    .replace(/[^\t\n\r\u0020-\u007E\u00A0-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** A name, a pointer, a path: as it is written, kept apart from what stands around it. */
export function code(content: string): string {
  return `<code><bdi>${text(content)}</bdi></code>`;
}

/** A part of the page under its title; nothing where there is nothing to say. */
export function section(id: string, title: string, note: string, body: readonly string[]): string {
  if (body.length === 0) return '';
  const under = note === '' ? '' : `<p class="note">${note}</p>`;
  return `<section id="${id}"><h2>${title}</h2>${under}\n${body.join('\n')}\n</section>`;
}

/** Longer lists are folded: open where they are short enough to be read at a glance. */
const fewItems = 30;

export function items(rows: readonly string[], label: string): string[] {
  if (rows.length === 0) return [];
  const list = `<ul>\n${rows.map((row) => `<li>${row}</li>`).join('\n')}\n</ul>`;
  return rows.length <= fewItems ? [list] : [`<details><summary>${label}</summary>\n${list}\n</details>`];
}

export function table(head: readonly string[], rows: readonly (readonly string[])[], label: string): string[] {
  if (rows.length === 0) return [];
  const cells = (row: readonly string[], tag: 'td' | 'th'): string =>
    row
      .map((cell, place) =>
        tag === 'th' ? `<th scope="col">${cell}</th>` : `<td data-of="${head[place] ?? ''}">${cell}</td>`,
      )
      .join('');
  const body = rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('\n');
  const whole = `<table><thead><tr>${cells(head, 'th')}</tr></thead><tbody>\n${body}\n</tbody></table>`;
  return rows.length <= fewItems ? [whole] : [`<details><summary>${label}</summary>\n${whole}\n</details>`];
}
