import type { Graph } from '../../graph/graph.ts';
import { boxesOf } from './boxes.ts';
import { groupingFor } from './grouping.ts';
import { type HintedReference, hintedLinks, linksOf } from './links.ts';
import type { Box, LinkChange, Mark, Picture } from './picture.ts';

export interface PictureOptions {
  /** What to draw; everything by default. */
  readonly nodes?: Iterable<number>;
  /** Above this many boxes they are grouped. */
  readonly limit?: number;
  /** An attribute to group by; `none` draws every box, however many. By default only what is too much is grouped. */
  readonly by?: string;
  /** Ids of groups to open. */
  readonly open?: readonly string[];
  /** What is never within a group: the roots of a picture, the ends of a path. */
  readonly apart?: Iterable<number>;
  readonly marks?: ReadonlyMap<number, Mark>;
  readonly found?: Iterable<number>;
  readonly hints?: readonly HintedReference[];
  /** What became of a reference, against what the graph is compared with. */
  readonly changeOf?: (edge: number) => LinkChange | undefined;
  readonly title?: string;
}

export const defaultLimit = 60;

/** The picture of a graph, or of a part of it. O(nodes + edges). */
export function pictureOf(graph: Graph, options: PictureOptions = {}): Picture {
  const nodes = [...new Set(options.nodes ?? graph.ids.keys())].sort((a, b) => a - b);
  const grouping = groupingFor(graph, nodes, options.limit ?? defaultLimit, options.by);
  const { boxes, open, boxOf } = boxesOf(graph, nodes, grouping, {
    apart: new Set(options.apart ?? []),
    open: new Set(grouping.by === 'none' ? [] : (options.open ?? [])),
    marks: options.marks ?? new Map(),
    found: new Set(options.found ?? []),
  });
  const proven = linksOf(graph, nodes, boxOf, options.changeOf ?? (() => undefined));
  const hinted = hintedLinks(options.hints ?? [], boxOf, proven.links);
  const links =
    hinted.length === 0 ? proven.links : [...proven.links, ...hinted].sort((a, b) => a.from - b.from || a.to - b.to);
  const caption = captionOf(graph, nodes, proven.shown + proven.within, boxes);
  return {
    title: options.title ?? 'What depends on what',
    description: `${caption}. Arrows point to what is depended on.`,
    boxes,
    links,
    by: grouping.by,
    open,
    caption,
    left: {
      components: graph.size - nodes.length,
      references: graph.edges - proven.shown - proven.within,
      within: proven.within,
    },
    hidden: hiddenWords(boxes, nodes.length, grouping.words, proven.within),
  };
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

function hiddenWords(boxes: readonly Box[], nodes: number, words: string | undefined, within: number): string[] {
  if (words === undefined || boxes.length === nodes)
    return within > 0 ? [`${counted(within, 'reference')} of a component to itself not drawn`] : [];
  const lines = [
    `${grouped(nodes)} are too many to read: shown as ${counted(boxes.length, 'box', 'boxes')} by ${words}`,
  ];
  if (within > 0) lines.push(`${counted(within, 'reference')} within a box not drawn`);
  return lines;
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** As people write it, in whatever country the machine stands. */
function grouped(count: number): string {
  return count.toLocaleString('en');
}
