import { evaluate } from '../../hcl/evaluate.ts';
import { fileFunctions } from '../../hcl/functions/files.ts';
import { parseTemplate } from '../../hcl/parse.ts';
import type { ScopeFunction } from '../../hcl/scope.ts';
import type { Expression } from '../../hcl/tree.ts';
import type { FileView } from '../../model/file-view.ts';
import { estateRoot, type FileAccount, standingIn } from './file-account.ts';

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

/** From where the functions of one module read. */
export interface ReadingFrom {
  readonly view: FileView;
  /** The folder of the root module, where relative paths start. */
  readonly base: string;
  /** The folder of the module that is evaluated. */
  readonly module: string;
  readonly account: FileAccount | undefined;
}

/**
 * Terraform's file functions over a view; relative paths start from the root module's folder. Thousands of instances of one
 * module call none of them, so they are made when one is looked up.
 */
export function moduleFunctions(from: ReadingFrom): Readonly<Record<string, ScopeFunction>> {
  return new LazyFunctions(() => functionsOver(from));
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

function functionsOver(from: ReadingFrom): Functions {
  const { view, base, account } = from;
  const functions: Functions = fileFunctions({
    read: (path) => {
      account?.file(view, path);
      return view.read(path);
    },
    exists(path) {
      account?.file(view, path);
      return view.isFile(path);
    },
    ignored(path) {
      const isIgnored = view.ignored?.has(path) === true;
      if (isIgnored) account?.file(view, path);
      return isIgnored;
    },
    ignoredBelow: (folder, pattern) => view.ignored?.below(folder, pattern) ?? [],
    foundIgnored: (path) => account?.ignored(path),
    list(folder) {
      account?.names(view, folder);
      return view.files(folder);
    },
    base,
    root: estateRoot,
    unread: (path, below) => account?.unread(standingIn(view, base, from.module), path, below),
    absent: (path) => account?.outside(path),
    render: (template, lookup) => evaluate(templateOf(template), { lookup, functions }),
  });
  return functions;
}
