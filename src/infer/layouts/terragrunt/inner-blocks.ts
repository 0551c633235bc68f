import type { Block } from '../../../hcl/tree.ts';
import type { Frame } from './frame.ts';
import type { Layer } from './layers.ts';

/** Blocks within `terraform` of one type, by label: the one closest to the unit for each. */
export function innerBlocks(
  layers: readonly Layer[],
  type: string,
): ReadonlyMap<string, { readonly frame: Frame; readonly block: Block }> {
  const found = new Map<string, { frame: Frame; block: Block }>();
  for (const { frame } of layers)
    for (const outer of frame.source.body.blocks)
      if (outer.type === 'terraform')
        for (const block of outer.body.blocks) {
          const label = block.labels.join(' ');
          if (block.type === type && !found.has(label)) found.set(label, { frame, block });
        }
  return found;
}
