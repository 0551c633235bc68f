import type { Json } from '../../../../src/model/digest.ts';
import type { Answers, Path } from '../../api/answers.ts';
import { askService, client } from '../../api/client.ts';
import type { Question } from '../../api/transport.ts';
import { withValue } from '../edit/edits-between.ts';
import { type Field, fieldsOf } from '../edit/fields-of.ts';
import { idOf, type Part } from './draft.ts';

function ask<P extends Path>(path: P, question: Question): Promise<Answers[P]> {
  return client.fetchQuery({
    queryKey: [path, question],
    queryFn: async ({ signal }) => (await askService(path, question, signal)) as Answers[P],
  });
}

/** What is known of a type's inputs; of one that says nothing of them, nothing. */
async function inputsOf(name: string, at: string): Promise<Pick<Part, 'schema' | 'references'>> {
  const found = await ask('/v1/type/schema', { name, at }).catch(() => undefined);
  return { schema: found?.schema ?? {}, references: found?.references ?? [] };
}

/** A component that is there, with its config and what it may name. @throws what the service says of a name that is none */
export async function partOf(id: string, at: string): Promise<Part> {
  const { component } = await ask('/v1/component', { id, at });
  const isAdage = component.layout === 'adage';
  const [config, inputs] = await Promise.all([
    ask('/v1/config', { id: component.id, at }).catch(() => undefined),
    inputsOf(isAdage ? component.type : component.module, at),
  ]);
  const before = (config?.config ?? {}) as Json;
  const { type, environment, nickname } = component;
  return {
    id: component.id,
    is: 'there',
    type,
    environment,
    nickname,
    before,
    config: before,
    judged: isAdage,
    ...inputs,
  };
}

/** A new one of a type: what must be given is there to be filled, what names another component is left to be connected. */
export async function newPart(type: string, environment: string, nickname: string, at: string): Promise<Part> {
  const inputs = await inputsOf(type, at);
  const named = new Set(inputs.references.map(({ key }) => key));
  const required = fieldsOf(inputs.schema, {}).filter((field) => field.required && !named.has(field.name));
  const place = { type, environment, nickname };
  return {
    id: idOf(place),
    is: 'new',
    ...place,
    before: {},
    config: required.reduce(given, {} as Json),
    judged: true,
    ...inputs,
  };
}

/** What must be there is there from the beginning, to be filled. */
export function given(config: Json, { steps, kind, preset, choices, examples }: Field): Json {
  const first = kind === 'number' ? 0 : kind === 'truth' ? false : kind === 'json' ? [] : kind === 'group' ? {} : '';
  return withValue(config, steps, preset ?? choices[0] ?? (examples.length === 1 ? examples[0] : undefined) ?? first);
}
