import type { Block } from '../../../hcl/tree.ts';
import { isUnknown } from '../../../hcl/value.ts';
import { computeKeys, type InstanceKeys, namesOf, suffixesOf } from '../../terraform/instance-keys.ts';
import { attempt } from './attempt.ts';
import type { Frame } from './frame.ts';

/** One of the blocks that a block stands for. */
export interface BlockInstance {
  /** `''` for a block that stands for itself alone, else `[0]` or `["key"]`. */
  readonly suffix: string;
  /** The key as a step behind the block's label; undefined without an expansion. */
  readonly key: string | undefined;
  /** The scope of its arguments, where `each` or `count` mean this one. */
  readonly frame: Frame;
}

export interface Expanded {
  readonly instances: readonly BlockInstance[];
  /** Why it cannot be told which there are. */
  readonly trouble: { readonly code: 'evaluation-failed' | 'unknown-path'; readonly message: string } | undefined;
}

/**
 * The blocks that a `dependency`, `unit` or `stack` block stands for: itself, or one for each turn of the `expansion` in it.
 * Where those cannot be told there is none, and that is said.
 */
export function expanded(frame: Frame, block: Block): Expanded {
  const expansion = block.body.blocks.find(({ type }) => type === 'expansion');
  if (expansion === undefined) return { instances: [{ suffix: '', key: undefined, frame }], trouble: undefined };
  const { attributes } = expansion.body;
  const [count, forEach] = [attributes.get('count')?.value, attributes.get('for_each')?.value];
  if ((count === undefined) === (forEach === undefined)) return refused('an expansion needs either count or for_each');
  const result = attempt(frame, count ?? forEach ?? noValue);
  if ('error' in result) return refused(result.error.message);
  const keys = computeKeys({ count, forEach }, () => result.value);
  if (keys.kind === 'unknown')
    return isUnknown(result.value) ? unknownKeys(result.value.reason) : refused(keys.value.reason);
  return { instances: suffixesOf(keys).map((suffix) => instance(frame, keys, suffix)), trouble: undefined };
}

function refused(message: string): Expanded {
  return { instances: [], trouble: { code: 'evaluation-failed', message } };
}

function unknownKeys(message: string): Expanded {
  return { instances: [], trouble: { code: 'unknown-path', message } };
}

const noValue = { kind: 'literal', value: null, at: { line: 1, column: 1 } } as const;

function instance(frame: Frame, keys: InstanceKeys, suffix: string): BlockInstance {
  const key = suffix === '' ? undefined : String(JSON.parse(suffix.slice(1, -1)));
  return { suffix, key, frame: frame.with(namesOf(keys, suffix)) };
}
