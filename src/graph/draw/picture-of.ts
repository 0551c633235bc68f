import { byCodeUnit } from '../../model/digest.ts';
import { at } from '../adjacency.ts';
import { attributeOf, folderOf } from '../attributes.ts';
import type { Graph } from '../graph.ts';
import { strongComponents } from '../operations/components.ts';
import { type Box, type Link, type Mark, marks, type Picture } from './picture.ts';

export interface PictureOptions {
  /** What to draw; everything by default. */
  readonly nodes?: Iterable<number>;
  /** Above this many boxes they are grouped. */
  readonly limit?: number;
  /** An attribute to group by; `none` draws every box, however many. By default only what is too much is grouped. */
  readonly by?: string;
  readonly marks?: ReadonlyMap<number, Mark>;
  readonly title?: string;
}

const defaultLimit = 60;

/** The picture of a graph, or of a part of it. O(nodes + edges). */
export function pictureOf(graph: Graph, options: PictureOptions = {}): Picture {
  const nodes = [...new Set(options.nodes ?? graph.ids.keys())].sort((a, b) => a - b);
  const grouping = groupingFor(graph, nodes, options);
  const groups = Map.groupBy(nodes, (node) => grouping.keyOf(node));
  const drawn = [...groups]
    .map(([key, members]) => ({ members, box: boxOf(graph, key, members, options.marks) }))
    .sort((a, b) => byCodeUnit(a.box.band, b.box.band) || byCodeUnit(a.box.id, b.box.id));
  const boxOfNode = new Map(drawn.flatMap(({ members }, place) => members.map((node) => [node, place] as const)));
  const { links, inside, shown } = linksOf(graph, nodes, boxOfNode);
  const boxes = drawn.map(({ box }) => box);
  const caption = captionOf(graph, nodes, shown + inside, boxes);
  return {
    title: options.title ?? 'What depends on what',
    description: `${caption}. Arrows point to what is depended on.`,
    boxes,
    links,
    caption,
    hidden: hiddenWords(boxes, nodes.length, grouping.words, inside),
  };
}

interface Grouping {
  readonly keyOf: (node: number) => string;
  /** `environment and type`; undefined when nothing is grouped. */
  readonly words: string | undefined;
}

/** The finest grouping that fits; the coarsest when none does. */
function groupingFor(graph: Graph, nodes: readonly number[], { limit = defaultLimit, by }: PictureOptions): Grouping {
  const single: Grouping = { keyOf: (node) => graph.id(node), words: undefined };
  if (by === 'none' || (by === undefined && nodes.length <= limit)) return single;
  const value = (node: number, key: string): string => attributeOf(graph.component(node), key) ?? '';
  if (by !== undefined)
    return { keyOf: (node) => `${value(node, 'env')}\0${value(node, by)}`, words: `environment and ${by}` };
  const steps = (node: number, depth: number): string =>
    folderOf(graph.component(node)).split('/').slice(0, depth).join('/');
  const candidates: Grouping[] = [
    { keyOf: (node) => `${value(node, 'env')}\0${folderOf(graph.component(node))}`, words: 'folder' },
    { keyOf: (node) => `${value(node, 'env')}\0${value(node, 'type')}`, words: 'environment and type' },
    ...[4, 3, 2].map((depth) => ({
      keyOf: (node: number) => `${value(node, 'env')}\0${steps(node, depth)}`,
      words: `the first ${depth} folders`,
    })),
    { keyOf: (node) => `\0${value(node, 'type')}`, words: 'type' },
    { keyOf: (node) => `${value(node, 'env')}\0`, words: 'environment' },
  ];
  const sized = candidates.map((grouping) => ({ grouping, size: new Set(nodes.map(grouping.keyOf)).size }));
  const fitting = sized.filter(({ size }) => size <= limit && size > 1);
  const [best] = (fitting.length > 0 ? fitting : sized).sort((a, b) =>
    fitting.length > 0 ? b.size - a.size : a.size - b.size,
  );
  return best?.grouping ?? single;
}

