import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EngineContext } from '../../src/engine/context.ts';
import { build } from '../../src/engine/versions/build.ts';
import type { PublishBeside } from '../../src/engine/versions/publish-first.ts';
import { listVersions, verifyStore } from '../../src/engine/versions/versions.ts';
import { TemporaryFolder, type TemporaryRepository } from '../../src/observe/git/temporary-repository.ts';
import { openEngine } from '../../src/wiring/open.ts';
import { publishBeside } from '../../src/wiring/publish-beside.ts';

function estateIn(folder: TemporaryFolder): TemporaryRepository {
  const repository = folder.repository('estate').write({
    'iac/dev/vpc/main/config.json': '{}',
    'iac/dev/app/web/config.json': '{"vpc_nickname":"main"}',
    'components/vpc/main.tf': 'output "id" { value = "x" }',
  });
  repository.commit('begin');
  repository.write({ 'iac/dev/vpc/main/config.json': '{"cidr":"10.0.0.0/16"}' }).commit('widen');
  return repository;
}

function contextOf(repository: TemporaryRepository, data: string, beside?: PublishBeside): EngineContext {
  const options = { dir: repository.root, data };
  const { publishBeside: _, ...context } = openEngine({ options, env: {}, version: 'test' }).as({
    actor: 'ada',
    door: 'schedule',
  });
  return {
    ...context,
    now: () => '2026-01-01T00:00:00.000Z',
    ...(beside === undefined ? {} : { publishBeside: beside }),
  };
}

/** What a data folder holds, times of this run aside. */
async function heldIn(context: EngineContext): Promise<unknown> {
  const ledger = await context.stores.ledger();
  const graph = await context.stores.graph();
  const events = await ledger.read({ limit: 1000 });
  const told = events.map(({ seq, action, subject, outcome, actor, door, details }) => ({
    seq,
    action,
    subject,
    outcome,
    ...{ actor, door },
    details: { ...details, manifest: undefined },
  }));
  return {
    told,
    rows: await graph.load(1),
    versions: (await listVersions(context, { limit: 10 })).versions.length,
    verified: await verifyStore(context),
    history: await ledger.getDocument('history', 'known'),
  };
}

describe('a first version published in another thread', () => {
  it('leaves the same ledger and store behind as one published in this thread', async () => {
    using folder = new TemporaryFolder();
    const repository = estateIn(folder);
    const alone = contextOf(repository, join(folder.path, 'alone'));
    const options = { dir: repository.root, data: join(folder.path, 'beside') };
    const thread = publishBeside({ options, env: {}, version: 'test' }, 0);
    expect(thread).toBeDefined();
    const beside = contextOf(repository, join(folder.path, 'beside'), thread);
    const answers = [await build(alone), await build(beside)];
    expect({ ...answers[1], manifest: [] }).toEqual({ ...answers[0], manifest: [] });
    expect(await heldIn(beside)).toEqual(await heldIn(alone));
    expect((await build(beside)).changed).toBe(false);
    for (const context of [alone, beside]) await context.stores.close();
  });

  it('is published in this thread where the other one fails, whatever it had written', async () => {
    using folder = new TemporaryFolder();
    const repository = estateIn(folder);
    const data = join(folder.path, 'data');
    const dying = publishBeside({ options: { dir: repository.root, data }, env: {}, version: 'test' }, 0);
    const halfway: PublishBeside = {
      start: (files) => {
        const publisher = dying?.start(files);
        if (publisher === undefined) return undefined;
        return {
          ...publisher,
          take: (rows) => publisher.take({ ...rows, rows: [] }),
          publish: async (first) => {
            // History alone is written, as by a thread that dies behind it.
            await publisher.publish(first);
            return undefined;
          },
        };
      },
    };
    const context = contextOf(repository, data, halfway);
    const { version, components } = await build(context);
    expect({ version, components }).toEqual({ version: 1, components: 2 });
    const events = await (await context.stores.ledger()).read({ action: 'config.committed', limit: 100 });
    expect(events.map(({ subject }) => subject)).toEqual(['dev/app/web', 'dev/vpc/main', 'dev/vpc/main']);
    expect(await verifyStore(context)).toBeTruthy();
    await context.stores.close();
  });
});
