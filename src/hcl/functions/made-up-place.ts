import { isList, isObject, type Value } from '../value.ts';

/**
 * Stands for the folder that an estate's repository lies in, which is another one on each machine; `_` below it for a folder
 * whose name is not known.
 */
export const madeUpPlace = '/estate';

const here = /\/estate((?:\/_)*)(?=\/|$)/g;
const elsewhere = '/srv/some/other';

/** Functions that tell of a text what stands in it, and where. */
const takingApart: ReadonlySet<string> = new Set(
  (
    'split substr regex regexall replace trim trimprefix trimsuffix strrev title upper startswith endswith strcontains ' +
    'length md5 sha1 sha256 sha512 base64encode base64sha256 base64sha512 urlencode uuidv5 indent chomp sort distinct'
  ).split(' '),
);

/** Whether a function takes a path apart that begins in a place which is made up. */
export function takesMadeUpApart(name: string, args: readonly Value[]): boolean {
  return (
    takingApart.has(name) && args.some((arg) => typeof arg === 'string' && arg.includes(madeUpPlace) && isHere(arg))
  );
}

function isHere(text: string): boolean {
  here.lastIndex = 0;
  return here.test(text);
}

/**
 * What a function answers, where it would answer the same of an estate that lies somewhere else; undefined where it would not.
 * @throws what the function throws, where it fails in either place
 */
export function answerAnywhere(args: readonly Value[], call: (args: readonly Value[]) => Value): Value | undefined {
  const answer = call(args);
  const other = call(args.map((arg) => (typeof arg === 'string' ? moved(arg) : arg)));
  return JSON.stringify(inPlace(answer, moved)) === JSON.stringify(other) ? answer : undefined;
}

function moved(text: string): string {
  return text.replace(here, (_found, unnamed: string) => elsewhere + unnamed.replaceAll('_', 'x'));
}

function inPlace(value: Value, move: (text: string) => string): Value {
  if (typeof value === 'string') return move(value);
  if (isList(value)) return value.map((item) => inPlace(item, move));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [move(key), inPlace(item, move)]));
}
