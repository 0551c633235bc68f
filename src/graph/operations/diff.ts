import type { ComponentId, ComponentRow } from '../../model/component.ts';
import { byCodeUnit, canonicalJson } from '../../model/digest.ts';
import type { Finding } from '../../model/finding.ts';
import type { FindingCode } from '../../model/finding-codes.ts';
import type { Pointer } from '../../model/pointer.ts';
import type { ReferenceRow } from '../../model/reference.ts';
import { compareSecrets } from '../../model/secrets/beside.ts';
import { at } from '../adjacency.ts';
import type { Graph } from '../graph.ts';
import { deploymentsBetween } from './deployments-between.ts';
import { type ChangedRuntime, changedRuntimes } from './runtimes-diff.ts';

export interface ChangedComponent {
  readonly id: ComponentId;
  /** Its id before, when it was renamed. */
  readonly was?: ComponentId;
  /** Of several deployments, those that differ; left out where a version was made before that was noted of each. */
  readonly deployments?: readonly string[];
  /** What differs: `config`, `module`, `type`, `outputs`, `external`, `attributes.owner` … Sorted. */
  readonly fields: readonly string[];
}

export interface ChangedReference {
  readonly from: ComponentId;
  readonly to: ComponentId;
  readonly consumesAdded: readonly Pointer[];
  readonly consumesRemoved: readonly Pointer[];
  /** What else differs: `evidence`, `rules`, `origin`, `marks`, `tolerated`, `runtimes`. Sorted. */
  readonly fields: readonly string[];
}

export interface Ends {
  readonly from: ComponentId;
  readonly to: ComponentId;
}

export interface GraphDiff {
  readonly added: readonly ComponentId[];
  readonly removed: readonly ComponentId[];
  readonly changed: readonly ChangedComponent[];
  readonly referencesAdded: readonly Ends[];
  readonly referencesRemoved: readonly Ends[];
  readonly referencesChanged: readonly ChangedReference[];
  readonly findingsNew: readonly Finding[];
  readonly findingsGone: readonly Finding[];
  /** Between two revisions or versions; between two environments runtimes must differ. */
  readonly runtimes: readonly ChangedRuntime[];
  /**
   * Components whose configs hold secrets that were digested under another key at each end, and are equal in all else: whether
   * they changed nobody can tell. Sorted.
   */
  readonly undecided: readonly ComponentId[];
}

export interface DiffOptions {
  /** Ids before → ids after, for components that moved. */
  readonly renames?: ReadonlyMap<ComponentId, ComponentId>;
}

/** One side of a comparison: which nodes take part, and the name under which each is matched with the other side. */
interface Side {
  readonly graph: Graph;
  /** Undefined: not part of the comparison. */
  readonly nameOf: (id: ComponentId) => string | undefined;
  readonly ignored: ReadonlySet<string>;
}

/** What lies between two graphs. Equal row digests are not parsed. O(nodes + edges + what differs). */
export function diff(before: Graph, after: Graph, { renames }: DiffOptions = {}): GraphDiff {
  const nothing: ReadonlySet<string> = new Set();
  const was = new Map([...(renames ?? [])].map(([from, to]) => [to, from]));
  return {
    ...compare(
      { graph: before, nameOf: (id) => renames?.get(id) ?? id, ignored: nothing },
      { graph: after, nameOf: (id) => id, ignored: nothing },
    ),
    runtimes: changedRuntimes(before, after, (id) => was.get(id) ?? id),
  };
}

/**
 * Two environments side by side: the same nickname in both is the same object in two places. What must differ between
 * environments (ids, paths, the environment itself) is not a difference. Either side may come from its own graph.
 * Ids in the answer are those of the second environment, of the first for what only it has.
 */
export function diffEnvironments(
  first: { readonly graph: Graph; readonly environment: string },
  second: { readonly graph: Graph; readonly environment: string },
): GraphDiff {
  const ignored: ReadonlySet<string> = new Set([
    'environment',
    'path',
    'attributes.account',
    'attributes.region',
    'attributes.state',
    'attributes.backend',
  ]);
  const side = ({ graph, environment }: { readonly graph: Graph; readonly environment: string }): Side => ({
    graph,
    nameOf: (id) => nameWithin(graph, id, environment),
    ignored,
  });
  return { ...compare(side(first), side(second)), runtimes: [] };
}

/** An id with its environment taken out: `*` for that step of the path. */
function nameWithin(graph: Graph, id: ComponentId, environment: string): string | undefined {
  const node = graph.node(id);
  if (node === undefined || graph.component(node).environment !== environment) return undefined;
  const steps = id.split('/');
  const place = steps.indexOf(environment);
  return place < 0 ? id : steps.with(place, '*').join('/');
}

