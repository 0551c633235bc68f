import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { component, estate, randomEdges, randomGraph } from '../../graph/testing/small-estate.ts';
import { writeDot } from './dot.ts';
import { isotonic } from './layout/isotonic.ts';
import { layout } from './layout/layout.ts';
import { boxHeight, boxWidth } from './layout/measures.ts';
import { ranksOf } from './layout/ranks.ts';
import { writeMermaid } from './mermaid.ts';
import { paths0 } from './paths.ts';
import type { Mark } from './picture.ts';
import { pictureOf } from './picture-of.ts';
import { writeSvg } from './svg.ts';

const product = estate(
  `
  prod/db/main -> prod/vpc/main /id
  prod/app/web -> prod/db/main /url
  prod/app/web -> prod/vpc/main /id
  prod/app/job -> prod/app/web
  dev/param:/ami
  `,
  [component('prod/doc/api', { external: true })],
);

describe('pictureOf', () => {
  it('shows every component of a small estate', () => {
    const picture = pictureOf(product);
    expect(picture.boxes.map(({ id, kind, name, shape, band }) => [id, kind, name, shape, band])).toEqual([
      ['dev/param:/ami', 'parameter', '/ami', 'parameter', 'dev'],
      ['prod/app/job', 'app', 'job', 'component', 'prod'],
      ['prod/app/web', 'app', 'web', 'component', 'prod'],
      ['prod/db/main', 'db', 'main', 'component', 'prod'],
      ['prod/doc/api', 'doc', 'api', 'external', 'prod'],
      ['prod/vpc/main', 'vpc', 'main', 'component', 'prod'],
    ]);
    expect(picture.caption).toBe('5 components · 1 parameter · 4 references · 2 environments');
    expect(picture.hidden).toEqual([]);
    expect(picture.links[0]).toMatchObject({ from: 1, to: 2, count: 1, orders: true, cycle: false, consumes: [] });
    expect(picture.links[1]).toMatchObject({ from: 2, to: 3, orders: false, consumes: ['/url'], strength: 'proven' });
    expect(picture.left).toEqual({ components: 0, references: 0, within: 0 });
  });

  it('groups what is too much and says what it hides', () => {
    const lines = Array.from(
      { length: 90 },
      (_, n) => `prod/t${n % 3}/n${n} -> prod/t${(n + 1) % 3}/n${(n + 1) % 90} /x`,
    );
    const picture = pictureOf(estate(`${lines.join('\n')}\nprod/t0/n0 -> prod/t0/n3 /x`));
    expect(picture.boxes.map(({ name, kind, shape }) => [name, kind, shape])).toContainEqual([
      't0',
      '30 components',
      'group',
    ]);
    expect(picture.boxes.length).toBeLessThanOrEqual(60);
    expect(picture.hidden[0]).toMatch(/^\d+ are too many to read: shown as \d+ boxes by folder$/);
    expect(picture.hidden.join()).toContain('1 reference within a box not drawn');
    const drawn = picture.links.reduce((sum, link) => sum + link.count, 0);
    expect(picture.caption).toContain(`${drawn + 1} references`);
  });

  it('groups by what is asked, and not at all when told so', () => {
    expect(pictureOf(product, { by: 'type' }).boxes.map((box) => box.name)).toContain('app');
    expect(pictureOf(product, { by: 'none', limit: 1 }).boxes.length).toBe(6);
  });

  it('gives a group the strongest mark of its members', () => {
    const marks = new Map<number, Mark>([
      [product.node('prod/app/web') ?? -1, 'affected'],
      [product.node('prod/app/job') ?? -1, 'changed'],
    ]);
    expect(pictureOf(product, { by: 'type', marks }).boxes.find((box) => box.name === 'app')?.mark).toBe('changed');
  });
});

