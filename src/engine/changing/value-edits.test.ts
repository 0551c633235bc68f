import { expect, it } from 'vitest';
import { editsOfPatch, editsOfValues } from './value-edits.ts';

it.each([`a${'.a'.repeat(5000)}`, '/a'.repeat(5000)])('a path deeper than any file is refused in words', (path) => {
  expect(() => editsOfValues({ [path]: 1 }, [])).toThrow('a path has more than 200 steps');
  expect(() => editsOfValues({}, [path])).toThrow('a path has more than 200 steps');
});

it('a key is set, or it goes, and both are no edit', () => {
  expect(() => editsOfValues({ 'tags.Name': 1 }, ['/tags/Name'])).toThrow('/tags/Name is named twice');
  expect(() => editsOfValues({ 'tags.Name': 1, '/tags/Name': 2 }, [])).toThrow('/tags/Name is named twice');
  expect(editsOfValues({ a: 1 }, ['b'])).toEqual([{ pointer: '/a', value: 1 }, { pointer: '/b' }]);
});

it.each([5, 'x', null, [1]])('a merge patch of %j would take the place of all, and is refused', (patch) => {
  expect(() => editsOfPatch(patch)).toThrow('is an object, not');
});

it('a merge patch is its keys, one by one', () => {
  expect(editsOfPatch({ a: { b: 1, c: null }, d: [1] })).toEqual([
    { pointer: '/a/b', value: 1 },
    { pointer: '/a/c' },
    { pointer: '/d', value: [1] },
  ]);
});
