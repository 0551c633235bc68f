import type { FileView } from '../../../model/file-view.ts';
import type { ModuleLoader } from '../load-module.ts';
import type { Module, ModuleCall } from '../module.ts';
import { localModulePath, parseModuleSource } from '../module-source.ts';
import { type Part, partsOf } from './module-parts.ts';
import { all, undeclared } from './references.ts';

/** A module in its place below a root, with the modules that it calls. */
export interface ModuleNode {
  /** `''` for the root, else `module.a.module.b.`, without keys: instances of one call say the same. */
  readonly prefix: string;
  readonly module: Module;
  readonly parts: ReadonlyMap<string, Part>;
  /** By the call's name; a call that leads to what is not at hand has none. */
  readonly children: ReadonlyMap<string, ModuleNode>;
}

const deepest = 24;
const mostModules = 1000;

/** A root module with all below it; undefined where it cannot be read as a whole, because then it may say anything. */
export function moduleTree(loader: ModuleLoader, view: FileView, path: string): ModuleNode | undefined {
  let made = 0;
  const visit = (at: string, prefix: string, above: readonly string[]): ModuleNode | undefined | 'broken' => {
    const module = loader.load(view, at);
    if (module === undefined) return undefined;
    made += 1;
    if (module.problems.length > 0 || above.includes(at) || above.length > deepest || made > mostModules)
      return 'broken';
    const children = new Map<string, ModuleNode>();
    for (const call of module.calls.values()) {
      const folder = folderOf(call, at);
      const child = folder === undefined ? undefined : visit(folder, `${prefix}module.${call.name}.`, [...above, at]);
      if (child === 'broken' || (child === undefined && folder !== undefined)) return 'broken';
      if (child !== undefined) children.set(call.name, child);
    }
    return { prefix, module, parts: partsOf(module), children };
  };
  const tree = visit(path, '', []);
  return tree === 'broken' ? undefined : tree;
}

function folderOf({ source }: ModuleCall, from: string): string | undefined {
  const parsed = source === undefined ? undefined : parseModuleSource(source);
  return parsed?.kind === 'local' ? localModulePath(from, parsed.path) : undefined;
}

/** Every module of a tree, callers first. */
export function* modulesOf(tree: ModuleNode): Generator<ModuleNode> {
  yield tree;
  for (const child of tree.children.values()) yield* modulesOf(child);
}

/**
 * What each part gives its value to, by id from the root on: `module.net.aws_vpc.v`. Undefined where something is mentioned
 * that nobody declares.
 */
export function takersOf(tree: ModuleNode): ReadonlyMap<string, readonly string[]> | undefined {
  const takers = new Map<string, string[]>();
  const edge = (from: string, to: string) => {
    const known = takers.get(from);
    if (known === undefined) takers.set(from, [to]);
    else known.push(to);
  };
  for (const node of modulesOf(tree))
    for (const part of node.parts.values()) {
      const id = node.prefix + part.id;
      for (const mentioned of part.ids) {
        if (mentioned === undeclared) return undefined;
        const meaning = meant(mentioned, node);
        if (meaning === undefined) return undefined;
        for (const from of meaning) edge(from, id);
      }
      handOver(node, part, edge);
    }
  return takers;
}

/** An argument goes to a variable of the module called; what decides about the call decides about all that is in it. */
function handOver({ prefix, children }: ModuleNode, part: Part, edge: (from: string, to: string) => void): void {
  const { kind, call, id } = part;
  if (call === undefined) return;
  const child = children.get(call.name);
  const own = `${prefix}module.${call.name}`;
  if (kind === 'argument') {
    const name = id.slice(id.indexOf('(') + 1, -1);
    edge(prefix + id, child === undefined ? own : `${child.prefix}var.${name}`);
  } else if (child !== undefined) for (const inner of child.parts.keys()) edge(own, child.prefix + inner);
}

/** The parts that a mention means; undefined for an output that its module does not have. */
function meant(mentioned: string, { prefix, parts, children, module }: ModuleNode): readonly string[] | undefined {
  if (mentioned.startsWith('module.') && mentioned !== all.module) {
    const [, name = '', output = ''] = /^module\.([^.]*)\.(.*)$/.exec(mentioned) ?? [];
    const child = children.get(name);
    const own = `${prefix}module.${name}`;
    if (child === undefined) return [own];
    if (output !== '*' && !child.module.outputs.has(output)) return undefined;
    return [own, ...outputsOf(child, output === '*' ? undefined : output)];
  }
  const wanted = kindsMeant.get(mentioned);
  if (wanted === undefined) return [prefix + mentioned];
  const own = [...parts.values()].filter(({ kind }) => kind === wanted).map(({ id }) => prefix + id);
  return mentioned === all.module
    ? [...module.calls.keys()].flatMap((name) => meant(`module.${name}.*`, { prefix, parts, children, module }) ?? [])
    : own;
}

const kindsMeant: ReadonlyMap<string, Part['kind']> = new Map([
  [all.var, 'variable'],
  [all.local, 'local'],
  [all.data, 'data'],
  [all.module, 'call'],
]);

function outputsOf({ prefix, module }: ModuleNode, name: string | undefined): readonly string[] {
  if (name !== undefined) return [`${prefix}output.${name}`];
  return [...module.outputs.keys()].map((one) => `${prefix}output.${one}`);
}