describe('layout', () => {
  it('puts what is depended on to the left, and boxes never over each other', () => {
    fc.assert(
      fc.property(randomEdges, (edges) => {
        const picture = pictureOf(randomGraph(edges));
        const { boxes, width, height } = layout(picture);
        for (const [place, a] of boxes.entries()) {
          expect(a.x >= 0 && a.y >= 0 && a.x + boxWidth <= width && a.y + boxHeight <= height).toBe(true);
          for (const b of boxes.slice(place + 1)) {
            expect(Math.abs(a.x - b.x) >= boxWidth || Math.abs(a.y - b.y) >= boxHeight).toBe(true);
          }
        }
        for (const { from, to, cycle } of picture.links) {
          if (!cycle) expect(boxes[from]?.x ?? 0).toBeGreaterThan(boxes[to]?.x ?? 0);
        }
      }),
    );
  });

  it('draws each link to its box, however many share a strand', () => {
    fc.assert(
      fc.property(randomEdges, (edges) => {
        const picture = pictureOf(randomGraph(edges));
        const { strands } = layout(picture);
        for (const { from, to } of picture.links) {
          expect(strands.some((strand) => strand.arrow && strand.target === to && strand.ends.has(from))).toBe(true);
        }
      }),
    );
  });

  it('stands a box that depends on nothing just before its first reader', () => {
    const links = [
      { from: 3, to: 2 },
      { from: 2, to: 1 },
      { from: 3, to: 0 },
    ];
    expect([...ranksOf(4, links)]).toEqual([1, 0, 1, 2]);
  });

  it('solves a column exactly', () => {
    expect(isotonic([1, 3, 2, 4], [1, 1, 1, 1])).toEqual([1, 2.5, 2.5, 4]);
    expect(isotonic([3, 0], [3, 1])).toEqual([2.25, 2.25]);
  });
});

const nasty = estate('', [component('prod/a/<b>&"\'#;]\n'), component('prod/x/`$(y)`')]);

describe('writing', () => {
  it('is the same for the same graph, whatever the order of its rows', () => {
    const rows = [...product.rows()];
    expect(writeSvg(pictureOf(product))).toBe(writeSvg(pictureOf(estate('', rows.reverse()))));
  });

  it('makes SVG that has a title and a sentence, and escapes what it is given', () => {
    const svg = writeSvg(pictureOf(nasty, { title: 'a < b & "c"' }));
    expect(svg).toContain('<title id="k-title">a &lt; b &amp; &quot;c&quot;</title>');
    expect(svg).toContain('<desc id="k-desc">2 components');
    expect(svg).toContain('prefers-color-scheme:dark');
    expect(svg).not.toContain('<b>');
    expect(svg).not.toMatch(/<script|href=|NaN|undefined/);
  });

  it('makes DOT', () => {
    const dot = writeDot(pictureOf(product));
    expect(dot).toContain('"prod/app/web" -> "prod/db/main";');
    expect(dot).toContain('"prod/app/job" -> "prod/app/web" [style=dashed];');
    expect(dot).toContain('label="doc\\napi", style="rounded,dashed"');
    expect(writeDot(pictureOf(nasty))).toContain('"prod/a/<b>&\\"\'#;]\\n"');
  });

  it('makes Mermaid', () => {
    const marks = new Map<number, Mark>([[product.node('prod/vpc/main') ?? -1, 'start']]);
    expect(writeMermaid(pictureOf(product, { marks })).split('\n')).toEqual([
      'flowchart RL',
      '  subgraph b0["dev"]',
      '    n0(["/ami<br/><small>parameter</small>"])',
      '  end',
      '  subgraph b1["prod"]',
      '    n1["job<br/><small>app</small>"]',
      '    n2["web<br/><small>app</small>"]',
      '    n3["main<br/><small>db</small>"]',
      '    n4["api<br/><small>doc</small>"]',
      '    n5["main<br/><small>vpc</small>"]',
      '  end',
      '  n1 -.-> n2',
      '  n2 --> n3',
      '  n2 --> n5',
      '  n3 --> n5',
      '  classDef start stroke:#0969da,stroke-width:3px',
      '  class n5 start',
      '',
    ]);
    expect(writeMermaid(pictureOf(nasty))).toContain('["#60;b#62;#38;#34;#39;#35;#59;#93;#10;<br/>');
  });

  it('makes paths for xargs -0, without what has no folder here', () => {
    expect(paths0(product, product.ids.keys())).toBe(
      'iac/prod/app/job\0iac/prod/app/web\0iac/prod/db/main\0iac/prod/vpc/main\0',
    );
  });
});
