import { accessSync, constants } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { Seal } from '../../model/record.ts';
import { type ChildEnvironment, childEnvironment } from '../../run/environment.ts';
import type { Runner } from '../../run/port.ts';
import { terraformRunner } from '../../run/terraform.ts';
import { terragruntRunner } from '../../run/terragrunt.ts';
import { findProgram, findTool } from '../../run/tool.ts';
import type { EngineContext } from '../context.ts';
import type { OpenedEstate } from '../view/open-estate.ts';

/** The programs that a deploy runs, each found when it is first needed, and what they may see of the environment. */
export interface RunTools {
  /** @throws KARMA_TOOL_MISSING with how to get it */
  terraform(): Runner;
  /** @throws KARMA_TOOL_MISSING with how to get it */
  terragrunt(): Runner;
  readonly hasTerragrunt: boolean;
  /** @param variables whether `TF_VAR_…` goes in: where users hand variables over that way. */
  environment(variables: boolean): ChildEnvironment;
}

export function runTools(
  { env }: Pick<EngineContext, 'env'>,
  { karmaFile, observation }: OpenedEstate,
  seal: Seal,
  host: string,
): RunTools {
  const path = env['PATH'];
  const configured = (named: string | undefined) => {
    if (named === undefined) return {};
    const relative = /[\\/]/.test(named) && !isAbsolute(named);
    return { configured: relative ? join(observation.root.folder, named) : named };
  };
  const terragruntNamed = configured(karmaFile?.terragrunt.binary);
  let terraform: Runner | undefined;
  let terragrunt: Runner | undefined;
  return {
    terraform: () => {
      const options = { names: ['terraform', 'tofu'] as const, path, ...configured(karmaFile?.terraform.binary) };
      terraform ??= terraformRunner({ tool: findTool(options), seal, host });
      return terraform;
    },
    terragrunt: () => {
      const options = { names: ['terragrunt'] as const, path, ...terragruntNamed };
      terragrunt ??= terragruntRunner({ tool: findTool(options), seal, host });
      return terragrunt;
    },
    hasTerragrunt: findProgram(terragruntNamed.configured ?? 'terragrunt', path) !== undefined,
    environment: (variables) => childEnvironment(env, { variables, isReadable }),
  };
}

function isReadable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
