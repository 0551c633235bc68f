import type { Need } from '../../../model/claim.ts';
import { pointerOf } from '../../../model/pointer.ts';
import { nicknameNeeds } from '../../rules/nickname-key.ts';
import { parameterNeed, pathNeed } from '../../rules/path-value.ts';
import type { ComponentFacts } from './component-facts.ts';
import { pathValuesIn, provesPath, provesReference } from './config-needs.ts';

/** What a config seems to refer to while nothing proves it: keys that no HCL reads, or reads only to hand them on. */
export function hintsOf(facts: ComponentFacts): readonly Need[] {
  const { subject, config, type, references } = facts;
  const byKey = references
    .filter((one) => one.declared === undefined && !provesReference(type.module, one) && !isHanded(facts, one.name))
    .flatMap((one) => nicknameNeeds(subject, one, 'hint', facts.site(pointerOf(one.steps))));
  const byPath = pathValuesIn(config.value, subject.prefix)
    .filter(({ steps }) => provesPath(type.module, steps) === 'nothing')
    .map(({ value, steps }): Need => {
      const place = facts.site(pointerOf(steps));
      const need = typeof value === 'string' ? parameterNeed(subject, value, place) : pathNeed(subject, value, place);
      return { ...need, strength: 'hint', whenMissing: 'quiet' };
    });
  return [...byKey, ...byPath];
}

/** A plain module is handed the provider's runtime: that is a reference already. */
function isHanded({ type }: ComponentFacts, name: string): boolean {
  const { module } = type;
  if (module === undefined || module.selfPublishing) return false;
  return module.analysis.closure.modules[0]?.variables.has(name) === true;
}
