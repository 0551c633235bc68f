import type { ComponentWork, SetMember } from '../../../deploy/set.ts';
import { KarmaError } from '../../../model/errors.ts';
import type { DeployFacts } from '../deploy-facts.ts';
import { adageWork } from './adage.ts';
import type { WorkOptions } from './finish-work.ts';
import { rootWork } from './terraform.ts';
import { unitWork } from './terragrunt.ts';

/** What each run of a deploy is made from, made when its component becomes ready. */
export function workOf(facts: DeployFacts, options: WorkOptions): (member: SetMember) => Promise<ComponentWork> {
  return async (member) => {
    const component = facts.components.get(member.component);
    if (component === undefined)
      throw new KarmaError('KARMA_NOT_FOUND', `${member.component} is not in the estate any more`);
    const setup = facts.claims.get(member.component)?.run;
    if (component.row.layout === 'adage' && setup !== undefined)
      return adageWork(facts, member, component, setup, options);
    if (component.row.layout === 'terraform' && setup !== undefined)
      return rootWork(facts, member, component, setup, options);
    if (component.row.layout === 'terragrunt') return unitWork(facts, member, component, options);
    throw new KarmaError('KARMA_REFUSED', `${member.component} has no module to run`);
  };
}
