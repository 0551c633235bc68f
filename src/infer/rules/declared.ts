import type { Need } from '../../model/claim.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Pointer } from '../../model/pointer.ts';
import { runtimeName } from './parameter-name.ts';
import { kindKey, needKey, type Subject } from './subject.ts';

/**
 * Rule 8, declared: references of `component.yaml` and `$depends_on` of a config. Somebody said so, which proves them; where
 * nothing provides them they dangle.
 */
export const rule = 'declared';

/** A reference of `component.yaml`, with the nickname that the config gives. */
export function declaredNeed(
  subject: Subject,
  to: { readonly type: string; readonly nickname: string },
  consumes: readonly Pointer[],
  evidence: Omit<Evidence, 'rule'>,
): Need {
  return {
    key: needKey('param', subject, runtimeName(subject.prefix, to.type, to.nickname)),
    orElse: [kindKey(subject.environment, to.type, to.nickname)],
    rule,
    origin: 'declared',
    strength: 'proven',
    consumes,
    evidence: { ...evidence, rule },
    whenMissing: 'dangling',
  };
}

/** `$depends_on` orders and consumes nothing. `<type>/<nickname>` means the own environment. */
export function dependsOnNeed(subject: Subject, written: string, evidence: Omit<Evidence, 'rule'>): Need {
  const steps = written.split('/').filter(Boolean);
  const id = (steps.length === 2 ? [subject.environment, ...steps] : steps).join('/');
  return {
    key: `component:${id}`,
    rule,
    origin: 'declared',
    strength: 'proven',
    consumes: [],
    evidence: { ...evidence, rule },
    whenMissing: 'dangling',
  };
}
