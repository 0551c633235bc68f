import type { Seal } from '../record.ts';
import { isPlaceholder } from './placeholders.ts';

/** So many places where words begin and end are tried as the end of a secret; passphrases are shorter. */
const mostSteps = 64;

/**
 * A text without the secrets that are known as digests only: each part of it, from where a word begins to where one ends, whose
 * digest is among them. One in base64 or percent-encoded is found too; one within a longer word is not.
 *
 * @param digests under the key of `seal`
 */
export function hideKnown(text: string, digests: ReadonlySet<string>, seal: Seal, words: string): string {
  if (digests.size === 0) return text;
  const edges = edgesOf(text);
  const isKnown = (part: string): boolean =>
    mayBeSecret(part) && spellingsOf(part).some((one) => digests.has(seal(one)));
  let out = '';
  let done = 0;
  for (const [place, from] of edges.entries()) {
    if (from < done || isBlank(text[from])) continue;
    const to = edges
      .slice(place + 1, place + 1 + mostSteps)
      .findLast((end) => !isBlank(text[end - 1]) && isKnown(text.slice(from, end)));
    if (to === undefined) continue;
    out += text.slice(done, from) + words;
    done = to;
  }
  return out + text.slice(done);
}

/** A short word is said for many reasons, and so is one that stands in the place of a secret. */
function mayBeSecret(part: string): boolean {
  return (part.length >= 6 || (part.length >= 4 && /\d/.test(part))) && !isPlaceholder(part);
}

/** Places that do not lie within a word. */
function edgesOf(text: string): number[] {
  const edges: number[] = [];
  for (let at = 0; at <= text.length; at += 1) if (!isLetter(text[at - 1]) || !isLetter(text[at])) edges.push(at);
  return edges;
}

function spellingsOf(part: string): string[] {
  const spellings = [part];
  if (part.includes('%')) {
    try {
      spellings.push(decodeURIComponent(part));
    } catch {
      // Not encoded so.
    }
  }
  if (/^[A-Za-z0-9+/_-]{6,}={0,2}$/.test(part)) spellings.push(Buffer.from(part, 'base64').toString('utf8'));
  return spellings;
}

function isLetter(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}]/u.test(character);
}

function isBlank(character: string | undefined): boolean {
  return character === undefined || /\s/.test(character);
}
