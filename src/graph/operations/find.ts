import type { ComponentId } from '../../model/component.ts';
import { KarmaError } from '../../model/errors.ts';
import { editDistance, nearest } from '../../model/nearest.ts';
import type { Pointer } from '../../model/pointer.ts';
import type { ComponentHead } from '../component-heads.ts';
import type { Graph } from '../graph.ts';

export interface FindOptions {
  /** The working directory, relative to the estate's root; `''` is the root. */
  readonly workingDirectory?: string;
  /** Components whose read-set holds a file: the graph does not know, the engine does. */
  readonly readersOf?: (file: string) => Iterable<ComponentId>;
}

/**
 * How a word led to components. Only an id or suffix names one component; the others may name many. `file`: they read it;
 * `folder`: it lies in theirs, or in their module's.
 */
export type FoundBy = 'id' | 'suffix' | 'file' | 'folder' | 'module' | 'source' | 'parameter';

export type Found =
  | { readonly found: true; readonly by: FoundBy; readonly nodes: readonly number[] }
  | { readonly found: false; readonly candidates: readonly ComponentId[]; readonly nearest: readonly ComponentId[] };

/**
 * What a person means by a word: an exact id; a path relative to the working directory (`.`, `../vpc`); a suffix of exactly
 * one id (`vpc/main`); a file of the estate; a module folder; a module source (`git::…`); a parameter's name. The first that
 * fits wins, in that order. Several ids with one suffix are ambiguous: the candidates come back and nothing is chosen.
 *
 * O(1) for an id, else O(components), O(references) for a parameter.
 */
export function find(graph: Graph, text: string, options: FindOptions = {}): Found {
  const word = text.trim().replace(/(?<=.)\/+$/, '');
  const exact = exactNode(graph, word, options.workingDirectory ?? '');
  if (exact !== undefined) return { found: true, by: 'id', nodes: [exact] };
  const suffix = bySuffix(graph, word);
  if (suffix.length === 1) return { found: true, by: 'suffix', nodes: suffix };
  if (suffix.length > 1) return { found: false, candidates: suffix.map((node) => graph.id(node)), nearest: [] };
  for (const [by, nodes] of otherWays(graph, word, options)) {
    if (nodes.length > 0) return { found: true, by, nodes };
  }
  const near = nearestIds(graph, word);
  return { found: false, candidates: [], nearest: near.length > 0 ? near : idsAlike(graph, word) };
}

/** The one component a word names. @throws KARMA_NOT_FOUND with the nearest names, KARMA_AMBIGUOUS with the candidates */
export function findOne(graph: Graph, text: string, options: FindOptions = {}): number {
  const found = find(graph, text, options);
  if (!found.found) throw notFound(text, found);
  const [only] = found.nodes;
  if (found.nodes.length > 1 || only === undefined) {
    throw notFound(text, { candidates: found.nodes.map((node) => graph.id(node)), nearest: [] });
  }
  return only;
}

/** All components a word names. @throws as {@link findOne}; a file or module of several components is no ambiguity */
export function findAll(graph: Graph, text: string, options: FindOptions = {}): readonly number[] {
  return findAllBy(graph, text, options).nodes;
}

/** The same, with how the word led to them. @throws as {@link findOne} */
export function findAllBy(graph: Graph, text: string, options: FindOptions = {}): Found & { readonly found: true } {
  const found = find(graph, text, options);
  if (!found.found) throw notFound(text, found);
  return found;
}

/**
 * `vpc/main#/vpc_id` → `vpc/main` and `/vpc_id`; several pointers by comma. A word without `#` has no pointers, nor has one that
 * names a component as it stands: a folder may be called `c#`.
 */
export function splitOutputs(
  graph: Graph,
  text: string,
  options: FindOptions = {},
): { readonly component: string; readonly outputs: readonly Pointer[] } {
  let cut = text.indexOf('#');
  const named = (end: number) => find(graph, text.slice(0, end), options).found;
  for (let at = cut; at >= 0; at = text.indexOf('#', at + 1)) if (named(at)) cut = at;
  if (cut < 0 || named(text.length)) return { component: text, outputs: [] };
  const outputs = text
    .slice(cut + 1)
    .split(',')
    .map((pointer) => pointer.trim())
    .filter((pointer) => pointer !== '')
    .map((pointer) => (pointer.startsWith('/') || pointer === '*' ? pointer : `/${pointer}`));
  return { component: text.slice(0, cut), outputs };
}

