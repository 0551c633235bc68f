import type { Block } from '../../../hcl/tree.ts';
import { guardedPlain } from '../../plain-value.ts';
import type { Frame } from './frame.ts';

/**
 * A block as plain JSON, everything in it: attributes by name, blocks by type and labels, a further one of the same name with
 * its number behind it. What fails to evaluate is marked, and never left out, so that nothing of it can change unseen.
 */
export function plainBlock(
  frame: Frame,
  { body }: Block,
  without: ReadonlySet<string> = none,
): Record<string, unknown> {
  const plain: Record<string, unknown> = {};
  for (const [name, { value }] of body.attributes)
    if (!without.has(name)) plain[name] = guardedPlain(() => frame.evaluate(value));
  for (const block of body.blocks)
    if (!without.has(block.type)) plain[freeName(plain, block)] = plainBlock(frame, block);
  return plain;
}

const none: ReadonlySet<string> = new Set();

function freeName(taken: Readonly<Record<string, unknown>>, { type, labels }: Block): string {
  const name = [type, ...labels].join(' ');
  if (!Object.hasOwn(taken, name)) return name;
  for (let number = 2; ; number++) if (!Object.hasOwn(taken, `${name} ${number}`)) return `${name} ${number}`;
}
