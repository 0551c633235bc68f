/** Builds what is published: one bundle with code splitting, the grammar and the examples beside it. */
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

rmSync('dist', { recursive: true, force: true });
mkdirSync('dist', { recursive: true });
await build({
  entryPoints: { main: 'src/faces/cli/main.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  sourcemap: false,
  minify: false,
  legalComments: 'none',
  chunkNames: '[name]-[hash]',
  banner: { js: "import { createRequire as __karmaRequire } from 'node:module'; const require = __karmaRequire(import.meta.url);" },
});
cpSync('src/hcl/grammar/tree-sitter-terraform.wasm', 'dist/tree-sitter-terraform.wasm');
cpSync('node_modules/web-tree-sitter/web-tree-sitter.wasm', 'dist/web-tree-sitter.wasm');
