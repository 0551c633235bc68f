/** Builds the AWS Lambda function as one file that stands alone: `node scripts/build-function.ts [FOLDER]`, default `dist/function`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** @returns the file: its handler is `index.handler` */
export async function buildFunction(folder: string): Promise<string> {
  const outfile = join(folder, 'index.mjs');
  await build({
    entryPoints: [join(root, 'src/faces/lambda/lambda.ts')],
    absWorkingDir: root,
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    minify: true,
    legalComments: 'none',
    banner: {
      // CommonJS packages ask for Node's modules by `require`, which a module does not have.
      js: "import { createRequire as __karmaRequire } from 'node:module'; const require = __karmaRequire(import.meta.url);",
    },
    plugins: [withinOneFile()],
  });
  return outfile;
}

/** What otherwise stands beside the bundle is within it: modules that are brought late, and the grammar. */
function withinOneFile(): Plugin {
  return {
    name: 'within-one-file',
    setup: ({ onLoad }) => {
      onLoad({ filter: /src\/model\/late-module\.ts$/ }, () => ({
        loader: 'ts',
        resolveDir: join(root, 'src'),
        contents: `
          const all = {
            patterns: () => require('./hcl/functions/patterns.ts'),
            'schema-engine': () => require('./config/schema-engine.ts'),
            'expression-engine': () => require('./config/expression-engine.ts'),
          };
          export const lateModule = (name) => () => all[name]();`,
      }));
      onLoad({ filter: /src\/hcl\/grammar-files\.ts$/ }, () => ({
        loader: 'ts',
        contents: ['web-tree-sitter', 'tree-sitter-terraform']
          .map((name, at) => {
            const file =
              name === 'web-tree-sitter' ? `node_modules/web-tree-sitter/${name}.wasm` : `src/hcl/grammar/${name}.wasm`;
            const text = readFileSync(join(root, file)).toString('base64');
            return `export const ${at === 0 ? 'runtime' : 'grammar'}File = () => Buffer.from(${JSON.stringify(text)}, 'base64');`;
          })
          .join('\n'),
      }));
    },
  };
}

if (argv[1] === fileURLToPath(import.meta.url)) await buildFunction(argv[2] ?? join(root, 'dist/function'));
