import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { KarmaError } from '../model/errors.ts';
import type { Environment } from '../model/file-view.ts';

/** What Terragrunt itself says of one unit or stack. */
export interface FoundUnit {
  readonly path: string;
  readonly type: string;
  readonly dependencies: readonly string[];
}

const run = promisify(execFile);

/**
 * Runs `terragrunt find --dag --json --dependencies` at an estate's root. Unlike everything else that reads an estate this
 * executes it (`run_cmd` and the like), so it only happens when somebody asks for the comparison.
 * @throws KARMA_TOOL_MISSING, KARMA_RUN_FAILED
 */
export async function findUnits(folder: string, environment: Environment): Promise<readonly FoundUnit[]> {
  const args = ['find', '--dag', '--json', '--dependencies', '--non-interactive', '--no-color'];
  try {
    const { stdout } = await run('terragrunt', args, {
      cwd: folder,
      env: { ...environment },
      maxBuffer: 256 * 1024 * 1024,
    });
    return readUnits(stdout);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw new KarmaError('KARMA_TOOL_MISSING', 'terragrunt is not installed', {
        hint: 'install Terragrunt 1.0 or newer and put it on PATH',
      });
    const said =
      error instanceof Error && 'stderr' in error ? String(error.stderr).trim().split('\n').at(-1) : String(error);
    throw new KarmaError('KARMA_RUN_FAILED', `terragrunt find failed: ${said ?? ''}`, {
      hint: `run it yourself: terragrunt ${args.join(' ')}`,
      cause: error,
    });
  }
}

function readUnits(text: string): FoundUnit[] {
  const answer: unknown = JSON.parse(text.slice(Math.max(0, text.indexOf('['))) || '[]');
  if (!Array.isArray(answer)) return [];
  return answer.flatMap((one: unknown) => {
    if (one === null || typeof one !== 'object' || !('path' in one)) return [];
    const { path, type = 'unit', dependencies = [] } = one as { path: string; type?: string; dependencies?: string[] };
    return [{ path, type, dependencies }];
  });
}
