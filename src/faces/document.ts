import { printable } from '../model/printable.ts';
import { hideInTexts } from '../model/secrets/text.ts';

/** The version of the documents that carry it: within one, members are added, never renamed or retyped. */
export const schemaVersion = 1;

/** An answer as one JSON document: the same bytes at the command line and over HTTP. What looks secret is hidden once more. */
export function documentOf(answer: object, { reveal = false }: { readonly reveal?: boolean } = {}): string {
  const told = reveal ? answer : hideInTexts(answer);
  return printable(`${JSON.stringify({ schemaVersion, ...told }, null, 2)}\n`);
}
