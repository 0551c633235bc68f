import { EvaluationError } from '../../../hcl/scope.ts';
import type { At } from '../../../hcl/tree.ts';
import { isUnknown, type Value } from '../../../hcl/value.ts';
import { blockObject } from './config-object.ts';
import type { Frame } from './frame.ts';
import type { Layer } from './layers.ts';

/** A `generate` block as merged, evaluated. */
export interface GeneratedFile {
  readonly label: string;
  readonly path: Value | undefined;
  readonly contents: Value | undefined;
  /** What there is already stays. */
  readonly keeps: boolean;
  readonly frame: Frame;
  readonly at: At;
}

/** The blocks of a type by label, the one closest to the unit for each. */
export function labelledBlocks(
  layers: readonly Layer[],
  type: string,
): Map<string, { frame: Frame; block: Frame['source']['body']['blocks'][number] }> {
  const found = new Map<string, { frame: Frame; block: Frame['source']['body']['blocks'][number] }>();
  for (const { frame } of layers)
    for (const block of frame.source.body.blocks) {
      const label = block.labels.join(' ');
      if (block.type === type && !found.has(label)) found.set(label, { frame, block });
    }
  return found;
}

/** What `generate` blocks write, but for those that are switched off. */
export function generatedFiles(layers: readonly Layer[]): GeneratedFile[] {
  return [...labelledBlocks(layers, 'generate')].flatMap(([label, { frame, block }]) => {
    const object = blockObject(frame, block);
    if (member(object, 'disable') === true) return [];
    const at = block.body.attributes.get('contents')?.at ?? block.at;
    const keeps = member(object, 'if_exists') === 'skip';
    return [{ label, path: member(object, 'path'), contents: member(object, 'contents'), keeps, frame, at }];
  });
}

/** A member, or undefined where it is missing or fails. */
export function member(object: { readonly [key: string]: Value }, name: string): Value | undefined {
  try {
    return Object.hasOwn(object, name) ? object[name] : undefined;
  } catch (error) {
    if (error instanceof EvaluationError) return undefined;
    throw error;
  }
}

/** The text that is known of a generated file. */
export function knownText(value: Value | undefined): string {
  if (typeof value === 'string') return value;
  return value !== undefined && isUnknown(value) ? (value.text ?? '') : '';
}
