import { encryptedBy, lineOfBadByte } from '../../hcl/encrypted.ts';
import { parseJsonHcl, terraformBlocks } from '../../hcl/json.ts';
import { largestText, parseHcl } from '../../hcl/parse.ts';
import type { HclFile } from '../../hcl/tree.ts';
import type { FileView } from '../../model/file-view.ts';
import { filePlace } from '../../model/file-view.ts';
import type { Module, ModuleProblem } from './module.ts';
import { ModuleBuilder } from './module-builder.ts';
import { isOverride, moduleFiles } from './module-files.ts';

/** Reads a Terraform configuration file. `.json` at the end of the path means JSON syntax. */
export type ParseFile = (text: string, path: string) => HclFile;

export const parseTerraform: ParseFile = (text, path) =>
  path.endsWith('.json') ? parseJsonHcl(text, terraformBlocks) : parseHcl(text);

type Trouble = Pick<ModuleProblem, 'code' | 'message' | 'at'>;

const nothing: HclFile = { body: { attributes: new Map(), blocks: [], duplicates: [] }, errors: [] };

function troubleOf(text: string): Trouble | undefined {
  const by = encryptedBy(text);
  if (by !== undefined)
    return {
      code: 'file-encrypted',
      message: `encrypted by ${by}: what it sets is unknown`,
      at: { line: 1, column: 1 },
    };
  const line = lineOfBadByte(text);
  if (line === undefined) return undefined;
  return { code: 'not-utf8', message: 'bytes that are not UTF-8: Terraform refuses them', at: { line, column: 1 } };
}

/**
 * Reads modules, each once per content: files are remembered by digest, modules by their files' digests. One loader serves
 * one open estate. It asks the view for every digest each time, so a view that records what was touched sees all of it.
 */
export class ModuleLoader {
  readonly #parse: ParseFile;
  readonly #files = new Map<string, HclFile | 'absent' | 'too large'>();
  readonly #modules = new Map<string, Module>();
  /** By digest, what is odd of a file whatever it says. */
  readonly #troubles = new Map<string, Trouble>();

  constructor(parse: ParseFile = parseTerraform) {
    this.#parse = parse;
  }

  /** The module in a folder, or undefined when it holds no configuration file. Broken files are among its problems. */
  load(view: FileView, path: string): Module | undefined {
    const files = moduleFiles(view, path);
    if (files.length === 0) return undefined;
    const digests = files.map((file) => `${file}\n${view.digest(file) ?? ''}`);
    const key = `${view.repo}\n${path}\n${digests.join('\n')}`;
    let module = this.#modules.get(key);
    if (module === undefined) {
      module = this.#build(view, path, files);
      this.#modules.set(key, module);
    }
    return module;
  }

  #build(view: FileView, path: string, files: readonly string[]): Module {
    const builder = new ModuleBuilder();
    for (const file of files) {
      const place = filePlace(view.repo, file);
      const parsed = this.parsed(view, file);
      const at = { line: 1, column: 1 };
      if (parsed === 'absent') continue;
      const trouble = this.#troubles.get(view.digest(file) ?? '');
      if (trouble !== undefined) builder.problem({ ...trouble, key: place, file: place });
      if (parsed === 'too large')
        builder.problem({ code: 'file-too-large', key: place, message: 'larger than 2 MiB', file: place, at });
      else builder.add(place, parsed, isOverride(file));
    }
    return builder.finish({ repo: view.repo, path, key: filePlace(view.repo, path), files });
  }

  /** One file's tree, remembered by content. */
  parsed(view: FileView, file: string): HclFile | 'absent' | 'too large' {
    const digest = view.digest(file);
    if (digest === undefined) return 'absent';
    const key = `${digest}\n${file.slice(file.lastIndexOf('.'))}`;
    let parsed = this.#files.get(key);
    if (parsed === undefined) {
      const text = view.read(file);
      const trouble = text === undefined ? undefined : troubleOf(text);
      if (trouble !== undefined) this.#troubles.set(digest, trouble);
      if (trouble?.code === 'file-encrypted') parsed = nothing;
      else parsed = text === undefined ? 'absent' : text.length > largestText ? 'too large' : this.#parse(text, file);
      this.#files.set(key, parsed);
    }
    return parsed;
  }
}
