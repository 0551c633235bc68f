import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { EstateView } from '../../../model/estate.ts';
import type { FileView } from '../../../model/file-view.ts';
import { ChangedMap } from '../../../observe/views/changed-map.ts';
import { type IndexedFile, IndexedView } from '../../../observe/views/indexed-view.ts';
import { TreeNames } from '../../../observe/views/tree-names.ts';
import type { PlaceIndex } from './places.ts';
import { readersOfChanges } from './readers-of-changes.ts';

const content = {
  text: () => undefined,
  target: () => undefined,
  digest: (_path: string, { oid }: IndexedFile) => oid,
};

function viewOf(repo: string, files: ReadonlyMap<string, IndexedFile>, names: TreeNames): FileView {
  return new IndexedView({ repo, revision: 'r', repoRoot: '', files, content, names });
}

function estateOf(views: readonly FileView[], stage: string): EstateView {
  const [main] = views;
  if (main === undefined) throw new Error('no view');
  const repos = new Map(views.map((view) => [view.repo, view]));
  return { main, repos, environment: { STAGE: stage }, parameters: new Map(), settings: {} };
}

const files = ['a', 'b/c', 'b/d', 'e'];
const places = [...files, 'b/../a', 'gone', 'x:a']
  .map((path) => `f${path}`)
  .concat(['db', 'dx:b/', 'eSTAGE', 'pdev:/p']);
const oid = fc.constantFrom('1', '2');
const some = fc.dictionary(fc.constantFrom(...files), oid, { maxKeys: 2 });

function entries(oids: Readonly<Record<string, string>>): Map<string, IndexedFile> {
  return new Map(Object.entries(oids).map(([path, one]) => [path, { kind: 'file', oid: one }]));
}

it('finds after any changes of content whom it finds when it looks at every place', () => {
  fc.assert(
    fc.property(
      fc.tuple(...files.map(() => oid)),
      fc.array(oid, { minLength: places.length, maxLength: places.length }),
      fc.array(fc.record({ some, from: fc.nat(3), other: oid, stage: oid }), { minLength: 2, maxLength: 6 }),
      (oids, digests, steps) => {
        const first = entries(Object.fromEntries(files.map((path, at) => [path, oids[at] ?? ''])));
        const names = new TreeNames(first);
        const index: PlaceIndex = {
          names: places,
          digests,
          readerStart: Uint32Array.from([...places, ''], (_, at) => at),
          readers: Uint32Array.from(places, (_, at) => at),
          ids: places,
        };
        const seen: ReadonlyMap<string, IndexedFile>[] = [first];
        for (const { some: changes, from, other, stage } of steps) {
          const now = ChangedMap.of(seen[from % seen.length] ?? first, entries(changes));
          seen.push(now);
          const elsewhere = entries({ a: other, 'b/c': other });
          const views = [viewOf('', now, names), viewOf('x', elsewhere, new TreeNames(elsewhere))];
          const estate = estateOf(other === '1' ? views : views.slice(0, 1), stage);
          const seal = (value: unknown) => String(value);
          // Nothing is remembered of an index that is new.
          expect([...readersOfChanges(index, estate, seal)]).toEqual([...readersOfChanges({ ...index }, estate, seal)]);
        }
      },
    ),
    { numRuns: 300 },
  );
});
