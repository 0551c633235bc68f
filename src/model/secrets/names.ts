/** Last words of a name that say its value is a secret; a word may be written together with others (`pgpassword`). */
const words = /(?:password|passwd|passphrase|pwd|secret|token|apikey|credential|passcode)s?$/;
const wholeWords = new Set(['pass', 'pwds', 'creds', 'pat', 'pats']);
const pairs =
  /^(?:api|access|private|secret|auth|shared|master|account|signing|encryption|ssh|license|function) keys?$/;
const triples = new Set(['connection string', 'connection strings', 'access sas']);
/** `max_tokens`: how many there are. */
const counts = new Set(['max', 'min', 'num', 'total', 'input', 'output', 'prompt', 'completion', 'context', 'per']);

/** What every name of a secret holds some of: most names hold none. Beyond ASCII there are letters that become some of these. */
export const mayNameSecret = /pass|pwd|secret|token|key|cred|pat|string|sas|[^\0-\x7f]/i;

/** Keys of configs repeat by the thousand; what was decided about one is kept, up to a bound. */
const decided = new Map<string, boolean>();
const mostKept = 10_000;

/** Whether a key names a secret by its last word or two: `grafana_pass`, `mongodb.password`, `apiKeys`; not `password_policy`. */
export function isSecretKey(key: string): boolean {
  const known = decided.get(key);
  if (known !== undefined) return known;
  const verdict = key.length <= 200 && mayNameSecret.test(key) && decide(key);
  if (decided.size >= mostKept) decided.clear();
  decided.set(key, verdict);
  return verdict;
}

function decide(key: string): boolean {
  const parts = key
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
  const last = (parts.at(-1) ?? '').replace(/(?<=[a-z])\d+$/, '');
  const pair = [...parts.slice(-2, -1), last].join(' ');
  if (/tokens$/.test(last) && parts.some((part) => counts.has(part))) return false;
  return words.test(last) || wholeWords.has(last) || pairs.test(pair) || triples.has(pair);
}
