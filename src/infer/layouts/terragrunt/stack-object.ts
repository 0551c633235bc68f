import { lazyObject } from '../../../hcl/lazy-object.ts';
import { emptyObject, type Value } from '../../../hcl/value.ts';
import { blockObject } from './config-object.ts';
import { folderOf } from './paths.ts';
import type { Session } from './session.ts';

/** A stack file as a value: its locals, units and stacks by name. */
export function stackObject(session: Session, file: string): Value {
  const { generated } = session.estate;
  const stack = generated.stackAt(folderOf(file));
  if (stack === undefined) return emptyObject();
  session.adopt(stack.frame.session);
  const named = (kind: 'unit' | 'stack') => {
    const blocks = new Map(stack.components.filter((one) => one.kind === kind).map(({ name, block }) => [name, block]));
    return lazyObject(blocks.keys(), (name) => {
      const block = blocks.get(name);
      return block === undefined ? null : blockObject(stack.frame, block);
    });
  };
  return lazyObject(['local', 'locals', 'unit', 'stack'], (name) =>
    name === 'unit' || name === 'stack' ? named(name) : (stack.frame.lookup('local') ?? null),
  );
}
