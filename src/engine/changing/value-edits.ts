import type { Json } from '../../model/digest.ts';
import { KarmaError } from '../../model/errors.ts';
import { pointerOf } from '../../model/pointer.ts';
import { mustReach } from '../said-depth.ts';
import type { ValueEdit } from './proposal.ts';

/**
 * A merge patch (RFC 7396) as single edits: an object is gone through, `null` takes away, all else is set.
 * @throws KARMA_INPUT_INVALID of what is no object: it would take the place of all that there is
 */
export function editsOfPatch(patch: Json): readonly ValueEdit[] {
  if (patch === null || typeof patch !== 'object' || Array.isArray(patch)) {
    const what = patch === null ? 'null' : Array.isArray(patch) ? 'a list' : `a ${typeof patch}`;
    throw new KarmaError(
      'KARMA_INPUT_INVALID',
      `a merge patch of what a component is given is an object, not ${what}`,
      {
        hint: 'name the keys that it is about: {"size": 3}',
      },
    );
  }
  return within(patch, []);
}

function within(patch: Json, steps: readonly string[]): readonly ValueEdit[] {
  if (patch === null) return [{ pointer: pointerOf(steps) }];
  if (typeof patch !== 'object' || Array.isArray(patch)) return [{ pointer: pointerOf(steps), value: patch }];
  return Object.entries(patch).flatMap(([key, value]) => within(value, [...steps, key]));
}

/**
 * Values by path, and paths that go. A path is a JSON pointer (`/tags/Name`) or steps with dots (`tags.Name`).
 * @throws KARMA_INPUT_INVALID where one key is set twice or set and taken away: nobody can say which is meant
 */
export function editsOfValues(set: Readonly<Record<string, unknown>>, unset: readonly string[]): readonly ValueEdit[] {
  const edits = [
    ...Object.entries(set).map(([path, value]) => ({ pointer: pointerFrom(path), value: value as Json })),
    ...unset.map((path) => ({ pointer: pointerFrom(path) })),
  ];
  mustBeNamedOnce(edits.map(({ pointer }) => pointer));
  return edits;
}

/** @throws KARMA_INPUT_INVALID */
export function mustBeNamedOnce(pointers: readonly string[]): void {
  const twice = pointers.find((pointer, at) => pointers.indexOf(pointer) < at);
  if (twice === undefined) return;
  throw new KarmaError('KARMA_INPUT_INVALID', `${twice} is named twice`, {
    hint: 'a key is set once, or it goes: leave one of the two out',
  });
}

function pointerFrom(path: string): string {
  mustReach(path);
  return path.startsWith('/') ? path : pointerOf(path.split('.'));
}
