import type { At, Attribute, Block, Expression } from '../../../hcl/tree.ts';
import type { DependencyRead } from './dependency-reads.ts';
import type { Frame } from './frame.ts';
import type { Layer } from './layers.ts';

/** A read with the attribute it stands in. */
export interface PlacedRead extends DependencyRead {
  /** `inputs.vpc_id`, `generate.provider.contents`. */
  readonly site: string;
  readonly frame: Frame;
  readonly at: At;
}

/** What a configuration reads of each dependency, by label; `*` is any of them. */
export type Consumption = ReadonlyMap<string, readonly PlacedRead[]>;

/**
 * Every output that a unit's expressions name, those of its includes as merged: an include's input or block that the unit
 * replaces is not evaluated by Terragrunt, so it reads nothing.
 */
export function consumptionOf(layers: readonly Layer[]): Consumption {
  const found = new Map<string, PlacedRead[]>();
  const replaced = new Replaced();
  for (const { frame, strategy } of layers) {
    const add = (expression: Expression, site: string, at: At) => {
      for (const read of frame.session.estate.reads.of(expression)) {
        const placed = { ...read, site, frame, at };
        const known = found.get(read.name);
        if (known === undefined) found.set(read.name, [placed]);
        else known.push(placed);
      }
    };
    const { body } = frame.source;
    for (const attribute of body.attributes.values())
      if (attribute.name === 'inputs') addInputs(attribute, (key) => replaced.input(key, strategy), add);
      else add(attribute.value, attribute.name, attribute.at);
    for (const block of body.blocks) addBlock(block, '', add, replaced);
    replaced.note(body.attributes.get('inputs')?.value, body.blocks);
  }
  return found;
}

type Add = (expression: Expression, site: string, at: At) => void;

function addInputs({ value, at }: Attribute, isReplaced: (key: Expression) => boolean, add: Add): void {
  if (value.kind !== 'object') {
    add(value, 'inputs', at);
    return;
  }
  for (const item of value.items) {
    add(item.key, 'inputs', item.key.at);
    const site = item.key.kind === 'literal' ? `inputs.${item.key.value}` : 'inputs';
    if (!isReplaced(item.key)) add(item.value, site, item.key.at);
  }
}

function addBlock(block: Block, prefix: string, add: Add, replaced: Replaced): void {
  if (replaced.block(block)) return;
  const site = `${prefix}${[block.type, ...block.labels].join('.')}.`;
  for (const { name, value, at } of block.body.attributes.values()) add(value, site + name, at);
  for (const inner of block.body.blocks) addBlock(inner, site, add, replaced);
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