function compare(before: Side, after: Side): Omit<GraphDiff, 'runtimes'> {
  const old = namesOf(before);
  const now = namesOf(after);
  const changed: ChangedComponent[] = [];
  const undecided: ComponentId[] = [];
  const sameModules = sameTypes(before.graph, after.graph);
  for (const [name, node] of now) {
    const was = old.get(name);
    if (was === undefined || (sameModules && sameRow(before.graph, was, after.graph, node))) continue;
    const change = changedComponent(before, was, after, node);
    if (change !== undefined) changed.push(change);
    else if (secretsBetween(before.graph, was, after.graph, node) === 'unknown') undecided.push(after.graph.id(node));
  }
  const missingFrom = (graph: Graph, names: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>) =>
    [...names]
      .filter(([name]) => !other.has(name))
      .map(([, node]) => graph.id(node))
      .sort();
  return {
    added: missingFrom(after.graph, now, old),
    removed: missingFrom(before.graph, old, now),
    changed: changed.sort((a, b) => byCodeUnit(a.id, b.id)),
    undecided: undecided.sort(byCodeUnit),
    ...compareReferences(before, after),
    ...compareFindings(before, after),
  };
}

function namesOf({ graph, nameOf }: Side): Map<string, number> {
  const names = new Map<string, number>();
  for (let node = 0; node < graph.size; node++) {
    const name = nameOf(graph.id(node));
    if (name !== undefined) names.set(name, node);
  }
  return names;
}

function changedComponent(before: Side, was: number, after: Side, now: number): ChangedComponent | undefined {
  const ids = { id: after.graph.id(now), was: before.graph.id(was) };
  const moduleOf = (graph: Graph, row: ComponentRow): string => graph.types().get(row.module)?.digest ?? '';
  const oldRow = before.graph.component(was);
  const newRow = after.graph.component(now);
  const fields = sameRow(before.graph, was, after.graph, now) ? [] : componentFields(oldRow, newRow);
  if (moduleOf(before.graph, oldRow) !== moduleOf(after.graph, newRow)) fields.push('module');
  const kept = [...new Set(fields)].filter((field) => !after.ignored.has(field)).sort();
  const renamed = after.ignored.size === 0 && ids.was !== ids.id;
  if (kept.length === 0 && !renamed) return undefined;
  const deployments = deploymentsBetween(
    { graph: before.graph, row: oldRow },
    { graph: after.graph, row: newRow },
    kept,
  );
  return {
    id: ids.id,
    ...(ids.was === ids.id ? {} : { was: ids.was }),
    ...(deployments === undefined ? {} : { deployments }),
    fields: kept,
  };
}

/** Whether every module is the same at both ends: then a component whose row is the same need not be looked at. */
function sameTypes(before: Graph, after: Graph): boolean {
  const [a, b] = [before.tables.type, after.tables.type];
  if (a.size !== b.size) return false;
  for (let place = 0; place < a.size; place++) if (a.digest(place) !== b.digest(place)) return false;
  return true;
}

function sameRow(before: Graph, was: number, after: Graph, now: number): boolean {
  const oldPlace = before.nodeRow[was] ?? -1;
  const newPlace = after.nodeRow[now] ?? -1;
  if (oldPlace < 0 || newPlace < 0) return oldPlace === newPlace;
  const [a, b] = [before.tables.component, after.tables.component];
  // Secrets are digested beside what is hashed.
  return a.digest(oldPlace) === b.digest(newPlace) && a.note(oldPlace) === b.note(newPlace);
}

function secretsBetween(before: Graph, was: number, after: Graph, now: number): ReturnType<typeof compareSecrets> {
  return compareSecrets(before.component(was).secrets, after.component(now).secrets);
}

const comparedFields = ['kind', 'layout', 'external', 'type', 'nickname', 'environment', 'path', 'outputs'] as const;

function componentFields(before: ComponentRow, after: ComponentRow): string[] {
  const fields: string[] = comparedFields.filter(
    (field) => canonicalJson(before[field]) !== canonicalJson(after[field]),
  );
  if (before.configDigest !== after.configDigest || compareSecrets(before.secrets, after.secrets) === 'different')
    fields.push('config');
  if (before.module !== after.module) fields.push('module');
  for (const key of new Set([...Object.keys(before.attributes), ...Object.keys(after.attributes)])) {
    if (before.attributes[key] !== after.attributes[key]) fields.push(`attributes.${key}`);
  }
  return fields;
}

