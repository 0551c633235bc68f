import { byCodeUnit, canonicalJson } from '../model/digest.ts';
import { isSecretKey } from '../model/secrets/names.ts';
import { redact } from '../model/secrets/values.ts';
import type { ValueChange } from './port.ts';

/** What stands for a value that a plan does not show. */
const sensitiveText = '(sensitive)';
const unknownText = '(known after apply)';

/** More of one resource nobody reads. */
const most = 200;
/** A longer value is cut: it is shown to be recognised. */
const longest = 300;

interface Sides {
  readonly before: unknown;
  readonly after: unknown;
  readonly unknown: unknown;
  readonly hiddenBefore: unknown;
  readonly hiddenAfter: unknown;
}

/**
 * What a change does to each value below an object, leaf by leaf: as JSON, sensitive ones and those named like secrets without their
 * value, and what only the apply will tell as such. Sorted by path.
 */
export function valueChanges(
  change: Readonly<Record<string, unknown>>,
  hide: (text: string) => string,
): readonly ValueChange[] {
  const found: ValueChange[] = [];
  walk('', false, found, {
    before: change['before'],
    after: change['after'],
    unknown: change['after_unknown'],
    hiddenBefore: change['before_sensitive'],
    hiddenAfter: change['after_sensitive'],
  });
  // A secret is marked where it is given; where it is handed on, Terraform may show it.
  const told = (text: string | null) => (text === null ? null : shortened(hide(text)));
  return found
    .sort((a, b) => byCodeUnit(a.path, b.path))
    .slice(0, most)
    .map(({ path, before, after }) => ({ path, before: told(before), after: told(after) }));
}

function walk(path: string, named: boolean, found: ValueChange[], sides: Sides): void {
  const { before, after, unknown, hiddenBefore, hiddenAfter } = sides;
  const hidden = named || hiddenBefore === true || hiddenAfter === true;
  const names = hidden || unknown === true ? [] : namesIn(before, after, unknown);
  if (names.length > 0) {
    for (const name of names)
      walk(path === '' ? name : `${path}.${name}`, isSecretKey(name), found, {
        before: member(before, name),
        after: member(after, name),
        unknown: member(unknown, name),
        hiddenBefore: member(hiddenBefore, name),
        hiddenAfter: member(hiddenAfter, name),
      });
    return;
  }
  const known = unknown !== true;
  if (known && canonicalJson(before ?? null) === canonicalJson(after ?? null)) return;
  const text = (value: unknown, marks: unknown) =>
    value === undefined || value === null ? null : hidden || hasMark(marks) ? sensitiveText : shown(value);
  found.push({ path, before: text(before, hiddenBefore), after: known ? text(after, hiddenAfter) : unknownText });
}

/** Members of either side, where all that is there are objects, or all are lists. */
function namesIn(...sides: readonly unknown[]): readonly string[] {
  const there = sides.filter((one) => one !== null && one !== undefined && one !== false);
  if (there.length === 0 || !there.every((one) => typeof one === 'object')) return [];
  const lists = there.filter(Array.isArray).length;
  if (lists > 0 && lists < there.length) return [];
  return [...new Set(there.flatMap((one) => Object.keys(one as object)))];
}

function member(value: unknown, name: string): unknown {
  if (value === true) return true;
  if (value === null || typeof value !== 'object' || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

/** Of a whole of which a part is sensitive nothing is shown. */
function hasMark(marks: unknown): boolean {
  if (marks === true) return true;
  return marks !== null && typeof marks === 'object' && Object.values(marks).some(hasMark);
}

function shown(value: unknown): string {
  return canonicalJson(redact(value));
}

function shortened(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
