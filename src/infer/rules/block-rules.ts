import type { Need, Provide } from '../../model/claim.ts';
import type { Consumption } from '../terraform/consumption.ts';
import type { ModuleInstance } from '../terraform/instance.ts';
import type { Resource } from '../terraform/module.ts';
import { queriesOf } from '../terraform/queries.ts';
import type { BlockRule, RuleSubject } from './block-rule.ts';
import { remoteState } from './remote-state.ts';

/** Every rule about blocks. A new one is a file beside this one, and a line here. */
const blockRules: readonly BlockRule[] = [remoteState];

/** Whether some rule makes needs, or provides, of a block. */
export function isTaken(block: Pick<Resource, 'mode' | 'type'>, side: 'needs' | 'provides'): boolean {
  return blockRules.some((rule) => rule[side] !== undefined && rule.takes(block));
}

/** @param consumption made where a rule takes a block: it costs as much as all that the module says */
export function blockNeeds(
  subject: RuleSubject,
  instance: ModuleInstance,
  consumption: () => Consumption,
  rules = blockRules,
): readonly Need[] {
  return rules.flatMap(({ takes, needs }) =>
    needs === undefined
      ? []
      : queriesOf(instance, takes).flatMap((query) =>
          needs({ subject, query, reads: consumption().reads.get(query.address) ?? [] }),
        ),
  );
}

export function blockProvides(subject: RuleSubject, instance: ModuleInstance, rules = blockRules): readonly Provide[] {
  return rules.flatMap(({ takes, provides }) =>
    provides === undefined
      ? []
      : queriesOf(instance, takes).flatMap((query) => provides({ subject, query, reads: [] })),
  );
}
