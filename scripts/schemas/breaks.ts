import type { Schema } from './schema-of-type.ts';

/**
 * What in a later schema is not as somebody relies on who reads answers by an earlier one: a member that is gone, may be absent
 * now, or holds another type. Members and words may be added; who reads passes over what they do not know.
 */
export function breaks(before: Schema, after: Schema): readonly string[] {
  return new Comparison(before, after).of(before, after, '');
}

class Comparison {
  readonly #before: Schema;
  readonly #after: Schema;
  readonly #seen = new Set<string>();

  constructor(before: Schema, after: Schema) {
    this.#before = before;
    this.#after = after;
  }

  of(before: Schema, after: Schema, path: string): readonly string[] {
    const [was, is] = [before['$ref'], after['$ref']];
    if (typeof was === 'string' && typeof is === 'string') {
      const pair = `${was} ${is}`;
      if (this.#seen.has(pair)) return [];
      this.#seen.add(pair);
    }
    return this.#plain(resolved(before, this.#before), resolved(after, this.#after), path);
  }

  #plain(before: Schema, after: Schema, path: string): readonly string[] {
    const [were, are] = [alternatives(before), alternatives(after)];
    if (were.length > 1 || are.length > 1) return this.#alternatives(were, are, path);
    const [type, now] = [jsonType(before), jsonType(after)];
    if (type !== now) return [`${path} was ${type}, and is ${now}`];
    const gone = words(before).filter((word) => jsonWords(after) !== undefined && !words(after).includes(word));
    return [
      ...gone.map((word) => `${path} does not say ${JSON.stringify(word)} any more`),
      ...this.#members(before, after, path),
      ...this.#nested('items', before, after, `${path}[]`),
      ...this.#nested('additionalProperties', before, after, `${path}.*`),
      ...this.#tuple(before, after, path),
    ];
  }

  #alternatives(before: readonly Schema[], after: readonly Schema[], path: string): readonly string[] {
    const types = new Set(before.map((one) => jsonType(resolved(one, this.#before))));
    const added = after.map((one) => jsonType(resolved(one, this.#after))).filter((type) => !types.has(type));
    const lost = before.filter((one) => {
      const seen = new Set(this.#seen);
      const fits = after.some((other) => this.of(one, other, path).length === 0);
      if (!fits) for (const pair of this.#seen) if (!seen.has(pair)) this.#seen.delete(pair);
      return !fits;
    });
    return [
      ...added.map((type) => `${path} may be ${type} now`),
      ...lost.map((one) => `${path} is never ${String(one['$ref'] ?? jsonType(one))} any more`),
    ];
  }

  #members(before: Schema, after: Schema, path: string): readonly string[] {
    const [was, is] = [membersOf(before), membersOf(after)];
    const [needed, stillNeeded] = [requiredOf(before), requiredOf(after)];
    return Object.entries(was).flatMap(([name, schema]) => {
      const at = `${path}.${name}`;
      const now = is[name];
      if (now === undefined) return [`${at} is gone`];
      const absent = needed.includes(name) && !stillNeeded.includes(name) ? [`${at} may be absent now`] : [];
      return [...absent, ...this.of(schema, now, at)];
    });
  }

  #nested(key: string, before: Schema, after: Schema, path: string): readonly string[] {
    const [was, is] = [before[key], after[key]];
    if (was === undefined) return [];
    return is === undefined ? [`${path} is gone`] : this.of(was as Schema, is as Schema, path);
  }

  #tuple(before: Schema, after: Schema, path: string): readonly string[] {
    const [was, is] = [before['prefixItems'], after['prefixItems']] as [Schema[]?, Schema[]?];
    if (was === undefined) return [];
    if (is === undefined || is.length !== was.length) return [`${path} has another length`];
    return was.flatMap((one, at) => this.of(one, is[at] ?? {}, `${path}[${at}]`));
  }
}

function resolved(schema: Schema, whole: Schema): Schema {
  const name = String(schema['$ref'] ?? '').replace('#/$defs/', '');
  return name === '' ? schema : ((whole['$defs'] as Readonly<Record<string, Schema>>)[name] ?? {});
}

function alternatives(schema: Schema): readonly Schema[] {
  return (schema['anyOf'] as readonly Schema[] | undefined) ?? [schema];
}

function membersOf(schema: Schema): Readonly<Record<string, Schema>> {
  return (schema['properties'] ?? {}) as Readonly<Record<string, Schema>>;
}

function requiredOf(schema: Schema): readonly string[] {
  return (schema['required'] ?? []) as readonly string[];
}

/** The words of a closed list; undefined where any will do. */
function jsonWords(schema: Schema): readonly unknown[] | undefined {
  if ('const' in schema) return [schema['const']];
  return schema['enum'] as readonly unknown[] | undefined;
}

function words(schema: Schema): readonly unknown[] {
  return jsonWords(schema) ?? [];
}

function jsonType(schema: Schema): string {
  const [word] = words(schema);
  if (word !== undefined) return typeof word;
  return typeof schema['type'] === 'string' ? schema['type'] : 'anything';
}
