import type { Block, Body } from '../../hcl/tree.ts';

/**
 * An override file's block laid over the one it overrides, as Terraform does: arguments replace arguments, nested blocks of
 * one type replace all nested blocks of that type, written or `dynamic`, but `lifecycle`, whose arguments are merged, and
 * conditions, of which those that are there stay.
 */
export function mergeBodies(base: Body, over: Body): Body {
  const replaced = new Set(over.blocks.map(typeOf).filter((type) => !merged.has(type)));
  const lifecycle = over.blocks.find((block) => block.type === 'lifecycle');
  const kept = base.blocks.filter((block) => !replaced.has(typeOf(block)));
  const blocks = kept.map((block) =>
    block.type === 'lifecycle' && lifecycle !== undefined
      ? { ...block, body: mergeBodies(block.body, lifecycle.body) }
      : block,
  );
  const fresh = over.blocks.filter(
    (block) => block.type !== 'lifecycle' || !kept.some((present) => present.type === 'lifecycle'),
  );
  return {
    attributes: new Map([...base.attributes, ...over.attributes]),
    blocks: [...blocks, ...fresh],
    duplicates: base.duplicates,
  };
}

const merged: ReadonlySet<string> = new Set(['lifecycle', 'precondition', 'postcondition', 'validation']);

/** What a `dynamic` block makes. */
function typeOf({ type, labels }: Block): string {
  return type === 'dynamic' ? (labels[0] ?? '') : type;
}
