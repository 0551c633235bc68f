import { lazyObject } from '../../../hcl/lazy-object.ts';
import type { Block, Body } from '../../../hcl/tree.ts';
import { emptyObject, isUnknown, type Value } from '../../../hcl/value.ts';
import { attempt } from './attempt.ts';
import { type BlockInstance, expanded } from './expansion.ts';
import { Frame } from './frame.ts';
import type { OpenEstate } from './open-estate.ts';
import { join } from './paths.ts';
import { Session } from './session.ts';
import { sourceFileOf } from './source-file.ts';

/** Blocks that are laid over another configuration, with the scope they were written in. */
export interface Injected {
  readonly body: Body;
  readonly frame: Frame;
}

/** A `unit` or `stack` block of a stack file, as far as it could be evaluated. */
export interface StackComponent {
  readonly kind: 'unit' | 'stack';
  /** The label, with what tells it from the others of an expansion. */
  readonly name: string;
  /** The steps that lead to it in the outputs of its stack: the label, and the key where there is one. */
  readonly labels: readonly string[];
  /** The folder it would be generated in, absolute; undefined when its path is not known. */
  readonly folder: string | undefined;
  readonly source: string | undefined;
  readonly values: Value | undefined;
  readonly injected: Injected | undefined;
  readonly block: Block;
  readonly troubles: readonly StackTrouble[];
}

export interface StackTrouble {
  readonly code: 'evaluation-failed' | 'unknown-path' | 'block-twice';
  readonly site: string;
  readonly line: number;
  readonly message: string;
}

export interface Stack {
  /** Absolute. */
  readonly folder: string;
  readonly frame: Frame;
  readonly components: readonly StackComponent[];
  /** What is wrong with blocks of which it cannot be told what they make. */
  readonly troubles: readonly StackTrouble[];
}

export const stackFile = 'terragrunt.stack.hcl';

/** Evaluates the stack file of a folder, in a session of its own. Undefined when there is none. */
export function evaluateStack(estate: OpenEstate, folder: string, injected?: Injected): Stack | undefined {
  const session = new Session(estate);
  const file = join(folder, stackFile);
  const source = estate.files.read(session.view, estate.paths.inView(file));
  if (source === undefined) return undefined;
  const frame = new Frame(session, source, { file, config: file, original: file });
  const blocks = blocksOf(frame, injected);
  const all = blocks.flatMap(({ block, scope }) => instancesIn(scope, block));
  const folders = new Map(all.map((one) => [one, targetOf(one.frame, one.block, folder)]));
  for (const kind of ['unit', 'stack'] as const)
    frame.roots.set(
      kind,
      pathsByName(
        all.filter(({ block }) => block.type === kind),
        folders,
      ),
    );
  // What a block with an expansion is worth to others is known by then; those that are switched off are not made.
  const components = all
    .filter(({ frame: scope, block }) => value(scope, block, 'enabled') !== false)
    .map((one) => componentOf(one, folders.get(one)));
  const troubles = [...blocks.flatMap(({ block, scope }) => expansionTroubles(scope, block)), ...namesTwice(frame)];
  return { folder, frame, components, troubles };
}

/** One of those that a block stands for. */
interface Placeable extends BlockInstance {
  readonly block: Block;
}

function instancesIn(scope: Frame, block: Block): Placeable[] {
  return expanded(scope, block).instances.map((one) => ({ ...one, block }));
}

function expansionTroubles(scope: Frame, block: Block): StackTrouble[] {
  const { trouble } = expanded(scope, block);
  const site = `${block.type}.${block.labels[0] ?? ''}.expansion`;
  return trouble === undefined ? [] : [{ ...trouble, site, line: block.at.line }];
}

/** Two units or stacks of one name, those of includes among them: Terragrunt refuses the file. */
function namesTwice(frame: Frame): StackTrouble[] {
  const bodies = [frame.source.body, ...frame.includes.flatMap((one) => frame.included(one)?.source.body ?? [])];
  const named: ReadonlySet<string> = new Set(['unit', 'stack', 'locals']);
  const all = bodies.flatMap(({ blocks }) => blocks.filter(({ type }) => named.has(type)));
  const seen = new Set<string>();
  return all.flatMap(({ type, labels, at }): StackTrouble[] => {
    const site = [type, ...labels.slice(0, 1)].join('.');
    if (!seen.has(site)) {
      seen.add(site);
      return [];
    }
    const message = `two blocks ${site}: Terragrunt refuses that`;
    return [{ code: 'block-twice', site, line: at.line, message }];
  });
}

