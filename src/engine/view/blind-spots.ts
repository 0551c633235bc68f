import type { Graph } from '../../graph/graph.ts';
import { type BlindSpot, ofTheEstate } from '../../graph/operations/impact.ts';
import { compileGlob } from '../../graph/selection/glob.ts';
import type { ComponentId, ComponentRow } from '../../model/component.ts';
import type { Assumption } from '../../model/estate.ts';

/** Findings that say a need could not be resolved: each may hide a reference. */
const doubtful: ReadonlySet<string> = new Set(['dangling-reference', 'unknown-path']);

/** Blind spots that say as much of every question: what they hide has nothing to do with what is asked about. */
const general: ReadonlySet<string> = new Set(['file-encrypted', 'module-not-read', 'program-unread', 'foreign-read']);

/** Where a parameter is read or written by name. */
const ofParameters = /(?:^|\.)aws_ssm_parameters?(?:_by_path)?\.[^.]+\.(?:name|path)$/;
const readsParameters = { reads: 'parameters' } as const;

/**
 * Everything unproved in a graph: blind spots of components and needs that nothing provides. Most needs of the second kind are
 * blind spots too, told once, with the place that the finding names.
 */
export function blindSpotsOf(graph: Graph, assumptions: readonly Assumption[] = []): BlindSpot[] {
  const blindSpots = new Map<string, BlindSpot>();
  /** Places of which it is told whom they may lead to. */
  const narrowed = new Set<string>();
  const nameOf = (component: ComponentId, code: string, site: string) => [component, code, site].join('\0');
  const assumed = assumedBy(assumptions);
  for (let node = 0; node < graph.size; node++) {
    if (graph.blind[node] !== 1) continue;
    const row = graph.component(node);
    for (const { code, site, file, on } of row.blindSpots ?? []) {
      const evidence = { rule: code, site, ...(file === undefined ? {} : { file }) };
      const spot = { component: row.id, code, evidence, ...(ofParameters.test(site) ? readsParameters : {}) };
      if (on !== undefined) {
        narrowed.add(nameOf(row.id, code, site));
        for (const one of on) blindSpots.set(`${nameOf(row.id, code, site)}\0${one}`, { ...spot, on: one });
        continue;
      }
      blindSpots.set(
        nameOf(row.id, code, site),
        general.has(code)
          ? { ...spot, unread: assumed(row, code, whatIsUnread(graph, row, { code, site, file })) }
          : spot,
      );
    }
  }
  if (!hasComponents(graph)) blindSpots.set('', { component: ofTheEstate, code: 'nothing-recognised' });
  for (const { code, subject, key, evidence } of graph.findings()) {
    if (code === 'layout-not-read')
      blindSpots.set(nameOf(ofTheEstate, code, key), {
        component: ofTheEstate,
        code,
        unread: assumed({ id: ofTheEstate }, code, key),
      });
    if (!doubtful.has(code) || graph.node(subject) === undefined) continue;
    const [first] = evidence;
    const name = nameOf(subject, code, first?.site ?? key);
    if (narrowed.has(name)) continue;
    blindSpots.set(name, { component: subject, code, ...(first === undefined ? {} : { evidence: first }) });
  }
  return [...blindSpots.values()];
}

/** Whether anything was recognised that Karma could answer for. O(nodes), and mostly 1. */
export function hasComponents(graph: Graph): boolean {
  for (let node = 0; node < graph.size; node++) {
    const { kind, external } = graph.head(node);
    if (kind === 'component' && !external) return true;
  }
  return false;
}

/**
 * The source of a module that was not read, or else the place: the same for all components that share it. What a data source asks of
 * another system stands mostly in a file of each root, copied: its address tells them together.
 */
function whatIsUnread(
  graph: Graph,
  { module, attributes }: ComponentRow,
  { code, site, file }: { readonly code: string; readonly site: string; readonly file: string | undefined },
): string {
  const call = /^module\.([^.[]+)/.exec(site)?.[1];
  const called =
    call === undefined
      ? undefined
      : graph
          .types()
          .get(module)
          ?.modules.find(({ name }) => name === call);
  const source = called === undefined && site === 'terraform.source' ? attributes.source : called?.source;
  if (source !== undefined && source !== '') return source;
  return file === undefined || code === 'foreign-read' ? site : `${file} ${site}`;
}

type Assumed = (row: Pick<ComponentRow, 'id'>, code: string, what: string) => NonNullable<BlindSpot['unread']>;

function assumedBy(assumptions: readonly Assumption[]): Assumed {
  const tests = assumptions.map(coverage);
  return ({ id }, code, what) => {
    const found = assumptions[tests.findIndex((covers) => covers(id, code, what))];
    return found === undefined ? { what } : { what, assumed: found.reason };
  };
}

type Coverage = (component: ComponentId, code: string, what: string) => boolean;

function coverage({ source, component, code: wanted }: Assumption): Coverage {
  const ofSource = source === undefined ? undefined : compileGlob(source);
  const ofComponent = component === undefined ? undefined : compileGlob(component);
  return (id, code, what) =>
    ofSource?.(what) !== false && ofComponent?.(id) !== false && (wanted === undefined || wanted === code);
}

/** Assumptions that cover nothing of a graph, each judged by itself. O(blind spots × assumptions). */
export function idleAssumptions(graph: Graph, assumptions: readonly Assumption[]): readonly Assumption[] {
  if (assumptions.length === 0) return [];
  const unread = blindSpotsOf(graph).flatMap(({ component, code, unread: group }) =>
    group === undefined ? [] : [{ component, code, what: group.what }],
  );
  return assumptions.filter((assumption) => {
    const covers = coverage(assumption);
    return !unread.some(({ component, code, what }) => covers(component, code, what));
  });
}
