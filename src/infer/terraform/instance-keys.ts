import { toText } from '../../hcl/convert.ts';
import { entries } from '../../hcl/functions/define.ts';
import { anyOf, collection, keysOf } from '../../hcl/members.ts';
import { EvaluationError } from '../../hcl/scope.ts';
import type { At, Expression } from '../../hcl/tree.ts';
import type { Value } from '../../hcl/value.ts';
import { isList, isObject, isUnknown, Unknown } from '../../hcl/value.ts';

/** The instances of a repeated block: the one it is, the known ones, or something only a run could tell. */
export type InstanceKeys =
  | { readonly kind: 'single' }
  | { readonly kind: 'count'; readonly count: number }
  | { readonly kind: 'each'; readonly items: ReadonlyMap<string, Value> }
  | { readonly kind: 'unknown'; readonly value: Unknown; readonly mode: 'count' | 'each' };

/** A step into something of which `count` says there is none: a plan would fail here. */
export class NoInstanceError extends EvaluationError {
  readonly address: string;
  constructor(address: string, at: At) {
    super(`${address} has a count of 0`, at);
    this.name = 'NoInstanceError';
    this.address = address;
  }
}

/** More instances than anybody means are taken as unknown. */
const mostInstances = 10_000;
const nowhere: At = { line: 0, column: 0 };

export interface Repetition {
  readonly count: Expression | undefined;
  readonly forEach: Expression | undefined;
}

/** @param attempt evaluates in the module's scope; what fails is unknown. */
export function computeKeys({ count, forEach }: Repetition, attempt: (expr: Expression) => Value): InstanceKeys {
  if (count !== undefined) return countKeys(attempt(count));
  return forEach === undefined ? { kind: 'single' } : eachKeys(attempt(forEach));
}

function countKeys(value: Value): InstanceKeys {
  if (isUnknown(value)) return { kind: 'unknown', value, mode: 'count' };
  const count = value === null || typeof value === 'object' || typeof value === 'boolean' ? Number.NaN : Number(value);
  if (Number.isInteger(count) && count >= 0 && count <= mostInstances) return { kind: 'count', count };
  return { kind: 'unknown', value: new Unknown('count is no number'), mode: 'count' };
}

function eachKeys(value: Value): InstanceKeys {
  if (isUnknown(value)) return { kind: 'unknown', value, mode: 'each' };
  const size = isObject(value) ? Object.keys(value).length : isList(value) ? value.length : 0;
  if (size > mostInstances)
    return { kind: 'unknown', value: new Unknown('for_each over more than anybody means'), mode: 'each' };
  if (isObject(value) || (isList(value) && value.every((item) => typeof item !== 'object')))
    return {
      kind: 'each',
      items: new Map(entries(value).map(([key, item]) => [toText(isList(value) ? item : key), item])),
    };
  return { kind: 'unknown', value: new Unknown('for_each over no map or set'), mode: 'each' };
}

const onlyOne: readonly string[] = [''];

/** What stands behind the address of each instance: `''`, `[0]`, `["a"]`; `[*]` when they cannot be told. */
export function suffixesOf(keys: InstanceKeys): readonly string[] {
  if (keys.kind === 'single') return onlyOne;
  if (keys.kind === 'count') return Array.from({ length: keys.count }, (_one, i) => `[${i}]`);
  return keys.kind === 'each' ? [...keys.items.keys()].map((key) => `[${JSON.stringify(key)}]`) : ['[*]'];
}

/** @throws NoInstanceError, EvaluationError when the key is none of the block's. */
export function suffixFor(address: string, keys: InstanceKeys, key: string): string {
  if (keys.kind === 'single') return '';
  if (keys.kind === 'unknown') return '[*]';
  if (keys.kind === 'count') {
    if (keys.count === 0 && /^\d+$/.test(key)) throw new NoInstanceError(address, nowhere);
    if (!/^\d+$/.test(key) || Number(key) >= keys.count)
      throw new EvaluationError(`${address} has no instance ${key}`, nowhere);
    return `[${Number(key)}]`;
  }
  if (!keys.items.has(key)) throw new EvaluationError(`${address} has no instance ${JSON.stringify(key)}`, nowhere);
  return `[${JSON.stringify(key)}]`;
}

/** What `each` and `count` mean in one instance; `[*]` of a block that has none is asked for to see what stands in it. */
export function namesOf(keys: InstanceKeys, suffix: string): Readonly<Record<string, Value>> {
  if (keys.kind === 'single') return {};
  if (keys.kind !== 'unknown' && suffix === '[*]') return namesOfNone(keys.kind);
  if (keys.kind === 'count') return { count: { index: Number(suffix.slice(1, -1)) } };
  if (keys.kind === 'each') {
    const key = String(JSON.parse(suffix.slice(1, -1)));
    return { each: { key, value: keys.items.get(key) ?? null } };
  }
  const { value } = keys;
  if (keys.mode === 'count') return { count: { index: new Unknown('the index of an unknown count', value.places) } };
  return { each: { key: new Unknown('a key known after a run', keysOf(value).places), value: anyOf(value) } };
}

function namesOfNone(kind: 'count' | 'each'): Readonly<Record<string, Value>> {
  if (kind === 'count') return { count: { index: new Unknown('the index of no instance') } };
  return { each: { key: new Unknown('the key of no instance'), value: new Unknown('the value of no instance') } };
}

/**
 * All instances of a block of which neither number nor keys are known. It stands at the block's own address: the first step
 * behind it chooses an instance, see {@link instancePlace}.
 */
export function collectionOf(address: string, one: Value, keys: Unknown): Unknown {
  if (!isUnknown(one)) return collection('instances known after a run', [one], [keysOf(keys)]);
  const deciding = keysOf(keys);
  if (one.place?.source !== `${address}[*]` || one.place.steps.length > 0)
    return collection(one.reason, [one], [deciding]);
  const place = { source: address, steps: [] };
  return new Unknown(one.reason, [place, ...deciding.places], place, {
    members: { ones: [one], keys: deciding.places },
  });
}
