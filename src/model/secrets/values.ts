import { findSecretsInText, isEncodedPair } from './find.ts';
import { isSecretKey } from './names.ts';
import { isPlaceholder } from './placeholders.ts';
import { hideInWords, replaceInText } from './text.ts';

/** A place in a config that looks like it holds a secret in plain text. */
export interface SecretPlace {
  readonly pointer: string;
  /** In words, without the value. */
  readonly why: string;
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
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    secretsIn(member, pointer + step(key), typeof member !== 'object' && (isSecretKey(key) || isLogin(key, member))),
  );
}

function secretIn(text: string, underSecretKey: boolean): string | undefined {
  const [found] = findSecretsInText(text);
  if (found !== undefined) return found.why;
  return underSecretKey && !isPlaceholder(text) && !/^https?:\/\/[^@]*$/.test(text)
    ? 'a key that names a secret'
    : undefined;
}

export const redacted = '(redacted)';

/**
 * A copy fit to be shown: every value under a key that names a secret, every pointer marked sensitive, and every secret in a
 * text is replaced. Errs on the side of hiding.
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
    if (Array.isArray(member)) {
      const items = hidden ? member : hideInWords(member, replace);
      return items.map((item, index) => visit(item, `${pointer}/${index}`, hidden));
    }
    if (isObject(member)) {
      const named = namesSecret(member);
      return Object.fromEntries(
        Object.entries(member).map(([key, inner]) => [
          key,
          visit(
            inner,
            pointer + step(key),
            hidden || isSecretKey(key) || isLogin(key, inner) || (named && key.toLowerCase() === 'value'),
          ),
        ]),
      );
    }
    if (hidden) return member === null || member === '' ? member : replace(String(member));
    return typeof member === 'string' ? replaceInText(member, replace) : member;
  };
  return visit(value, '', false);
}

/** `{ name = "DB_PASSWORD", value = "…" }`, as containers take their environment. */
function namesSecret(member: Readonly<Record<string, unknown>>): boolean {
  const name = member.name ?? member.Name ?? member.key ?? member.Key;
  return typeof name === 'string' && isSecretKey(name) && ('value' in member || 'Value' in member);
}

/** A quick look that allocates nothing: most configs hold no secret and need no copy. */
function mayHoldSecrets(value: unknown): boolean {
  if (typeof value === 'string') return findSecretsInText(value).length > 0;
  if (value === null || typeof value !== 'object') return false;
  if (Array.isArray(value)) return value.some(mayHoldSecrets) || hideInWords(value, () => redacted) !== value;
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object)
    if (isSecretKey(key) || isLogin(key, object[key]) || mayHoldSecrets(object[key])) return true;
  return namesSecret(object);
}

/** As registries keep who logs in: a user and a password in base64 under a key that says no more than `auth`. */
function isLogin(key: string, value: unknown): boolean {
  return (
    typeof value === 'string' &&
    /^_?auth$/i.test(key) &&
    /^[A-Za-z0-9+/]{8,}={0,2}$/.test(value) &&
    isEncodedPair(value)
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function step(key: string): string {
  return `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
