/**
 * The one Terragrunt file that modules are run through which read their config themselves: at the top of the modules' repository,
 * else of the configs'. Which component is meant it takes from the environment.
 */
export const unitFile = 'terragrunt.hcl';
