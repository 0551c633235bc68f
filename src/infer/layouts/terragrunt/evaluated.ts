import type { Attribute } from '../../../hcl/tree.ts';
import type { Value } from '../../../hcl/value.ts';
import { byCodeUnit } from '../../../model/digest.ts';
import type { UnknownValue } from '../../../model/evaluated.ts';
import { isHarmlessByKind } from '../../../model/file-kinds.ts';
import type { Replace } from '../../../model/secrets/beside.ts';
import { keySecrets } from '../../../model/secrets/values.ts';
import { withoutCredentials } from '../../../model/without-credentials.ts';
import { guardedPlain } from '../../plain-value.ts';
import { attempt } from './attempt.ts';
import { blockObject, firstBlock } from './config-object.ts';
import { copiesBelow } from './copied-files.ts';
import type { Dependencies, DependencyBlock } from './dependency-blocks.ts';
import type { Frame } from './frame.ts';
import { labelledBlocks, member } from './generated-files.ts';
import { innerBlocks } from './inner-blocks.ts';
import type { Layer } from './layers.ts';
import type { ModuleReference } from './module-reference.ts';
import { type EstatePaths, folderOf, resolve } from './paths.ts';
import { plainBlock } from './plain-block.ts';

/**
 * What a unit comes to: everything that reaches Terraform or decides how it is run, evaluated. Two of them are compared to
 * tell whether a change reaches the unit, so nothing of it may depend on where the repository lies or who reads it, and
 * nothing that counts may be missing: what fails to evaluate is written as unknown. Locals count only where they are used.
 * Answers it with its secrets replaced.
 */
export function evaluatedUnit(
  unit: Frame,
  layers: readonly Layer[],
  facts: {
    readonly inputs: () => Value;
    readonly module: ModuleReference | undefined;
    readonly dependencies: Dependencies;
    /** Variables that are said to be null behind the inputs. */
    readonly unset: readonly string[];
  },
): (replace: Replace) => Record<string, unknown> {
  const { inputs, module, dependencies, unset } = facts;
  const whole: Record<string, unknown> = {
    inputs: guardedPlain(inputs),
    ...(unset.length === 0 ? {} : { unset }),
    ...sourceOf(module),
    ...stateOf(layers),
    ...someOf('generate', byLabel(layers, 'generate')),
    ...someOf('terraform', terraformSettings(unit, layers, module)),
    ...someOf('dependency', dependencyBlocks(unit, dependencies)),
    ...someOf('feature', byLabel(layers, 'feature')),
    ...settings(layers),
  };
  const listed = listedPaths(unit, dependencies);
  if (listed.length > 0) whole.dependencies = { paths: listed };
  const anywhere = inAnyFolder(whole, unit.session.estate.paths);
  return (replace) => keySecrets(anywhere, [], replace) as Record<string, unknown>;
}

/** Most values name none, and are left as they are. */
function namesFolder(value: unknown, paths: EstatePaths): boolean {
  if (typeof value === 'string') return paths.anywhere(value) !== value;
  if (value === null || typeof value !== 'object') return false;
  if (Array.isArray(value)) return value.some((item) => namesFolder(item, paths));
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) if (namesFolder(key, paths) || namesFolder(object[key], paths)) return true;
  return false;
}

/** Absolute paths as they would be on any machine. */
function inAnyFolder(value: unknown, paths: EstatePaths): unknown {
  if (typeof value === 'string') return paths.anywhere(value);
  if (value === null || typeof value !== 'object' || !namesFolder(value, paths)) return value;
  if (Array.isArray(value)) return value.map((item) => inAnyFolder(item, paths));
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [paths.anywhere(key), inAnyFolder(member, paths)]),
  );
}

function someOf(key: string, members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.keys(members).length === 0 ? {} : { [key]: members };
}

/** A local source as a path of the estate, any other as it is written, but for what lets one in. */
function sourceOf(module: ModuleReference | undefined): Record<string, unknown> {
  if (module === undefined) return {};
  const { trouble, source, ref, remote, place } = module;
  if (trouble !== undefined && source === '') return { source: { $unknown: trouble } satisfies UnknownValue };
  if (source === '') return {};
  const written = place === undefined || remote ? writtenSource(module) : undefined;
  return { source: written ?? (ref === undefined ? source : `${source}?ref=${ref}`) };
}

function writtenSource({ frame, at }: ModuleReference): string | undefined {
  for (const block of frame?.source.body.blocks ?? []) {
    const attribute = block.type === 'terraform' ? block.body.attributes.get('source') : undefined;
    if (frame === undefined || attribute === undefined || attribute.at !== at) continue;
    const result = attempt(frame, attribute.value);
    if (!('value' in result) || typeof result.value !== 'string' || /^[./]/.test(result.value)) return undefined;
    return withoutCredentials(result.value).replace(/([?&])sshkey=[^&]*&?/, '$1');
  }
  return undefined;
}

function stateOf(layers: readonly Layer[]): Record<string, unknown> {
  const found = firstBlock(layers, 'remote_state');
  return found === undefined ? {} : { state: plainBlock(found.frame, found.block) };
}

function byLabel(layers: readonly Layer[], type: string): Record<string, unknown> {
  const blocks: Record<string, unknown> = {};
  for (const [label, { frame, block }] of labelledBlocks(layers, type)) blocks[label] = plainBlock(frame, block);
  return blocks;
}

const elsewhere: ReadonlySet<string> = new Set(['inputs', 'locals']);
/** Blocks of which the one closest to the unit counts; a deep merge may join them. */
const whole = ['exclude', 'errors', 'engine'] as const;

