import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { verbNamed, verbs } from '../../src/engine/verbs/table.ts';
import { answerSchemas } from './answer-schemas.ts';
import { breaks } from './breaks.ts';
import type { Schema } from './schema-of-type.ts';

export const answersFolder = fileURLToPath(new URL('../../schemas/answers', import.meta.url));

/** A schema that is not what stands in its file. */
export interface ChangedSchema {
  readonly file: string;
  /** What the file is to hold; undefined where nothing is answered by it any more. */
  readonly text: string | undefined;
  /** What the change would break for who reads answers by the file as it is. */
  readonly broken: readonly string[];
}

export async function changedSchemas(folder: string = answersFolder): Promise<readonly ChangedSchema[]> {
  made ??= make();
  const schemas = await made;
  const changed = [...schemas].flatMap(([verb, schema]) => changeOf(folder, `${verb}.json`, schema));
  const left = existsSync(folder)
    ? readdirSync(folder).filter((file) => !schemas.has(file.replace(/\.json$/, '')))
    : [];
  const broken = ['no verb answers by it any more: take the file away if nobody was ever given it'];
  return [...changed, ...left.map((file) => ({ file, text: undefined, broken }))];
}

/** Made once: the compiler reads all types for it. */
let made: Promise<ReadonlyMap<string, Schema>> | undefined;

async function make(): Promise<ReadonlyMap<string, Schema>> {
  const versions = new Map<string, number>();
  for (const name of Object.keys(verbs)) versions.set(name, (await verbNamed(name)).schemaVersion ?? 1);
  return answerSchemas((verb) => versions.get(verb) ?? 1);
}

function changeOf(folder: string, file: string, schema: Schema): readonly ChangedSchema[] {
  const text = `${JSON.stringify(schema, null, 2)}\n`;
  const there = existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8') : undefined;
  if (there === text) return [];
  const before = there === undefined ? undefined : (JSON.parse(there) as Schema);
  const isSame = before !== undefined && versionOf(before) === versionOf(schema);
  return [{ file, text, broken: isSame ? breaks(before, schema) : [] }];
}

function versionOf({ properties }: Schema): unknown {
  return (properties as { readonly schemaVersion?: { readonly const?: unknown } } | undefined)?.schemaVersion?.const;
}
