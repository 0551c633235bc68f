import { evaluate } from '../../hcl/evaluate.ts';
import { fileFunctions } from '../../hcl/functions/files.ts';
import { parseTemplate } from '../../hcl/parse.ts';
import type { ScopeFunction } from '../../hcl/scope.ts';
import type { Expression } from '../../hcl/tree.ts';
import type { FileView } from '../../model/file-view.ts';

/** Templates by text: a loop fills one with a thousand names. Emptied when full, as what is in use comes back at once. */
const templates = new Map<string, Expression>();
const mostTemplates = 500;

function templateOf(text: string): Expression {
  const known = templates.get(text);
  if (known !== undefined) return known;
  if (templates.size >= mostTemplates) templates.clear();
  const parsed = parseTemplate(text);
  templates.set(text, parsed);
  return parsed;
}

/**
 * Terraform's file functions over a view; relative paths start from the root module's folder. Thousands of instances of one
 * module call none of them, so they are made when one is looked up.
 */
export function moduleFunctions(view: FileView, base: string): Readonly<Record<string, ScopeFunction>> {
  return new LazyFunctions(() => functionsOver(view, base));
}

type Functions = Readonly<Record<string, ScopeFunction>>;
const names = Object.keys(fileFunctions({ read: () => undefined, exists: () => false, list: () => [], base: '' }));

class LazyFunctions {
  readonly [name: string]: ScopeFunction;
  readonly #make: () => Functions;
  #made: Functions | undefined;

  static {
    for (const name of names)
      Object.defineProperty(LazyFunctions.prototype, name, {
        get(this: LazyFunctions) {
          this.#made ??= this.#make();
          return this.#made[name];
        },
      });
  }

  constructor(make: () => Functions) {
    this.#make = make;
  }
}

function functionsOver(view: FileView, base: string): Functions {
  const functions: Functions = fileFunctions({
    read: (path) => view.read(path),
    exists: (path) => view.isFile(path),
    list: (folder) => view.files(folder),
    base,
    render: (template, lookup) => evaluate(templateOf(template), { lookup, functions }),
  });
  return functions;
}
