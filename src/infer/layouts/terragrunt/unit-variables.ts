import { EvaluationError } from '../../../hcl/scope.ts';
import { isList, isObject, isUnknown, Unknown, type Value } from '../../../hcl/value.ts';
import type { FileView } from '../../../model/file-view.ts';
import { isLoadedAlways } from '../terraform/deployments.ts';
import type { VarFiles } from '../terraform/var-files.ts';
import { blockObject } from './config-object.ts';
import type { Frame } from './frame.ts';
import { member } from './generated-files.ts';
import { innerBlocks } from './inner-blocks.ts';
import type { Layer } from './layers.ts';
import { moduleInput } from './module-input.ts';
import { folderOf, resolve } from './paths.ts';

/**
 * What a unit's module gets for a variable, in the order in which Terraform takes it: an input (handed over in the environment,
 * where one that is there already stays), files that are loaded by their name, then those that further arguments name.
 */
export function unitVariables(
  unit: Frame,
  layers: readonly Layer[],
  from: { readonly inputs: () => Value; readonly view: FileView; readonly folder: string; readonly files: VarFiles },
): (name: string) => Value | undefined {
  const written = new Map<string, Value>();
  const read = (view: FileView, path: string) => {
    for (const [name, value] of from.files.read(view, path) ?? []) written.set(name, value);
  };
  for (const path of loadedByName(from.view, from.folder)) read(from.view, path);
  const named = namedFiles(unit, layers);
  for (const path of named.paths) read(unit.session.view, path);
  const inputs = inputsOf(from.inputs);
  return (name) => {
    if (named.unknown !== undefined) return named.unknown;
    const set = written.get(name);
    if (set !== undefined) return set;
    const input = unit.session.environment(`TF_VAR_${name}`) ?? inputs(name);
    return input === undefined ? undefined : moduleInput(input, unit.session.estate.paths);
  };
}

function inputsOf(compute: () => Value): (name: string) => Value | undefined {
  const whole = attempted(compute);
  if (isUnknown(whole)) return () => whole;
  if (!isObject(whole)) return () => undefined;
  return (name) => (Object.hasOwn(whole, name) ? attempted(() => whole[name] ?? null) : undefined);
}

function attempted(compute: () => Value): Value {
  try {
    return compute();
  } catch (error) {
    if (error instanceof EvaluationError) return new Unknown(error.message);
    throw error;
  }
}

function loadedByName(view: FileView, folder: string): string[] {
  const names = view.list(folder).filter(({ name, kind }) => kind === 'file' && isLoadedAlways(name));
  const paths = names.map(({ name }) => (folder === '' ? name : `${folder}/${name}`));
  return paths.sort((a, b) => Number(a.includes('.auto.')) - Number(b.includes('.auto.')));
}

/** Files of variables that `extra_arguments` name; one that is not known may set anything. */
function namedFiles(
  unit: Frame,
  layers: readonly Layer[],
): { readonly paths: readonly string[]; readonly unknown: Value | undefined } {
  const paths: string[] = [];
  let unknown: Value | undefined;
  const add = (value: Value | undefined, file: (word: string) => string | undefined) => {
    if (value !== undefined && isUnknown(value)) unknown ??= value;
    for (const word of value !== undefined && isList(value) ? value : [])
      if (isUnknown(word)) unknown ??= word;
      else if (typeof word === 'string') {
        const path = file(word);
        if (path !== undefined) paths.push(unit.session.estate.paths.inView(resolve(folderOf(unit.at.config), path)));
      }
  };
  for (const { frame, block } of innerBlocks(layers, 'extra_arguments').values()) {
    const object = blockObject(frame, block);
    for (const name of ['required_var_files', 'optional_var_files']) add(member(object, name), (word) => word);
    const words = member(object, 'arguments');
    // Of words that are no files only what is written matters.
    if (words !== undefined && isList(words))
      add(
        words.filter((word) => typeof word === 'string'),
        (word) => /^-?-var-file=(.+)$/.exec(word)?.[1],
      );
  }
  return { paths, unknown };
}
