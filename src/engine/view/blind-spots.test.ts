import { describe, expect, it } from 'vitest';
import { graphFrom } from '../../graph/graph.ts';
import { impact } from '../../graph/operations/impact.ts';
import { component, estateRows, finding, idsOf, type } from '../../graph/testing/small-estate.ts';
import { unreadWords } from '../../graph/unread.ts';
import type { Assumption } from '../../model/estate.ts';
import { blindSpotsOf } from './blind-spots.ts';

/** `live/app` reads `live/vpc`; `bucket` and `queue` have a module that is not at hand, `odd` a path that only a run knows. */
const graph = graphFrom([
  ...estateRows('live/app -> live/vpc /id').filter(({ key }) => key !== 'live/vpc'),
  component('live/vpc', { attributes: { source: 'git::https://git.acme.dev/net.git' }, blindSpots: unreadSource() }),
  component('live/bucket', { attributes: { source: 'git::https://git.acme.dev/s3.git' }, blindSpots: unreadSource() }),
  component('live/queue', { attributes: { source: 'git::https://git.acme.dev/s3.git' }, blindSpots: unreadSource() }),
  component('live/job', { module: 'job', blindSpots: [{ code: 'module-not-read', site: 'module.batch.source' }] }),
  component('live/odd', { blindSpots: [{ code: 'unknown-path', site: 'dependency.x.config_path' }] }),
  type('job', { modules: [{ name: 'batch', source: 'acme/batch/aws', remote: true }] }),
  finding('unknown-path', 'live/odd', { evidence: [{ rule: 'unit', site: 'dependency.x.config_path' }] }),
]);

function unreadSource() {
  return [{ code: 'module-not-read', site: 'terraform.source', file: 'live/terragrunt.hcl' }];
}

function ask(assumptions: readonly Assumption[], graphAsked = graph) {
  const start = graphAsked.node('live/vpc') ?? -1;
  return impact(graphAsked, [{ node: start }], { blindSpots: blindSpotsOf(graphAsked, assumptions) });
}

describe('what was not looked into', () => {
  it('makes nothing possible: that has a reason of its own, and the rest is told once by source', () => {
    const found = ask([]);
    expect(idsOf(graph, found.possible)).toEqual(['live/odd']);
    expect(found.blindSpots.map(({ component: id, code }) => [id, code])).toEqual([['live/odd', 'unknown-path']]);
    expect(found.unread).toEqual([
      { code: 'module-not-read', what: 'git::https://git.acme.dev/s3.git', components: 2 },
      { code: 'module-not-read', what: 'acme/batch/aws', components: 1 },
      { code: 'module-not-read', what: 'git::https://git.acme.dev/net.git', components: 1 },
    ]);
    expect(found.complete).toBe(false);
  });

  it.each<[string, Assumption[], string[]]>([
    ['by source', [{ source: 'git::https://git.acme.dev/**', reason: 'ours' }], ['acme/batch/aws']],
    [
      'by component',
      [{ component: 'live/job', reason: 'ours' }],
      ['git::https://git.acme.dev/s3.git', 'git::https://git.acme.dev/net.git'],
    ],
    [
      'of another code',
      [{ code: 'program-unread', reason: 'ours' }],
      ['git::https://git.acme.dev/s3.git', 'acme/batch/aws', 'git::https://git.acme.dev/net.git'],
    ],
    [
      'that must fit whole',
      [{ source: 'acme/**', component: 'live/queue', reason: 'no' }],
      ['git::https://git.acme.dev/s3.git', 'acme/batch/aws', 'git::https://git.acme.dev/net.git'],
    ],
  ])('is covered by an assumption %s', (_, assumptions, open) => {
    const { unread, complete } = ask(assumptions);
    expect(unread.filter(({ assumed }) => assumed === undefined).map(({ what }) => what)).toEqual(open);
    expect(complete).toBe(false);
  });

  it('is complete, assuming, when all of it is covered and nothing else is in doubt', () => {
    const sure = graphFrom([
      ...estateRows('live/app -> live/vpc /id'),
      component('live/queue', { attributes: { source: 'acme/sqs/aws' }, blindSpots: unreadSource() }),
    ]);
    expect(ask([{ source: 'acme/**', reason: 'public' }], sure)).toMatchObject({
      complete: true,
      unread: [{ what: 'acme/sqs/aws', components: 1, assumed: 'public' }],
    });
    expect(ask([], sure).complete).toBe(false);
  });

  it('says in words how many there are of each', () => {
    expect(unreadWords(ask([]).unread)).toBe('3 modules elsewhere');
  });
});
