import type { Idle } from '../../graph/impact-of-change/classify.ts';
import { codeOf } from '../../hcl/code.ts';
import { parseHcl } from '../../hcl/parse.ts';
import { type ModuleNode, modulesOf } from '../../infer/terraform/flow/module-tree.ts';
import { isConfiguration } from '../../infer/terraform/module-files.ts';
import { canonicalJson } from '../../model/digest.ts';
import type { FileView } from '../../model/file-view.ts';
import { type ChangedModules, isWordOf } from './changed-modules.ts';
import { isConstant } from './idle-locals.ts';

/** A file that Terragrunt writes beside a module, as it is evaluated. */
type Generated = Readonly<Record<string, unknown>>;

/**
 * Whether what Terragrunt writes beside a module differs in comments and layout, or in locals that are constants and that nobody
 * names: neither the module, nor what else is written or lies beside it.
 */
export function idleGenerated(modules: ChangedModules, view: FileView): Idle['generated'] {
  return ({ module, path }, [before, after]) => {
    const [was, is] = [blocksOf(before?.evaluated?.['generate']), blocksOf(after?.evaluated?.['generate'])];
    if (was === undefined || is === undefined || module === '') return false;
    const names = [...new Set([...Object.keys(was), ...Object.keys(is)])];
    const differing = names.filter((name) => canonicalJson(was[name] ?? null) !== canonicalJson(is[name] ?? null));
    const locals: string[] = [];
    for (const name of differing)
      if (!saysTheSame(was[name], is[name]))
        for (const one of [was[name], is[name]]) {
          const own = one === undefined ? [] : constantsIn(one);
          if (own === undefined) return false;
          locals.push(...own);
        }
    if (locals.length === 0) return true;
    const declared = differing.flatMap((name) => (is[name] === undefined ? [] : (constantsIn(is[name]) ?? [])));
    if (new Set(declared).size < declared.length) return false;
    const found = modules.of(module, new Set());
    if (found === undefined) return false;
    // Whoever lists files of the module sees one more.
    if (locals.length > 0 && [found.before, found.after].some(listsFiles)) return false;
    const texts = [found.before, found.after].flatMap((end) =>
      [...end.parts.values()].map(({ id, code }) => `${id} ${code}`),
    );
    const others = names.filter((name) => !differing.includes(name)).map((name) => String(is[name]?.['contents']));
    const beside = view
      .list(path)
      .flatMap(({ name }) => (isConfiguration(name) ? [view.read(`${path}/${name}`) ?? ''] : []));
    const taken = new Set([module, path].flatMap((folder) => view.list(folder).map(({ name }) => name)));
    const own = [before, after].map((claim) => JSON.stringify(claim?.evaluated?.['state'] ?? ''));
    const isTaken = (file: string) => taken.has(file) || own.some((text) => text.includes(`"${file}"`));
    const isOver = differing.some((name) =>
      [was[name], is[name]].some((one) => one !== undefined && isTaken(String(one['path']))),
    );
    const paths = Object.values(is).map((one) => String(one['path']));
    if (isOver || new Set(paths).size < paths.length) return false;
    return !locals.some((name) => [...texts, ...others, ...beside].some((text) => isWordOf(name, text)));
  };
}

function listsFiles(tree: ModuleNode): boolean {
  for (const { parts } of modulesOf(tree))
    for (const { readsFiles, code, resource } of parts.values())
      if (readsFiles || (/name\W+path\W/.test(code) && resource !== undefined)) return true;
  return false;
}

/** Undefined where something of it is not known. */
function blocksOf(generate: unknown): Readonly<Record<string, Generated>> | undefined {
  if (generate === undefined) return {};
  if (generate === null || typeof generate !== 'object' || JSON.stringify(generate).includes('"$unknown"'))
    return undefined;
  return generate as Readonly<Record<string, Generated>>;
}

/** The same file, of which only comments and layout differ. */
function saysTheSame(was: Generated | undefined, is: Generated | undefined): boolean {
  if (was === undefined || is === undefined || !isCode(was) || !isCode(is)) return false;
  const rest = (one: Generated) => canonicalJson({ ...one, contents: '' });
  const code = (one: Generated) => codeOf(parseHcl(String(one['contents'])))?.join('\n');
  return rest(was) === rest(is) && code(was) !== undefined && code(was) === code(is);
}

/** A file of its own that merges into no other. */
function isCode({ path, contents }: Generated): boolean {
  return (
    typeof contents === 'string' &&
    typeof path === 'string' &&
    /^[\w.-]+\.tf$/.test(path) &&
    !/(?:^|_)override\.tf$/.test(path)
  );
}

/** Names of the locals of a file that holds nothing but constants. */
function constantsIn(one: Generated): readonly string[] | undefined {
  const { body, errors } = isCode(one) ? parseHcl(String(one['contents'])) : { body: undefined, errors: [] };
  if (body === undefined || errors.length > 0 || body.attributes.size + body.duplicates.length > 0) return undefined;
  const names: string[] = [];
  for (const { type, body: inner } of body.blocks) {
    if (type !== 'locals' || inner.blocks.length + inner.duplicates.length > 0) return undefined;
    for (const { name, value } of inner.attributes.values()) {
      if (!isConstant(value)) return undefined;
      names.push(name);
    }
  }
  return new Set(names).size === names.length ? names : undefined;
}