/** `unit.NAME.path`; of a block with an expansion `unit.NAME["key"].path`. */
function pathsByName(all: readonly Placeable[], folders: ReadonlyMap<Placeable, string | undefined>): Value {
  const byName = Map.groupBy(all, ({ block }) => block.labels[0] ?? '');
  const pathOf = (one: Placeable) => {
    const result = emptyObject();
    result.path = folders.get(one) ?? null;
    return result;
  };
  return lazyObject(byName.keys(), (name) => {
    const instances = byName.get(name) ?? [];
    const [only] = instances;
    if (only !== undefined && only.key === undefined) return pathOf(only);
    return lazyObject(
      instances.map(({ key = '' }) => key),
      (key) => {
        const one = instances.find((instance) => instance.key === key);
        return one === undefined ? null : pathOf(one);
      },
    );
  });
}

interface Placed {
  readonly block: Block;
  readonly scope: Frame;
}

/** The file's own blocks, those of its includes, and those a parent stack injects; an injected one replaces its namesake. */
function blocksOf(frame: Frame, injected: Injected | undefined): Placed[] {
  const all = new Map<string, Placed>();
  const add = (body: Body, scope: Frame) => {
    for (const block of body.blocks)
      if (block.type === 'unit' || block.type === 'stack')
        all.set(`${block.type} ${block.labels[0]}`, { block, scope });
  };
  add(frame.source.body, frame);
  for (const include of frame.includes) {
    const included = frame.included(include);
    // Included blocks see the locals of the file that includes them.
    if (included !== undefined) add(included.source.body, frame);
  }
  if (injected !== undefined) add(injected.body, injected.frame);
  return [...all.values()];
}

function targetOf(frame: Frame, block: Block, folder: string): string | undefined {
  const path = value(frame, block, 'path');
  if (typeof path !== 'string' || path.startsWith('/')) return undefined;
  const plain = value(frame, block, 'no_dot_terragrunt_stack') === true;
  return join(plain ? folder : join(folder, '.terragrunt-stack'), path);
}

function value(frame: Frame, block: Block, name: string): Value | undefined {
  const attribute = block.body.attributes.get(name);
  if (attribute === undefined) return undefined;
  const result = attempt(frame, attribute.value);
  return 'error' in result ? undefined : result.value;
}

function componentOf({ frame, block, suffix, key }: Placeable, folder: string | undefined): StackComponent {
  const [label = ''] = block.labels;
  const name = `${label}${suffix}`;
  const troubles: StackTrouble[] = [];
  const read = (attributeName: string): Value | undefined => {
    const attribute = block.body.attributes.get(attributeName);
    if (attribute === undefined) return undefined;
    const site = `${block.type}.${name}.${attributeName}`;
    const result = attempt(frame, attribute.value);
    if ('error' in result) {
      troubles.push({ code: 'evaluation-failed', site, line: attribute.at.line, message: result.error.message });
      return undefined;
    }
    if (isUnknown(result.value) && attributeName !== 'values')
      troubles.push({ code: 'unknown-path', site, line: attribute.at.line, message: result.value.reason });
    return result.value;
  };
  if (folder === undefined) read('path');
  const source = read('source');
  const autoinclude = block.body.blocks.find(({ type }) => type === 'autoinclude');
  return {
    kind: block.type === 'stack' ? 'stack' : 'unit',
    name,
    labels: key === undefined ? [label] : [label, key],
    folder,
    source: typeof source === 'string' ? source : undefined,
    values: read('values'),
    injected: autoinclude === undefined ? undefined : { body: autoinclude.body, frame },
    block,
    troubles,
  };
}

/** A body that was injected, as a file of its own. */
export function injectedFrame(session: Session, { body, frame }: Injected, config: string, original: string): Frame {
  const file = sourceFileOf({ body, errors: [] }, frame.source.text);
  return new Frame(session, file, { file: frame.at.file, config, original }, frame);
}
