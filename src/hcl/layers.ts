import { either, extend, tolerate } from './places.ts';
import type { Value } from './value.ts';
import { isObject, isUnknown } from './value.ts';

/**
 * One member of maps that were merged, the last on top: what stands in a known one hides all below it, and what is known only in
 * a run shows through where it lacks the member. Undefined where none has it.
 */
export function memberOfLayers(layers: readonly Value[], name: string): Value | undefined {
  const seen: Value[] = [];
  let hasGround = false;
  for (const layer of layers.toReversed()) {
    const member = memberOf(layer, name);
    if (member === undefined) continue;
    seen.push(member);
    hasGround = !isUnknown(member) || !isUnknown(layer);
    if (hasGround) break;
  }
  const [top] = seen;
  if (seen.length < 2) return top;
  const found = seen.map((value) => (hasGround && isUnknown(value) ? tolerate(value) : value));
  return either('a member of maps known after a run', found);
}

function memberOf(layer: Value, name: string): Value | undefined {
  if (!isUnknown(layer)) return isObject(layer) && Object.hasOwn(layer, name) ? (layer[name] ?? null) : undefined;
  return layer.layers === undefined ? extend(layer, name) : memberOfLayers(layer.layers, name);
}
