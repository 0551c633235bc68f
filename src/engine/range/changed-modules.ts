import type { Value } from '../../hcl/value.ts';
import { type WrittenFile, writtenOver } from '../../infer/layouts/terragrunt/written-over.ts';
import { areReadByCalls } from '../../infer/terraform/flow/files-read.ts';
import { changesBetween, changesByValues, type ModuleChanges } from '../../infer/terraform/flow/module-changes.ts';
import { type ModuleNode, modulesOf, moduleTree } from '../../infer/terraform/flow/module-tree.ts';
import { areSafe } from '../../infer/terraform/flow/quiet-changes.ts';
import { Spread } from '../../infer/terraform/flow/spread.ts';
import { ModuleLoader } from '../../infer/terraform/load-module.ts';
import type { FileView } from '../../model/file-view.ts';
import { type GivenValues, saidOf } from './given-values.ts';

/** A root module at both ends of a range, with what differs and where that can lead. */
export interface ChangedModule {
  readonly before: ModuleNode;
  readonly after: ModuleNode;
  readonly changes: ModuleChanges;
  readonly spread: Spread;
}

type End = 'before' | 'after';

/** Root modules at both ends, part by part; each is read once. Needs `await loadGrammar()` before. */
export class ChangedModules {
  readonly #views: Readonly<Record<End, FileView>>;
  readonly #loader = new ModuleLoader();
  readonly #trees = new Map<string, ModuleNode | undefined>();
  readonly #spreads = new WeakMap<ModuleNode, Spread>();
  readonly #known = new Map<string, ChangedModule | undefined>();
  readonly #told = new Map<string, boolean>();

  constructor(before: FileView, after: FileView) {
    this.#views = { before, after };
  }

