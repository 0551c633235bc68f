import { describe, expect, it } from 'vitest';
import { diff } from '../../graph/operations/diff.ts';
import { estate, idsOf } from '../../graph/testing/small-estate.ts';
import { between, inFocus, shortestBetween } from './in-focus.ts';
import { overlay } from './overlay.ts';
import { pictureOf } from './picture-of.ts';
import { placed } from './placed.ts';

const shop = estate(`
  prod/app/web -> prod/db/main /url
  prod/app/web -> prod/vpc/main /id
  prod/app/job -> prod/app/web
  prod/db/main -> prod/vpc/main /id /cidr
  prod/dns/zone
`);
const node = (id: string): number => shop.node(id) ?? -1;

describe('a placed picture', () => {
  it('shows a component with what is one step away, and counts what is beyond', () => {
    const around = { roots: [node('prod/db/main')], depth: 1, direction: 'both', dependenciesOf: [], dependentsOf: [] };
    const nodes = inFocus(shop, { ...around, direction: 'both' });
    const picture = placed(pictureOf(shop, { nodes }));
    expect(picture.boxes.map(({ id, hidden }) => [id, hidden])).toEqual([
      ['prod/app/web', { dependsOn: 0, usedBy: 1 }],
      ['prod/db/main', { dependsOn: 0, usedBy: 0 }],
      ['prod/vpc/main', { dependsOn: 0, usedBy: 0 }],
    ]);
    expect(picture.hidden).toMatchObject({ components: 2, references: 1 });
    expect(picture.lines.map(({ from, to, consumes }) => [from, to, consumes])).toEqual([
      ['prod/app/web', 'prod/db/main', ['/url']],
      ['prod/app/web', 'prod/vpc/main', ['/id']],
      ['prod/db/main', 'prod/vpc/main', ['/cidr', '/id']],
    ]);
    const further = inFocus(shop, { ...around, direction: 'both', dependentsOf: [node('prod/app/web')] });
    expect(idsOf(shop, further)).toContain('prod/app/job');
    expect(idsOf(shop, inFocus(shop, { ...around, direction: 'dependents', depth: 2 }))).toEqual([
      'prod/app/job',
      'prod/app/web',
      'prod/db/main',
    ]);
  });

  it('finds all ways between two, and the shortest', () => {
    const ends = [node('prod/app/web'), node('prod/vpc/main')] as const;
    expect(idsOf(shop, between(shop, ...ends))).toEqual(['prod/app/web', 'prod/db/main', 'prod/vpc/main']);
    expect(idsOf(shop, shortestBetween(shop, ...ends))).toEqual(['prod/app/web', 'prod/vpc/main']);
    expect(between(shop, ends[1], ends[0])).toEqual([]);
  });

  it('opens a group, and leaves the others closed', () => {
    const picture = placed(pictureOf(shop, { by: 'type', open: ['prod|app'] }));
    expect(picture.boxes.map(({ id, group, shape }) => [id, group, shape])).toEqual([
      ['prod/app/job', 'prod|app', 'component'],
      ['prod/app/web', 'prod|app', 'component'],
      ['prod/db/main', undefined, 'component'],
      ['prod/dns/zone', undefined, 'component'],
      ['prod/vpc/main', undefined, 'component'],
    ]);
  });

  it('lays one graph over another: what is gone stands where it stood', () => {
    const before = estate(`
      prod/app/web -> prod/db/main /url
      prod/old/one -> prod/db/main /url
    `);
    const after = estate(`
      prod/app/web -> prod/db/main /url /port
      prod/new/one -> prod/app/web
    `);
    const { graph, marks, changeOf } = overlay(before, after, diff(before, after));
    const picture = placed(pictureOf(graph, { marks, changeOf }));
    expect(picture.boxes.map(({ id, mark }) => [id, mark])).toEqual([
      ['prod/app/web', undefined],
      ['prod/db/main', undefined],
      ['prod/new/one', 'added'],
      ['prod/old/one', 'removed'],
    ]);
    expect(picture.lines.map(({ from, change }) => [from, change])).toEqual([
      ['prod/app/web', 'changed'],
      ['prod/new/one', 'added'],
      ['prod/old/one', 'removed'],
    ]);
  });
});
