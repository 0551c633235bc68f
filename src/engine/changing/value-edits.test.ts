import { expect, it } from 'vitest';
import { editsOfValues } from './value-edits.ts';

it.each([`a${'.a'.repeat(5000)}`, '/a'.repeat(5000)])('a path deeper than any file is refused in words', (path) => {
  expect(() => editsOfValues({ [path]: 1 }, [])).toThrow('a path has more than 200 steps');
  expect(() => editsOfValues({}, [path])).toThrow('a path has more than 200 steps');
});
