import { isSet, sortedKeys, toNumber, toText, typeName } from '../convert.ts';
import type { Value, ValueObject } from '../value.ts';
import { isList, isObject } from '../value.ts';

/**
 * What an unknown argument means. `deep`: any unknown inside makes the result unknown. `shallow`: only an argument that is
 * unknown itself. `raw`: the function decides.
 */
export type UnknownMode = 'deep' | 'shallow' | 'raw';

export interface HclFunction {
  readonly min: number;
  readonly max: number;
  readonly mode: UnknownMode;
  /** @throws Error with a lower-case sentence where Terraform would fail. */
  readonly run: (args: readonly Value[]) => Value;
}

/** One family of functions, by name. */
export type FunctionTable = Readonly<Record<string, HclFunction>>;

type Run = (args: readonly Value[]) => Value;

export const deep = (min: number, max: number, run: Run): HclFunction => ({ min, max, mode: 'deep', run });
export const shallow = (min: number, max: number, run: Run): HclFunction => ({ min, max, mode: 'shallow', run });
export const raw = (min: number, max: number, run: Run): HclFunction => ({ min, max, mode: 'raw', run });
export const many = Number.POSITIVE_INFINITY;

/** An argument; present, because the number of arguments was checked. */
export function arg(args: readonly Value[], index: number): Value {
  return args[index] ?? null;
}

export const text = (args: readonly Value[], index: number): string => toText(arg(args, index));
export const number = (args: readonly Value[], index: number): number => toNumber(arg(args, index));

export function whole(args: readonly Value[], index: number): number {
  const value = number(args, index);
  if (!Number.isInteger(value)) throw new Error('a whole number is needed');
  return value;
}

export function list(args: readonly Value[], index: number): readonly Value[] {
  const value = arg(args, index);
  if (isList(value)) return value;
  throw new Error(`a list is needed, not ${typeName(value)}`);
}

export function texts(args: readonly Value[], index: number): readonly string[] {
  return list(args, index).map(toText);
}

export function object(args: readonly Value[], index: number): ValueObject {
  const value = arg(args, index);
  if (isObject(value)) return value;
  throw new Error(`a map is needed, not ${typeName(value)}`);
}

/** Key and value of a collection in the order in which HCL iterates. @throws Error when it is none. */
export function entries(value: Value): (readonly [key: Value, value: Value])[] {
  if (isList(value))
    return isSet(value) ? value.map((item) => [item, item] as const) : value.map((item, i) => [i, item] as const);
  if (isObject(value)) return sortedKeys(value).map((key) => [key, value[key] ?? null] as const);
  throw new Error(`a collection is needed, not ${typeName(value)}`);
}
