import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Progress } from '../model/progress.ts';
import { TemporaryFolder, type TemporaryRepository } from '../observe/git/temporary-repository.ts';
import { openEngine } from '../wiring/open.ts';
import type { Engine } from './engine.ts';
import { ask } from './verbs/table.ts';

const names = Array.from({ length: 130 }, (_, number) => `c${number}`);

function estateIn(folder: TemporaryFolder): TemporaryRepository {
  const repository = folder.repository('estate').write({
    ...Object.fromEntries(names.map((name) => [`iac/dev/app/${name}/config.json`, '{"vpc_nickname":"main"}'])),
    'iac/dev/vpc/main/config.json': '{}',
    'components/app/main.tf': '',
    'components/vpc/main.tf': 'output "id" { value = "x" }',
  });
  repository.commit();
  return repository;
}

function opened(folder: TemporaryFolder, dir: string, data = 'data'): Engine {
  const options = { dir, data: join(folder.path, data) };
  return openEngine({ options, env: { KARMA_ACTOR: 'who opened it' }, version: 'test', stays: true });
}

it('answers many askers at once: one gives up in the middle, and nobody else notices', async () => {
  using folder = new TemporaryFolder();
  const { root } = estateIn(folder);
  const engine = opened(folder, root);
  const stop = new AbortController();
  const heard: Progress[] = [];
  const impatient = engine.as({
    ...{ actor: 'ada', door: 'api', signal: stop.signal },
    // Components are read from here on: it is neither before the work nor behind it.
    report: (progress) => {
      if (progress.kind === 'phase' && progress.phase === 'discover') stop.abort();
      heard.push(progress);
    },
  });
  const patient = engine.as({ actor: 'bo', door: 'ui', signal: new AbortController().signal });
  const [given, answered] = await Promise.allSettled([
    ask(impatient, 'impact', { of: ['vpc/main'] }),
    ask(patient, 'impact', { of: ['vpc/main'] }),
  ]);
  expect(given).toMatchObject({ status: 'rejected', reason: { code: 'KARMA_INTERRUPTED' } });
  expect(heard.map((one) => (one.kind === 'phase' ? one.phase : one.kind))).not.toContain('resolve');
  const fresh = opened(folder, root, 'elsewhere');
  expect(answered).toEqual({
    status: 'fulfilled',
    value: await ask(fresh.as({ door: 'cli' }), 'impact', { of: ['vpc/main'] }),
  });
  // Who gave up may ask again, and a question that was given up before it began does nothing.
  await expect(ask(impatient, 'estate', {})).rejects.toMatchObject({ code: 'KARMA_INTERRUPTED' });
  expect(await ask(engine.as({ actor: 'ada', door: 'api' }), 'list', { limit: 1 })).toMatchObject({ total: 131 });
  await engine.close();
  await fresh.close();
});

it('writes in the name of whoever asked, each with their door and trace', async () => {
  using folder = new TemporaryFolder();
  const engine = opened(folder, estateIn(folder).root);
  const askers = [
    { actor: 'ada', door: 'api', trace: '4bf92f3577b34da6a3ce929d0e0e4736' },
    { actor: 'bo', door: 'ui' },
    { door: 'schedule' },
  ] as const;
  await Promise.all(
    askers.map((asker, place) => ask(engine.as(asker), 'token-create', { name: `t${place}`, role: 'viewer' })),
  );
  const { events } = await ask(engine.as({ door: 'cli' }), 'log', { limit: 10 });
  const told = events.map(({ actor, door, trace }) => ({ actor, door, ...(trace === undefined ? {} : { trace }) }));
  expect(told.sort((a, b) => (a.actor < b.actor ? -1 : 1))).toEqual([
    askers[0],
    askers[1],
    { actor: 'who opened it', door: 'schedule' },
  ]);
  await engine.close();
});

it('brings a write to its end though nobody waits for it, and says nothing of half of it', async () => {
  using folder = new TemporaryFolder();
  const engine = opened(folder, estateIn(folder).root);
  const stop = new AbortController();
  const asker = engine.as({ actor: 'ada', door: 'api', signal: stop.signal, report: () => stop.abort() });
  expect(await ask(asker, 'build', {})).toMatchObject({ version: 1, components: 131 });
  expect(stop.signal.aborted).toBe(true);
  await engine.close();
});

it('takes ids from the estate’s root, and from a folder for who stands in one', async () => {
  using folder = new TemporaryFolder();
  const { root } = folder.repository('plain').write({ 'live/app/main.tf': 'terraform {\n  backend "local" {}\n}\n' });
  const engine = opened(folder, join(root, 'live'));
  const afar = engine.as({ actor: 'ada', door: 'api' });
  expect((await ask(afar, 'show', { id: 'live/app' })).component.id).toBe('live/app');
  await expect(ask(afar, 'show', { id: './app' })).rejects.toMatchObject({ code: 'KARMA_NOT_FOUND' });
  const there = engine.as({ door: 'cli', standsThere: true });
  expect((await ask(there, 'show', { id: './app' })).component.id).toBe('live/app');
  await engine.close();
});

it('numbers what each asker hears, and each hears their own', async () => {
  using folder = new TemporaryFolder();
  const engine = opened(folder, estateIn(folder).root);
  const heard: Record<string, Progress[]> = { ada: [], bo: [] };
  await Promise.all(
    Object.entries(heard).map(([actor, all]) =>
      ask(engine.as({ actor, door: 'api', report: (progress) => all.push(progress) }), 'doctor', {}),
    ),
  );
  for (const all of Object.values(heard)) {
    expect(all.map(({ number }) => number)).toEqual(all.map((_, place) => place + 1));
    expect(all.find((one) => one.kind === 'phase' && one.phase === 'resolve')).toMatchObject({ done: 0, total: 1 });
  }
  await engine.close();
});
