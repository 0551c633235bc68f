import { EvaluationError } from '../../../hcl/scope.ts';
import { isList, isObject, isUnknown, Unknown, type Value } from '../../../hcl/value.ts';
import { byCodeUnit } from '../../../model/digest.ts';
import { type FileView, filePlace } from '../../../model/file-view.ts';
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
  const isEncrypted = (view: FileView, path: string) => from.files.isEncrypted(view, path);
  const read = (view: FileView, path: string) => {
    for (const [name, value] of from.files.read(view, path) ?? []) written.set(name, value);
  };
  const loaded = loadedByName(from.view, from.folder);
  for (const path of loaded) read(from.view, path);
  const { paths } = unit.session.estate;
  const further = furtherArguments(unit, layers);
  let hides = loaded.some((path) => isEncrypted(from.view, path));
  for (const setting of further.settings)
    if ('file' in setting) {
      read(unit.session.view, setting.file);
      hides ||= isEncrypted(unit.session.view, setting.file) || isHidden(unit.session.view, setting.file);
    } else written.set(setting.name, setting.value);
  const inputs = inputsOf(from.inputs);
  return (name) => {
    if (further.unknown !== undefined) return further.unknown;
    if (hides) return new Unknown('a variable that a file may set which is encrypted or ignored by Git');
    // A file that says null says it, whatever the environment holds.
    if (written.has(name)) return moduleInput(written.get(name) ?? null, paths);
    const value = further.environment.get(name) ?? unit.session.environment(`TF_VAR_${name}`) ?? inputs(name);
    return value === undefined ? undefined : moduleInput(value, paths);
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

/** It is there, and not even the names that it sets are known. */
function isHidden(view: FileView, path: string): boolean {
  return view.ignored?.has(path) === true && view.setBeside?.(path) === undefined;
}

type Setting = { readonly file: string } | { readonly name: string; readonly value: Value };

interface FurtherArguments {
  /** In the order in which Terraform takes them. */
  readonly settings: readonly Setting[];
  /** What `env_vars` say of `TF_VAR_…`. */
  readonly environment: ReadonlyMap<string, Value>;
  /** A file that is not known may set anything. */
  readonly unknown: Value | undefined;
}

/** What `extra_arguments` set beside the inputs. */
function furtherArguments(unit: Frame, layers: readonly Layer[]): FurtherArguments {
  const settings: Setting[] = [];
  const environment = new Map<string, Value>();
  let unknown: Value | undefined;
  const inView = (path: string) => unit.session.estate.paths.inView(resolve(folderOf(unit.at.config), path));
  for (const { frame, block } of innerBlocks(layers, 'extra_arguments').values()) {
    const object = blockObject(frame, block);
    const variables = member(object, 'env_vars');
    for (const name of variables !== undefined && isObject(variables) ? Object.keys(variables) : [])
      if (name.startsWith('TF_VAR_') && variables !== undefined && isObject(variables))
        environment.set(name.slice('TF_VAR_'.length), member(variables, name) ?? new Unknown('it does not evaluate'));
    for (const word of wordsOf(member(object, 'arguments'))) {
      const file = /^-?-var-file=(.+)$/s.exec(word)?.[1];
      const [, name, value] = /^-?-var=([^=]+)=(.*)$/s.exec(word) ?? [];
      if (file !== undefined) settings.push({ file: inView(file) });
      else if (name !== undefined && value !== undefined) settings.push({ name, value });
    }
    for (const list of ['required_var_files', 'optional_var_files']) {
      const files = member(object, list);
      if (files !== undefined && isUnknown(files)) unknown ??= files;
      for (const file of files !== undefined && isList(files) ? files : [])
        if (isUnknown(file)) unknown ??= file;
        else if (typeof file === 'string') settings.push({ file: inView(file) });
    }
  }
  return { settings, environment, unknown };
}

/**
 * Variables that files or arguments say null for, which come after the inputs: one that is not nullable has its default then,
 * whatever it is given. Sorted.
 */
export function unsetVariables(
  unit: Frame,
  layers: readonly Layer[],
  from: { readonly view: FileView; readonly folder: string; readonly files: VarFiles },
): readonly string[] {
  const unset = new Set<string>();
  const read = (view: FileView, path: string) => {
    for (const [name, value] of from.files.read(view, path) ?? []) if (value === null) unset.add(name);
  };
  for (const path of loadedByName(from.view, from.folder)) read(from.view, path);
  for (const setting of furtherArguments(unit, layers).settings)
    if ('file' in setting) read(unit.session.view, setting.file);
    else if (setting.value === 'null') unset.add(setting.name);
  return [...unset].sort(byCodeUnit);
}

/** Files of variables that count in a run of a unit and that Git ignores, each with the names that it sets. */
export function ignoredVariables(
  unit: Frame,
  layers: readonly Layer[],
  module: { readonly view: FileView; readonly path: string } | undefined,
): readonly { readonly file: string; readonly sets: readonly string[] }[] {
  const { view, estate } = unit.session;
  const own = estate.paths.inView(folderOf(unit.at.config));
  const further = furtherArguments(unit, layers).settings.flatMap((one) => ('file' in one ? [one.file] : []));
  const named = [...loadedByName(view, own), ...further].map((path) => ({ view, path }));
  const inModule = module === undefined ? [] : loadedByName(module.view, module.path);
  const found = new Map<string, readonly string[]>();
  for (const { view: of, path } of [...named, ...inModule.map((path) => ({ view: module?.view ?? view, path }))]) {
    const sets = of.setBeside?.(path);
    if (sets !== undefined) found.set(filePlace(of.repo, path), sets);
  }
  return [...found].map(([file, sets]) => ({ file, sets }));
}

/** The words of a command line, an option and its value as one. */
function wordsOf(value: Value | undefined): string[] {
  const words = value !== undefined && isList(value) ? value.filter((word) => typeof word === 'string') : [];
  return words.flatMap((word, at) => {
    if (/^-?-var(-file)?$/.test(words[at - 1] ?? '')) return [];
    return /^-?-var(-file)?$/.test(word) ? [`${word}=${words[at + 1] ?? ''}`] : [word];
  });
}
