/** A word as a shell takes it: quoted only where it must be. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./#*-]+$/.test(text) && !text.startsWith('#') ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** The command that answers what a page shows. */
export function commandOf(...words: readonly (string | undefined)[]): string {
  return ['karma', ...words.filter((word) => word !== undefined).map(shellWord)].join(' ');
}
