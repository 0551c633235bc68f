import { resolve } from 'node:path';
import { build, type Plugin, type PluginBuild } from 'esbuild';

/** By name, modules that are loaded together with all that they import. */
export type Groups = Readonly<Record<string, readonly string[]>>;

/**
 * Where code is split, a module lands in a file of its own for each set of lazy parts that reach it: dozens of small files, each
 * of which is found, read and linked at every start. What nearly always goes together is therefore reached together: behind each
 * `import()` stands a module that brings a group whole where it brings the first one of it.
 *
 * @param groups the first of them goes with everything
 * @param alone entry points that bring no group
 */
export function inFewParts(groups: Groups, alone: readonly string[]): Plugin {
  const startsAlone = new Set(alone.map((file) => resolve(file)));
  return {
    name: 'in-few-parts',
    setup: async (bundle) => {
      const imports = await importsOf(bundle);
      const missing = Object.values(groups)
        .flat()
        .filter((file) => !imports.has(resolve(file)));
      if (missing.length > 0) throw new Error(`in no part of the bundle: ${missing.join(', ')}`);
      const resolveDir = process.cwd();
      bundle.onResolve({ filter: /^group:/ }, ({ path }) => ({
        path: path.slice('group:'.length),
        namespace: 'group',
      }));
      bundle.onLoad({ filter: /^/, namespace: 'group' }, ({ path }) => ({
        contents: (groups[path] ?? []).map((file) => `import ${JSON.stringify(resolve(file))};`).join('\n'),
        resolveDir,
      }));
      bundle.onResolve({ filter: /^/ }, ({ kind, path, resolveDir: from, namespace }) => {
        const file = resolve(from, path);
        const isLate = kind === 'dynamic-import' && namespace === 'file' && path.startsWith('.');
        const isStart = kind === 'entry-point' && !startsAlone.has(file);
        return isLate || isStart ? { path: file, namespace: 'late' } : undefined;
      });
      bundle.onLoad({ filter: /^/, namespace: 'late' }, ({ path }) => {
        const brought = groupsBehind(path, groups, imports).map((name) => `import "group:${name}";`);
        return { contents: [...brought, `export * from ${JSON.stringify(path)};`].join('\n'), resolveDir };
      });
    },
  };
}

type Imports = ReadonlyMap<string, readonly string[]>;

function groupsBehind(path: string, groups: Groups, imports: Imports): readonly string[] {
  const reached = closureOf(path, imports);
  return Object.entries(groups)
    .filter(([, [first = '']], place) => place === 0 || reached.has(resolve(first)))
    .map(([name]) => name);
}

/** What each of our modules imports at its top, by absolute path. */
async function importsOf({ initialOptions: { entryPoints = {} } }: PluginBuild): Promise<Imports> {
  const { metafile } = await build({
    entryPoints,
    absWorkingDir: process.cwd(),
    packages: 'external',
    platform: 'node',
    format: 'esm',
    outdir: 'dist',
    bundle: true,
    splitting: true,
    write: false,
    metafile: true,
  });
  return new Map(
    Object.entries(metafile.inputs).map(([file, inputs]) => [
      resolve(file),
      inputs.imports.flatMap(({ kind, path, external }) =>
        kind === 'import-statement' && external !== true ? [resolve(path)] : [],
      ),
    ]),
  );
}

function closureOf(start: string, imports: Imports): ReadonlySet<string> {
  const reached = new Set<string>();
  const open = [start];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (reached.has(file)) continue;
    reached.add(file);
    open.push(...(imports.get(file) ?? []));
  }
  return reached;
}
