import type { ComponentWork, SetMember } from '../../../deploy/set.ts';
import { KarmaError } from '../../../model/errors.ts';
import type { DeployGround } from '../ground.ts';
import { adageWork } from './adage.ts';
import type { WorkWish } from './parts.ts';
import { rootWork } from './terraform.ts';
import { unitWork } from './terragrunt.ts';

/** What each run of a deploy is made from, made when its component becomes ready. */
export function workOf(ground: DeployGround, wish: WorkWish): (member: SetMember) => Promise<ComponentWork> {
  return async (member) => {
    const component = ground.components.get(member.component);
    if (component === undefined)
      throw new KarmaError('KARMA_NOT_FOUND', `${member.component} is not in the estate any more`);
    const shape = ground.claims.get(member.component)?.run;
    if (component.row.layout === 'adage' && shape !== undefined)
      return adageWork(ground, member, component, shape, wish);
    if (component.row.layout === 'terraform' && shape !== undefined)
      return rootWork(ground, member, component, shape, wish);
    if (component.row.layout === 'terragrunt') return unitWork(ground, member, component, wish);
    throw new KarmaError('KARMA_REFUSED', `${member.component} has no module to run`);
  };
}
