import type { Expression } from '../../hcl/tree.ts';
import { walkBody, walkChains } from './expression-walk.ts';
import type { Module, Placed } from './module.ts';

/** A name that a module uses and does not declare. */
export interface Undeclared extends Placed {
  /** `var.x`, `local.x`, `data.t.x`, `t.x`, `module.x`. */
  readonly name: string;
}

/** Roots that mean something by themselves. */
const builtIn: ReadonlySet<string> = new Set([
  'each',
  'count',
  'path',
  'terraform',
  'self',
  'ephemeral',
  'template',
  'action',
]);

/** Blocks and arguments in which a bare word is no reference. */
const words: ReadonlySet<string> = new Set(['provider', 'providers', 'ignore_changes', 'type', 'iterator']);

/** What a module refers to without declaring it, each name once, in the order of the files. `plan` would fail on it. */
export function undeclaredIn(module: Module): readonly Undeclared[] {
  const found = new Map<string, Undeclared>();
  const check = (expr: Expression, file: string, iterators: ReadonlySet<string>) =>
    walkChains(expr, ({ root, steps }, { at }, bound) => {
      if (bound.has(root) || iterators.has(root)) return;
      const name = missingName(module, root, steps);
      if (name !== undefined && !found.has(name)) found.set(name, { name, file, at });
    });
  const nothing = new Set<string>();
  for (const { value, file } of module.locals.values()) check(value, file, nothing);
  const bodies = [
    ...module.resources.values(),
    ...module.outputs.values(),
    ...module.calls.values(),
    ...[...module.providers.values(), ...module.checks, ...module.actions].map(({ file, block }) => ({
      file,
      body: block.body,
    })),
    ...[...module.variables.values()].flatMap(({ file, body }) =>
      body.blocks.map((block) => ({ file, body: block.body })),
    ),
  ];
  for (const { file, body } of bodies)
    walkBody(body, (expr, name, iterators) => {
      if (!words.has(name)) check(expr, file, iterators);
    });
  return [...found.values()];
}

function missingName(module: Module, root: string, steps: readonly string[]): string | undefined {
  const [first, second] = steps;
  if (builtIn.has(root) || first === undefined) return undefined;
  const name = `${root}.${first}`;
  if (root === 'var') return module.variables.has(first) ? undefined : name;
  if (root === 'local') return module.locals.has(first) ? undefined : name;
  if (root === 'module') return module.calls.has(first) ? undefined : name;
  if (root === 'data') {
    const address = `data.${first}.${second ?? ''}`;
    return second === undefined || module.resources.has(address) ? undefined : address;
  }
  // A root without an underscore is a word (`any`, a function's namespace), not a resource type.
  return !root.includes('_') || module.resources.has(name) ? undefined : name;
}
