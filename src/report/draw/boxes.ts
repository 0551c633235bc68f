import { at } from '../../graph/adjacency.ts';
import { folderOf } from '../../graph/attributes.ts';
import type { Graph } from '../../graph/graph.ts';
import { byCodeUnit } from '../../model/digest.ts';
import type { Grouping } from './grouping.ts';
import { type Box, type Mark, marks, type OpenGroup } from './picture.ts';

/** What there is to say of the nodes beside the graph. */
export interface Said {
  /** Each stands alone, whatever the grouping. */
  readonly apart: ReadonlySet<number>;
  /** Ids of groups whose members stand alone. */
  readonly open: ReadonlySet<string>;
  readonly marks: ReadonlyMap<number, Mark>;
  readonly found: ReadonlySet<number>;
}

export interface Boxed {
  /** Sorted by band, then by id. */
  readonly boxes: readonly Box[];
  readonly open: readonly OpenGroup[];
  /** Node → place of its box, −1 for what is not drawn. */
  readonly boxOf: Int32Array;
}

/** Puts nodes into boxes. O(nodes + edges). */
export function boxesOf(graph: Graph, nodes: readonly number[], grouping: Grouping, said: Said): Boxed {
  const groups = new Map<string, { readonly band: string; readonly group: string; readonly members: number[] }>();
  const opened = new Map<string, OpenGroup>();
  for (const node of nodes) {
    const key = grouping.keyOf(node);
    const cut = key.indexOf('\0');
    const id = cut < 0 ? '' : idOfGroup(key, cut);
    const alone = cut < 0 || said.open.has(id) || said.apart.has(node);
    if (said.open.has(id)) {
      const before = opened.get(id);
      const band = key.slice(0, cut);
      opened.set(id, { id, name: labelOf(key, cut), band, count: (before?.count ?? 0) + 1 });
    }
    const name = alone ? `\0\0${node}` : key;
    const group = groups.get(name);
    if (group !== undefined) group.members.push(node);
    else
      groups.set(name, {
        band: alone || cut < 0 ? graph.head(node).environment : key.slice(0, cut),
        group: said.open.has(id) ? id : '',
        members: [node],
      });
  }
  const drawn = [...groups].map(([key, { band, group, members }]) => boxOf(graph, key, band, group, members, said));
  drawn.sort((a, b) => byCodeUnit(a.band, b.band) || byCodeUnit(a.id, b.id));
  const places = new Int32Array(graph.size).fill(-1);
  for (const [place, { members }] of drawn.entries()) for (const node of members) places[node] = place;
  return {
    boxes: drawn.map((box) => ({ ...box, hidden: hiddenFrom(graph, box.members, places) })),
    open: [...opened.values()].sort((a, b) => byCodeUnit(a.id, b.id)),
    boxOf: places,
  };
}

/** `prod|prod/vpc`: the lane, and what the members have in common. */
function idOfGroup(key: string, cut: number): string {
  return `${key.slice(0, cut)}|${key.slice(cut + 1)}`;
}

function labelOf(key: string, cut: number): string {
  const [band, name] = [key.slice(0, cut), key.slice(cut + 1)];
  return (name.startsWith(`${band}/`) ? name.slice(band.length + 1) : name) || band || 'others';
}

function boxOf(graph: Graph, key: string, band: string, group: string, members: readonly number[], said: Said): Box {
  const [first = 0] = members;
  const head = graph.head(first);
  const counts = countMarks(members, said.marks);
  const common = {
    band,
    group,
    count: members.length,
    members,
    mark: marks.find((one) => counts[one] !== undefined),
    marks: counts,
    hidden: { dependsOn: 0, usedBy: 0 },
    unproved: members.reduce((sum, node) => sum + at(graph.blind, node), 0),
    found: members.reduce((sum, node) => sum + (said.found.has(node) ? 1 : 0), 0),
  };
  if (members.length === 1) {
    const id = graph.id(first);
    return {
      ...common,
      id,
      name: nameOf(id),
      kind: kindOf(graph, first),
      family: head.type,
      shape: head.kind === 'parameter' ? 'parameter' : head.external ? 'external' : 'component',
    };
  }
  const cut = key.indexOf('\0');
  const oneType = members.every((node) => graph.head(node).type === head.type);
  return {
    ...common,
    id: idOfGroup(key, cut),
    name: labelOf(key, cut),
    kind: `${members.length} components`,
    family: oneType ? head.type : '',
    shape: 'group',
  };
}

function countMarks(members: readonly number[], marked: ReadonlyMap<number, Mark>): Partial<Record<Mark, number>> {
  const counts: Partial<Record<Mark, number>> = {};
  if (marked.size === 0) return counts;
  for (const node of members) {
    const mark = marked.get(node);
    if (mark !== undefined) counts[mark] = (counts[mark] ?? 0) + 1;
  }
  return counts;
}

/** The neighbours that are in no box, each once, both ways. */
function hiddenFrom(graph: Graph, members: readonly number[], places: Int32Array): Box['hidden'] {
  const { outStart, edgeTo, inStart, inEdges, edgeFrom } = graph.adjacency;
  const dependsOn = new Set<number>();
  const usedBy = new Set<number>();
  for (const node of members) {
    for (let edge = at(outStart, node); edge < at(outStart, node + 1); edge++) {
      const to = at(edgeTo, edge);
      if (places[to] === -1) dependsOn.add(to);
    }
    for (let slot = at(inStart, node); slot < at(inStart, node + 1); slot++) {
      const from = at(edgeFrom, at(inEdges, slot));
      if (places[from] === -1) usedBy.add(from);
    }
  }
  return { dependsOn: dependsOn.size, usedBy: usedBy.size };
}

/** The last step of an id; a parameter's name as it is. */
function nameOf(id: string): string {
  const parameter = /(?:^|\/)param:(.*)$/.exec(id);
  return parameter?.[1] ?? id.slice(id.lastIndexOf('/') + 1);
}

/** What stands above a name: the type, or the folder where the type says the same as the name. */
function kindOf(graph: Graph, node: number): string {
  const { kind, layout, type, environment } = graph.head(node);
  if (kind === 'parameter') return 'parameter';
  if (layout === 'adage') return type;
  const folder = folderOf(graph.id(node));
  const place = folder.split('/').indexOf(environment);
  const within =
    place < 0
      ? folder
      : folder
          .split('/')
          .slice(place + 1)
          .join('/');
  return within || type;
}
