import { readJson } from '../../../config/json-document.ts';
import { readYaml } from '../../../config/yaml-document.ts';
import { parseHcl } from '../../../hcl/parse.ts';
import type { Body, Expression } from '../../../hcl/tree.ts';
import type { FileView } from '../../../model/file-view.ts';
import { filePlace } from '../../../model/file-view.ts';
import type { ValuePlace } from '../terraform/places-of-variables.ts';

/**
 * Where each input of a unit is written, the place that counts first: the unit's own file, then what it includes and reads,
 * nearest folder first. A key that stands in no file as such (it is computed) is where `inputs` is.
 * @param files what the unit reads: configurations, and the YAML and JSON files that their values come from
 */
export function placesOfInputs(
  view: FileView,
  { unit, files }: { readonly unit: string; readonly files: readonly string[] },
): { readonly of: (name: string) => readonly ValuePlace[]; readonly inputs: ValuePlace } {
  const ordered = [unit, ...files.filter((file) => file !== unit).sort((a, b) => nearness(b) - nearness(a))];
  const found = new Map<string, ValuePlace[]>();
  let inputs: ValuePlace | undefined;
  for (const file of ordered) {
    const { keys, at } = keysIn(view, file);
    inputs ??= at === undefined ? undefined : { file: filePlace(view.repo, file), line: at };
    for (const [name, line] of keys) {
      const places = found.get(name) ?? [];
      places.push({ file: filePlace(view.repo, file), line });
      found.set(name, places);
    }
  }
  const fallback = inputs ?? { file: filePlace(view.repo, unit), line: 1 };
  return { of: (name) => found.get(name) ?? [], inputs: fallback };
}

/** Deeper folders say what holds for fewer units. */
function nearness(file: string): number {
  return file.split('/').length;
}

function keysIn(
  view: FileView,
  file: string,
): { readonly keys: ReadonlyMap<string, number>; readonly at: number | undefined } {
  const text = view.read(file) ?? '';
  if (/\.(?:ya?ml|json)$/.test(file) && !file.endsWith('.hcl.json')) {
    const document = file.endsWith('.json') ? readJson(text) : readYaml(text);
    const value = document.value;
    const names = value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.keys(value) : [];
    const lineOf = (name: string) => document.lineOf(`/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`);
    return { keys: new Map(names.map((name) => [name, lineOf(name)])), at: undefined };
  }
  const { body } = parseHcl(text);
  const inputs = body.attributes.get('inputs');
  const keys = new Map<string, number>();
  // What locals hold comes first: what `inputs` says itself stands over it.
  for (const one of localsOf(body)) collect(one, keys);
  if (inputs !== undefined) collect(inputs.value, keys);
  return { keys, at: inputs?.at.line };
}

function localsOf({ blocks }: Body): Expression[] {
  return blocks
    .filter(({ type }) => type === 'locals')
    .flatMap(({ body }) => [...body.attributes.values()].map(({ value }) => value));
}

/** The keys of an object, and of objects that functions such as `merge` are given: the last one wins. */
function collect(expression: Expression, keys: Map<string, number>): void {
  if (expression.kind === 'object')
    for (const { key } of expression.items)
      if (key.kind === 'literal' && typeof key.value === 'string') keys.set(key.value, key.at.line);
  if (expression.kind === 'call') for (const argument of expression.args) collect(argument, keys);
  if (expression.kind === 'conditional') {
    collect(expression.otherwise, keys);
    collect(expression.then, keys);
  }
}
