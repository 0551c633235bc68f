import { lazyObject } from '../../../hcl/lazy-object.ts';
import type { Block } from '../../../hcl/tree.ts';
import { emptyObject, Unknown, type Value, type ValueObject } from '../../../hcl/value.ts';
import { dependencySource } from './dependency-source.ts';
import type { Frame } from './frame.ts';
import type { Layer } from './layers.ts';
import { mergedInputs } from './merged-inputs.ts';

/** A configuration as a value, as `include.root` and `read_terragrunt_config` answer it; members are computed when asked for. */
export function configObject(layers: readonly Layer[]): ValueObject {
  const own = layers.find(({ frame }) => frame.at.through === undefined) ?? layers[0];
  return lazyObject(members(layers), (name) => {
    if (name === 'locals') return own === undefined ? emptyObject() : (own.frame.lookup('local') ?? null);
    if (name === 'inputs') return mergedInputs(layers);
    if (name === 'dependency') return dependencyObjects(layers);
    if (name === 'generate' || name === 'feature')
      return lazyObject(labels(layers, name), (label) => labelled(layers, name, label));
    if (name === 'dependencies') return new Unknown('the paths of a dependencies block');
    const block = firstBlock(layers, name);
    if (block !== undefined) return blockObject(block.frame, block.block);
    const found = layers.find(({ frame }) => frame.source.body.attributes.has(name));
    const attribute = found?.frame.source.body.attributes.get(name);
    return found === undefined || attribute === undefined ? null : found.frame.evaluate(attribute.value);
  });
}

function members(layers: readonly Layer[]): Set<string> {
  const names = new Set(['locals', 'inputs', 'dependency', 'generate', 'feature']);
  for (const { frame } of layers) {
    for (const block of frame.source.body.blocks) if (block.type !== 'include') names.add(block.type);
    for (const name of frame.source.body.attributes.keys()) names.add(name);
  }
  return names;
}

function labels(layers: readonly Layer[], type: string): Set<string> {
  const found = new Set<string>();
  for (const { frame } of layers)
    for (const block of frame.source.body.blocks)
      if (block.type === type && block.labels[0] !== undefined) found.add(block.labels[0]);
  return found;
}

function dependencyObjects(layers: readonly Layer[]): ValueObject {
  return lazyObject(labels(layers, 'dependency'), (label) => {
    const found = firstBlock(layers, 'dependency', label);
    if (found === undefined) return null;
    const source = dependencySource(found.frame, label);
    // Of a block with an expansion a step chooses one.
    if (found.block.body.blocks.some(({ type }) => type === 'expansion')) return Unknown.at(source);
    const result = emptyObject();
    result.outputs = Unknown.at(source, [], 'an output of a dependency');
    result.inputs = new Unknown('inputs of a dependency', [{ source, steps: [] }]);
    return result;
  });
}

export function firstBlock(
  layers: readonly Layer[],
  type: string,
  label?: string,
): { readonly frame: Frame; readonly block: Block } | undefined {
  for (const { frame } of layers)
    for (const block of frame.source.body.blocks)
      if (block.type === type && (label === undefined || block.labels[0] === label)) return { frame, block };
  return undefined;
}

function labelled(layers: readonly Layer[], type: string, label: string): Value {
  const found = firstBlock(layers, type, label);
  if (found === undefined) return null;
  const value = blockObject(found.frame, found.block);
  if (type !== 'feature') return value;
  const feature = emptyObject();
  feature.name = label;
  feature.value = value.default ?? null;
  return feature;
}

/** A block as an object: its attributes, and the blocks in it by type. */
export function blockObject(frame: Frame, block: Block): ValueObject {
  const inner = new Map(block.body.blocks.map((one) => [one.type, one]));
  return lazyObject(new Set([...block.body.attributes.keys(), ...inner.keys()]), (name) => {
    const attribute = block.body.attributes.get(name);
    if (attribute !== undefined) return frame.evaluate(attribute.value);
    const nested = inner.get(name);
    return nested === undefined ? null : blockObject(frame, nested);
  });
}
