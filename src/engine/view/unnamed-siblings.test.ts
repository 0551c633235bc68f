import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { TemporaryFolder, TemporaryRepository } from '../../observe/git/temporary-repository.ts';
import { openEngine } from '../../wiring/open.ts';
import type { EngineContext } from '../context.ts';
import { examine } from '../verbs/doctor.ts';
import { overview } from '../verbs/overview.ts';

const opened: EngineContext[] = [];
const folders: TemporaryFolder[] = [];
afterEach(async () => {
  for (const context of opened.splice(0)) await context.stores.close();
  for (const folder of folders.splice(0)) folder[Symbol.dispose]();
});

const document = 'openapi: 3.0.0\npaths: {}\n';

/** An estate with the API `shop`, and other folders beside it. */
function beside(
  others: Readonly<Record<string, Readonly<Record<string, string>>>>,
  own: Readonly<Record<string, string>> = {},
): EngineContext {
  const folder = new TemporaryFolder();
  folders.push(folder);
  for (const [name, files] of Object.entries(others))
    new TemporaryRepository(join(folder.path, name)).write(files).commit();
  const estate = new TemporaryRepository(join(folder.path, 'estate'))
    .write({ 'iac/dev/rest-api/shop/config.json': '{}', ...own })
    .write({ 'components/rest-api/main.tf': 'variable "config" {\n  type = any\n}\n' });
  estate.commit();
  const options = { dir: estate.root, data: join(folder.path, 'data') };
  const env = { HOME: '/nowhere' };
  const context = openEngine({ options, env, version: 'test' }).as({ door: 'cli' });
  opened.push(context);
  return context;
}

const specs = { 'openapi/shop/openapi.yaml': document, 'openapi/other/openapi.yaml': document };
const found = {
  folder: '../api-specs',
  name: 'api-specs',
  documents: ['shop'],
  components: ['dev/rest-api/shop'],
};

describe('checkouts beside an estate that nothing names', () => {
  it('are told of where they hold a document that an API looks for in vain', async () => {
    const context = beside({ 'api-specs': specs, unrelated: { 'README.md': '' } });
    expect((await overview(context)).siblings).toEqual([found]);
    expect((await examine(context)).siblings).toEqual([found]);
  });

  it.each<[string, () => EngineContext]>([
    ['the estate has the document', () => beside({ 'api-specs': specs }, { 'openapi/shop/openapi.json': '{}' })],
    [
      'karma.yaml names it',
      () => beside({ 'api-specs': specs }, { 'karma.yaml': 'estate: e\nrepositories: { api-specs: ../api-specs }\n' }),
    ],
    ['it holds documents of nobody here', () => beside({ 'api-specs': { 'openapi/other/openapi.yaml': document } })],
    ['it is hidden', () => beside({ '.api-specs': specs })],
    ['what it holds is called otherwise', () => beside({ 'api-specs': { 'openapi/shop/notes.yaml': document } })],
  ])('are not where %s', async (_, make) => {
    const context = make();
    expect((await overview(context)).siblings).toEqual([]);
    expect((await examine(context)).siblings).toEqual([]);
  });
});
