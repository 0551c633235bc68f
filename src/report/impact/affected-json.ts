import { at } from '../../graph/adjacency.ts';
import { severalDeployments } from '../../graph/deployments.ts';
import type { Graph } from '../../graph/graph.ts';
import { carriedAlong, type Impact, longestPath } from '../../graph/operations/impact.ts';
import { isInnocent } from '../../model/secrets/innocent.ts';

/**
 * The affected components as `JSON.stringify` writes them into an answer, two steps in, without the objects: a path is that of the
 * component before it and one more, and what a component or a reference is told by is written once a graph. Undefined where
 * something in it may have to be hidden or escaped, or a path is shortened: then it is told by objects.
 * O(what is written).
 */
export function affectedJson(graph: Graph, found: Impact, nodes: readonly number[]): string | undefined {
  if (nodes.length === 0) return '[]';
  let pieces = piecesOf.get(graph);
  if (pieces === undefined) {
    pieces = new Pieces(graph);
    piecesOf.set(graph, pieces);
  }
  pieces.isWhole = true;
  const { affected } = found;
  const ends = affected.direction === 'dependents' ? graph.adjacency.edgeTo : graph.adjacency.edgeFrom;
  const ways = new Map<number, Way>();
  const wayTo = (node: number): Way => {
    const known = ways.get(node);
    if (known !== undefined) return known;
    const way = pieces.stepOf(
      found,
      node,
      affected.distanceOf(node) > 0 ? wayTo(at(ends, affected.edgeTo(node))) : undefined,
    );
    ways.set(node, way);
    return way;
  };
  let text = '[';
  let between = '\n';
  for (const node of nodes) {
    const away = affected.distanceOf(node);
    if (away > longestPath) return undefined;
    const { path, carriedBy } = wayTo(node);
    text += `${between}    {\n      "id": ${pieces.id(node)},\n      "distance": ${away},\n      "path": [${path}\n      ],\n      "carriedBy": [${carriedBy}\n      ],\n${pieces.rest(node)}\n    }`;
    between = ',\n';
  }
  return pieces.isWhole ? `${text}\n  ]` : undefined;
}

/** From a start to a component, as the inside of two lists. */
interface Way {
  readonly path: string;
  readonly carriedBy: string;
}

const piecesOf = new WeakMap<Graph, Pieces>();

/** What of a graph stands in many answers, written once. */
class Pieces {
  /** False once something was asked for that nobody may write as it stands: that piece is `''`. */
  isWhole = true;
  readonly #graph: Graph;
  readonly #ids: (string | undefined)[] = [];
  readonly #rest: (string | undefined)[] = [];
  readonly #consumed: (string | undefined)[] = [];
  /** Few lists of pointers and few environments stand in thousands of places: each text is held once. */
  readonly #same = new Map<string, string>();

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  id(node: number): string {
    return this.#written(this.#ids, node, () => {
      const id = this.#graph.id(node);
      return { texts: [id], text: JSON.stringify(id) };
    });
  }

  /** @param before undefined at a start */
  stepOf(found: Impact, node: number, before: Way | undefined): Way {
    if (before === undefined) return { path: `\n        ${this.id(node)}`, carriedBy: '' };
    const edge = found.affected.edgeTo(node);
    const first = before.carriedBy === '';
    return {
      path: `${before.path},\n        ${this.id(node)}`,
      carriedBy: `${before.carriedBy}${first ? '' : ','}${this.#carried(found, edge, first)}`,
    };
  }

  /** What an answer tells of a component behind how it was reached. */
  rest(node: number): string {
    return this.#written(this.#rest, node, () => {
      const { environment, account, owner } = this.#graph.head(node);
      const deployments = this.#severalDeployments(node);
      const members = {
        environment,
        ...(deployments.length === 0 ? {} : { deployments }),
        ...(account === undefined ? {} : { account }),
        ...(owner === undefined ? {} : { owner }),
      };
      return { texts: [environment, ...deployments, account ?? '', owner ?? ''], text: inside(members, '    ') };
    });
  }

  #carried(found: Impact, edge: number, first: boolean): string {
    const consumed = this.#graph.consumes(edge);
    const carried = first ? carriedAlong(this.#graph, found, edge, 0) : consumed;
    const write = () => ({ texts: carried, text: `\n        ${indented(carried, '        ')}` });
    return carried === consumed ? this.#written(this.#consumed, edge, write) : this.#written([], 0, write);
  }

  /** Roots of plain Terraform alone are run several times out of one folder: no other row need be read. */
  #severalDeployments(node: number): readonly string[] {
    return this.#graph.head(node).layout === 'terraform' ? severalDeployments(this.#graph.component(node)) : [];
  }

  #written(
    kept: (string | undefined)[],
    place: number,
    write: () => { readonly texts: readonly string[]; readonly text: string },
  ): string {
    let piece = kept[place];
    if (piece === undefined) {
      const { texts, text } = write();
      piece = texts.every(isInnocent) ? this.#once(text) : '';
      kept[place] = piece;
    }
    if (piece === '') this.isWhole = false;
    return piece;
  }

  #once(text: string): string {
    const known = this.#same.get(text);
    if (known !== undefined) return known;
    this.#same.set(text, text);
    return text;
  }
}

function indented(value: unknown, indent: string): string {
  return JSON.stringify(value, null, 2).replaceAll('\n', `\n${indent}`);
}

/** The members of an object, without its braces. */
function inside(value: object, indent: string): string {
  const text = indented(value, indent);
  return text.slice(text.indexOf('\n') + 1, text.lastIndexOf('\n'));
}
