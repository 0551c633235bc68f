/**
 * Times the layout of pictures on generated estates, and counts what crosses. CPU time of the second run in one process.
 *
 *   node bench/layout.ts [--adage 100,300] [--terragrunt 300]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadView } from '../src/engine/view/load-view.ts';
import { version } from '../src/faces/cli/version.ts';
import { type Graph, graphFrom } from '../src/graph/graph.ts';
import { type Drawing, layout } from '../src/report/draw/layout/layout.ts';
import type { Picture } from '../src/report/draw/picture.ts';
import { pictureOf } from '../src/report/draw/picture-of.ts';
import { openEngine } from '../src/wiring/open.ts';
import { adageEstate } from './adage-estate.ts';
import { makeRepository } from './fast-import.ts';
import { machineLine } from './machine.ts';
import { straightCrossings } from './straight-crossings.ts';
import { terragruntEstate } from './terragrunt-estate.ts';

const { values } = parseArgs({
  options: {
    adage: { type: 'string', default: '100,300,1000,10000' },
    terragrunt: { type: 'string', default: '300,1000,10000' },
  },
});

const lines = [
  machineLine(),
  '',
  '| estate | CPU ms | crossings | px | moved when one goes | kept: crossings with 1 % / 5 % new |',
  '| --- | --- | --- | --- | --- | --- |',
];
for (const [kind, sizes] of [
  ['adage', values.adage],
  ['terragrunt', values.terragrunt],
] as const)
  for (const size of sizes.split(',').filter((one) => one !== '')) lines.push(await row(kind, Number(size)));
process.stdout.write(`${lines.join('\n')}\n`);

async function row(kind: 'adage' | 'terragrunt', size: number): Promise<string> {
  const graph = await graphOf(kind, size);
  const picture = pictureOf(graph, { by: 'none' });
  layout(picture);
  const began = process.cpuUsage();
  const drawing = layout(picture);
  const { user, system } = process.cpuUsage(began);
  const small = picture.links.length <= 6000;
  const crossing = small ? crossingsOf(picture, drawing) : undefined;
  return [
    `| ${kind} ${graph.size}/${graph.edges}`,
    Math.round((user + system) / 1000),
    crossing ?? '–',
    `${drawing.width} × ${drawing.height}`,
    small ? `${Math.round(movedShare(graph) * 100)} %` : '–',
    small ? `${[0.01, 0.05].map((share) => keptFactor(graph, share).toFixed(2)).join(' / ')} |` : '– |',
  ].join(' | ');
}

async function graphOf(kind: 'adage' | 'terragrunt', size: number): Promise<Graph> {
  const folder = mkdtempSync(join(tmpdir(), 'karma-layout-'));
  try {
    const { files } =
      kind === 'terragrunt'
        ? terragruntEstate({ seed: 1, units: size })
        : adageEstate({ seed: 1, components: size, environments: 2, types: 40, references: 3 });
    makeRepository(folder, files);
    const context = openEngine({
      options: { dir: folder, data: join(folder, '.data') },
      env: process.env,
      version,
      stays: true,
    }).as({ door: 'cli' });
    return (await loadView(context, undefined)).graph;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function crossingsOf(picture: Picture, drawing: Drawing): number {
  return straightCrossings(
    picture.links.flatMap(({ from, to }) => {
      const [a, b] = [drawing.boxes[from], drawing.boxes[to]];
      if (a === undefined || b === undefined) return [];
      return [{ x1: a.x + a.w / 2, y1: a.y + a.h / 2, x2: b.x + b.w / 2, y2: b.y + b.h / 2 }];
    }),
  );
}

/** Boxes that stand elsewhere, by more than 40 pixels, when all is laid out anew without one of them. */
function movedShare(graph: Graph): number {
  const before = placesOf(graph, layout(pictureOf(graph, { by: 'none' })));
  const fewer = without(graph, [Math.floor(graph.size / 2)]);
  const after = placesOf(fewer, layout(pictureOf(fewer, { by: 'none' })));
  let moved = 0;
  for (const [id, [x, y]] of after) {
    const [wasX, wasY] = before.get(id) ?? [x, y];
    if (Math.abs(x - wasX) > 40 || Math.abs(y - wasY) > 40) moved++;
  }
  return moved / after.size;
}

function placesOf(graph: Graph, { boxes }: Drawing): ReadonlyMap<string, readonly [number, number]> {
  const picture = pictureOf(graph, { by: 'none' });
  return new Map(picture.boxes.map(({ id }, place) => [id, [boxes[place]?.x ?? 0, boxes[place]?.y ?? 0]]));
}

/** Crossings where a share of the boxes came later and the others kept their places, against a layout of all. */
function keptFactor(graph: Graph, share: number): number {
  const count = Math.max(1, Math.floor(graph.size * share));
  const late = Array.from({ length: count }, (_, n) => Math.floor(((n + 0.5) * graph.size) / count));
  const before = layout(pictureOf(without(graph, late), { by: 'none' }));
  const picture = pictureOf(graph, { by: 'none' });
  return crossingsOf(picture, layout(picture, before.places)) / Math.max(1, crossingsOf(picture, layout(picture)));
}

function without(graph: Graph, nodes: readonly number[]): Graph {
  const gone = new Set(nodes.map((node) => graph.id(node)));
  return graphFrom(
    [...graph.rows()].filter(({ table, key }) => {
      if (table === 'component') return !gone.has(key);
      return table !== 'reference' || !key.split('|').some((id) => gone.has(id));
    }),
  );
}
