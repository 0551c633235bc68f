import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { answersFolder, changedSchemas } from '../../scripts/schemas/changed-schemas.ts';

const copies: string[] = [];
afterAll(() => {
  for (const folder of copies) rmSync(folder, { recursive: true, force: true });
});

/** The schemas as they stand, but that one says something else. */
function copyWith(file: string, edit: (schema: string) => string): string {
  const folder = mkdtempSync(join(tmpdir(), 'karma-schemas-'));
  copies.push(folder);
  cpSync(answersFolder, folder, { recursive: true });
  writeFileSync(join(folder, file), edit(readFileSync(join(folder, file), 'utf8')));
  return folder;
}

it('are what the types of the answers say (node scripts/schemas.ts)', async () => {
  expect((await changedSchemas()).map(({ file, broken }) => ({ file, broken }))).toEqual([]);
});

it('refuse an answer that does not keep what a schema promised', async () => {
  const folder = copyWith('list.json', (text) => text.replaceAll('"usedBy"', '"usedByOthers"'));
  expect((await changedSchemas(folder)).map(({ file, broken }) => ({ file, broken }))).toEqual([
    { file: 'list.json', broken: ['.components[].usedByOthers is gone'] },
  ]);
});

it('let an answer tell more than was promised, and break with what a version before promised', async () => {
  const less = copyWith('list.json', (text) =>
    text.replaceAll(/"usedBy": \{[^}]*\},?/g, '').replaceAll(/,?\s*"usedBy"/g, ''),
  );
  const older = copyWith('list.json', (text) =>
    text.replaceAll('"usedBy"', '"users"').replace('"const": 1', '"const": 0'),
  );
  for (const folder of [less, older])
    expect((await changedSchemas(folder)).map(({ file, broken }) => ({ file, broken }))).toEqual([
      { file: 'list.json', broken: [] },
    ]);
});
