/**
 * Writes the schema of each verb's answer under `schemas/answers/`, made of the answer's type. Within one version of a schema
 * members are added, never renamed, retyped or made optional: what would break that is refused and nothing is written.
 * `--check` writes nothing and fails where a schema is not what its type says.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answersFolder, changedSchemas } from './schemas/changed-schemas.ts';

const check = process.argv.includes('--check');
let wrong = 0;
for (const { file, text, broken } of await changedSchemas()) {
  wrong += 1;
  const path = `schemas/answers/${file}`;
  if (broken.length > 0)
    console.error(
      `${path}: who reads answers by it would be let down; raise the verb's \`schemaVersion\`, or take it back:\n${broken.map((one) => `  ${one}`).join('\n')}`,
    );
  else if (check) console.error(`${path} is out of date: node scripts/schemas.ts`);
  else if (text !== undefined) {
    mkdirSync(answersFolder, { recursive: true });
    writeFileSync(join(answersFolder, file), text);
    wrong -= 1;
  }
}
if (wrong > 0) process.exit(1);
