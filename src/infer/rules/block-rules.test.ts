import { beforeAll, expect, it } from 'vitest';
import { loadGrammar } from '../../hcl/parse.ts';
import { isUnknown } from '../../hcl/value.ts';
import { consumptionOf } from '../terraform/consumption.ts';
import { ModuleInstance } from '../terraform/instance.ts';
import { ModuleLoader } from '../terraform/load-module.ts';
import { viewOf } from '../terraform/memory-view.fixture.ts';
import type { BlockRule } from './block-rule.ts';
import { blockNeeds, blockProvides, isTaken } from './block-rules.ts';

beforeAll(loadGrammar);

function instanceOf(main: string): ModuleInstance {
  const view = viewOf({ 'main.tf': main });
  const loader = new ModuleLoader();
  const module = loader.load(view, '');
  if (module === undefined) throw new Error('no module');
  return new ModuleInstance(module, { loader, view, variables: () => undefined });
}

/** What one component puts under a name another gets by it. */
const shelf: BlockRule = {
  name: 'lookup-by-name',
  takes: ({ type }) => type === 'shelf_book',
  needs: ({ subject, query, reads }) => {
    const title = query.argument('title') ?? null;
    if (query.resource.mode === 'managed' || isUnknown(title)) return [];
    const evidence = { rule: 'lookup-by-name', site: query.address, file: query.resource.file };
    const consumes = reads.map(({ steps }) => `/${steps.join('/')}`);
    const key = `shelf:${subject.environment}:${String(title)}`;
    return [
      { key, rule: 'lookup-by-name', origin: 'inferred', strength: 'proven', consumes, evidence, whenMissing: 'quiet' },
    ];
  },
  provides: ({ subject, query }) => {
    if (query.resource.mode !== 'managed') return [];
    const key = `shelf:${subject.environment}:${String(query.argument('title'))}`;
    const evidence = { rule: 'lookup-by-name', site: query.address, file: query.resource.file };
    return [{ key, runtime: subject.runtime, evidence }];
  },
};

const subject = { id: 'live/app', environment: 'dev', runtime: 'live/app' };

it('asks a rule of each block that it takes, evaluated, with what is read of it', () => {
  const instance = instanceOf(`
    locals { title = "atlas" }
    data "shelf_book" "b" { title = local.title }
    data "other_book" "b" { title = local.title }
    resource "shelf_book" "own" {
      for_each = toset(["x", "y"])
      title    = each.key
    }
    output "page" { value = data.shelf_book.b.pages.first }
  `);
  const consumption = () => consumptionOf(instance);
  expect(blockNeeds(subject, instance, consumption, [shelf])).toMatchObject([
    { key: 'shelf:dev:atlas', consumes: ['/pages/first'], evidence: { site: 'data.shelf_book.b', file: 'main.tf' } },
  ]);
  expect(blockProvides(subject, instance, [shelf]).map(({ key, runtime }) => [key, runtime])).toEqual([
    ['shelf:dev:x', 'live/app'],
    ['shelf:dev:y', 'live/app'],
  ]);
});

it('works out nothing of a module that no rule takes a block of', () => {
  const instance = instanceOf('data "other_book" "b" { title = "atlas" }');
  const never = () => {
    throw new Error('nobody reads it');
  };
  expect(blockNeeds(subject, instance, never)).toEqual([]);
  expect(isTaken({ mode: 'data', type: 'terraform_remote_state' }, 'needs')).toBe(true);
  expect(isTaken({ mode: 'data', type: 'terraform_remote_state' }, 'provides')).toBe(false);
});