  /**
   * @param given root variables whose defaults mean nothing
   * @param laid files that are written over the root for a run, the same at both ends
   * @returns undefined where one of the two cannot be read as a whole
   */
  of(folder: string, given: ReadonlySet<string>, laid: readonly WrittenFile[] = []): ChangedModule | undefined {
    const key = [folder, textOf(laid), ...given].join('\n');
    if (!this.#known.has(key)) this.#known.set(key, this.#compare(folder, given, laid));
    return this.#known.get(key);
  }

  #compare(folder: string, given: ReadonlySet<string>, laid: readonly WrittenFile[]): ChangedModule | undefined {
    const [before, after] = [this.#tree('before', folder, laid), this.#tree('after', folder, laid)];
    if (before === undefined || after === undefined) return undefined;
    const views = [writtenOver(this.#views.before, laid), writtenOver(this.#views.after, laid)] as const;
    return { before, after, changes: changesBetween(before, after, given, views), spread: this.#spread(after) };
  }

  /**
   * What of a root module as it is at the later end means something else because variables are given other values: whatever
   * else it is given. Undefined where that cannot be told.
   * @param asText whether values are handed in the environment
   */
  byValues(
    folder: string,
    given: GivenValues,
    asText: boolean,
    laid: readonly WrittenFile[] = [],
  ): readonly string[] | undefined {
    const tree = this.#tree('after', folder, laid);
    const isGiven = Object.values(given).every(({ before, after }) => before !== undefined || after !== undefined);
    if (tree === undefined || !isGiven) return undefined;
    const ends = ['before', 'after'] as const;
    const values = ends.map((end) => {
      const all = Object.entries(given).map(([name, both]) => [name, saidOf(tree, name, both[end], asText)] as const);
      return new Map(all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
    });
    const [before, after] = values as [Map<string, Value>, Map<string, Value>];
    if (before.size < Object.keys(given).length || after.size < before.size) return undefined;
    return changesByValues(tree, writtenOver(this.#views.after, laid), [before, after]);
  }

  /** Where a change may lead in a root module as it is at the later end. */
  spreadIn(folder: string, laid: readonly WrittenFile[] = []): Spread | undefined {
    const tree = this.#tree('after', folder, laid);
    return tree === undefined ? undefined : this.#spread(tree);
  }

  #spread(tree: ModuleNode): Spread {
    let spread = this.#spreads.get(tree);
    if (spread === undefined) {
      spread = new Spread(tree);
      this.#spreads.set(tree, spread);
    }
    return spread;
  }

  #tree(end: End, folder: string, laid: readonly WrittenFile[]): ModuleNode | undefined {
    const key = `${end} ${folder} ${textOf(laid)}`;
    // A module of another repository is read at one position for both ends.
    if (!this.#trees.has(key))
      this.#trees.set(
        key,
        folder.includes(':') ? undefined : moduleTree(this.#loader, writtenOver(this.#views[end], laid), folder),
      );
    return this.#trees.get(key);
  }

  /** `x.tofu` beside `x.tf`, at either end: OpenTofu reads one, Terraform the other. */
  hasTwin(file: string): boolean {
    const twin = file.replace(/\.(tf|tofu)(\.json)?$/, (_, kind: string, json: string | undefined) => {
      return `.${kind === 'tf' ? 'tofu' : 'tf'}${json ?? ''}`;
    });
    return twin !== file && [this.#views.before, this.#views.after].some((view) => view.isFile(twin));
  }

  /** Whether anything of a root module reads or lists files, at either end; also where it cannot be read as a whole. */
  readsFiles(folder: string): boolean {
    return (['before', 'after'] as const).some((end) => {
      const tree = this.#tree(end, folder, []);
      if (tree === undefined) return true;
      for (const { parts } of modulesOf(tree)) for (const { readsFiles } of parts.values()) if (readsFiles) return true;
      return false;
    });
  }

  /** Whether what some files say is in the meaning of what reads them, at both ends. */
  tellsOf(folder: string, files: readonly string[], laid: readonly WrittenFile[] = []): boolean {
    const key = [folder, textOf(laid), ...files].join('\n');
    let told = this.#told.get(key);
    if (told === undefined) {
      const { before, after } = this.of(folder, new Set(), laid) ?? {};
      told =
        before !== undefined &&
        after !== undefined &&
        areReadByCalls(before, writtenOver(this.#views.before, laid), files, this.#spread(before)) &&
        areReadByCalls(after, writtenOver(this.#views.after, laid), files, this.#spread(after));
      this.#told.set(key, told);
    }
    return told;
  }

  /**
   * Whether what differs gives nobody a value and decides nothing: locals that nothing uses, outputs of modules that nothing
   * reads, what is written for people.
   * @param beside code that is laid beside the module for a run, the same at both ends; it may mention anything by its name
   * @param values what the module is given, as text, where that is known
   * @param laid other files that are written over the module's folder for a run, the same at both ends
   */
  isIdle(
    folder: string,
    given: ReadonlySet<string>,
    beside = '',
    values: () => string = () => '',
    laid: readonly WrittenFile[] = [],
  ): boolean {
    // It may call modules that the module calls, and hand them other things.
    if (/\bmodule\b\s*\\*"/.test(beside)) return false;
    const found = this.of(folder, given, laid);
    if (found === undefined) return false;
    const { after, changes, spread } = found;
    if (changes.acted || changes.decides || changes.everything) return false;
    const reached = spread.from(changes, false);
    if (reached === undefined) return false;
    const differing = changes.quiet.map(({ part }) => part.id);
    if (beside !== '' && [...differing, ...changes.gone].some((id) => isWordOf(nameOf(id), beside))) return false;
    const mayBeGiven = (name: string) => given.has(name) || isGivenIn(values(), name);
    return (
      reached.size === 0 &&
      areSafe(after, changes.quiet, this.#loader, writtenOver(this.#views.after, laid), mayBeGiven)
    );
  }
}

/** A value for a variable among inputs, arguments and the environment; of values that are not known as such it may be any. */
function isGivenIn(values: string, name: string): boolean {
  return (
    isWordOf(name, values) || values.includes(`TF_VAR_${name}`) || /^\[\[?\{"\$unknown"|,\[?\{"\$unknown"/.test(values)
  );
}

function textOf(laid: readonly WrittenFile[]): string {
  return laid.length === 0 ? '' : JSON.stringify(laid);
}

/** `x` of `local.x`, `module.x` and `module.x(argument)`. */
function nameOf(id: string): string {
  return /^[^.]*\.([^(]*)/.exec(id)?.[1] ?? id;
}

/** Whether a text holds a name as a word of its own. */
export function isWordOf(name: string, text: string): boolean {
  return text.split(/[^\w-]+/).includes(name);
}

/** Whether a text may be code that mentions values of a module. */
export function namesParts(text: string): boolean {
  return /\b(?:local|var|module|data|output)\b\s*[."\\[]|\b(?:resource|locals|module|variable)\b/.test(text);
}
