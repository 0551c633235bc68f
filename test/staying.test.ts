import { renameSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EngineContext } from '../src/engine/context.ts';
import { everyEvent } from '../src/engine/history/every-event.ts';
import { build } from '../src/engine/versions/build.ts';
import { apply, begun, paths, someFiles } from '../src/engine/view/estate-edits.fixture.ts';
import { loadView } from '../src/engine/view/load-view.ts';
import type { LoadedView } from '../src/engine/view/view.ts';
import { TemporaryFolder, type TemporaryRepository } from '../src/observe/git/temporary-repository.ts';
import { openEngine } from '../src/wiring/open.ts';
import { times } from './support/times.ts';

const env = { KARMA_ACTOR: 'test' };

/** One key for all data folders: secrets are compared by digests under it, and those are seen in rows. */
const keyed = { ...env, KARMA_ESTATE_KEY: '7'.repeat(64) };

function contextOf(root: string, data: string, stays: boolean): EngineContext {
  return openEngine({ options: { dir: root, data }, env: keyed, version: 'test', stays }).as({ door: 'cli' });
}

/** Byte for byte what a question can see of a view. */
function shown({ graph, hash, label, position, readers }: LoadedView): string {
  const index = [...readers()].map(([place, ids]) => `${place}: ${[...ids].sort().join(' ')}`).sort();
  return JSON.stringify({ hash, label, position, ids: graph.ids, rows: [...graph.rows()], readers: index });
}

/** What a build answers and what it leaves in ledger and store, times and random ids aside. */
async function built(context: EngineContext): Promise<unknown> {
  const { manifest, ...answer } = await build(context);
  const events: unknown[] = [];
  for await (const { action, subject, actor, outcome, details } of everyEvent(context)) {
    const { manifest: _manifest, environment: _environment, identity: _identity, ...plain } = details;
    events.push({ action, subject, actor, outcome, details: plain });
  }
  const rows = await (await context.stores.graph()).load(answer.version);
  return { answer, manifest: manifest.map(({ at: _at, ...one }) => one), events, rows };
}

const attempt = (work: () => void) => {
  try {
    work();
  } catch {
    // Nothing to do it to.
  }
};

/** What happens to a repository beside edits of files. */
const turns: Readonly<Record<string, (repository: TemporaryRepository) => void>> = {
  nothing: () => undefined,
  rename: ({ root }) => attempt(() => renameSync(join(root, 'iac/dev/app/a'), join(root, 'iac/dev/app/z'))),
  renameBack: ({ root }) => attempt(() => renameSync(join(root, 'iac/dev/app/z'), join(root, 'iac/dev/app/a'))),
  link: (repository) => repository.remove('live/b').link('live/b', 'a'),
  linkOut: (repository) => repository.remove('modules/m').link('modules/m', '../../elsewhere'),
  submodule: (repository) =>
    repository.git('update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},modules/inner`),
  branch: (repository) => repository.git('checkout', '-q', '-B', 'other'),
  back: (repository) => attempt(() => repository.git('checkout', '-q', '-f', 'main')),
  reset: (repository) => attempt(() => repository.git('reset', '-q', '--hard', 'HEAD~1')),
  amend: (repository) => repository.git('commit', '-q', '--allow-empty', '--amend', '-a', '-m', 'amended'),
  merge: (repository) => attempt(() => repository.git('merge', '-q', '--no-ff', '-X', 'ours', '-m', 'merge', 'main')),
  gc: (repository) => repository.git('gc', '-q', '--prune=now'),
  repack: (repository) => repository.git('repack', '-q', '-a', '-d'),
};

const step = fc.record({
  files: fc.dictionary(fc.constantFrom(...paths), fc.option(fc.nat(3)), { maxKeys: 3 }),
  turn: fc.constantFrom(...Object.keys(turns)),
  commit: fc.boolean(),
  ask: fc.constantFrom('first', 'second', 'both', 'neither'),
});

describe('a process that stays', () => {
  it('answers and publishes what a fresh one does, after any sequence of changes', async () => {
    await fc.assert(
      fc.asyncProperty(someFiles, fc.array(step, { minLength: 2, maxLength: 6 }), async (files, sequence) => {
        using folder = new TemporaryFolder();
        const repository = begun(folder, files);
        const [data, other] = [folder.at('data'), folder.at('other')];
        const first = contextOf(repository.root, data, true);
        const second = contextOf(repository.root, data, true);
        for (const { files: changed, turn, commit, ask } of sequence) {
          attempt(() => apply(repository, changed));
          turns[turn]?.(repository);
          if (commit) repository.commit();
          const fresh = contextOf(repository.root, other, false);
          const asked = ask === 'both' ? [first, second] : ask === 'first' ? [first] : ask === 'second' ? [second] : [];
          // The same questions in the same order: what is kept of one answer is in the words of whoever asked first.
          const answers = await Promise.all(asked.map((context) => loadView(context, undefined)));
          const expected = asked.length === 0 ? '' : shown(await loadView(fresh, undefined));
          for (const answer of answers) expect(shown(answer)).toBe(expected);
          if (commit) expect(await built(ask === 'second' ? second : first)).toEqual(await built(fresh));
          await fresh.stores.close();
        }
        await first.stores.close();
        await second.stores.close();
      }),
      { numRuns: times(6) },
    );
  });
});
