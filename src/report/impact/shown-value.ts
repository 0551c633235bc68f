import { isUnknownValue, type UnknownValue } from '../../model/evaluated.ts';
import { holdsKeyedDigest, isKeyedDigest, withoutKeyedDigests } from '../../model/secrets/keyed-digest.ts';
import { hideInWords, replaceInText } from '../../model/secrets/text.ts';
import { whereTheyDiffer } from './where-they-differ.ts';

/** A digest of anything. */
const ofAnything = /^[0-9a-f]{64}$/;

/**
 * Two values of one key as people read them: what only a run knows is said in words, a secret is called one, and of a digest
 * there is enough to tell two apart. Undefined where the key is not there. Secrets go before anything is cut: a password whose
 * `https://` was cut off looks like any other word.
 */
export function shownPair(before: unknown, after: unknown): readonly [was: string | undefined, is: string | undefined] {
  const [was, is] = whereTheyDiffer(...toldApart(readable(before), readable(after)));
  return [textOf(was), textOf(is)];
}

/** Two secrets look alike; that they differ is all that may be said. */
function toldApart(was: unknown, is: unknown): readonly [was: unknown, is: unknown] {
  const text = textOf(is);
  return text?.includes(secret) === true && text === textOf(was) ? [text, text.replaceAll(secret, another)] : [was, is];
}

const secret = 'a secret';
const another = 'another secret';

const asWord = () => `(${secret})`;

function readable(value: unknown): unknown {
  if (typeof value === 'string') return readableText(value);
  if (value === null || typeof value !== 'object') return value;
  if (isUnknownValue(value)) return unknownInWords(value);
  if (Array.isArray(value)) return hideInWords(value.map(readable), asWord);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, readable(member)]));
}

function readableText(text: string): string {
  if (isKeyedDigest(text)) return secret;
  if (holdsKeyedDigest(text)) return replaceInText(withoutKeyedDigests(text, asWord()), asWord);
  return ofAnything.test(text) ? `${text.slice(0, 12)}…` : replaceInText(text, asWord);
}

/** `${dependency.vpc.outputs.id}` where it is read from one place, as it would stand in HCL; else why it is not known. */
function unknownInWords({ $unknown: why, place, text }: UnknownValue): string {
  if (text !== undefined) return text;
  if (place !== undefined) return `\${${place}}`;
  return `not known (${isKeyedDigest(why) ? 'a secret that only a run knows' : why})`;
}

function textOf(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'null');
}
