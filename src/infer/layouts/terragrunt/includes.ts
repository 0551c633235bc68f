import type { Block } from '../../../hcl/tree.ts';
import { isUnknown } from '../../../hcl/value.ts';
import { attempt } from './attempt.ts';
import type { Frame } from './frame.ts';
import { folderOf, resolve } from './paths.ts';

export type MergeStrategy = 'no_merge' | 'shallow' | 'deep';

/** One `include` block of a configuration. */
export interface Include {
  /** The label; `''` for a bare block. */
  readonly name: string;
  /** Absolute; undefined when it could not be evaluated. */
  readonly path: string | undefined;
  readonly strategy: MergeStrategy;
  readonly expose: boolean;
  readonly block: Block;
  /** Why there is no path. */
  readonly trouble?: { readonly code: 'evaluation-failed' | 'unknown-path'; readonly message: string };
}

/** The include blocks of a file in the order written. */
export function includesOf(frame: Frame): Include[] {
  return frame.source.body.blocks.filter(({ type }) => type === 'include').map((block) => includeOf(frame, block));
}

function includeOf(frame: Frame, block: Block): Include {
  const { attributes } = block.body;
  const base = {
    name: block.labels[0] ?? '',
    strategy: strategyOf(frame, block),
    expose: literal(attributes.get('expose')?.value) === true,
    block,
  };
  const written = attributes.get('path');
  if (written === undefined)
    return { ...base, path: undefined, trouble: { code: 'evaluation-failed', message: 'an include without a path' } };
  const result = attempt(frame, written.value);
  if ('error' in result)
    return { ...base, path: undefined, trouble: { code: 'evaluation-failed', message: result.error.message } };
  const { value } = result;
  if (isUnknown(value)) return { ...base, path: undefined, trouble: { code: 'unknown-path', message: value.reason } };
  if (typeof value !== 'string' || value === '')
    return {
      ...base,
      path: undefined,
      trouble: { code: 'evaluation-failed', message: 'an include path that is no text' },
    };
  return { ...base, path: resolve(folderOf(frame.at.config), value) };
}

function strategyOf(frame: Frame, block: Block): MergeStrategy {
  const expression = block.body.attributes.get('merge_strategy')?.value;
  const result = expression === undefined ? undefined : attempt(frame, expression);
  const value = result === undefined || 'error' in result ? undefined : result.value;
  return value === 'no_merge' || value === 'deep' ? value : 'shallow';
}

function literal(expression: { readonly kind: string; readonly value?: unknown } | undefined): unknown {
  return expression?.kind === 'literal' ? expression.value : undefined;
}
