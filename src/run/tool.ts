import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { KarmaError } from '../model/errors.ts';

/** The programs that run a plan, and where they come from. */
export type ToolName = 'terraform' | 'tofu' | 'terragrunt';

const sources: Readonly<Record<ToolName, string>> = {
  terraform: 'install it from https://developer.hashicorp.com/terraform/install',
  tofu: 'install it from https://opentofu.org/docs/intro/install',
  terragrunt: 'install it from https://docs.terragrunt.com/getting-started/install',
};

export interface ToolOptions {
  /** In order of preference. */
  readonly names: readonly ToolName[];
  /** A path or name that `karma.yaml` gives; then nothing else is tried. */
  readonly configured?: string;
  readonly path: string | undefined;
}

export interface Tool {
  readonly name: ToolName;
  readonly program: string;
}

/** Looks on PATH; starts nothing. @throws KARMA_TOOL_MISSING with how to get it. */
export function findTool(options: ToolOptions): Tool {
  const first = options.names[0] ?? 'terraform';
  const tried = options.configured === undefined ? options.names : [options.configured];
  for (const one of tried) {
    const program = findProgram(one, options.path);
    if (program !== undefined) return { name: nameOf(one, first), program };
  }
  const list = tried.join(' or ');
  throw new KarmaError('KARMA_TOOL_MISSING', `${list} is not ${isAbsolute(list) ? 'there' : 'on PATH'}`, {
    hint: `${sources[first]}, or name a program in karma.yaml (terraform: binary)`,
    details: { tried },
  });
}

function nameOf(program: string, fallback: ToolName): ToolName {
  const base = program.split(/[\\/]/).at(-1) ?? program;
  return (['terragrunt', 'tofu', 'terraform'] as const).find((name) => base.startsWith(name)) ?? fallback;
}

export function findProgram(name: string, path: string | undefined): string | undefined {
  const places = /[\\/]/.test(name) ? [name] : (path ?? '').split(delimiter).map((folder) => join(folder, name));
  return places.find((place) => isAbsolute(place) && isProgram(place));
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