function compareReferences(
  before: Side,
  after: Side,
): Pick<GraphDiff, 'referencesAdded' | 'referencesRemoved' | 'referencesChanged'> {
  const old = edgesByName(before);
  const now = edgesByName(after);
  const ends = (graph: Graph, edge: number): Ends => ({
    from: graph.id(at(graph.adjacency.edgeFrom, edge)),
    to: graph.id(at(graph.adjacency.edgeTo, edge)),
  });
  const referencesAdded: Ends[] = [];
  const referencesChanged: ChangedReference[] = [];
  for (const [name, edge] of now) {
    const was = old.get(name);
    if (was === undefined) referencesAdded.push(ends(after.graph, edge));
    else {
      const change = changedReference(before, was, after, edge);
      if (change !== undefined) referencesChanged.push({ ...ends(after.graph, edge), ...change });
    }
  }
  const referencesRemoved = [...old].filter(([name]) => !now.has(name)).map(([, edge]) => ends(before.graph, edge));
  const sorted = <T extends Ends>(list: T[]): T[] =>
    list.sort((a, b) => byCodeUnit(a.from, b.from) || byCodeUnit(a.to, b.to));
  return {
    referencesAdded: sorted(referencesAdded),
    referencesRemoved: sorted(referencesRemoved),
    referencesChanged: sorted(referencesChanged),
  };
}

/** Edges under the names of both ends; one that leaves the side's scope keeps the other end's id. */
function edgesByName({ graph, nameOf }: Side): Map<string, number> {
  const edges = new Map<string, number>();
  const names = graph.ids.map((id) => nameOf(id));
  for (let edge = 0; edge < graph.edges; edge++) {
    const from = names[at(graph.adjacency.edgeFrom, edge)];
    const to = at(graph.adjacency.edgeTo, edge);
    if (from !== undefined) edges.set(`${from}\0${names[to] ?? graph.id(to)}`, edge);
  }
  return edges;
}

function changedReference(
  before: Side,
  was: number,
  after: Side,
  now: number,
): Omit<ChangedReference, keyof Ends> | undefined {
  const digest = (graph: Graph, edge: number): string => graph.tables.reference.digest(edge);
  if (digest(before.graph, was) === digest(after.graph, now)) return undefined;
  const old = before.graph.reference(was);
  const row = after.graph.reference(now);
  const across = after.ignored.size > 0;
  const fields = referenceFields(old, row).filter((field) => !across || (field !== 'evidence' && field !== 'runtimes'));
  const consumesAdded = row.consumes.filter((pointer) => !old.consumes.includes(pointer));
  const consumesRemoved = old.consumes.filter((pointer) => !row.consumes.includes(pointer));
  if (fields.length + consumesAdded.length + consumesRemoved.length === 0) return undefined;
  return { consumesAdded, consumesRemoved, fields };
}

function referenceFields(old: ReferenceRow, row: ReferenceRow): string[] {
  const why = ({ evidence }: ReferenceRow): string =>
    canonicalJson(evidence.map(({ rule, site, expression, parameter }) => ({ rule, site, expression, parameter })));
  const differs: readonly (readonly [field: string, differs: boolean])[] = [
    ['evidence', why(old) !== why(row)],
    ['marks', canonicalJson(old.marks) !== canonicalJson(row.marks)],
    ['origin', old.origin !== row.origin],
    ['rules', canonicalJson(old.rules) !== canonicalJson(row.rules)],
    ['runtimes', canonicalJson(old.consumesFrom) !== canonicalJson(row.consumesFrom)],
    ['tolerated', canonicalJson(old.tolerated) !== canonicalJson(row.tolerated)],
  ];
  return differs.filter(([, is]) => is).map(([field]) => field);
}

/** The findings that are new and gone between two graphs. O(findings). */
export function diffFindings(
  before: Graph,
  after: Graph,
  { renames }: DiffOptions = {},
): Pick<GraphDiff, 'findingsNew' | 'findingsGone'> {
  const nothing: ReadonlySet<string> = new Set();
  return compareFindings(
    { graph: before, nameOf: (id) => renames?.get(id) ?? id, ignored: nothing },
    { graph: after, nameOf: (id) => id, ignored: nothing },
  );
}

function compareFindings(before: Side, after: Side): Pick<GraphDiff, 'findingsNew' | 'findingsGone'> {
  const old = findingsByName(before);
  const now = findingsByName(after);
  const only = (side: ReadonlyMap<string, Finding>, other: ReadonlyMap<string, Finding>): Finding[] =>
    [...side].filter(([name]) => !other.has(name)).map(([, finding]) => finding);
  return { findingsNew: only(now, old), findingsGone: only(old, now) };
}

/** It says from which ref an end was read, which differs between the ends of any range and is no part of what they hold. */
const aboutTheReading: FindingCode = 'ref-not-followed';

/** Findings by code, subject and key; those about nothing in scope (an estate, a file) count only in a full comparison. */
function findingsByName({ graph, nameOf, ignored }: Side): Map<string, Finding> {
  const named = new Map<string, Finding>();
  for (const finding of graph.findings()) {
    if (finding.code === aboutTheReading) continue;
    const subject = graph.node(finding.subject) === undefined ? undefined : nameOf(finding.subject);
    if (subject === undefined && ignored.size > 0) continue;
    named.set(`${finding.code}\0${subject ?? finding.subject}\0${finding.key}`, finding);
  }
  return named;
}
