#!/usr/bin/env node
// Plain JavaScript that any Node can read: it only decides whether the real entry can run.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** As a shell takes it back. */
function shellWord(text) {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  process.stderr.write(
    `karma needs Node 24 or newer; this is ${process.versions.node}. This command brings its own:\n\n  npx -y -p node@24 node ${[fileURLToPath(import.meta.url), ...process.argv.slice(2)].map(shellWord).join(' ')}\n`,
  );
  process.exit(1);
}
const built = new URL('../dist/main.js', import.meta.url);
const source = new URL('../src/faces/cli/main.ts', import.meta.url);
// A checkout runs what stands in it, not what was built of it some time ago; the package holds the bundle alone.
await import((existsSync(source) ? source : built).href);