function boxOf(graph: Graph, key: string, members: readonly number[], marked: PictureOptions['marks']): Box {
  const [first = 0] = members;
  const row = graph.component(first);
  const mark = marks.find((one) => members.some((node) => marked?.get(node) === one));
  const cut = key.indexOf('\0');
  if (members.length === 1 || cut < 0) {
    return {
      id: row.id,
      name: nameOf(row.id),
      kind: kindOf(graph, first),
      family: row.type,
      shape: row.kind === 'parameter' ? 'parameter' : row.external ? 'external' : 'component',
      band: row.environment,
      count: 1,
      mark,
    };
  }
  const name = key.slice(cut + 1);
  const band = key.slice(0, cut);
  const label = name.startsWith(`${band}/`) ? name.slice(band.length + 1) : name;
  const oneType = members.every((node) => graph.component(node).type === row.type);
  return {
    id: key.replace('\0', '|'),
    name: label || band || 'others',
    kind: `${members.length} components`,
    family: oneType ? row.type : '',
    shape: 'group',
    band,
    count: members.length,
    mark,
  };
}

/** The last step of an id; a parameter's name as it is. */
function nameOf(id: string): string {
  const parameter = /(?:^|\/)param:(.*)$/.exec(id);
  return parameter?.[1] ?? id.slice(id.lastIndexOf('/') + 1);
}

/** What stands above a name: the type, or the folder where the type says the same as the name. */
function kindOf(graph: Graph, node: number): string {
  const row = graph.component(node);
  if (row.kind === 'parameter') return 'parameter';
  if (row.layout === 'adage') return row.type;
  const folder = folderOf(row);
  const place = folder.split('/').indexOf(row.environment);
  const within =
    place < 0
      ? folder
      : folder
          .split('/')
          .slice(place + 1)
          .join('/');
  return within || row.type;
}

function linksOf(
  graph: Graph,
  nodes: readonly number[],
  boxOfNode: ReadonlyMap<number, number>,
): { readonly links: readonly Link[]; readonly inside: number; readonly shown: number } {
  const { outStart, edgeTo } = graph.adjacency;
  const strong = strongComponents(graph).of;
  const links = new Map<string, Link>();
  let inside = 0;
  let shown = 0;
  for (const node of nodes) {
    for (let edge = at(outStart, node); edge < at(outStart, node + 1); edge++) {
      const from = boxOfNode.get(node);
      const to = boxOfNode.get(at(edgeTo, edge));
      if (from === undefined || to === undefined) continue;
      if (from === to) {
        inside++;
        continue;
      }
      shown++;
      const old = links.get(`${from} ${to}`);
      const orders = graph.orderOnly[edge] === 1 && (old?.orders ?? true);
      const cycle = old?.cycle === true || strong[node] === strong[at(edgeTo, edge)];
      links.set(`${from} ${to}`, { from, to, count: (old?.count ?? 0) + 1, orders, cycle });
    }
  }
  return { links: [...links.values()].sort((a, b) => a.from - b.from || a.to - b.to), inside, shown };
}

function captionOf(graph: Graph, nodes: readonly number[], references: number, boxes: readonly Box[]): string {
  const parameters = nodes.filter((node) => graph.isParameter(node)).length;
  const environments = new Set(boxes.map((box) => box.band).filter((band) => band !== '')).size;
  const parts = [counted(nodes.length - parameters, 'component')];
  if (parameters > 0) parts.push(counted(parameters, 'parameter'));
  parts.push(counted(references, 'reference'));
  if (environments > 1) parts.push(counted(environments, 'environment'));
  return parts.join(' · ');
}

function hiddenWords(boxes: readonly Box[], nodes: number, words: string | undefined, inside: number): string[] {
  if (words === undefined || boxes.length === nodes)
    return inside > 0 ? [`${counted(inside, 'reference')} of a component to itself not drawn`] : [];
  const lines = [`${nodes} are too many to read: shown as ${counted(boxes.length, 'box', 'boxes')} by ${words}`];
  if (inside > 0) lines.push(`${counted(inside, 'reference')} within a box not drawn`);
  return lines;
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
