import { pointerStep } from './json-scan.ts';
import { isJsonObject } from './merge-patch.ts';

/** A place in a config that looks like it holds a secret in plain text. */
export interface SecretPlace {
  readonly pointer: string;
  /** In words, without the value. */
  readonly why: string;
}

const secretWords = new Set([
  'password',
  'passwd',
  'passphrase',
  'pwd',
  'pass',
  'secret',
  'token',
  'credentials',
  'apikey',
]);
const secretPairs = new Set([
  'api key',
  'access key',
  'private key',
  'secret key',
  'auth key',
  'shared key',
  'master key',
]);
const uriPassword = /([a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:)([^\s/@]+)(?=@)/gi;
const knownTokens = [
  { form: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/, why: 'an AWS access key id' },
  { form: /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/, why: 'a private key' },
  { form: /\bgh[pousr]_[A-Za-z0-9]{36,}\b/, why: 'a GitHub token' },
  { form: /\bxox[abprs]-[A-Za-z0-9-]{10,}\b/, why: 'a Slack token' },
];
const shortestToken = 15;
/** What only names a secret that is kept elsewhere, or stands for one. */
const elsewhere =
  /^(?:\/|arn:|ssm:|vault:|secretsmanager:|projects\/|https?:\/\/[^@]*$|\{\{|\$\{|\$\(|<[^>]*>$|\*+$|\(redacted\)$)/i;

/** Keys of configs repeat by the thousand; what was decided about one is kept, up to a bound. */
const decided = new Map<string, boolean>();

/** Whether a key names a secret by its last word or two: `grafana_pass`, `mongodb.password`, `apiKey`; not `password_policy`. */
export function isSecretKey(key: string): boolean {
  const known = decided.get(key);
  if (known !== undefined) return known;
  const words = key
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
  const verdict = secretWords.has(words.at(-1) ?? '') || secretPairs.has(words.slice(-2).join(' '));
  if (decided.size < 10_000) decided.set(key, verdict);
  return verdict;
}

/** Secrets in plain config, in document order. Precise rather than complete: what only names a secret is passed over. */
export function findSecrets(value: unknown): SecretPlace[] {
  return mayHoldSecrets(value) ? secretsIn(value, '', false) : [];
}

function secretsIn(value: unknown, pointer: string, underSecretKey: boolean): SecretPlace[] {
  if (typeof value === 'string') {
    const why = secretIn(value, underSecretKey);
    return why === undefined ? [] : [{ pointer, why }];
  }
  if (Array.isArray(value))
    return value.flatMap((item, index) => secretsIn(item, `${pointer}/${index}`, underSecretKey));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    secretsIn(member, pointer + pointerStep(key), typeof member !== 'object' && isSecretKey(key)),
  );
}

function secretIn(text: string, underSecretKey: boolean): string | undefined {
  if (text === '') return undefined;
  if (text.length >= shortestToken) for (const { form, why } of knownTokens) if (form.test(text)) return why;
  if (text.includes('://'))
    for (const [, , password] of text.matchAll(uriPassword))
      if (password !== undefined && !elsewhere.test(password)) return 'a URI with a password';
  return underSecretKey && !elsewhere.test(text) ? 'a key that names a secret' : undefined;
}

export const redacted = '(redacted)';

/**
 * A copy fit to be shown: every value under a key that names a secret, every pointer marked sensitive, every known token and
 * the password of every URI is replaced. Errs on the side of hiding.
 */
export function redact(value: unknown, sensitive: readonly string[] = []): unknown {
  return replaceSecrets(value, sensitive, () => redacted);
}

/**
 * A copy fit to be digested: secrets are replaced by `keyed(value)`, a digest under the estate's key, so that a changed secret
 * still changes the document's digest and nobody can guess it from there.
 */
export function keySecrets(value: unknown, sensitive: readonly string[], keyed: (secret: string) => string): unknown {
  return replaceSecrets(value, sensitive, keyed);
}

function replaceSecrets(value: unknown, sensitive: readonly string[], replace: (secret: string) => string): unknown {
  if (sensitive.length === 0 && !mayHoldSecrets(value)) return value;
  const marked = new Set(sensitive);
  const visit = (member: unknown, pointer: string, above: boolean): unknown => {
    const hidden = above || marked.has(pointer);
    if (Array.isArray(member)) return member.map((item, index) => visit(item, `${pointer}/${index}`, hidden));
    if (isJsonObject(member)) {
      return Object.fromEntries(
        Object.entries(member).map(([key, inner]) => [
          key,
          visit(inner, pointer + pointerStep(key), hidden || isSecretKey(key)),
        ]),
      );
    }
    if (hidden) return member === null || member === '' ? member : replace(String(member));
    return typeof member === 'string' ? replaceTokens(member, replace) : member;
  };
  return visit(value, '', false);
}

function holdsKnownToken(text: string): boolean {
  for (const { form } of knownTokens) if (form.test(text)) return true;
  return false;
}

/** A quick look that allocates nothing: most configs hold no secret and need no copy. */
function mayHoldSecrets(value: unknown): boolean {
  if (typeof value === 'string')
    return value.length >= shortestToken && (value.includes('://') || holdsKnownToken(value));
  if (value === null || typeof value !== 'object') return false;
  if (Array.isArray(value)) return value.some(mayHoldSecrets);
  for (const key in value)
    if (isSecretKey(key) || mayHoldSecrets((value as Readonly<Record<string, unknown>>)[key])) return true;
  return false;
}

function replaceTokens(text: string, replace: (secret: string) => string): string {
  if (text.length >= shortestToken && knownTokens.some(({ form }) => form.test(text))) return replace(text);
  return text.includes('://')
    ? text.replaceAll(uriPassword, (_whole, before: string, password: string) => before + replace(password))
    : text;
}