/** What stands beside the blocks: `iam_role`, `prevent_destroy`, `terraform_binary`, and blocks written as attributes. */
function settings(layers: readonly Layer[]): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  const take = (frame: Frame, name: string, { value }: Attribute) => {
    if (!elsewhere.has(name) && !Object.hasOwn(found, name)) found[name] = guardedPlain(() => frame.evaluate(value));
  };
  for (const { frame } of layers)
    for (const [name, attribute] of frame.source.body.attributes) take(frame, name, attribute);
  for (const type of whole) {
    const blocks = layers.flatMap(({ frame }) =>
      frame.source.body.blocks.filter((block) => block.type === type).map((block) => ({ frame, block })),
    );
    const joined = layers.some(({ strategy }) => strategy === 'deep') ? blocks : blocks.slice(0, 1);
    for (const [place, { frame, block }] of joined.entries())
      found[place === 0 ? type : `${type} ${place + 1}`] = plainBlock(frame, block);
  }
  return found;
}

/** Where each dependency leads, as a path of the estate, and what stands in for its outputs. */
function dependencyBlocks(unit: Frame, { blocks }: Dependencies): Record<string, unknown> {
  const plain: Record<string, unknown> = {};
  for (const [name, dependency] of [...blocks].sort(([a], [b]) => byCodeUnit(a, b))) {
    const { frame, block } = dependency;
    const where = isOff(dependency) ? {} : { config_path: pathOf(unit, dependency) };
    plain[name] = { ...where, ...plainBlock(frame, block, notCompared) };
  }
  return plain;
}

const notCompared: ReadonlySet<string> = new Set(['config_path', 'expansion']);

/** Of a block that is switched off only what stands in for its outputs counts: where it would lead is not asked. */
function isOff({ enabled, unclear }: DependencyBlock): boolean {
  return enabled === false && unclear === undefined;
}

function pathOf(unit: Frame, { path, trouble }: DependencyBlock): unknown {
  if (path === undefined) return { $unknown: trouble?.message ?? 'no path' } satisfies UnknownValue;
  return inEstate(unit, path);
}

function listedPaths(unit: Frame, { paths, troubles }: Dependencies): unknown[] {
  const known = paths.filter(({ rule }) => rule === 'dependencies').map(({ path }) => inEstate(unit, path));
  const unknown = troubles.map(({ trouble }) => ({ $unknown: trouble.message }) satisfies UnknownValue);
  return [...[...new Set(known)].sort(byCodeUnit), ...unknown];
}

function inEstate(unit: Frame, path: string): string {
  return unit.session.estate.paths.inView(resolve(folderOf(unit.at.config), path)) || '.';
}

const inTerraform = ['before_hook', 'after_hook', 'error_hook', 'extra_arguments'] as const;
const notSettings: ReadonlySet<string> = new Set(['source', ...inTerraform]);

/** Hooks and further arguments; the files they name are read by other programs, so their content counts by digest. */
function terraformSettings(
  unit: Frame,
  layers: readonly Layer[],
  module: ModuleReference | undefined,
): Record<string, unknown> {
  const settings: Record<string, unknown> = {};
  for (const { frame } of layers)
    for (const block of frame.source.body.blocks)
      if (block.type === 'terraform')
        Object.assign(settings, { ...plainBlock(frame, block, notSettings), ...settings });
  for (const type of inTerraform)
    for (const [label, { frame, block }] of innerBlocks(layers, type)) {
      settings[`${type} ${label}`] = plainBlock(frame, block);
      const object = blockObject(frame, block);
      if (type !== 'extra_arguments') readByHook(unit, member(object, 'working_dir'));
      const names =
        type === 'extra_arguments' ? ['required_var_files', 'optional_var_files', 'arguments'] : ['execute'];
      const folders = [folderOf(unit.at.config), ...workingFolders(unit, module, member(object, 'working_dir'))];
      for (const name of names) {
        const words = member(object, name);
        if (words === undefined) continue;
        unit.session.account.enter({ site: `terraform.${type}.${name}`, file: '', line: 0 });
        unit.session.wordsToOthers(words, name === 'arguments' ? '' : `terraform.${name}`, folders);
      }
    }
  return settings;
}

/** A program may read what lies where it runs: in the copy, what is copied beside the module. */
function readByHook(unit: Frame, written: Value | undefined): void {
  const { session } = unit;
  session.account.enter({ site: 'terraform.hook', file: '', line: 0 });
  const own = session.estate.paths.inView(folderOf(unit.at.config));
  const isPassedOver = (path: string) =>
    path.endsWith('/') ? session.view.isFile(`${path}terragrunt.hcl`) : isOfOthers(path);
  copiesBelow(session.view, own, session.account, isPassedOver);
  if (typeof written !== 'string') return;
  const { base, place } = session.standingIn(folderOf(unit.at.config));
  const folder = place(written);
  const isAbove = folder === undefined || folder === '' || base === folder || base.startsWith(`${folder}/`);
  if (!isAbove && session.view.isDirectory(folder)) session.account.contents(session.view, folder);
}

/** Of what is copied: what Terragrunt itself reads, and what is for people. */
function isOfOthers(path: string): boolean {
  return /\.hcl(?:\.json)?$/.test(path) || isHarmlessByKind(path);
}

/** Hooks run in a copy of the module, or where they say. */
function workingFolders(unit: Frame, module: ModuleReference | undefined, written: Value | undefined): string[] {
  const own = module?.place?.view === unit.session.view ? [unit.session.estate.paths.absolute(module.place.path)] : [];
  return typeof written === 'string' ? [...own, resolve(folderOf(unit.at.config), written)] : own;
}
