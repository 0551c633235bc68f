import { object, text } from '../../config/shape-parts.ts';
import { KarmaError } from '../../model/errors.ts';
import type { EngineContext, QueryLanguage } from '../context.ts';
import { list } from './list.ts';
import { defineVerb } from './verb.ts';

/** What a question passed through was answered. */
export interface QueryAnswer {
  readonly language: QueryLanguage;
  /** One entry a result, as the store gave it. */
  readonly results: readonly unknown[];
  /** The results as a table: each with one text for every column, in the order in which columns first came. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Sends a person's own question to the graph store. It may only read; a query that could write is refused before it is sent. */
export async function query(
  { stores }: Pick<EngineContext, 'stores'>,
  asked: { readonly gremlin?: string | undefined; readonly cypher?: string | undefined },
): Promise<QueryAnswer> {
  const { gremlin, cypher } = asked;
  if ((gremlin === undefined) === (cypher === undefined))
    throw new KarmaError('KARMA_USAGE', gremlin === undefined ? 'ask what?' : 'ask in one language at a time', {
      hint: '`karma query --gremlin "g.V().hasLabel(\'Component\').count()"`, or `--cypher` for openCypher',
    });
  const language = gremlin === undefined ? 'cypher' : 'gremlin';
  const results = await stores.ask(language, gremlin ?? cypher ?? '');
  return { language, results, ...tabulate(results) };
}

/** The name of the only column of results that are no maps. */
const single = 'result';

/** Maps become columns; a list of one, as `valueMap` gives it, is its element; anything else is told as JSON. */
export function tabulate(results: readonly unknown[]): Pick<QueryAnswer, 'columns' | 'rows'> {
  const maps = results.map((result) => (isMap(result) ? result : { [single]: result }));
  const columns = [...new Set(maps.flatMap((map) => Object.keys(map)))];
  const rows = maps.map((map) => columns.map((column) => (column in map ? cellOf(map[column]) : '')));
  return { columns, rows };
}

function cellOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.length === 1) return cellOf(value[0]);
  return JSON.stringify(value) ?? '';
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

export const graphQueryVerb = defineVerb({
  about:
    'A question in a language: the selection language everywhere, Gremlin or openCypher where the graph store speaks it.',
  query: object('One of them.', {
    select: text('A selection.'),
    gremlin: text('Read only; sent to the store as it is.'),
    cypher: text('Read only; sent to the store as it is.'),
  }),
  writes: 'nothing',
  run: async (context, { select, ...asked }) => {
    if (select === undefined) return query(context, asked);
    if (Object.keys(asked).length > 0)
      throw new KarmaError('KARMA_USAGE', 'ask in one language at a time', { hint: 'select, gremlin or cypher' });
    const { components } = await list(context, { selection: [select], columns: [] });
    const rows = components.map(({ id, kind, environment }) => [id, kind, environment]);
    return {
      language: 'select' as const,
      results: components.map(({ id }) => id),
      columns: ['id', 'kind', 'environment'],
      rows,
    };
  },
});
