import type { Evidence } from '../../../model/evidence.ts';
import { componentProvide } from '../../rules/nickname-key.ts';
import { type ParameterName, runtimeName } from '../../rules/parameter-name.ts';
import { provideUnder } from '../../rules/subject.ts';
import type { ComponentFacts } from './component-facts.ts';
import type { Gathered } from './gathered.ts';

/** A system outside becomes a node because somebody reads it. */
export function enterExternal(
  facts: ComponentFacts,
  parameter: ParameterName,
  evidence: Evidence,
  gathered: Gathered,
): void {
  if (parameter.kind !== 'external') return;
  const { subject } = facts;
  const runtime = runtimeName('/external', parameter.type, parameter.nickname);
  const id = `${subject.environment}/${parameter.type}/${parameter.nickname}`;
  if (gathered.externals.some(({ component }) => component.id === id)) return;
  const place = withoutPlace(evidence);
  // Readers in different accounts must say the same of it.
  const anywhere = { ...subject, bindings: [] };
  gathered.externals.push({
    component: {
      id,
      kind: 'component',
      layout: 'adage',
      external: true,
      type: parameter.type,
      nickname: parameter.nickname,
      environment: subject.environment,
      path: '',
      module: '',
      configDigest: '',
      attributes: { parameter: runtime },
      sites: {},
    },
    provides: [
      componentProvide(id, runtime, place),
      ...provideUnder('param', anywhere, runtime, { runtime, alsoWritten: true, evidence: place }),
    ],
    needs: [],
  });
}

/** What several readers say of one node must be equal: where each of them stands does not belong to it. */
function withoutPlace({ parameter }: Evidence): Evidence {
  return { rule: 'external', site: parameter ?? 'external', ...(parameter === undefined ? {} : { parameter }) };
}
