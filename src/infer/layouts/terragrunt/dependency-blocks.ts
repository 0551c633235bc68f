import type { At, Block, Expression } from '../../../hcl/tree.ts';
import { isList, isUnknown, type Value } from '../../../hcl/value.ts';
import { attempt } from './attempt.ts';
import { type BlockInstance, expanded } from './expansion.ts';
import type { Frame } from './frame.ts';
import type { Layer } from './layers.ts';

/** Why a path is not known; the other paths of the unit stay. */
export interface PathTrouble {
  readonly code: 'evaluation-failed' | 'unknown-path';
  readonly message: string;
}

/** A `dependency` block, or one of those that it stands for, evaluated where it stands for the unit. */
export interface DependencyBlock {
  /** The label, with what tells it from the others of an expansion: `aurora[0]`, `env["dev"]`. */
  readonly name: string;
  readonly label: string;
  /** The step behind the label that means this one; undefined without an expansion. */
  readonly key: string | undefined;
  readonly frame: Frame;
  readonly block: Block;
  /** As evaluated: relative to the unit's folder, or absolute. */
  readonly path: string | undefined;
  readonly enabled: boolean | undefined;
  readonly trouble: PathTrouble | undefined;
  /** Why it is not certain whether the block is enabled. */
  readonly unclear: PathTrouble | undefined;
}

/** One path that the unit depends on, with where it is written. */
export interface DependencyPath {
  readonly path: string;
  readonly rule: 'dependency' | 'dependencies';
  /** The block; undefined for a path of a `dependencies` block. */
  readonly from: Pick<DependencyBlock, 'name' | 'label' | 'key'> | undefined;
  readonly frame: Frame;
  readonly at: At;
}

/** The dependencies of a configuration as Terragrunt merges them: blocks by name, and beside them a list of paths. */
export interface Dependencies {
  readonly blocks: ReadonlyMap<string, DependencyBlock>;
  readonly paths: readonly DependencyPath[];
  readonly troubles: readonly {
    readonly trouble: PathTrouble;
    readonly frame: Frame;
    readonly site: string;
    readonly at: At;
  }[];
}

/**
 * The dependencies of a unit with those of its includes.
 *
 * Terragrunt keeps two lists: blocks by name, where the including file's replaces (shallow) or fills (deep) its namesake, and
 * paths, where a shallow merge only adds. So a shallow include whose block is overridden still orders by its own path; a deep
 * one does not. A block injected by a stack replaces its namesake wholly.
 */
export function dependenciesOf(layers: readonly Layer[]): Dependencies {
  const injected = layers.find(({ frame }) => isInjected(frame, layers));
  const rest = layers.filter((layer) => layer !== injected);
  let merged: Dependencies | undefined;
  for (const { frame, strategy } of rest) {
    const own = ownDependencies(frame);
    merged = merged === undefined ? own : strategy === 'deep' ? deepMerged(own, merged) : shallowMerged(own, merged);
  }
  const base = merged ?? { blocks: new Map(), paths: [], troubles: [] };
  return injected === undefined ? base : overridden(base, ownDependencies(injected.frame));
}

/** What a stack injects stands before the unit's own file. */
function isInjected(frame: Frame, layers: readonly Layer[]): boolean {
  return (
    layers.length > 1 &&
    layers[0]?.frame === frame &&
    frame.at.through === undefined &&
    frame.at.file !== frame.at.config
  );
}

function ownDependencies(frame: Frame): Dependencies {
  const blocks = new Map<string, DependencyBlock>();
  const paths: DependencyPath[] = [];
  const troubles: Dependencies['troubles'][number][] = [];
  for (const block of frame.source.body.blocks) {
    if (block.type === 'dependencies') listedPaths(frame, block, paths, troubles);
    const [label] = block.labels;
    if (block.type !== 'dependency' || label === undefined) continue;
    const { instances, trouble } = expanded(frame, block);
    if (trouble !== undefined) troubles.push({ trouble, frame, site: `dependency.${label}.expansion`, at: block.at });
    // Of two with one label Terragrunt keeps the path of both.
    for (const one of instances) {
      const dependency = dependencyBlock(label, one, block);
      blocks.set(dependency.name, dependency);
      const path = pathOf(dependency);
      if (path !== undefined) paths.push(path);
    }
  }
  return { blocks, paths, troubles };
}

/** Where a block leads to, unless it is switched off. */
export function pathOf(dependency: DependencyBlock): DependencyPath | undefined {
  const { frame, block, path, enabled } = dependency;
  if (enabled === false || path === undefined) return undefined;
  const at = block.body.attributes.get('config_path')?.at ?? block.at;
  return { path, rule: 'dependency', from: dependency, frame, at };
}

function dependencyBlock(label: string, { suffix, key, frame }: BlockInstance, block: Block): DependencyBlock {
  const written = block.body.attributes.get('config_path')?.value;
  const { path, trouble } =
    written === undefined
      ? {
          path: undefined,
          trouble: { code: 'evaluation-failed' as const, message: 'a dependency without config_path' },
        }
      : evaluatedPath(frame, written);
  const name = `${label}${suffix}`;
  return { name, label, key, frame, block, path, ...enabledBy(frame, block), trouble };
}

