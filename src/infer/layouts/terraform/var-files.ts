import { encryptedBy } from '../../../hcl/encrypted.ts';
import { evaluate } from '../../../hcl/evaluate.ts';
import { EvaluationError } from '../../../hcl/scope.ts';
import { parseTfvars } from '../../../hcl/tfvars.ts';
import type { HclFile } from '../../../hcl/tree.ts';
import type { Value } from '../../../hcl/value.ts';
import { Unknown } from '../../../hcl/value.ts';
import type { FileView } from '../../../model/file-view.ts';

/** Constants alone: neither variables nor functions have a meaning in a variables file. */
const constants = { lookup: (): Value | undefined => undefined };

const encrypted: HclFile = { body: { attributes: new Map(), blocks: [], duplicates: [] }, errors: [] };

/** Reads variable and backend files, each content once. */
export class VarFiles {
  readonly #parsed = new Map<string, HclFile>();

  /** Names and values of one file; undefined when there is none. */
  read(view: FileView, path: string): ReadonlyMap<string, Value> | undefined {
    const beside = view.setBeside?.(path);
    if (beside !== undefined)
      return new Map(beside.map((name) => [name, Unknown.at(`var.${name}`, [], 'what a file sets that Git ignores')]));
    const file = this.parsed(view, path);
    if (file === undefined) return undefined;
    const values = new Map<string, Value>();
    for (const { name, value } of file.body.attributes.values()) {
      try {
        values.set(name, evaluate(value, constants));
      } catch (error) {
        if (!(error instanceof EvaluationError)) throw error;
        values.set(name, new Unknown(error.message));
      }
    }
    return values;
  }

  /** Nobody can say what it sets. */
  isEncrypted(view: FileView, path: string): boolean {
    return this.parsed(view, path) === encrypted;
  }

  parsed(view: FileView, path: string): HclFile | undefined {
    const digest = view.digest(path);
    if (digest === undefined) return undefined;
    const json = path.endsWith('.json');
    const key = `${digest}${json ? ' json' : ''}`;
    const known = this.#parsed.get(key);
    if (known !== undefined) return known;
    const text = view.read(path);
    if (text === undefined) return undefined;
    const parsed = encryptedBy(text) === undefined ? parseTfvars(text, json) : encrypted;
    this.#parsed.set(key, parsed);
    return parsed;
  }
}
