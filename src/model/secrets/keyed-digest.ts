/** Whether a text is the digest of a secret under a key of the estate, as evaluated values hold it: no value to judge or to show. */
export function isKeyedDigest(text: string): boolean {
  return /^[0-9a-f]{8}:[0-9a-f]{64}$/.test(text);
}

const within = /(?<![0-9a-f])[0-9a-f]{8}:[0-9a-f]{64}(?![0-9a-f])/g;

/** Whether such a digest stands anywhere in a text, as that of the password in an address does: the text is not the real one. */
export function holdsKeyedDigest(text: string): boolean {
  return text.length >= 73 && text.search(within) >= 0;
}

/** Each such digest in a text. */
export function keyedDigestsIn(text: string): readonly string[] {
  return text.match(within) ?? [];
}

/** The text with words in the place of each such digest. */
export function withoutKeyedDigests(text: string, words: string): string {
  return text.replace(within, words);
}
