import type { Body } from '../../hcl/tree.ts';

/** Where the modules that a file calls come from; undefined where that is not written as a plain text. */
export function moduleSources({ blocks }: Body): readonly (string | undefined)[] {
  return blocks.flatMap(({ type, body }) => (type === 'module' ? [sourceOf(body)] : []));
}

export function sourceOf(body: Body): string | undefined {
  const value = body.attributes.get('source')?.value;
  if (value?.kind === 'literal' && typeof value.value === 'string') return value.value;
  const [part, ...others] = value?.kind === 'template' ? value.parts : [];
  return part?.kind === 'text' && others.length === 0 ? part.text : undefined;
}
