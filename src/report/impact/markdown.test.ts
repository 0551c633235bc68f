import { describe, expect, it } from 'vitest';
import { compareEnds } from '../../graph/impact-of-change/compare.ts';
import { order } from '../../graph/operations/order.ts';
import { end } from '../../graph/testing/range.ts';
import { component, estate, finding, reference } from '../../graph/testing/small-estate.ts';
import { commentMarker, writeMarkdown } from './markdown.ts';
import { githubMatrix, gitlabPipeline, jobsOf } from './pipelines.ts';
import { atlantisConfig } from './projects.ts';

/** `count` components behind one that changes. */
function change(count: number, value: unknown = 2) {
  const ids = Array.from({ length: count }, (_, n) => `prod/app/n${n}`);
  const rows = [
    ...ids.map((id) => component(id, { attributes: { owner: 'web', account: '123' } })),
    ...ids.map((id) => reference(id, 'prod/vpc/main', ['/id'])),
  ];
  const at = (content: string, n: unknown) => ({ 'prod/vpc/main': { files: { f: content }, evaluated: { n } } });
  const after = end(at('2', value), rows);
  const blindSpots = [
    { component: 'prod/app/n0', code: 'unknown-path', evidence: { rule: 'r', site: 's', file: 'a.hcl' } },
  ];
  return { comparison: compareEnds(end(at('1', 1), rows), after, { blindSpots }), graph: after.graph };
}

describe('writeMarkdown', () => {
  it('says all in the first two lines, behind the marker by which it is found again', () => {
    const { comparison, graph } = change(3);
    const lines = writeMarkdown(comparison, { range: 'main...HEAD', graph }).split('\n');
    expect(lines.slice(0, 5)).toEqual([
      commentMarker,
      '**0 files → read by 1 component → 1 changed, 0 identical, 0 undecided · 3 affected, 0 possible**',
      '',
      'Not proved to be all: 1 blind spot may hide more.',
      '',
    ]);
    expect(lines).toContain('| `prod/vpc/main` | `/n`: `1` → `2` |');
    expect(lines).toContain('| `prod/app/n0` | 1 | `prod/vpc/main` `/id` | 123 | web |');
    expect(lines).toContain('```mermaid');
    expect(lines.join('\n')).toContain('- `prod/app/n0` unknown-path in `a.hcl`');
    expect(lines.at(-2)).toBe('<sub>`karma impact --since main...HEAD` shows everything.</sub>');
  });

  it.each([30, 500, 3000])('stays readable and within the limit with %i affected', (count) => {
    const { comparison, graph } = change(count);
    const text = writeMarkdown(comparison, { range: 'main', graph });
    expect(text.length).toBeLessThan(60_000);
    expect(text).toContain(`${count} affected: ${count} in prod`);
    expect(text.split('<details>').length).toBe(text.split('</details>').length);
    if (count > 150) expect(text).toContain(`… and ${count - 150} more`);
  });

  it('gives each of several readers of an output a line, and counts the rest', () => {
    const readers = Array.from({ length: 8 }, (_, at) => `app${at}`);
    const edges = readers.map((id) => reference(id, 'vpc', ['/id']));
    const side = (content: string, outputs: string[]) =>
      end(
        { vpc: { files: { f: content }, row: { outputs } }, ...Object.fromEntries(readers.map((id) => [id, {}])) },
        edges,
      );
    const after = side('2', []);
    const text = writeMarkdown(compareEnds(side('1', ['id']), after), { range: 'main', graph: after.graph });
    expect(text).toMatch(/read by\n( {2}- `app\d` \(.*\)\n){5} {2}- and 3 more\n/);
  });

  it('leaves sections out, and says so, when they do not fit', () => {
    const { comparison, graph } = change(100);
    const text = writeMarkdown(comparison, { range: 'main', graph, maxLength: 900 });
    expect(text.length).toBeLessThan(900);
    expect(text).toMatch(/sections? too long for a comment/);
  });

  it('lets nothing it is given become markup', () => {
    const { comparison, graph } = change(1, 'a|b`<script>@team\nx');
    const text = writeMarkdown(comparison, { range: 'main', graph });
    expect(text).toContain('<code>a&#124;b&#96;&lt;script&gt;@\u200Bteam x</code>');
    expect(text).not.toContain('<script>');
  });

  it('puts what breaks first, with file and line', () => {
    const rows = [
      reference('app', 'vpc', ['/id'], { evidence: [{ rule: 'r', site: 's', file: 'app/main.tf', line: 7 }] }),
      component('app'),
    ];
    const of = (content: string, outputs: string[]) => end({ vpc: { files: { f: content }, row: { outputs } } }, rows);
    const after = end({ vpc: { files: { f: '2' }, row: { outputs: [] } } }, [
      ...rows,
      finding('cycle', 'app', { severity: 'error' }),
    ]);
    const text = writeMarkdown(compareEnds(of('1', ['id']), after), { range: 'main', graph: after.graph });
    expect(text).toContain(
      'Look at this before merging: 1 output that others read would break (a deploy refuses), 1 new error.',
    );
    expect(text).toContain('- ❌ output `vpc#/id` dropped (a deploy refuses it); read by `app` (`app/main.tf:7`)');
    expect(text).toContain('- ❌ `cycle` `app`: cycle in app');
  });

  it('is short when nothing happens', () => {
    const text = writeMarkdown(compareEnds(end({ a: {} }), end({ a: {} })), { range: 'main', graph: end({}).graph });
    expect(text.split('\n').length).toBeLessThan(8);
    expect(text).toContain('Complete');
  });
});

describe('for pipelines', () => {
  const graph = estate('live/b -> live/a /x\nlive/c -> live/b\nlive/d');
  const whole = order(graph, graph.ids.keys());

  it('makes a GitHub matrix a wave, split where GitHub would refuse', () => {
    const { waves, matrix } = JSON.parse(githubMatrix(jobsOf(graph, whole)));
    expect(waves).toBe(3);
    expect(matrix[0]).toEqual({
      include: [
        { component: 'live/a', path: 'iac/live/a', environment: 'live', account: '' },
        { component: 'live/d', path: 'iac/live/d', environment: 'live', account: '' },
      ],
    });
    const many = estate(
      '',
      Array.from({ length: 300 }, (_, n) => component(`n${n}`)),
    );
    expect(JSON.parse(githubMatrix(jobsOf(many, order(many, many.ids.keys())))).waves).toBe(2);
    expect(githubMatrix([])).toBe('{"waves":0,"matrix":[]}');
  });

  it('makes a GitLab pipeline in which a job waits for no more than it must', () => {
    const text = gitlabPipeline(graph, whole);
    expect(text.split('\n').slice(0, 5)).toEqual([
      'stages:',
      '  - wave-0',
      '  - wave-1',
      '  - wave-2',
      '"karma live/a":',
    ]);
    expect(text).toContain('"karma live/c":\n  extends: .karma\n  stage: wave-2\n  needs: ["karma live/b"]');
    expect(gitlabPipeline(estate(''), order(estate(''), []))).toContain('nothing:');
  });

  it('makes Atlantis projects with names of their own', () => {
    const text = atlantisConfig(graph, whole);
    expect(text).toContain(
      '  - name: "live_b"\n    dir: "iac/live/b"\n    execution_order_group: 1\n    depends_on: ["live_a"]',
    );
    const twins = estate('a/b\na_b');
    expect(atlantisConfig(twins, order(twins, [0, 1]))).toContain('"a_b-2"');
  });
});
