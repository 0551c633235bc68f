import { pointerOf } from '../model/pointer.ts';
import type { ValueShape } from './value-shape.ts';

/** Deeper than this, or more than so many, nobody compares. */
const deepest = 6;
const most = 300;

/**
 * The types of outputs by name, and of what is within them by pointer (`db/port`; `subnets/*` of every item of a list): the name of an
 * output comes first, each step behind it escaped as in a pointer. Of a list whose items are of several types, and of what is null
 * or not known, nothing is said within.
 */
export function typesWithin(outputs: ValueShape): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const visit = (shape: ValueShape, steps: readonly string[]): void => {
    if (steps.length > deepest || found.size >= most) return;
    if (steps.length === 1 || isSaid(shape)) found.set(pointerOf(steps).slice(1), shape.kind);
    if (shape.kind === 'object')
      for (const [name, member] of Object.entries(shape.members)) visit(member, [...steps, name]);
    if (shape.kind === 'list') {
      const items = shape.items.filter(isSaid);
      const [first] = items;
      if (first === undefined || items.some(({ kind }) => kind !== first.kind)) return;
      visit(first.kind === 'object' ? shared(items) : first, [...steps, '*']);
    }
  };
  if (outputs.kind === 'object') for (const [name, member] of Object.entries(outputs.members)) visit(member, [name]);
  return found;
}

function isSaid({ kind }: ValueShape): boolean {
  return kind !== 'null' && kind !== 'unknown';
}

/** What all items have, of one type. */
function shared(items: readonly ValueShape[]): ValueShape {
  const members = items.map((item) => (item.kind === 'object' ? item.members : {}));
  const [first = {}, ...rest] = members;
  return {
    kind: 'object',
    members: Object.fromEntries(
      Object.entries(first).filter(([name, { kind }]) =>
        rest.every((one) => Object.hasOwn(one, name) && one[name]?.kind === kind),
      ),
    ),
  };
}
