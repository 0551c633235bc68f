import type { Json } from '../../model/digest.ts';
import { pointerOf } from '../../model/pointer.ts';
import { mustReach } from '../said-depth.ts';
import type { ValueEdit } from './proposal.ts';

/** A merge patch (RFC 7396) as single edits: an object is gone through, `null` takes away, all else is set. */
export function editsOfPatch(patch: Json, steps: readonly string[] = []): readonly ValueEdit[] {
  if (patch === null) return [{ pointer: pointerOf(steps) }];
  if (typeof patch !== 'object' || Array.isArray(patch)) return [{ pointer: pointerOf(steps), value: patch }];
  return Object.entries(patch).flatMap(([key, value]) => editsOfPatch(value, [...steps, key]));
}

/** Values by path, and paths that go. A path is a JSON pointer (`/tags/Name`) or steps with dots (`tags.Name`). */
export function editsOfValues(set: Readonly<Record<string, unknown>>, unset: readonly string[]): readonly ValueEdit[] {
  return [
    ...Object.entries(set).map(([path, value]) => ({ pointer: pointerFrom(path), value: value as Json })),
    ...unset.map((path) => ({ pointer: pointerFrom(path) })),
  ];
}

function pointerFrom(path: string): string {
  mustReach(path);
  return path.startsWith('/') ? path : pointerOf(path.split('.'));
}
