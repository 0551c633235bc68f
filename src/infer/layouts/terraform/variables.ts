import { evaluate } from '../../../hcl/evaluate.ts';
import { parseExpression } from '../../../hcl/parse.ts';
import { Unknown, type Value } from '../../../hcl/value.ts';
import { sha256 } from '../../../model/digest.ts';
import type { Environment, FileView } from '../../../model/file-view.ts';
import type { Module } from '../../terraform/module.ts';
import type { VarFiles } from './var-files.ts';

export interface VariableInputs {
  readonly view: FileView;
  readonly module: Module;
  readonly varFiles: readonly string[];
  /** Files that folders share by habit: asked only for what nothing else sets. */
  readonly shared: readonly string[];
  readonly environment: Environment;
  readonly files: VarFiles;
}

export interface Variables {
  /** Values by name, without defaults. */
  readonly values: ReadonlyMap<string, Value>;
  /** Environment values that were asked for, as digests. */
  readonly environment: Readonly<Record<string, string | null>>;
}

/** What is set for a root module's variables, in Terraform's order: environment, loaded files, named files. */
export function variablesOf({ view, module, varFiles, shared, environment, files }: VariableInputs): Variables {
  const values = new Map<string, Value>();
  const asked: Record<string, string | null> = {};
  for (const { name, type } of module.variables.values()) {
    const key = `TF_VAR_${name}`;
    const written = environment[key];
    asked[key] = written === undefined ? null : sha256(written);
    if (written === undefined) continue;
    const isText = type === undefined || (type.kind === 'variable' && type.name === 'string');
    values.set(name, isText ? written : literalOr(written));
  }
  for (const path of varFiles) {
    // It may set any of them, over all that was set before.
    if (files.isEncrypted(view, path))
      for (const name of module.variables.keys()) values.set(name, Unknown.at(`var.${name}`, [], 'an encrypted file'));
    for (const [name, value] of files.read(view, path) ?? []) values.set(name, value);
  }
  for (const path of shared)
    for (const [name, value] of files.read(view, path) ?? [])
      if (!values.has(name) && module.variables.get(name)?.default === undefined) values.set(name, value);
  return { values, environment: asked };
}

/** A list, map or number is written as an expression; anything else is taken as text. */
function literalOr(written: string): Value {
  const expr = parseExpression(written);
  if (expr.kind === 'bad') return written;
  try {
    return evaluate(expr, { lookup: () => undefined });
  } catch {
    return written;
  }
}
