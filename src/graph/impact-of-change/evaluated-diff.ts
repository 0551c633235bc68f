import { byCodeUnit, canonicalJson } from '../../model/digest.ts';
import { isUnknownValue, sameUnknown } from '../../model/evaluated.ts';
import { digitsOf, isLongNumber } from '../../model/exact-number.ts';
import type { Pointer } from '../../model/pointer.ts';

/** A key that differs; `undefined` where it is not there. Secrets are digests already. */
export interface KeyChange {
  readonly pointer: Pointer;
  readonly before?: unknown;
  readonly after?: unknown;
  /** Files that make the difference, where no value shows it. */
  readonly files?: readonly string[];
}

export interface EvaluatedDiff {
  readonly changed: readonly KeyChange[];
  /** Where an unknown took part and nothing proves that it is the same at both ends, and why it is unknown. */
  readonly undecided: readonly { readonly pointer: Pointer; readonly why: string }[];
}

/**
 * What differs between two evaluated configs, key by key; objects are entered, lists only when they have one length.
 * O(size of both).
 */
export function diffEvaluated(before: unknown, after: unknown): EvaluatedDiff {
  const changed: KeyChange[] = [];
  const undecided: EvaluatedDiff['undecided'][number][] = [];
  const visit = (a: unknown, b: unknown, pointer: string): void => {
    if (isUnknownValue(a) || isUnknownValue(b)) {
      // One that comes or goes as a whole is a change, whatever it would be.
      if (a === undefined || b === undefined) changed.push(change(pointer, a, b));
      else if (!(isUnknownValue(a) && isUnknownValue(b) && sameUnknown(a, b)))
        undecided.push({ pointer, why: whyUnknown(b) ?? whyUnknown(a) ?? '' });
      return;
    }
    if (underOtherKeys(a, b)) {
      undecided.push({ pointer, why: 'digested under another key of the estate' });
      return;
    }
    const members = membersOf(a, b);
    if (members === undefined) {
      const missing = (a === undefined) !== (b === undefined);
      if (missing || canonicalJson(a) !== canonicalJson(b)) changed.push(change(pointer, a, b));
      return;
    }
    for (const key of members) visit(member(a, key), member(b, key), `${pointer}/${escaped(key)}`);
  };
  visit(before, after, '');
  return { changed, undecided };
}

/** The keys to enter, when both sides can be compared member by member. */
function membersOf(a: unknown, b: unknown): readonly string[] | undefined {
  if (!isContainer(a) || !isContainer(b) || Array.isArray(a) !== Array.isArray(b)) return undefined;
  if (Array.isArray(a) && Array.isArray(b) && a.length !== b.length) return undefined;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].sort(byCodeUnit);
}

function whyUnknown(value: unknown): string | undefined {
  if (!isUnknownValue(value)) return undefined;
  // Under a key that names a secret the reason is digested too.
  return keyIn(value.$unknown) === undefined ? value.$unknown : 'a secret that only a run knows';
}

/** Digests of secrets under two keys of the estate: nobody can say whether the secret changed. */
function underOtherKeys(a: unknown, b: unknown): boolean {
  const [one, other] = [keyIn(a), keyIn(b)];
  return one !== undefined && other !== undefined && one !== other;
}

function keyIn(value: unknown): string | undefined {
  return typeof value === 'string' ? /^([0-9a-f]{8}):[0-9a-f]{64}$/.exec(value)?.[1] : undefined;
}

function isContainer(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object';
}

function member(value: unknown, key: string): unknown {
  return isContainer(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function change(pointer: Pointer, before: unknown, after: unknown): KeyChange {
  return {
    pointer,
    ...(before === undefined ? {} : { before: shown(before) }),
    ...(after === undefined ? {} : { after: shown(after) }),
  };
}

/** What an unknown is computed from is a digest that tells a reader nothing. */
function shown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shown);
  if (isLongNumber(value)) return digitsOf(value);
  if (!isContainer(value)) return value;
  const hidden = isUnknownValue(value) ? ['from'] : [];
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !hidden.includes(key))
      .map(([key, member]) => [key, shown(member)]),
  );
}

function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
