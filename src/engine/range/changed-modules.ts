import type { Expression } from '../../hcl/tree.ts';
import { changesBetween, evaluateSafely, type ModuleChanges } from '../../infer/terraform/flow/module-changes.ts';
import { type ModuleNode, modulesOf, moduleTree } from '../../infer/terraform/flow/module-tree.ts';
import type { Part } from '../../infer/terraform/flow/parts.ts';
import { Spread } from '../../infer/terraform/flow/spread.ts';
import { ModuleLoader } from '../../infer/terraform/load-module.ts';
import type { FileView } from '../../model/file-view.ts';

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

  constructor(before: FileView, after: FileView) {
    this.#views = { before, after };
  }

  /**
   * @param given root variables whose defaults mean nothing
   * @returns undefined where one of the two cannot be read as a whole
   */
  of(folder: string, given: ReadonlySet<string>): ChangedModule | undefined {
    const key = [folder, ...given].join('\n');
    if (!this.#known.has(key)) this.#known.set(key, this.#compare(folder, given));
    return this.#known.get(key);
  }

  #compare(folder: string, given: ReadonlySet<string>): ChangedModule | undefined {
    const [before, after] = [this.#tree('before', folder), this.#tree('after', folder)];
    if (before === undefined || after === undefined) return undefined;
    return { before, after, changes: changesBetween(before, after, given), spread: this.#spread(after) };
  }

  /** Where a change may lead in a root module as it is at the later end. */
  spreadIn(folder: string): Spread | undefined {
    const tree = this.#tree('after', folder);
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

  #tree(end: End, folder: string): ModuleNode | undefined {
    const key = `${end} ${folder}`;
    // A module of another repository is read at one position for both ends.
    if (!this.#trees.has(key))
      this.#trees.set(key, folder.includes(':') ? undefined : moduleTree(this.#loader, this.#views[end], folder));
    return this.#trees.get(key);
  }

  /**
   * Whether what differs gives nobody a value and decides nothing: locals that nothing uses, outputs of modules that nothing
   * reads, what is written for people.
   */
  isIdle(folder: string, given: ReadonlySet<string>): boolean {
    const found = this.of(folder, given);
    if (found === undefined) return false;
    const { after, changes, spread } = found;
    if (changes.acted || changes.decides || changes.everything) return false;
    const reached = spread.from(changes, false);
    if (reached === undefined) return false;
    for (const id of reached) if (!isIdlePart(id, spread)) return false;
    return [...modulesOf(after)].every((node) => {
      const values = changes.parts.flatMap((id) => {
        const part = id.startsWith(node.prefix) ? node.parts.get(id.slice(node.prefix.length)) : undefined;
        return part === undefined ? [] : evaluatedIn(part, node);
      });
      return evaluateSafely(node, this.#loader, this.#views.after, values);
    });
  }
}

/** What Terraform evaluates whoever uses it. */
function evaluatedIn({ kind, id, value }: Part, { module }: ModuleNode): readonly Expression[] {
  if (kind === 'local') return value === undefined ? [] : [value];
  const output = kind === 'output' ? module.outputs.get(id.slice('output.'.length)) : undefined;
  const said = output?.body.attributes.get('value');
  return said === undefined ? [] : [said.value];
}

/** Terraform evaluates it, and nothing more. */
function isIdlePart(id: string, spread: Spread): boolean {
  const kind = spread.part(id)?.kind;
  return kind === 'local' || (kind === 'output' && id.startsWith('module.'));
}

/** Whether a text may be code that mentions values of a module. */
export function namesParts(text: string): boolean {
  return /\b(?:local|var|module|data|output)\b\s*[."\\[]|\b(?:resource|locals|module|variable)\b/.test(text);
}
