import type { Random } from '../random.ts';

/** What an expression gives: a text, a number, a list of texts, a map of texts. */
export type Type = 'text' | 'number' | 'list' | 'map';

/** Something that an expression may mention. */
export interface Name {
  readonly text: string;
  readonly type: Type;
  /** Known before a run, so that it may decide how many instances there are. */
  readonly known: boolean;
}

const words = ['alder', 'birch', 'cedar', 'dogwood', 'elm', 'fir', 'ginkgo', 'hazel'] as const;
const keys = ['a', 'b', 'c'] as const;

/** A random expression of a type over the names at hand; it never fails, whatever they hold. */
export function expression(random: Random, type: Type, names: readonly Name[], depth = 2): string {
  const fitting = names.filter((one) => one.type === type);
  const name = random.pick(fitting);
  if (name !== undefined && random.below(10) < (depth > 0 ? 5 : 8)) return name.text;
  if (depth <= 0) return literal(random, type);
  const inner = (of: Type) => expression(random, of, names, depth - 1);
  const forms = makers[type](random, inner);
  return random.below(forms.length + 1) === 0 ? literal(random, type) : (random.pick(forms) ?? (() => ''))();
}

export function literal(random: Random, type: Type): string {
  const word = () => `"${random.pick(words)}${random.below(50)}"`;
  if (type === 'text') return word();
  if (type === 'number') return String(random.below(1000));
  if (type === 'list') return `[${Array.from({ length: 1 + random.below(3) }, word).join(', ')}]`;
  return `{ ${keys
    .slice(0, 1 + random.below(3))
    .map((key) => `${key} = ${word()}`)
    .join(', ')} }`;
}

type Inner = (type: Type) => string;
type Forms = readonly (() => string)[];

const makers: Readonly<Record<Type, (random: Random, inner: Inner) => Forms>> = {
  text: (random, inner) => [
    () => `"${'$'}{${inner('text')}}-${random.below(9)}"`,
    () => `join("/", ${inner('list')})`,
    () => `lookup(${inner('map')}, "${random.pick(keys)}", ${inner('text')})`,
    () => `try(${inner('map')}.${random.pick(keys)}, ${inner('text')})`,
    () => `(${inner('number')} > ${random.below(500)} ? ${inner('text')} : ${inner('text')})`,
    () => `upper(${inner('text')})`,
    () => `element(concat(${inner('list')}, ["x"]), 0)`,
    () => `jsondecode(jsonencode({ k = ${inner('text')}, o = ${inner('number')} })).k`,
    () => `tostring(${inner('number')})`,
    () => `substr(sha256(${inner('text')}), 0, 6)`,
    () => `yamldecode(yamlencode({ m = ${inner('map')}, t = ${inner('text')} }))["t"]`,
  ],
  number: (random, inner) => [
    () => `length(${inner('list')})`,
    () => `${inner('number')} + ${random.below(9)}`,
    () => `max(${inner('number')}, ${inner('number')})`,
    () => `length(${inner('text')})`,
  ],
  list: (random, inner) => [
    () => `concat(${inner('list')}, ${inner('list')})`,
    () => `[for v in ${inner('list')} : "${'$'}{v}${random.below(9)}"]`,
    () => `[for k, v in ${inner('map')} : v if k != "${random.pick(keys)}"]`,
    () => `values(${inner('map')})`,
    () => `keys(${inner('map')})`,
    () => `[${inner('text')}, ${inner('text')}]`,
    () => `sort(distinct(${inner('list')}))`,
    () => `tolist([${inner('text')}])`,
  ],
  map: (random, inner) => [
    () => `merge(${inner('map')}, ${inner('map')})`,
    () => `{ for k, v in ${inner('map')} : k => upper(v) }`,
    () => `{ for i, v in ${inner('list')} : "${random.pick(keys)}${'$'}{i}" => v }`,
    () => `{ ${random.pick(keys)} = ${inner('text')}, z = ${inner('text')} }`,
  ],
};
