import type { Whereabouts } from '../model/claim.ts';

/**
 * Whether two blocks look at the same place. From surely to not: the account is the same, or it is logged in alike; nothing
 * speaks against it; something does that proves nothing (another role may lead to the same account); it is another place.
 */
export type Nearness = 'same' | 'alike' | 'open' | 'unlike' | 'other';

/** Words for places that several environments share. */
const shared = /^(live|shared|global|management|mgmt|common|hub|core|ops|network|networking)$/i;

const nowhere: Whereabouts = {};

export function nearness(a: Whereabouts = nowhere, b: Whereabouts = nowhere): Nearness {
  if (differ(a.region, b.region) || differ(a.account, b.account)) return 'other';
  for (const [name, value] of Object.entries(a.also ?? {}))
    if (differ(value.toLowerCase(), b.also?.[name]?.toLowerCase())) return 'other';
  const sameAccount = isSame(a.account, b.account);
  const login = sameAccount ? 'same' : loginsMeet(a.login ?? '', b.login ?? '');
  if (login === 'unlike' || (!sameAccount && inOtherEnvironments(a, b))) return 'unlike';
  const sameRegion = isSame(a.region, b.region);
  if (login === 'same' && sameRegion) return 'same';
  return login !== 'open' && (sameRegion || a.region === b.region) ? 'alike' : 'open';
}

const isOpen = (text: string): boolean => text.includes('${');

/** Both are known, and they are two. */
function differ(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && a !== b && !isOpen(a) && !isOpen(b);
}

function isSame(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && a === b && !isOpen(a);
}

/** What a variable or a workspace leaves open may be anything; of what else is open the text tells. */
const anything = /\$\{[^}]*\b(var|terraform|each|count|self)\.|\$\{\?\}/;

function loginsMeet(a: string, b: string): 'same' | 'alike' | 'open' | 'unlike' {
  if (anything.test(a) || anything.test(b)) return 'open';
  if (a === b) return a === '' || isOpen(a) ? 'alike' : 'same';
  return 'unlike';
}

function inOtherEnvironments(a: Whereabouts, b: Whereabouts): boolean {
  const [one = '', other = ''] = [a.environment, b.environment];
  return one !== '' && other !== '' && !shared.test(one) && !shared.test(other) && !haveWordInCommon(one, other);
}

/** `integration.blue` and `integration`, `prod` and `production`. */
function haveWordInCommon(one: string, other: string): boolean {
  const wordsOf = (text: string) => text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  const words = wordsOf(other);
  return wordsOf(one).some((word) => words.some((also) => word.startsWith(also) || also.startsWith(word)));
}