/**
 * Terragrunt takes an `enabled` that fails to evaluate for false, and so takes the edge away; one that only a run could know
 * leaves it.
 */
function enabledBy(frame: Frame, block: Block): { enabled: boolean | undefined; unclear: PathTrouble | undefined } {
  const written = block.body.attributes.get('enabled')?.value;
  if (written === undefined) return { enabled: undefined, unclear: undefined };
  const result = attempt(frame, written);
  if ('error' in result)
    return { enabled: false, unclear: { code: 'evaluation-failed', message: result.error.message } };
  const { value } = result;
  if (isUnknown(value)) return { enabled: true, unclear: { code: 'evaluation-failed', message: value.reason } };
  return { enabled: value === null ? undefined : value === true || value === 'true', unclear: undefined };
}

function evaluatedPath(
  frame: Frame,
  expression: Expression,
): { readonly path: string | undefined; readonly trouble: PathTrouble | undefined } {
  const result = attempt(frame, expression);
  if ('error' in result)
    return { path: undefined, trouble: { code: 'evaluation-failed', message: result.error.message } };
  return pathFrom(result.value);
}

function pathFrom(value: Value): { path: string | undefined; trouble: PathTrouble | undefined } {
  if (isUnknown(value)) return { path: undefined, trouble: { code: 'unknown-path', message: value.reason } };
  if (typeof value === 'string' && value !== '') return { path: value, trouble: undefined };
  const message = value === '' ? 'the path is empty' : 'the path is no text';
  return { path: undefined, trouble: { code: 'evaluation-failed', message } };
}

/** A list written out is evaluated path by path, so that one unknown path hides no other. */
function listedPaths(
  frame: Frame,
  block: Block,
  paths: DependencyPath[],
  troubles: Dependencies['troubles'][number][],
): void {
  const attribute = block.body.attributes.get('paths');
  if (attribute === undefined) return;
  const site = 'dependencies.paths';
  const add = (value: Value, at: At) => {
    const { path, trouble } = pathFrom(value);
    if (path !== undefined) paths.push({ path, rule: 'dependencies', from: undefined, frame, at });
    if (trouble !== undefined) troubles.push({ trouble, frame, site, at });
  };
  const expressions = attribute.value.kind === 'tuple' ? attribute.value.items : [attribute.value];
  for (const expression of expressions) {
    const result = attempt(frame, expression);
    if ('error' in result) {
      const trouble = { code: 'evaluation-failed', message: result.error.message } as const;
      troubles.push({ trouble, frame, site, at: expression.at });
    } else if (isList(result.value)) for (const item of result.value) add(item, expression.at);
    else add(result.value, expression.at);
  }
}

function shallowMerged(lower: Dependencies, higher: Dependencies): Dependencies {
  return {
    blocks: new Map([...lower.blocks, ...higher.blocks]),
    paths: united(lower.paths, higher.paths),
    troubles: [...lower.troubles, ...higher.troubles],
  };
}

function deepMerged(lower: Dependencies, higher: Dependencies): Dependencies {
  const blocks = new Map(lower.blocks);
  for (const [name, own] of higher.blocks) {
    const inherited = lower.blocks.get(name);
    blocks.set(name, inherited === undefined ? own : filled(own, inherited));
  }
  const named = new Set([...lower.blocks.values()].map(({ path }) => path));
  const kept = lower.paths.filter(({ path }) => !named.has(path));
  const inherited = [...lower.blocks.values()].flatMap((dependency) =>
    higher.blocks.has(dependency.name) ? [] : (pathOf({ ...dependency, enabled: true }) ?? []),
  );
  const paths =
    higher.paths.length === 0 && higher.blocks.size === 0 ? lower.paths : [...inherited, ...kept, ...higher.paths];
  return { blocks, paths, troubles: [...lower.troubles, ...higher.troubles] };
}

/** Of a deep merge: what the including file leaves out comes from the include. */
function filled(own: DependencyBlock, inherited: DependencyBlock): DependencyBlock {
  const enabled = own.enabled ?? inherited.enabled;
  const blank = own.path === undefined && own.trouble?.code !== 'unknown-path';
  if (!blank) return { ...own, enabled };
  return { ...inherited, enabled };
}

function overridden(base: Dependencies, injected: Dependencies): Dependencies {
  const blocks = new Map([...base.blocks, ...injected.blocks]);
  const listed = [...base.paths, ...injected.paths].filter(({ rule }) => rule === 'dependencies');
  const named = [...blocks.values()].flatMap((dependency) => pathOf(dependency) ?? []);
  return { blocks, paths: united(named, listed), troubles: [...base.troubles, ...injected.troubles] };
}

function united(first: readonly DependencyPath[], second: readonly DependencyPath[]): DependencyPath[] {
  const seen = new Set(first.map(({ path }) => path));
  return [...first, ...second.filter(({ path }) => !seen.has(path))];
}
