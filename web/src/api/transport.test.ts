import { expect, it } from 'vitest';
import { addressed } from './transport.ts';

it('puts what a path names into it, and asks the rest', () => {
  expect(addressed('/v1/changes/{id}/diff', { id: 'cr-1', at: 'v2' })).toEqual({
    path: '/v1/changes/cr-1/diff',
    question: { at: 'v2' },
  });
});

it.each([['../../x'], ['..'], ['a/b?c#d'], ['']])('lets %j lead nowhere else', (id) => {
  const { path } = addressed('/v1/changes/{id}', { id });
  expect(new URL(path, 'http://x').pathname).toMatch(/^\/v1\/changes\/[^/]+$/);
});
