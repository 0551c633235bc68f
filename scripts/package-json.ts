/**
 * What `npm pack` and `npm publish` carry: package.json without dependencies, because the bundle holds what they bring and
 * Node comes from whoever installs (docs/decisions/0002-node-from-npm.md). `trim` before packing, `restore` after.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const kept = '.cache/package.json';

if (process.argv[2] === 'trim') {
  const text = readFileSync('package.json', 'utf8');
  const { dependencies, optionalDependencies, devDependencies, scripts, ...published } = JSON.parse(text) as Record<
    string,
    unknown
  >;
  mkdirSync('.cache', { recursive: true });
  if (dependencies !== undefined) writeFileSync(kept, text);
  writeFileSync('package.json', `${JSON.stringify(published, null, 2)}\n`);
} else if (process.argv[2] === 'restore') {
  if (existsSync(kept)) renameSync(kept, 'package.json');
} else {
  console.error('usage: node scripts/package-json.ts trim|restore');
  process.exit(64);
}
