import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { EngineContext } from '../src/engine/context.ts';
import { apply, begun, paths, someFiles } from '../src/engine/view/estate-edits.fixture.ts';
import { followChange } from '../src/engine/view/following/follow-change.ts';
import type { PlaceIndex } from '../src/engine/view/following/places.ts';
import { CachedViews, type WholeView } from '../src/engine/view/following/view-cache.ts';
import { inferView } from '../src/engine/view/infer-view.ts';
import { claimsOf } from '../src/engine/view/load-view.ts';
import { openEstate } from '../src/engine/view/open-estate.ts';
import { sealOf } from '../src/engine/view/seal.ts';
import { sha256 } from '../src/model/digest.ts';
import { deltaBetween, type Row, rowId } from '../src/model/rows.ts';
import { TemporaryFolder } from '../src/observe/git/temporary-repository.ts';
import { openEngine } from '../src/wiring/open.ts';
import { times } from './support/times.ts';

const edits = fc.dictionary(fc.constantFrom(...paths), fc.option(fc.nat(3)), { minKeys: 1, maxKeys: 4 });

async function inferred(context: EngineContext): Promise<WholeView> {
  const estate = await openEstate(context, {});
  return (await inferView(estate, context, (await claimsOf(context)).layouts(estate.view))).whole();
}

function rowsOf({ graph }: WholeView): ReadonlyMap<string, Row> {
  return new Map([...graph.rows()].map((row) => [rowId(row), row]));
}

/** Everything a whole view says, whatever the order in which it says it. */
function told({ graph, state, ...rest }: WholeView): unknown {
  if (state === undefined) return undefined;
  const { seen, speakers, spokenOf, ...resolution } = state.resolution;
  return {
    ...rest,
    ids: graph.ids,
    rows: [...graph.rows()],
    layouts: state.layouts,
    resolution,
    seen: Array.from({ length: seen.size }, (_, number) => JSON.stringify(seen.at(number))),
    pairs: Array.from(speakers, (speaker, at) => `${speaker} ${spokenOf[at]}`).sort(),
    places: placesOf(state.places),
    digests: [...state.hash.digests].sort(([a], [b]) => a - b),
    buckets: state.hash.buckets,
  };
}

function placesOf({ names, digests, readerStart, readers, ids }: PlaceIndex): unknown {
  const all = names.map((name, place) => {
    const from = readers.subarray(readerStart[place], readerStart[place + 1]);
    return [name, digests[place], Array.from(from, (reader) => ids[reader]).sort()];
  });
  return all.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
}

it('a whole view made from an earlier one and what changed since says what one says that is inferred', async () => {
  await fc.assert(
    fc.asyncProperty(someFiles, fc.array(edits, { minLength: 1, maxLength: 4 }), async (files, sequence) => {
      using folder = new TemporaryFolder();
      const repository = begun(folder, files);
      const open = () =>
        openEngine({
          options: { dir: repository.root, data: folder.at('data') },
          env: { STAGE: 'one' },
          version: 'test',
        }).as({ door: 'cli' });
      let asksMore = false;
      let before: { readonly scope: string; readonly whole: WholeView } | undefined;
      for (const [number, changed] of [{}, ...sequence].entries()) {
        apply(repository, changed);
        const context = open();
        const estate = await openEstate(context, {});
        // Settings name a view, so that none is followed from one under others.
        const scope = JSON.stringify(estate.view.settings);
        const views = new CachedViews(context.cache.files, scope);
        const base = views.base();
        const opened = (await claimsOf(context)).layouts(estate.view);
        const after = base && followChange(base.view, estate, await sealOf(context), opened);
        const fresh = await inferred(context);
        if (after !== undefined) expect(told(after.whole())).toEqual(told(fresh));
        if (base !== undefined && after !== undefined) views.keepDelta(`${number}`, base, after);
        // Followed from itself where it could be, so that what is left out once shows later.
        const whole = after?.whole() ?? fresh;
        views.keepWhole(`${number}`, whole);
        if (after !== undefined && before?.scope === scope) {
          const { hash, environment } = before.whole;
          const known = { identity: sha256(`${number - 1}`), hash, environment };
          const change = deltaBetween(rowsOf(before.whole), rowsOf(whole));
          const now = { identity: sha256(`${number}`), hash: whole.hash, environment: whole.environment };
          const changes = views.changes(known, now);
          // What is followed still names what its base asked the environment for. Where that is more, or was before, nothing
          // need be told, and all is compared; what is told is right.
          asksMore ||= Object.keys(after.environment).length > Object.keys(whole.environment).length;
          if (changes !== undefined || !asksMore) {
            expect(changes).toEqual(change);
            expect(views.base()?.view.graph.ids).toEqual(whole.graph.ids);
          }
        }
        before = { scope, whole };
        await context.stores.close();
      }
    }),
    { numRuns: times(12) },
  );
});