function notFound(
  text: string,
  miss: { readonly candidates: readonly ComponentId[]; readonly nearest: readonly ComponentId[] },
): KarmaError {
  if (miss.candidates.length > 0) {
    const shown = miss.candidates.slice(0, 8);
    const more = miss.candidates.length > shown.length ? ` and ${miss.candidates.length - shown.length} more` : '';
    return new KarmaError('KARMA_AMBIGUOUS', `'${text}' fits ${miss.candidates.length} components`, {
      hint: `Name one of them: ${shown.join(', ')}${more}.`,
      details: { name: text, candidates: miss.candidates },
    });
  }
  const file = /[^/.]\.[a-z][a-z0-9]*$/i.test(text) ? ', and none is known to read a file of that name' : '';
  return new KarmaError('KARMA_NOT_FOUND', `no component is called '${text}'${file}`, {
    hint:
      miss.nearest.length > 0
        ? `Did you mean ${miss.nearest.join(' or ')}?`
        : '`karma list` shows every component; a path is read from the working directory.',
    details: { name: text, nearest: miss.nearest },
  });
}

function exactNode(graph: Graph, word: string, workingDirectory: string): number | undefined {
  const relative = /^\.{1,2}(?:\/|$)/.test(word);
  if (!relative) {
    const node = graph.node(word);
    if (node !== undefined) return node;
  }
  const place = joinPath(workingDirectory, word);
  if (place === undefined) return undefined;
  // What stands in the estate's root itself is called `.`.
  return graph.node(place === '' ? '.' : place) ?? nodeAtPath(graph, place);
}

/** The component whose folder it is, where ids are not paths (Adage). */
function nodeAtPath(graph: Graph, place: string): number | undefined {
  if (place === '') return undefined;
  for (let node = 0; node < graph.size; node++) if (graph.head(node).path === place) return node;
  return undefined;
}

/** A path from a folder, `.` and `..` resolved; undefined when it climbs out of the estate. */
export function joinPath(folder: string, path: string): string | undefined {
  const steps: string[] = [];
  for (const step of `${folder}/${path}`.split('/')) {
    if (step === '' || step === '.') continue;
    if (step !== '..') steps.push(step);
    else if (steps.pop() === undefined) return undefined;
  }
  return steps.join('/');
}

/** Nodes whose id ends in the word, at a step's border. */
function bySuffix(graph: Graph, word: string): number[] {
  if (word === '' || /^\.{1,2}(?:\/|$)/.test(word)) return [];
  const end = `/${word}`;
  const nodes: number[] = [];
  for (let node = 0; node < graph.size; node++) if (graph.id(node).endsWith(end)) nodes.push(node);
  return nodes;
}

function* otherWays(graph: Graph, word: string, options: FindOptions): Generator<[FoundBy, readonly number[]]> {
  const place = joinPath(options.workingDirectory ?? '', word);
  const places = [...new Set([place, word].filter((one) => one !== undefined && one !== ''))] as string[];
  if (word.includes('::') || word.includes('?ref=')) {
    yield ['source', nodesWhere(graph, (row) => row.attributes.source === word || row.module === word)];
  }
  yield ['module', nodesWhere(graph, (row) => places.includes(row.module))];
  // Read as seen from here or from the root comes before merely standing below a component's folder: any path does that.
  for (const one of places) yield ['file', readersIn(graph, one, options.readersOf)];
  for (const one of places) yield ['folder', nodesAround(graph, one)];
  yield ['source', nodesWhere(graph, (row) => row.attributes.source === word)];
  if (word.startsWith('/')) yield ['parameter', nodesOfParameter(graph, word)];
}

function nodesWhere(graph: Graph, test: (row: ReturnType<Graph['component']>) => boolean): number[] {
  const nodes: number[] = [];
  for (let node = 0; node < graph.size; node++) if (test(graph.component(node))) nodes.push(node);
  return nodes;
}

