import { printable } from '../model/printable.ts';
import { hideInTexts } from '../model/secrets/text.ts';

/**
 * An answer as one JSON document: the same bytes at the command line and over HTTP. It names the version of its schema, within
 * which members are added, never renamed or retyped. What looks secret is hidden once more.
 */
export function documentOf(
  answer: object,
  {
    reveal = false,
    schemaVersion = 1,
    lists = {},
  }: {
    readonly reveal?: boolean;
    readonly schemaVersion?: number | undefined;
    /** Written already, see `WrittenAnswer`. */
    readonly lists?: Readonly<Record<string, string | undefined>>;
  } = {},
): string {
  const told = reveal ? answer : hideInTexts(answer);
  const text = `${JSON.stringify({ schemaVersion, ...told }, null, 2)}\n`;
  let document = isPlain(text) ? text : printable(text);
  for (const [name, list] of Object.entries(lists)) {
    // Nothing within a text looks like it: there a new line is an escape.
    const place = `\n  ${JSON.stringify(name)}: `;
    const at = document.indexOf(`${place}[]`) + place.length;
    document = `${document.slice(0, at)}${list}${document.slice(at + 2)}`;
  }
  return document;
}

/**
 * Nothing in it has to be escaped: JSON writes what stands below a space as escapes, so what is left is one character of ASCII and
 * those beyond. Counting bytes is ten times faster than looking at each character.
 */
function isPlain(json: string): boolean {
  return Buffer.byteLength(json) === json.length && !json.includes('\u007f');
}
