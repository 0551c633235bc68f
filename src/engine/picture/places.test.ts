import { describe, expect, it } from 'vitest';
import type { CacheFiles } from '../../observe/cache/cache-files.ts';
import type { EarlierPlaces } from '../../report/draw/layout/earlier-places.ts';
import type { EngineContext } from '../context.ts';
import type { LoadedView } from '../view/view.ts';
import { PicturePlaces } from './places.ts';

function contextWith(files: Map<string, Uint8Array>): EngineContext {
  const kept: Partial<CacheFiles> = {
    open: (name) => {
      const bytes = files.get(name);
      if (bytes === undefined) return undefined;
      return { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
    },
    write: (name, parts) => {
      files.set(name, Buffer.concat(parts));
      return true;
    },
  };
  const ledger = { read: async () => [{ at: '2026-01-01', details: { version: 2, hash: 'h' } }] };
  return { cache: { files: kept }, stores: { ledger: async () => ledger } } as unknown as EngineContext;
}

const view = (kind: LoadedView['kind'], position: string) => ({ kind, position }) as LoadedView;
const places: EarlierPlaces = { lanes: { dev: { boxes: { a: [0, 14] }, passes: { a: [[1, 3]] } } }, added: 0 };

describe('PicturePlaces', () => {
  it('keeps what stands now, by picture', async () => {
    const context = contextWith(new Map());
    await new PicturePlaces(context, ['all', 'type']).keep(view('worktree', 'worktree'), places);
    expect(new PicturePlaces(context, ['all', 'type']).load()).toEqual(places);
    expect(new PicturePlaces(context, ['all', 'folder']).load()).toBeUndefined();
  });

  it.each([
    ['version', 'v1', false],
    ['version', 'v2', true],
    ['revision', 'abc', false],
  ] as const)('of a %s %s: %s', async (kind, position, kept) => {
    const context = contextWith(new Map());
    const one = new PicturePlaces(context, 'all');
    await one.keep(view(kind, position), places);
    expect(new PicturePlaces(context, 'all').load() !== undefined).toBe(kept);
  });

  it.each([
    '',
    '{',
    'null',
    '{"added":0,"lanes":{"dev":{"boxes":{"a":["x",1]},"passes":{}}}}',
    '{"added":0,"lanes":{"dev":1}}',
  ])('lays out anew where what was kept is %j', async (text) => {
    const files = new Map<string, Uint8Array>();
    const context = contextWith(files);
    await new PicturePlaces(context, 'all').keep(view('worktree', 'worktree'), places);
    for (const name of files.keys()) files.set(name, Buffer.from(text));
    expect(new PicturePlaces(context, 'all').load()).toBeUndefined();
  });
});