/** The components that read a file, when the engine can tell. */
function readersIn(graph: Graph, file: string, readersOf: FindOptions['readersOf']): number[] {
  const readers = [...(readersOf?.(file) ?? [])].map((id) => graph.node(id)).filter((node) => node !== undefined);
  return readers.sort((a, b) => a - b);
}

/** The component whose folder holds a file, else those whose module's folder holds it. */
function nodesAround(graph: Graph, file: string): number[] {
  // Who reads a file is known, or it is told from its folder; then it must look like a file, lest a misspelt id be taken for one.
  if (!/\.[^/]*$/.test(file)) return [];
  const deepest = (pathOf: (head: ComponentHead) => string): number[] => {
    let best = '';
    let nodes: number[] = [];
    for (let node = 0; node < graph.size; node++) {
      const path = pathOf(graph.head(node));
      if (path === '' || path.length < best.length || !file.startsWith(`${path}/`)) continue;
      if (path.length > best.length) nodes = [];
      best = path;
      nodes.push(node);
    }
    return nodes;
  };
  const owners = deepest((row) => row.path);
  return owners.length > 0 ? owners : deepest((row) => row.module);
}

/** The components that publish or are a parameter: by its node, a deployment's runtime, a reader's evidence, the convention. */
function nodesOfParameter(graph: Graph, name: string): number[] {
  const nodes = new Set<number>();
  for (let node = 0; node < graph.size; node++) {
    if (graph.isParameter(node) && graph.id(node).endsWith(`param:${name}`)) nodes.add(node);
  }
  for (let node = 0; node < graph.size; node++) {
    if (graph.deployments(graph.id(node)).some((row) => Object.hasOwn(row.runtimes, name))) nodes.add(node);
  }
  for (let edge = 0; edge < graph.edges; edge++) {
    if (Object.hasOwn(graph.reference(edge).consumesFrom, name)) nodes.add(graph.adjacency.edgeTo[edge] ?? 0);
  }
  const parts = /\/([^/]+)\/([^/]+)\/(?:runtime|config)$/.exec(name);
  if (parts !== null) {
    for (const node of bySuffix(graph, `${parts[1]}/${parts[2]}`)) {
      if (graph.component(node).layout === 'adage') nodes.add(node);
    }
  }
  return [...nodes].sort((a, b) => a - b);
}

/** The ids nearest to a word, by whole id or by their last steps. */
export function nearestIds(graph: Graph, word: string): ComponentId[] {
  const depth = word.split('/').length;
  const byTail = new Map<string, ComponentId[]>();
  for (const id of graph.ids) {
    for (const tail of new Set([id, id.split('/').slice(-depth).join('/')])) {
      const same = byTail.get(tail);
      if (same === undefined) byTail.set(tail, [id]);
      else same.push(id);
    }
  }
  const tails = nearest(word, byTail.keys(), 5);
  return [...new Set(tails.flatMap((tail) => byTail.get(tail) ?? []))].slice(0, 5);
}

/**
 * Ids that share steps with a word which is no misspelling of any: `rds/orders` where there is `rds-postgres/tracking`. A step
 * is shared when one is the other, misspelt or begun: the more steps, the nearer. O(ids × steps).
 */
function idsAlike(graph: Graph, word: string): ComponentId[] {
  const steps = word.split('/').filter((step) => step.length > 2);
  const alike: { readonly id: ComponentId; readonly shared: number }[] = [];
  for (const id of graph.ids) {
    const own = id.split('/');
    const shared = steps.reduce((sum, step) => sum + Math.max(0, ...own.map((one) => likeness(step, one))), 0);
    if (shared > 0) alike.push({ id, shared });
  }
  const most = alike.reduce((max, { shared }) => Math.max(max, shared), 0);
  return alike
    .filter(({ shared }) => shared === most)
    .map(({ id }) => id)
    .slice(0, 3);
}

function likeness(step: string, other: string): number {
  if (step === other) return 3;
  if (other.length > 2 && editDistance(step, other, 1) === 1) return 2;
  const [short, long] = step.length < other.length ? [step, other] : [other, step];
  return short.length > 2 && long.startsWith(short) ? 1 : 0;
}
