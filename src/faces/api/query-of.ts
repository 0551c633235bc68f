import type { VerbQuery } from '../../engine/verbs/table.ts';

/**
 * A query out of the parameters of a URL, as its shape has them: a list is a parameter that is said several times, a flag is
 * `true`, `false` or bare. What does not fit stays as it came, so that validation names it.
 */
export function queryOf(shape: VerbQuery, parameters: URLSearchParams): Record<string, unknown> {
  const query: Record<string, unknown> = {};
  for (const name of new Set(parameters.keys())) {
    const field = Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined;
    // A form sends texts that were left empty as well; a flag says something by its name alone, and nothing is no number.
    const values = parameters.getAll(name).filter((value) => value !== '' || !mayBeEmpty.has(field?.kind));
    if (values.length === 0) continue;
    query[name] = memberOf(field?.kind, values);
  }
  return query;
}

const mayBeEmpty: ReadonlySet<string | undefined> = new Set(['string', 'list', 'choice', 'any', 'either']);

function memberOf(kind: string | undefined, values: readonly string[]): unknown {
  const [first = ''] = values;
  if (kind === 'list') return values;
  if (values.length > 1) return values;
  if (kind === 'number' || kind === 'integer') return /^-?\d+(?:\.0+)?$/.test(first) ? Number(first) : first;
  if (kind === 'boolean') return first === '' || first === 'true' ? true : first === 'false' ? false : first;
  return first;
}
