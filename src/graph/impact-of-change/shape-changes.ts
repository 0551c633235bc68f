import type { OutputShape } from '../../model/output-shape.ts';
import { type Pointer, pointerOf, stepsOf, wholeRuntime } from '../../model/pointer.ts';

/** Stands in a pointer for every item of a list. */
const anyItem = '*';

/** Where a reader of the old shape meets something else, and what. */
export interface ShapeChange {
  readonly pointer: Pointer;
  readonly change: string;
}

/**
 * What becomes of an output's shape. More members break nobody; where either end is unknown, nothing is said. Order of the
 * earlier shape's members.
 */
export function shapeChanges(output: string, before: OutputShape, after: OutputShape): ShapeChange[] {
  const changes: ShapeChange[] = [];
  const visit = (was: OutputShape, is: OutputShape, steps: readonly string[], within: string): void => {
    const told = (change: string): void => {
      changes.push({ pointer: pointerOf([output, ...steps]), change: `${within}${change}` });
    };
    if (isOpenEnded(was) || isOpenEnded(is)) return;
    if (was.kind === 'json' && is.kind === 'json') {
      visit(was.holds, is.holds, steps, `${within}in its JSON `);
    } else if (was.kind === 'list' && is.kind === 'list') {
      visit(was.item, is.item, [...steps, anyItem], `${within}of its items `);
    } else if (was.kind === 'object' && is.kind === 'object') {
      for (const [name, member] of was.members) {
        const now = is.members.get(name);
        const inner = `${within}member ${name} `;
        if (now !== undefined) visit(member, now, [...steps, name], inner);
        else if (!is.open) changes.push({ pointer: pointerOf([output, ...steps, name]), change: `${inner}is gone` });
      }
    } else if (wordOf(was) !== wordOf(is)) told(`${wordOf(was)} becomes ${wordOf(is)}`);
  };
  visit(before, after, [], '');
  return changes;
}

function isOpenEnded({ kind }: OutputShape): boolean {
  return kind === 'unknown' || kind === 'null';
}

function wordOf(shape: OutputShape): string {
  if (shape.kind === 'json') return 'string';
  return shape.kind === 'object' && shape.open ? 'map' : shape.kind;
}

/** Whether a reader of one pointer meets a change at the other, which may hold {@link anyItem}. */
export function meets(read: Pointer, changed: Pointer): boolean {
  if (read === wholeRuntime) return true;
  const [a, b] = [stepsOf(read), stepsOf(changed)];
  return a.every((step, place) => {
    const other = b[place];
    return other === undefined || other === step || other === anyItem;
  });
}
