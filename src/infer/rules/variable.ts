import type { Need } from '../../model/claim.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Pointer } from '../../model/pointer.ts';
import { runtimeName } from './parameter-name.ts';
import { kindKey, needKey, type Subject } from './subject.ts';

/**
 * Rule 9, variable: a plain module declares a variable with the name of a reference, so Karma hands it the provider's runtime,
 * and `var.vpc.vpc_id` consumes `/vpc_id` of it.
 */
export const rule = 'variable';

export function variableNeed(
  subject: Subject,
  to: { readonly type: string; readonly nickname: string },
  consumed: { readonly pointers: readonly Pointer[]; readonly tolerated: readonly Pointer[] },
  evidence: Omit<Evidence, 'rule'>,
): Need {
  return {
    key: needKey('param', subject, runtimeName(subject.prefix, to.type, to.nickname)),
    orElse: [kindKey(subject.environment, to.type, to.nickname)],
    rule,
    origin: 'inferred',
    strength: 'proven',
    consumes: consumed.pointers,
    ...(consumed.tolerated.length === 0 ? {} : { tolerated: consumed.tolerated }),
    evidence: { ...evidence, rule },
    whenMissing: 'dangling',
  };
}
