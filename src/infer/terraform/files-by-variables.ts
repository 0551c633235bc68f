import { readsFiles } from '../../hcl/functions/files.ts';
import { Unknown } from '../../hcl/value.ts';
import type { ModuleAnalysis } from './analyse.ts';
import { consumptionOf } from './consumption.ts';
import { walkBody, walkExpression } from './expression-walk.ts';
import { FileAccount } from './file-account.ts';
import { namesFiles } from './files-named.ts';
import { type InstanceOptions, ModuleInstance } from './instance.ts';
import type { Module } from './module.ts';

/**
 * Whether a module that many share reads other files with other variables: with none known, some path is not. Then it must be
 * evaluated for each of them; most modules read none.
 */
export function filesRestOnVariables(
  { closure }: ModuleAnalysis,
  options: Pick<InstanceOptions, 'loader' | 'view' | 'resolveModule'>,
): boolean {
  const [root] = closure.modules;
  if (root === undefined || !closure.modules.some(mayReadFiles)) return false;
  const account = new FileAccount();
  const variables = (name: string) => Unknown.at(`var.${name}`);
  consumptionOf(new ModuleInstance(root, { ...options, account, variables }));
  return account.open.some(({ code }) => code !== 'file-outside');
}

const known = new WeakMap<Module, boolean>();

/** By what is written alone: a function that reads, an argument that names a file, a program. */
function mayReadFiles(module: Module): boolean {
  const before = known.get(module);
  if (before !== undefined) return before;
  let found = [...module.resources.values()].some(({ type, body }) => namesFiles(type, body));
  const look = (expr: Parameters<typeof walkExpression>[0]) => {
    if (!found)
      walkExpression(expr, (one) => {
        if (one.kind === 'call' && readsFiles(one.name)) found = true;
      });
  };
  for (const { value } of module.locals.values()) look(value);
  for (const { body } of [...module.resources.values(), ...module.calls.values(), ...module.outputs.values()])
    walkBody(body, look);
  for (const { block } of [...module.providers.values(), ...module.checks]) walkBody(block.body, look);
  known.set(module, found);
  return found;
}
