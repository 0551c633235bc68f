/** Whether a text is the digest of a secret under a key of the estate, as evaluated values hold it: no value to judge or to show. */
export function isKeyedDigest(text: string): boolean {
  return /^[0-9a-f]{8}:[0-9a-f]{64}$/.test(text);
}
