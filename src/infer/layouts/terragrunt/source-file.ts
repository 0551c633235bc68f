import { encryptedBy } from '../../../hcl/encrypted.ts';
import { parseJsonHcl, terragruntBlocks } from '../../../hcl/json.ts';
import { parseHcl } from '../../../hcl/parse.ts';
import type { Attribute, Body, HclFile } from '../../../hcl/tree.ts';
import type { FileView } from '../../../model/file-view.ts';
import { hideInText } from '../../../model/secrets/text.ts';

/** A Terragrunt file as read, shared by every unit that includes or reads it. Nothing in it depends on who asks. */
export interface SourceFile {
  readonly body: Body;
  readonly errors: HclFile['errors'];
  /** All `locals` blocks as one; the first of two equal names counts. */
  readonly locals: ReadonlyMap<string, Attribute>;
  readonly text: string;
  /** Nothing of it can be read. */
  readonly encrypted?: boolean;
}

/** Files by content, so that a shared include is parsed once for ten thousand units. */
export class SourceFiles {
  readonly #byDigest = new Map<string, SourceFile>();

  /** Undefined when there is no such file. Asks the view each time, so that a view that records sees it. */
  read(view: FileView, path: string): SourceFile | undefined {
    const digest = view.digest(path);
    if (digest === undefined) return undefined;
    const json = path.endsWith('.json');
    const key = json ? `${digest}.json` : digest;
    const known = this.#byDigest.get(key);
    if (known !== undefined) return known;
    const read = view.read(path) ?? '';
    const text = encryptedBy(read) === undefined ? read : '';
    const file = {
      ...sourceFileOf(json ? parseJsonHcl(text, terragruntBlocks) : parseHcl(text), text),
      ...(text === read ? {} : { encrypted: true }),
    };
    this.#byDigest.set(key, file);
    return file;
  }
}

export function sourceFileOf({ body, errors }: HclFile, text: string): SourceFile {
  const locals = new Map<string, Attribute>();
  for (const block of body.blocks)
    if (block.type === 'locals')
      for (const [name, attribute] of block.body.attributes) if (!locals.has(name)) locals.set(name, attribute);
  return { body, errors, locals, text };
}

/** An expression as written, shortened: its first line from where it starts. For evidence only. */
export function writtenAt(file: SourceFile, line: number, column: number): string {
  let start = 0;
  for (let at = 1; at < line; at += 1) start = file.text.indexOf('\n', start) + 1;
  const end = file.text.indexOf('\n', start);
  const written = file.text.slice(start + column - 1, end < 0 ? undefined : end).trim();
  return written.length > 120 ? hideInText(written).slice(0, 120) : written;
}
