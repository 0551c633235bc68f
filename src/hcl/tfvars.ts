import { parseJsonHcl } from './json.ts';
import { parseHcl } from './parse.ts';
import type { HclFile } from './tree.ts';

/** A variables file: attributes only, in native or (`json`) JSON syntax. A block in it is an error, as Terraform says. */
export function parseTfvars(text: string, json = false): HclFile {
  const file = json ? parseJsonHcl(text, {}) : parseHcl(text);
  if (file.body.blocks.length === 0) return file;
  const errors = file.body.blocks.map(({ type, at }) => ({ at, message: `a block \`${type}\` in a variables file` }));
  return { body: { ...file.body, blocks: [] }, errors: [...file.errors, ...errors] };
}
