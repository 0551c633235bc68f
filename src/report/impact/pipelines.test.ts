import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { graphFrom } from '../../graph/graph.ts';
import { order as orderOf } from '../../graph/operations/order.ts';
import { component, reference } from '../../graph/testing/small-estate.ts';
import type { Row } from '../../model/rows.ts';
import { githubMatrix, gitlabPipeline, jobsOf } from './pipelines.ts';
import { atlantisConfig } from './projects.ts';

/** `count` components that all read one that comes first, and one that reads them all. */
const wide = (count: number) => {
  const middle = Array.from({ length: count }, (_, number) => `dev/unit/n${String(number).padStart(4, '0')}`);
  const rows: Row[] = [
    component('dev/unit/first'),
    component('dev/unit/last'),
    ...middle.map((id) => component(id)),
    ...middle.flatMap((id) => [reference(id, 'dev/unit/first', ['/id']), reference('dev/unit/last', id, ['/id'])]),
  ];
  const graph = graphFrom(rows);
  return { graph, order: orderOf(graph, graph.ids.keys()), middle };
};

interface Matrix {
  readonly waves: number;
  readonly matrix: readonly { readonly include: readonly { readonly component: string; readonly path: string }[] }[];
}

describe('githubMatrix', () => {
  it.each([
    [1, [1, 1, 1]],
    [256, [1, 256, 1]],
    [257, [1, 256, 1, 1]],
    [512, [1, 256, 256, 1]],
    [513, [1, 256, 256, 1, 1]],
  ])('splits a wave of %i where GitHub would refuse it, and keeps what comes first first', (count, sizes) => {
    const { graph, order, middle } = wide(count);
    const { waves, matrix } = JSON.parse(githubMatrix(jobsOf(graph, order))) as Matrix;
    expect(matrix.map(({ include }) => include.length)).toEqual(sizes);
    expect(waves).toBe(sizes.length);
    expect(matrix.flatMap(({ include }) => include.map((job) => job.component))).toEqual([
      'dev/unit/first',
      ...middle,
      'dev/unit/last',
    ]);
    expect(matrix[0]?.include[0]).toEqual({
      component: 'dev/unit/first',
      path: 'iac/dev/unit/first',
      environment: 'dev',
      account: '',
    });
  });

  it('has nothing to run where nothing changed', () => {
    expect(JSON.parse(githubMatrix([]))).toEqual({ waves: 0, matrix: [] });
  });
});

interface GitlabJob {
  readonly stage: string;
  readonly needs?: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
}

describe('gitlabPipeline', () => {
  it.each([50, 51, 257, 513])('waits for a whole stage where a job would need %i others', (count) => {
    const { graph, order, middle } = wide(count);
    const { stages, ...jobs } = parse(gitlabPipeline(graph, order)) as { stages: string[] } & Record<string, GitlabJob>;
    expect(stages).toEqual(['wave-0', 'wave-1', 'wave-2']);
    expect(Object.keys(jobs)).toHaveLength(count + 2);
    for (const id of middle)
      expect(jobs[`karma ${id}`]).toMatchObject({ stage: 'wave-1', needs: ['karma dev/unit/first'] });
    expect(jobs['karma dev/unit/first']).toMatchObject({ stage: 'wave-0', needs: [] });
    // Without needs a job waits for all stages before its own.
    const needs = jobs['karma dev/unit/last']?.needs;
    expect(jobs['karma dev/unit/last']?.stage).toBe('wave-2');
    expect(needs).toEqual(count <= 50 ? middle.map((id) => `karma ${id}`) : undefined);
    expect(jobs['karma dev/unit/last']?.variables).toEqual({
      KARMA_COMPONENT: 'dev/unit/last',
      KARMA_PATH: 'iac/dev/unit/last',
    });
  });

  it('is a pipeline even where nothing changed, because GitLab refuses an empty one', () => {
    const { graph } = wide(1);
    expect(parse(gitlabPipeline(graph, orderOf(graph, [])))).toEqual({
      stages: ['wave-0'],
      nothing: { stage: 'wave-0', script: ['true'] },
    });
  });
});

describe('atlantisConfig', () => {
  it('puts a wave of 513 into one group that waits for the first', () => {
    const { graph, order } = wide(513);
    const { projects } = parse(atlantisConfig(graph, order)) as {
      projects: { name: string; execution_order_group: number; depends_on?: string[] }[];
    };
    const groups = Map.groupBy(projects, (project) => project.execution_order_group);
    expect([...groups.values()].map((group) => group.length)).toEqual([1, 513, 1]);
    expect(projects.at(-1)?.depends_on).toHaveLength(513);
  });
});
