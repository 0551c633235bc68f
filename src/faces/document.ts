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
  return printable(`${JSON.stringify({ schemaVersion, ...told }, null, 2)}\n`);
}
