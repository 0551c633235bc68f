import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EngineContext } from '../../src/engine/context.ts';
import { diff } from '../../src/engine/verbs/diff.ts';
import { build } from '../../src/engine/versions/build.ts';
import { rebuildStore, verifyStore } from '../../src/engine/versions/versions.ts';
import { loadView } from '../../src/engine/view/load-view.ts';
import { TemporaryFolder } from '../../src/observe/git/temporary-repository.ts';
import { exportLines } from '../../src/report/export/jsonl.ts';
import { openEngine } from '../../src/wiring/open.ts';

const keys = ['1', '2'].map((digit) => digit.repeat(64));

const files = (password: string) => ({
  'karma.yaml': 'estate: small\n',
  'account_environments/dev.json': '{"environment": "dev"}',
  'components/db/main.tf': '',
  'iac/dev/db/main/config.json': JSON.stringify({ size: 1, db_password: password }),
  'roots/net/main.tf': 'variable "password" {\n  sensitive = true\n}\nterraform {\n  backend "local" {}\n}\n',
  'roots/net/terraform.tfvars': `password = "${password}"\n`,
  'live/a/terragrunt.hcl': `inputs = { url = "postgres://ted:${password}@db/x", token = get_env("TOKEN_VALUE", "") }\n`,
});

function contextOf(root: string, data: string, env: Readonly<Record<string, string>> = {}): EngineContext {
  return openEngine({ options: { dir: root, data }, env, version: 'test' }).as({ door: 'cli' });
}

async function exported(context: EngineContext, at: string): Promise<string> {
  return [...exportLines((await loadView(context, at)).graph)].join('\n');
}

describe('a version of an estate whose configs hold secrets', () => {
  it('has one hash and one export in every data folder, and a changed secret is a change in each', async () => {
    using folder = new TemporaryFolder();
    const repository = folder.repository('estate').write(files('hunter2'));
    repository.commit('one');
    const contexts = keys.map((key, place) =>
      contextOf(repository.root, join(folder.path, `data${place}`), { KARMA_ESTATE_KEY: key }),
    );
    const first = await Promise.all(contexts.map((context) => build(context)));
    expect(first[0]?.hash).toBe(first[1]?.hash);
    const texts = await Promise.all(contexts.map((context) => exported(context, 'v1')));
    expect(texts[0]).toBe(texts[1]);

    // Changed, and back: each is a version of its own, under one hash.
    for (const [version, password] of [
      [2, 'hunter3'],
      [3, 'hunter2'],
    ] as const) {
      repository.write(files(password));
      repository.commit(password);
      for (const context of contexts) {
        expect(await build(context)).toMatchObject({ version, changed: true });
        const { changed, undecided } = (await diff(context, `v${version - 1}..v${version}`)).diff;
        expect(changed.map(({ id, fields }) => `${id} ${fields}`)).toEqual(
          expect.arrayContaining(['dev/db/main config', 'live/a config', 'roots/net config']),
        );
        expect(undecided).toEqual([]);
      }
    }
    for (const context of contexts) {
      expect((await diff(context, 'v1..v3')).diff.changed).toEqual([]);
      expect(await verifyStore(context)).toMatchObject({ same: true });
      await rebuildStore(context);
      expect(await verifyStore(context)).toMatchObject({ same: true });
      expect((await diff(context, 'v1..v2')).diff.changed.map(({ id }) => id)).toContain('dev/db/main');
      await context.stores.close();
    }
  });

  it('is never called equal to one that was digested under another key', async () => {
    using folder = new TemporaryFolder();
    const repository = folder.repository('estate').write(files('hunter2'));
    repository.commit('one');
    const data = join(folder.path, 'data');
    const [one, other] = keys.map((key) => contextOf(repository.root, data, { KARMA_ESTATE_KEY: key }));
    if (one === undefined || other === undefined) throw new Error('two keys');
    const { hash } = await build(one);
    repository.write({ 'README.md': 'another commit\n' });
    repository.commit('two');
    const second = await build(other);
    expect(second).toMatchObject({ version: 2, hash });
    const answer = await diff(other, 'v1..v2');
    expect(answer.diff.changed).toEqual([]);
    expect(answer.diff.undecided).toEqual(['dev/db/main', 'live/a', 'roots/net']);
    await one.stores.close();
    await other.stores.close();
  });

  it('is another one where only a secret of the environment differs, also from what is kept', async () => {
    using folder = new TemporaryFolder();
    const repository = folder.repository('estate').write(files('hunter2'));
    repository.commit('one');
    const data = join(folder.path, 'data');
    const under = (token: string) =>
      contextOf(repository.root, data, { KARMA_ESTATE_KEY: keys[0] ?? '', TOKEN_VALUE: token });
    const [a, b] = [under('tok-aaaa-1111'), under('tok-bbbb-2222')];
    const { hash } = await build(a);
    // Asked under another value first, so that what is kept of the commit is not what v1 holds.
    await loadView(b, undefined);
    await loadView(b, 'HEAD');
    expect(await build(b)).toMatchObject({ version: 2, changed: true, hash });
    for (const context of [a, b])
      expect((await diff(context, 'v1..v2')).diff.changed).toEqual([{ id: 'live/a', fields: ['config'] }]);
    expect(await verifyStore(b)).toMatchObject({ same: true });
    await a.stores.close();
    await b.stores.close();
  });
});
