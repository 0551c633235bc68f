import { boundedPattern } from './bounded-pattern.ts';
import { pointerStep } from './json-scan.ts';
import { isJsonObject, type JsonObject } from './merge-patch.ts';
import { StepBudget, TooManySteps } from './step-budget.ts';

/** Steps for one config: a large one with a large schema takes a tenth of them. */
const mostWork = 300_000;

/**
 * Pointers into a config whose values a JSON Schema marks `sensitive` or `writeOnly`, wherever the mark stands: under
 * `properties`, `items`, behind a `$ref`, in any branch of a combinator. It asks what may be a secret, not what is valid: every
 * branch counts, because a value that is hidden for nothing does less harm than one that is shown. So where it asks for more
 * work than anybody means, the whole config is hidden.
 */
export function secretsBySchema(schema: unknown, value: unknown): string[] {
  try {
    return markedIn(schema, value);
  } catch (error) {
    if (error instanceof TooManySteps || error instanceof RangeError) return [''];
    throw error;
  }
}

function markedIn(schema: unknown, value: unknown): string[] {
  const work = new StepBudget(mostWork);
  const matches = patternMatcher(work);
  const referred = referenceReader(schema);
  const found = new Set<string>();
  const visited = new Map<unknown, Set<string>>();
  const visit = (part: unknown, at: unknown, pointer: string): void => {
    if (!isJsonObject(part) || at === undefined) return;
    work.spend(1);
    // A schema may lead back to itself at the same value.
    const places = visited.get(part) ?? new Set();
    if (places.has(pointer)) return;
    visited.set(part, places.add(pointer));
    if (part.sensitive === true || part.writeOnly === true) found.add(pointer);
    for (const same of atTheSameValue(part, referred)) visit(same, at, pointer);
    if (Array.isArray(at))
      for (const [index, item] of at.entries())
        for (const one of ofItem(part, index)) visit(one, item, `${pointer}/${index}`);
    else if (isJsonObject(at))
      for (const [key, member] of Object.entries(at))
        for (const one of ofMember(part, key, matches)) visit(one, member, pointer + pointerStep(key));
  };
  visit(schema, value, '');
  return [...found];
}

const lists = ['allOf', 'anyOf', 'oneOf'] as const;
const singles = ['if', 'then', 'else', 'not'] as const;
const references = ['$ref', '$dynamicRef', '$recursiveRef'] as const;
const maps = ['dependentSchemas', 'dependencies'] as const;

/** Every schema that says more of the value a schema stands for. */
function atTheSameValue(part: JsonObject, referred: (reference: string) => unknown): unknown[] {
  return [
    ...lists.flatMap((key) => asList(part[key])),
    ...singles.map((key) => part[key]),
    ...maps.flatMap((key) => Object.values(asObject(part[key]))),
    ...references.map((key) => (typeof part[key] === 'string' ? referred(part[key]) : undefined)),
  ];
}

function ofItem(part: JsonObject, index: number): unknown[] {
  const { items } = part;
  const placed = Array.isArray(items) ? items : asList(part.prefixItems);
  const each = Array.isArray(items) ? part.additionalItems : items;
  return [placed[index], ...(index < placed.length ? [] : [each]), part.contains, part.unevaluatedItems];
}

function ofMember(part: JsonObject, key: string, matches: Matches): unknown[] {
  const properties = asObject(part.properties);
  const own = Object.hasOwn(properties, key) ? [properties[key]] : [];
  const byPattern = Object.entries(asObject(part.patternProperties)).filter(([pattern]) => matches(pattern, key));
  const rest = own.length + byPattern.length === 0 ? [part.additionalProperties] : [];
  return [...own, ...byPattern.map(([, one]) => one), ...rest, part.unevaluatedProperties];
}

type Matches = (pattern: string, key: string) => boolean;

/** A pattern that is none matches everything: what it means to hide stays hidden. */
function patternMatcher(work: StepBudget): Matches {
  const known = new Map<string, { readonly test: (text: string) => boolean } | undefined>();
  const read = (pattern: string) => {
    try {
      return boundedPattern(pattern, work);
    } catch {
      return undefined;
    }
  };
  return (pattern, key) => {
    if (!known.has(pattern)) known.set(pattern, read(pattern));
    return known.get(pattern)?.test(key) ?? true;
  };
}

/** Each reference is looked up once: an anchor is searched for in all of the schema. */
function referenceReader(root: unknown): (reference: string) => unknown {
  const known = new Map<string, unknown>();
  return (reference) => {
    if (!known.has(reference)) known.set(reference, referred(root, reference));
    return known.get(reference);
  };
}

/** `#/$defs/x`, `#anchor`, or the `$id` of a part; what lies in another file is not followed. */
function referred(root: unknown, reference: string): unknown {
  const [file = '', fragment = ''] = reference.split('#');
  const base = file === '' ? root : partWith(root, (part) => part.$id === file || part.id === file);
  const name = decoded(fragment);
  if (name === '' || base === undefined) return base;
  if (!name.startsWith('/'))
    return partWith(base, (part) => [part.$anchor, part.$dynamicAnchor].includes(name) || part.$id === `#${name}`);
  let at: unknown = base;
  for (const step of name.slice(1).split('/')) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(at)) at = at[Number(key)];
    else if (isJsonObject(at) && Object.hasOwn(at, key)) at = at[key];
    else return undefined;
  }
  return at;
}

function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

function partWith(part: unknown, holds: (part: JsonObject) => boolean): JsonObject | undefined {
  if (isJsonObject(part) && holds(part)) return part;
  const inner = Array.isArray(part) ? part : Object.values(asObject(part));
  for (const one of inner) {
    const found = partWith(one, holds);
    if (found !== undefined) return found;
  }
  return undefined;
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function asObject(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}
