import type { Block, Expression } from '../../../hcl/tree.ts';
import type { DependencyRead } from './dependency-reads.ts';
import type { Layer } from './layers.ts';

/** What a configuration reads of each dependency, by label; `*` is any of them. */
export type Consumption = ReadonlyMap<string, readonly DependencyRead[]>;

/**
 * Every output that a unit's expressions name, those of its includes as merged: an include's input or block that the unit
 * replaces is not evaluated by Terragrunt, so it reads nothing.
 */
export function consumptionOf(layers: readonly Layer[]): Consumption {
  const found = new Map<string, DependencyRead[]>();
  const replaced = new Replaced();
  for (const { frame, strategy } of layers) {
    const add = (expression: Expression) => {
      for (const read of frame.session.estate.reads.of(expression)) {
        const known = found.get(read.name);
        if (known === undefined) found.set(read.name, [read]);
        else known.push(read);
      }
    };
    const { body } = frame.source;
    for (const [name, { value }] of body.attributes)
      if (name !== 'inputs') add(value);
      else if (value.kind !== 'object') add(value);
      else
        for (const item of value.items) {
          add(item.key);
          if (!replaced.input(item.key, strategy)) add(item.value);
        }
    for (const block of body.blocks) if (!replaced.block(block)) addBlock(block, add, replaced);
    replaced.note(body.attributes.get('inputs')?.value, body.blocks);
  }
  return found;
}

function addBlock(block: Block, add: (expression: Expression) => void, replaced: Replaced): void {
  for (const { value } of block.body.attributes.values()) add(value);
  for (const inner of block.body.blocks) if (!replaced.block(inner)) addBlock(inner, add, replaced);
}

/** Blocks of which a file closer to the unit leaves nothing of its namesake. */
const wholesale: ReadonlySet<string> = new Set([
  'generate',
  'remote_state',
  'before_hook',
  'after_hook',
  'error_hook',
  'extra_arguments',
]);

/** What the layers before replace in those behind. */
class Replaced {
  readonly #inputs = new Map<string, Expression>();
  readonly #blocks = new Set<string>();

  input(key: Expression, strategy: Layer['strategy']): boolean {
    if (key.kind !== 'literal') return false;
    const by = this.#inputs.get(String(key.value));
    if (by === undefined) return false;
    // A deep merge keeps what is inside maps and lists; only a plain value surely replaces all.
    return strategy === 'shallow' || (by.kind === 'literal' && Boolean(by.value)) || by.kind === 'template';
  }

  block({ type, labels }: Block): boolean {
    return wholesale.has(type) && this.#blocks.has(`${type} ${labels.join(' ')}`);
  }

  note(inputs: Expression | undefined, blocks: readonly Block[]): void {
    if (inputs?.kind === 'object')
      for (const { key, value } of inputs.items)
        if (key.kind === 'literal' && !this.#inputs.has(String(key.value))) this.#inputs.set(String(key.value), value);
    for (const { type, labels, body } of blocks) {
      if (wholesale.has(type)) this.#blocks.add(`${type} ${labels.join(' ')}`);
      if (type === 'terraform')
        for (const inner of body.blocks)
          if (wholesale.has(inner.type)) this.#blocks.add(`${inner.type} ${inner.labels.join(' ')}`);
    }
  }
}
