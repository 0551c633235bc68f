import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import type { EngineContext } from '../../src/engine/context.ts';
import { build } from '../../src/engine/versions/build.ts';
import { loadView } from '../../src/engine/view/load-view.ts';
import { TemporaryFolder } from '../../src/observe/git/temporary-repository.ts';
import { cacheBeside } from '../../src/wiring/cache-beside.ts';
import { openEngine } from '../../src/wiring/open.ts';

const names = Array.from({ length: 60 }, (_, number) => `c${number}`);

function configs(value: number): Record<string, string> {
  return Object.fromEntries(names.map((name) => [`iac/dev/app/${name}/config.json`, JSON.stringify({ value })]));
}

it('leaves behind, in another process, a view that changes are followed from as from one that was kept here', async () => {
  using folder = new TemporaryFolder();
  const repository = folder.repository('estate').write({ ...configs(0), 'components/app/main.tf': '' });
  repository.commit();
  const place = { options: { dir: repository.root, data: join(folder.path, 'data') }, env: {}, version: 'test' };
  const { cacheBeside: _, ...opened } = openEngine({ ...place, stays: true }).as({ door: 'cli' });
  const beside = cacheBeside(place);
  const context: EngineContext = { ...opened, ...(beside === undefined ? {} : { cacheBeside: beside }) };
  const views = () => context.cache.files.names('', '.view');
  await build(context);
  expect(views()).toHaveLength(1);
  repository.write(configs(1)).commit();
  await build(context);
  // Meanwhile others follow the view before it.
  repository.write({ 'iac/dev/app/c0/config.json': '{"value":3}' }).commit();
  await build(context);
  await vi.waitFor(() => expect(views()).toHaveLength(2), { timeout: 300_000 });
  repository.write({ 'iac/dev/app/c1/config.json': '{"value":2}' }).commit();
  const store = await context.stores.graph();
  const load = vi.spyOn(store, 'load');
  const followed = await build(context);
  expect(followed).toMatchObject({ version: 4, put: 1, removed: 0 });
  expect(load).not.toHaveBeenCalled();
  const elsewhere = { ...place, options: { ...place.options, data: join(folder.path, 'other') } };
  const fresh = openEngine({ ...elsewhere }).as({ door: 'cli' });
  expect(followed.hash).toBe((await loadView(fresh, undefined)).hash);
  await context.stores.close();
  await fresh.stores.close();
});
