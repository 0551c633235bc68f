/** Beginnings by which files that are encrypted, or not fetched, are told from what they hold. */
const beginnings: readonly (readonly [begins: RegExp, by: string])[] = [
  [/^\0GITCRYPT\0/, 'git-crypt'],
  [/^(?:Salted__|U2FsdGVkX1)/, 'openssl'],
  [/^\$ANSIBLE_VAULT;/, 'Ansible Vault'],
  [/^-----BEGIN (?:PGP MESSAGE|AGE ENCRYPTED FILE)-----/, 'a key'],
  [/^age-encryption\.org\/v1/, 'age'],
  [/^version https:\/\/git-lfs\.github\.com\/spec\/v1\r?\n/, 'Git LFS'],
  [/^\s*\{\s*"data"\s*:\s*"ENC\[/, 'SOPS'],
];

/** By what a file is kept from being read in this checkout; undefined for one that can be. */
export function encryptedBy(text: string): string | undefined {
  const start = text.slice(0, 200);
  return beginnings.find(([begins]) => begins.test(start))?.[1];
}

/** What a run would see instead: a filter of Git decrypts or fetches these when it checks them out. */
export function isFiltered(text: string): boolean {
  const by = encryptedBy(text);
  return by === 'git-crypt' || by === 'openssl' || by === 'Git LFS';
}

/** Bytes that are no UTF-8 come as this. */
const replaced = '\ufffd';

/** The line of the first byte that is no UTF-8; undefined where there is none. */
export function lineOfBadByte(text: string): number | undefined {
  const at = text.indexOf(replaced);
  return at < 0 ? undefined : text.slice(0, at).split('\n').length;
}
