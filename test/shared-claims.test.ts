import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Checkout } from '../bench/oracle/checkout.ts';
import { moduleEdits } from '../bench/oracle/edits.ts';
import { fileEdits } from '../bench/oracle/file-edits.ts';
import { layouts } from '../bench/oracle/layouts/layouts.ts';
import { seededRandom } from '../bench/random.ts';
import { handingsOf } from '../src/engine/range/cached-handings.ts';
import { compareRange } from '../src/engine/range/compare-range.ts';
import { handingOf } from '../src/engine/range/handing.ts';
import { changesIn } from '../src/engine/range/range-changes.ts';
import { readersIn } from '../src/engine/range/range-readers.ts';
import { sharingClaims } from '../src/engine/range/shared-claims.ts';
import { loadView } from '../src/engine/view/load-view.ts';
import { openEstate } from '../src/engine/view/open-estate.ts';
import { loadGrammar } from '../src/hcl/parse.ts';
import { findRepository } from '../src/observe/git/git-repository.ts';
import { resolveRange } from '../src/observe/git/revision.ts';
import { openEngine } from '../src/wiring/open.ts';
import { estateMaker } from './support/estates.ts';
import { environment, git } from './support/karma.ts';

const estates = estateMaker();
const rounds = Number(process.env['KARMA_ROUNDS'] ?? 8);
const open: { close(): Promise<void> }[] = [];
afterAll(async () => {
  for (const one of open) await one.close();
});

/**
 * What is taken of the earlier end, since it reads nothing that changed, is what the later end would say itself; and what was kept of
 * what components hand on is what their claims say.
 */
it.each(Object.keys(layouts) as (keyof typeof layouts)[])(
  'claims are shared only where they are the same (%s)',
  async (name) => {
    await loadGrammar();
    const random = seededRandom(Number(process.env['KARMA_SEED'] ?? 5));
    const layout = layouts[name];
    let estate = layout.generate(random);
    const checkout = new Checkout(join(estates.folder, name));
    checkout.commit(layout.files(estate));
    const place = checkout.place;
    const repository = findRepository(place);
    if (repository === undefined) throw new Error('no repository');
    const edits = { ...moduleEdits, ...fileEdits, ...layout.edits };
    let [shared, kept] = [0, 0];
    for (let made = 0; made < rounds; ) {
      const next = structuredClone(estate);
      const told = edits[random.pick(Object.keys(edits)) ?? '']?.(next, random);
      if (told === undefined || !checkout.differs(layout.files(next))) continue;
      made += 1;
      const before = git(place, 'rev-parse', 'HEAD');
      checkout.commit(layout.files(next));
      estate = next;
      const after = git(place, 'rev-parse', 'HEAD');
      // Nothing is kept of what came before, so the earlier end is inferred, and the later one followed from it.
      const context = openEngine({
        options: { dir: place, data: join(estates.folder, `${name}-data-${made}`) },
        env: environment(),
        version: 'test',
      }).as({ door: 'cli' });
      open.push(context.stores);
      const compared = await compareRange(context, `${before}..${after}`);
      const both = {
        before: await openEstate(context, { at: before }),
        after: await openEstate(context, { at: after }),
      };
      const range = { ...(await resolveRange(repository, `${before}..${after}`)), repository };
      const readers = readersIn(await changesIn(both, range), compared.ends, compared.views);
      const { claim } = sharingClaims(compared.ends, both, compared.views, readers);
      const { graph, claim: claimOf } = compared.ends.after;
      const claimed = new Set<string>();
      const counted = {
        graph,
        claim: (id: string) => {
          claimed.add(id);
          return claimOf(id);
        },
      };
      const { before: was } = compared.ends;
      const { claimedAs } = await loadView(context, before);
      for (const id of was.graph.ids) handingsOf(was, claimedAs, context.cache, undefined)(id);
      const handing = handingsOf(counted, compared.views.after.claimedAs, context.cache, undefined);
      for (const id of graph.ids) {
        const [node, own] = [graph.node(id), claimOf(id)];
        const anew = node === undefined || own === undefined ? undefined : handingOf(own, graph.component(node));
        expect(handing(id), `${told}: what ${id} hands on`).toEqual(anew);
        if (own !== undefined && !claimed.has(id)) kept += 1;
        expect(claim(id), `${told}: ${id}`).toEqual(compared.ends.after.claim(id));
        if (compared.ends.before.graph.node(id) !== undefined && claim(id) === compared.ends.before.claim(id))
          shared += 1;
      }
    }
    expect(shared).toBeGreaterThan(0);
    expect(kept).toBeGreaterThan(0);
  },
);
