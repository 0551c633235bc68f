import type { EstateView } from '../../../model/estate.ts';
import type { Layout, OpenLayout } from '../../layout.ts';
import { ModuleLoader } from '../../terraform/load-module.ts';
import { claimRoot } from './claim.ts';
import { discoverRoots } from './discover.ts';
import { plausible } from './lookups.ts';
import { VarFiles } from './var-files.ts';

/**
 * Plain Terraform estates: root modules that read each other's state. A component's id is its path from the estate's root;
 * its workspaces and var-files are deployments of it.
 */
export const terraformLayout: Layout = {
  name: 'terraform',
  open(estate: EstateView): OpenLayout {
    const open = { estate, loader: new ModuleLoader(), files: new VarFiles() };
    return {
      discover: () => discoverRoots(estate),
      claim: (candidate) => claimRoot(open, candidate),
      hints: (candidate) => plausible(claimRoot(open, candidate)),
    };
  },
};
