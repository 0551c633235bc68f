import { lazyObject } from '../../../hcl/lazy-object.ts';
import type { Block, Body } from '../../../hcl/tree.ts';
import { emptyObject, isUnknown, type Value } from '../../../hcl/value.ts';
import { attempt } from './attempt.ts';
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
  readonly name: string;
  /** The folder it would be generated in, absolute; undefined when its path is not known. */
  readonly folder: string | undefined;
  readonly source: string | undefined;
  readonly values: Value | undefined;
  readonly injected: Injected | undefined;
  readonly block: Block;
  readonly troubles: readonly StackTrouble[];
}

export interface StackTrouble {
  readonly code: 'evaluation-failed' | 'unknown-path';
  readonly site: string;
  readonly line: number;
  readonly message: string;
}

export interface Stack {
  /** Absolute. */
  readonly folder: string;
  readonly frame: Frame;
  readonly components: readonly StackComponent[];
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
  const folderFor = new Map<string, string | undefined>();
  const rootOf = (kind: 'unit' | 'stack') =>
    lazyObject(
      blocks.filter(({ block }) => block.type === kind).map(({ block }) => block.labels[0] ?? ''),
      (name) => {
        const result = emptyObject();
        result.path = folderFor.get(`${kind} ${name}`) ?? null;
        return result;
      },
    );
  for (const { block, scope } of blocks)
    folderFor.set(`${block.type} ${block.labels[0]}`, targetOf(scope, block, folder));
  frame.roots.set('unit', rootOf('unit'));
  frame.roots.set('stack', rootOf('stack'));
  const components = blocks.map(({ block, scope }) =>
    componentOf(scope, block, folderFor.get(`${block.type} ${block.labels[0]}`)),
  );
  return { folder, frame, components };
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

function componentOf(frame: Frame, block: Block, folder: string | undefined): StackComponent {
  const name = block.labels[0] ?? '';
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
