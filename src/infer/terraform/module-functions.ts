import { evaluate } from '../../hcl/evaluate.ts';
import { fileFunctions } from '../../hcl/functions/files.ts';
import { parseTemplate } from '../../hcl/parse.ts';
import type { ScopeFunction } from '../../hcl/scope.ts';
import type { FileView } from '../../model/file-view.ts';

/** Terraform's file functions over a view; relative paths start from the root module's folder. */
export function moduleFunctions(view: FileView, base: string): Readonly<Record<string, ScopeFunction>> {
  const functions: Readonly<Record<string, ScopeFunction>> = fileFunctions({
    read: (path) => view.read(path),
    exists: (path) => view.isFile(path),
    list: (folder) => view.files(folder),
    base,
    render: (template, names) =>
      evaluate(parseTemplate(template), {
        lookup: (name) => (Object.hasOwn(names, name) ? names[name] : undefined),
        functions,
      }),
  });
  return functions;
}
