import type { EstateView } from '../../../model/estate.ts';
import type { Layout, OpenLayout } from '../../layout.ts';
import { plausible } from '../terraform/lookups.ts';
import { discoverUnits } from './discover.ts';
import { OpenEstate } from './open-estate.ts';
import { readConfig } from './read-config.ts';
import { claimUnit } from './unit.ts';

/**
 * Terragrunt units and stacks. Answers what `terragrunt find --dag --dependencies` answers, from the files alone, with the
 * evidence and the outputs read; where Terragrunt drops a unit's edges because one path fails, the others are kept.
 */
export const terragruntLayout: Layout = {
  name: 'terragrunt',
  open(view: EstateView): OpenLayout {
    const estate = new OpenEstate(view, readConfig);
    return {
      discover: () => discoverUnits(estate),
      claim: (candidate) => claimUnit(estate, candidate),
      hints: (candidate) => plausible(claimUnit(estate, candidate)),
    };
  },
};
