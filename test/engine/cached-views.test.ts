import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EngineContext } from '../../src/engine/context.ts';
import { build } from '../../src/engine/versions/build.ts';
import { apply, begun, paths, someFiles } from '../../src/engine/view/estate-edits.fixture.ts';
import { loadView } from '../../src/engine/view/load-view.ts';
import type { LoadedView } from '../../src/engine/view/view.ts';
import { graphFrom } from '../../src/graph/graph.ts';
import type { Row } from '../../src/model/rows.ts';
import { noCache } from '../../src/observe/cache/no-cache.fixture.ts';
import { TemporaryFolder } from '../../src/observe/git/temporary-repository.ts';
import { openEngine } from '../../src/wiring/open.ts';
import { times } from '../support/times.ts';

function contextOf(root: string, data: string, env: Readonly<Record<string, string>> = {}): EngineContext {
  return openEngine({ options: { dir: root, data }, env, version: 'test' }).as({ door: 'cli' });
}

function shown({ graph, hash, readers }: LoadedView): unknown {
  const index = [...readers()].map(([place, ids]) => `${place}: ${[...ids].sort().join(' ')}`).sort();
  return { hash, ids: graph.ids, rows: [...graph.rows()], readers: index };
}

const edit = fc.record({
  files: fc.dictionary(fc.constantFrom(...paths), fc.option(fc.nat(3)), { minKeys: 1, maxKeys: 3 }),
  stage: fc.constantFrom('one', 'two', undefined),
  commit: fc.boolean(),
  parameter: fc.option(fc.constantFrom('/iac/vpc/main/runtime', '/iac/vpc/main/config', '/iac/queue/q/runtime'), {
    freq: 4,
  }),
});

/** A finding's text may name the commit that was read; another commit of the same tree publishes nothing. */
function withoutCommit(row: Row): Row {
  return row.key.startsWith('ref-not-followed|') ? { ...row, note: '' } : row;
}

describe('a view made from an earlier one', () => {
  it('equals one that is inferred in full, after any edits of files, environment, settings and parameters', async () => {
    await fc.assert(
      fc.asyncProperty(someFiles, fc.array(edit, { minLength: 1, maxLength: 4 }), async (files, edits) => {
        using folder = new TemporaryFolder();
        const repository = begun(folder, files);
        const data = join(folder.path, 'data');
        await loadView(contextOf(repository.root, data), undefined);
        for (const { files: changed, stage, commit, parameter } of edits) {
          apply(repository, changed);
          if (commit) repository.commit();
          const env: Record<string, string> = stage === undefined ? {} : { STAGE: stage };
          const context = contextOf(repository.root, data, env);
          if (parameter !== null) {
            const store = await context.stores.parameters('dev');
            await store.put({
              name: parameter,
              value: '{"id": 1}',
              type: 'String',
              at: '2026-01-01T00:00:00Z',
              by: 'test',
            });
          }
          const fresh = shown(await loadView({ ...context, cache: noCache }, undefined));
          expect(shown(await loadView(context, undefined))).toEqual(fresh);
          // Kept by the line above, read by another process.
          expect(shown(await loadView(contextOf(repository.root, data, env), undefined))).toEqual(fresh);
          await context.stores.close();
        }
      }),
      { numRuns: times(10) },
    );
  });

  it('keeps only what a change makes different', async () => {
    using folder = new TemporaryFolder();
    const repository = folder.repository('estate');
    const data = join(folder.path, 'data');
    for (const path of paths) if (path !== 'karma.yaml') apply(repository, { [path]: 0 });
    repository.commit('begin');
    await loadView(contextOf(repository.root, data), undefined);
    apply(repository, { 'iac/dev/app/a/config.json': 1 });
    await loadView(contextOf(repository.root, data), undefined);
    const kinds = readdirSync(join(data, 'views')).map((name) => name.split('.')[1]);
    expect(kinds.sort()).toEqual(['patch', 'view']);
  });

  it('is not read over a view that was written anew for another environment', async () => {
    using folder = new TemporaryFolder();
    const repository = folder.repository('estate');
    const data = join(folder.path, 'data');
    const one = contextOf(repository.root, data, { STAGE: 'one' });
    for (const path of paths) if (path !== 'karma.yaml') apply(repository, { [path]: 0 });
    apply(repository, { 'live/root.hcl': 1 });
    repository.commit('begin');
    const base = repository.git('rev-parse', 'HEAD').trim();
    const seen = await loadView(one, base);
    apply(repository, { 'iac/dev/app/a/config.json': 1 });
    repository.commit('more');
    const fresh = shown(await loadView({ ...one, cache: noCache }, 'HEAD'));
    expect(shown(await loadView(one, 'HEAD'))).toEqual(fresh);
    // The same commit is inferred in full where something else stands in the environment.
    const two = contextOf(repository.root, data, { STAGE: 'two' });
    expect((await loadView(two, base, { needsClaims: true })).hash).not.toBe(seen.hash);
    expect(shown(await loadView(contextOf(repository.root, data, { STAGE: 'one' }), 'HEAD'))).toEqual(fresh);
  });

  it('is published as the change it is: the store holds what a full inference gives', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 2, maxLength: 4 }), async (edits) => {
        using folder = new TemporaryFolder();
        const repository = folder.repository('estate').write({ 'README.md': 'x' });
        const data = join(folder.path, 'data');
        for (const path of paths) if (path !== 'karma.yaml') apply(repository, { [path]: 0 });
        repository.commit('begin');
        for (const { files, stage, commit } of edits) {
          // Of one commit the environment alone may differ.
          if (commit) {
            apply(repository, files);
            repository.commit();
          }
          const context = contextOf(repository.root, data, stage === undefined ? {} : { STAGE: stage });
          const { version } = await build(context);
          const fresh = await loadView({ ...context, cache: noCache }, undefined, { committed: true });
          const store = await context.stores.graph();
          expect(graphFrom(await store.load(version)).ids).toEqual(fresh.graph.ids);
          expect([...graphFrom(await store.load(version)).rows()].map(withoutCommit)).toEqual(
            [...fresh.graph.rows()].map(withoutCommit),
          );
          expect(await store.hash(version)).toBe(fresh.hash);
          await context.stores.close();
        }
      }),
      { numRuns: times(5) },
    );
  });
});
