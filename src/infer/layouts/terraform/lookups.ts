import type { Need, Provide } from '../../../model/claim.ts';
import { askedArgument, givenArgument, lookupNeed, nameProvides, rule } from '../../rules/lookup-by-name.ts';
import type { Subject } from '../../rules/subject.ts';
import type { DataQuery } from '../../terraform/instance.ts';
import { queriesOf } from '../../terraform/queries.ts';
import { withoutKeys } from '../../terraform/sinks.ts';
import type { EvaluatedRoot } from './deployment.ts';

/**
 * Lookups by name, as in any layout; but accounts are not told apart here, so two roots that use one name may mean two
 * things. A hint, unless `karma.yaml` says that accounts are shared.
 */
export function lookups(
  id: string,
  environment: string,
  { instance, consumption }: EvaluatedRoot,
  shared: boolean,
): { readonly needs: readonly Need[]; readonly provides: readonly Provide[] } {
  const subject: Subject = {
    id,
    environment: shared ? '' : environment,
    type: '',
    nickname: '',
    prefix: '',
    bindings: [],
    siblings: [],
  };
  const needs: Need[] = [];
  const provides: Provide[] = [];
  for (const query of queriesOf(instance, isNamed)) {
    const { resource, address } = query;
    if (resource.mode === 'managed') {
      const name = named(query, givenArgument(resource.type));
      if (name !== undefined) provides.push(...nameProvides(subject, resource.type, name.value, id, name.evidence));
      continue;
    }
    const name = named(query, askedArgument(resource.type));
    if (name === undefined) continue;
    const attributes = consumption.reads.get(address)?.map(({ steps }) => steps[0] ?? '*') ?? [];
    const need = lookupNeed(subject, resource.type, name.value, attributes, name.evidence);
    if (need !== undefined) needs.push(shared ? need : { ...need, strength: 'hint' });
  }
  return { needs, provides };
}

function isNamed({ mode, type }: DataQuery['resource']): boolean {
  return mode !== 'ephemeral' && (mode === 'managed' ? givenArgument(type) : askedArgument(type)) !== undefined;
}

function named({ resource, address, argument }: DataQuery, asked: string | undefined) {
  const set = asked === undefined ? undefined : resource.body.attributes.get(asked);
  if (asked === undefined || set === undefined) return undefined;
  const evidence = { rule, site: `${withoutKeys(address)}.${asked}`, file: resource.file, line: set.at.line };
  return { value: argument(asked) ?? null, evidence };
}
