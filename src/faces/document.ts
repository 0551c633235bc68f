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
  }: { readonly reveal?: boolean; readonly schemaVersion?: number | undefined } = {},
): string {
  const told = reveal ? answer : hideInTexts(answer);
  const text = `${JSON.stringify({ schemaVersion, ...told }, null, 2)}\n`;
  return isPlain(text) ? text : printable(text);
}

/**
 * Nothing in it has to be escaped: JSON writes what stands below a space as escapes, so what is left is one character of ASCII and
 * those beyond. Counting bytes is ten times faster than looking at each character.
 */
function isPlain(json: string): boolean {
  return Buffer.byteLength(json) === json.length && !json.includes('\u007f');
}
