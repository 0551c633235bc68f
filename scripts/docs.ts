/**
 * Writes the pages that repeat what the code says: commands, findings, errors, rules. `--check` writes nothing and fails when
 * one of them is out of date. A person writes the other pages.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { generatedPages } from '../test/docs/pages.ts';

const check = process.argv.includes('--check');
let stale = 0;
for (const [file, text] of generatedPages()) {
  const there = readOr(file);
  if (there === text) continue;
  stale += 1;
  if (check) console.error(`${file} is out of date: node scripts/docs.ts`);
  else writeFileSync(file, text);
}
if (check && stale > 0) process.exit(1);

function readOr(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
