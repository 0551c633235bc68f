/** Builds what is published: one bundle in parts, the grammar, the pages, and the licences of what is in the bundle. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile, type Plugin } from 'esbuild';
import { buildWeb } from './build-web.ts';
import { clientTypes } from './client-types.ts';
import { inFewParts } from './few-parts.ts';
import { straightBuiltins } from './straight-builtins.ts';
import { straightParts } from './straight-parts.ts';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
rmSync('dist', { recursive: true, force: true });
mkdirSync('dist', { recursive: true });
/** Who needs one of these needs nearly all of them, and every file costs a command time at its start. */
const loadedTogether = {
  /** What a question asks of a graph that is kept. */
  asking: [
    'src/faces/cli/cli.ts',
    'src/wiring/open.ts',
    'src/wiring/embedded-stores.ts',
    'src/engine/versions/build.ts',
    'src/engine/verbs/impact.ts',
    'src/engine/verbs/overview.ts',
    'src/stores/ledger/sqlite/ledger.ts',
    'src/stores/graph/sqlite/graph-store.ts',
    'src/engine/verbs/table.ts',
    'src/engine/without-damage.ts',
    'src/faces/cli/progress.ts',
    'src/faces/cli/render/blind-spots.ts',
    'src/faces/cli/render/evidence.ts',
    'src/faces/cli/render/table.ts',
  ],
  /** What must be there where components are claimed. */
  claiming: [
    'src/engine/view/estate-claims.ts',
    'src/engine/view/following/follow-change.ts',
    'src/engine/view/infer-view.ts',
  ],
};
/** The first file of the command line says its version without more, and the function never needs the commands. */
const startsAlone = ['src/faces/cli/main.ts', 'src/faces/lambda/lambda.ts'];
const { metafile } = await build({
  entryPoints: {
    main: 'src/faces/cli/main.ts',
    lambda: 'src/faces/lambda/lambda.ts',
    'publish-thread': 'src/wiring/publish-thread.ts',
    'cache-process': 'src/wiring/cache-process.ts',
    'beside-process': 'src/faces/service/beside-process.ts',
    // Of these names they are asked for, see `src/model/late-module.ts`.
    patterns: 'src/hcl/functions/patterns.ts',
    'schema-engine': 'src/config/schema-engine.ts',
    'expression-engine': 'src/config/expression-engine.ts',
  },
  // Else the folder that this was started in.
  absWorkingDir: process.cwd(),
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  sourcemap: false,
  minify: false,
  legalComments: 'none',
  metafile: true,
  chunkNames: '[name]-[hash]',
  // As modules: of CommonJS all seventy files of it run at the start of every command, whether or not one of them is asked.
  alias: { yaml: './node_modules/yaml/browser/index.js' },
  plugins: [namedWhenLazy(), inFewParts(loadedTogether, startsAlone)],
});
giveRequire(metafile);
straightBuiltins(metafile);
straightParts(metafile);
// For other programs: one file that stands alone, and its types.
await build({
  ...{ entryPoints: ['src/faces/client/client.ts'], absWorkingDir: process.cwd(), outfile: 'dist/client.js' },
  ...{ bundle: true, format: 'esm', platform: 'neutral', target: 'es2022', legalComments: 'none' },
});
writeFileSync('dist/client.d.ts', await clientTypes());
cpSync('src/hcl/grammar/tree-sitter-terraform.wasm', 'dist/tree-sitter-terraform.wasm');
cpSync('node_modules/web-tree-sitter/web-tree-sitter.wasm', 'dist/web-tree-sitter.wasm');
const ofPages = await buildWeb();
writeFileSync('dist/THIRD-PARTY-LICENSES.txt', licences([...Object.keys(metafile.inputs), ...ofPages]));

/**
 * Behind `import()` a CommonJS package is bundled with `default` as its only export, where Node gives all its names. What is
 * loaded late is therefore handed on by a module that names what the package holds.
 */
function namedWhenLazy(): Plugin {
  return {
    name: 'named-when-lazy',
    setup: ({ onResolve, onLoad }) => {
      onResolve({ filter: /^[^.]/ }, ({ kind, path, importer, resolveDir }) =>
        kind === 'dynamic-import' && !path.startsWith('node:') && !importer.includes('node_modules')
          ? { path, namespace: 'lazy', pluginData: resolveDir }
          : undefined,
      );
      onLoad({ filter: /^/, namespace: 'lazy' }, async ({ path, pluginData }) => {
        const names = Object.keys((await import(path)) as object).filter((name) => /^[A-Za-z_$][\w$]*$/.test(name));
        const own = names.filter((name) => name !== 'default' && name !== 'module');
        return {
          contents: `export { ${own.join(', ')} } from ${JSON.stringify(path)};`,
          resolveDir: pluginData as string,
        };
      });
    },
  };
}

/** CommonJS packages ask for Node's modules by `require`, which a module does not have: only the part that hands it on gets one. */
function giveRequire({ outputs }: Metafile): void {
  const line =
    "import { createRequire as __karmaRequire } from 'node:module'; const require = __karmaRequire(import.meta.url);";
  for (const file of Object.keys(outputs)) {
    const code = readFileSync(file, 'utf8');
    if (code.includes('typeof require')) writeFileSync(file, `${line}\n${code}`);
  }
}

/** One section for each package that any output took a line from, by name. */
function licences(inputs: readonly string[]): string {
  const folders = new Set(['node_modules/@tree-sitter-grammars/tree-sitter-hcl']);
  for (const path of inputs) {
    const [folder] = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? [];
    if (folder !== undefined) folders.add(folder);
  }
  const sections = [...folders].map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<
      string,
      string
    >;
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    const text =
      file !== undefined && existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8').trim() : '';
    return `${name} ${version} (${license})\n\n${text === '' ? 'Its package holds no licence text.' : text}\n`;
  });
  const rule = `\n${'-'.repeat(80)}\n\n`;
  return `What the bundle of Karma contains besides Karma.\n${rule}${[...new Set(sections)].sort().join(rule)}`;
}
