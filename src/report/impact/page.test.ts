import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { graphFrom } from '../../graph/graph.ts';
import { compareEnds } from '../../graph/impact-of-change/compare.ts';
import { end, type SmallClaim } from '../../graph/testing/range.ts';
import { reference } from '../../graph/testing/small-estate.ts';
import { writePage } from './page.ts';

const told = { estate: 'shop', before: 'abc', after: 'def', picture: '', fixed: [], graph: graphFrom([]) };

function pageOf(
  before: Readonly<Record<string, SmallClaim>>,
  after: Readonly<Record<string, SmallClaim>>,
  references: readonly (readonly [string, string, ...string[]])[] = [],
): string {
  const rows = references.map(([from, to, ...consumes]) => reference(from, to, consumes));
  const ends = [end(before, rows), end(after, rows)] as const;
  const changed = Object.keys(after).filter((id) => JSON.stringify(before[id]) !== JSON.stringify(after[id]));
  expect(changed.length).toBeGreaterThan(0);
  return writePage(compareEnds(...ends), { ...told, graph: ends[1].graph, range: 'main...HEAD' });
}

const file = (content: string) => ({ files: { 'a.tf': content } });
const owned = { row: { attributes: { owner: 'net <team>' } } };

describe('the page of a change', () => {
  it('says what changes, who follows wave by wave, what is proved to stay, and whom to ask', () => {
    const page = pageOf(
      {
        'prod/vpc/main': { evaluated: { cidr: '10.0.0.0/16' }, ...file('1'), ...owned },
        'prod/dns/main': { evaluated: { name: 'x' }, ...file('1') },
        'prod/eks/main': {},
        'prod/app/web': {},
      },
      {
        'prod/vpc/main': { evaluated: { cidr: '10.4.0.0/16' }, ...file('2'), ...owned },
        'prod/dns/main': { evaluated: { name: 'x' }, ...file('2') },
        'prod/eks/main': {},
        'prod/app/web': {},
      },
      [
        ['prod/eks/main', 'prod/vpc/main', '/id'],
        ['prod/app/web', 'prod/eks/main', '/cluster'],
      ],
    );
    expect(page).toContain('<del><code><bdi>10.0.0.0/16</bdi></code></del>');
    expect(page).toContain('wave 1: 1 component');
    expect(page).toContain('wave 2: 1 component');
    expect(page).toMatch(/id="skipped"[\s\S]*prod\/dns\/main/);
    expect(page).toMatch(/id="owners"[\s\S]*net &lt;team&gt;/);
    expect(page).toContain('>karma impact --since main...HEAD</bdi>');
  });

  it('puts what would break above everything else', () => {
    const page = pageOf(
      { 'prod/vpc/main': { ...file('1'), evaluated: { n: 1 }, row: { outputs: ['id', 'nat'] } }, 'prod/fw/main': {} },
      { 'prod/vpc/main': { ...file('2'), evaluated: { n: 2 }, row: { outputs: ['id'] } }, 'prod/fw/main': {} },
      [['prod/fw/main', 'prod/vpc/main', '/nat']],
    );
    expect(page).toContain('class="verdict bad"');
    expect(page.indexOf('id="first"')).toBeLessThan(page.indexOf('id="changed"'));
    expect(page).toContain('prod/vpc/main#/nat</bdi></code> dropped (a deploy refuses it)');
  });

  it('runs nothing, asks no host, and leaves hostile names as text', () => {
    const hostile = 'prod/a/<img src=x onerror=alert(1)>"\u202E';
    const page = pageOf(
      { [hostile]: { ...file('1'), evaluated: { v: '1' } } },
      { [hostile]: { ...file('2'), evaluated: { v: '<script>' } } },
    );
    expect(page).toContain('&lt;img src=x');
    expect(page).not.toMatch(/<script|<img|https?:|url\(|@import|\sstyle=|\son\w+="/);
    const [, sheet = ''] = /<style>([^<]*)<\/style>/.exec(page) ?? [];
    expect(page).toContain(`'sha256-${createHash('sha256').update(sheet).digest('base64')}'`);
  });

  it('folds what is long', () => {
    const ids = Array.from({ length: 40 }, (_, n) => `prod/t/n${String(n).padStart(2, '0')}`);
    const claims = (v: string) => Object.fromEntries(ids.map((id) => [id, { ...file(v), evaluated: { v } }]));
    expect(pageOf(claims('1'), claims('2'))).toContain('<details><summary>40 components</summary>');
  });
});
