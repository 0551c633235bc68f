import { object, text } from '../../config/shape-parts.ts';
import type { Graph } from '../../graph/graph.ts';
import type { TypeRow } from '../../model/component.ts';
import { KarmaError } from '../../model/errors.ts';
import { nearest } from '../../model/nearest.ts';
import type { EngineContext } from '../context.ts';
import { loadView } from '../view/load-view.ts';
import { stampOf, type ViewStamp } from '../view/view.ts';
import { at, defineVerb } from './verb.ts';

export interface ListedType {
  readonly type: TypeRow;
  readonly components: number;
}

/** Component types with how many components use each. */
export async function listTypes(
  context: EngineContext,
  at?: string,
): Promise<{ readonly view: ViewStamp; readonly types: readonly ListedType[] }> {
  const view = await loadView(context, at);
  const users = new Map<string, number>();
  for (let node = 0; node < view.graph.size; node++) {
    const { module } = view.graph.component(node);
    users.set(module, (users.get(module) ?? 0) + 1);
  }
  const types = [...view.graph.types()].map(([key, type]) => ({ type, components: users.get(key) ?? 0 }));
  return { view: stampOf(view), types };
}

/** One component type, by name or module folder. @throws KARMA_NOT_FOUND with the nearest name */
export async function showType(
  context: EngineContext,
  name: string,
  at?: string,
): Promise<{ readonly view: ViewStamp; readonly types: readonly ListedType[] }> {
  const { view, types } = await listTypes(context, at);
  const found = named(
    types.map(({ type }) => type),
    name,
  );
  return { view, types: types.filter(({ type }) => found.includes(type)) };
}

/** The types of a name, or the one in a module folder. @throws KARMA_NOT_FOUND with the nearest name */
export function typesNamed(graph: Graph, name: string): readonly TypeRow[] {
  return named([...graph.types().values()], name);
}

function named(types: readonly TypeRow[], name: string): readonly TypeRow[] {
  const found = types.filter((type) => type.name === name || type.key === name);
  if (found.length > 0) return found;
  const [near] = nearest(
    name,
    types.map((type) => type.name),
  );
  throw new KarmaError('KARMA_NOT_FOUND', `no component type is called \`${name}\``, {
    hint: near === undefined ? '`karma type list` shows all' : `did you mean \`${near}\`?`,
  });
}

export const typesVerb = defineVerb({
  about: 'Component types with how many components use each.',
  query: object('When.', { at }),
  writes: 'nothing',
  run: (context, query) => listTypes(context, query.at),
});

export const typeVerb = defineVerb({
  about: 'One component type: what its module reads and writes.',
  query: object('Which.', { name: text('A type, or its module folder.'), at }, 'name'),
  writes: 'nothing',
  run: (context, { name, at: when }) => showType(context, name, when),
});
