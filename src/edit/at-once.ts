import { stepsOf } from '../model/pointer.ts';
import type { Edit } from './edit.ts';
import { type Plain, plainOfJson } from './plain.ts';

/**
 * A value as it is when all of the edits are made, where that does not depend on which is made first: none leads through the place
 * of another, and none moves the items of a list. Undefined where it does. O(size of the value + edits).
 */
export function withAll(value: Plain, edits: readonly Edit[]): Plain | undefined {
  const root = apart(edits);
  return root === undefined || root.edit !== undefined ? undefined : laid(value, root);
}

/** Whether none of the edits has to do with another: what the text tells of one, it tells whatever became of the others. */
export function areApart(edits: readonly Edit[]): boolean {
  return apart(edits) !== undefined;
}

function apart(edits: readonly Edit[]): Node | undefined {
  const override = edits.some((edit) => 'override' in edit);
  const root = new Node();
  for (const edit of edits) {
    if ('ref' in edit || 'override' in edit !== override) return undefined;
    if (!edit.path.isWellFormed()) return undefined;
    let node = root;
    for (const step of stepsOf(edit.path)) {
      if (node.edit !== undefined || step === '-') return undefined;
      node = node.at(step);
    }
    if (node.edit !== undefined || node.members.size > 0) return undefined;
    node.edit = edit;
  }
  return root;
}

class Node {
  edit: Exclude<Edit, { readonly ref: string }> | undefined;
  readonly members = new Map<string, Node>();

  at(step: string): Node {
    const node = this.members.get(step) ?? new Node();
    this.members.set(step, node);
    return node;
  }
}

function laid(value: Plain | undefined, node: Node): Plain | undefined {
  const { edit } = node;
  if (edit !== undefined) return 'set' in edit ? plainOfJson(edit.set) : undefined;
  if (Array.isArray(value)) return laidOnList(value as readonly Plain[], node);
  if (value !== undefined && !(value instanceof Map)) return undefined;
  const members = new Map(value as ReadonlyMap<string, Plain> | undefined);
  for (const [step, under] of node.members) {
    // Of what is not there yet nothing can be taken away.
    if (value === undefined && under.edit !== undefined && !('set' in under.edit)) return undefined;
    const isGone = under.edit !== undefined && !('set' in under.edit);
    const member = isGone ? undefined : laid(members.get(step), under);
    if (isGone) members.delete(step);
    else if (member === undefined) return undefined;
    else members.set(step, member);
  }
  return members;
}

function laidOnList(value: readonly Plain[], node: Node): Plain | undefined {
  const items = [...value];
  for (const [step, under] of node.members) {
    const at = /^(?:0|[1-9]\d{0,8})$/.test(step) ? Number(step) : items.length;
    const item = at < items.length ? laid(items[at], under) : undefined;
    if (item === undefined) return undefined;
    items[at] = item;
  }
  return items;
}
