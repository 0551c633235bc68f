import { environmentsOf } from '../../graph/deployments.ts';
import type { Graph } from '../../graph/graph.ts';
import { byCodeUnit } from '../../model/digest.ts';
import type { EngineContext } from '../context.ts';
import { findingsIn } from './shown-findings.ts';
import type { LoadedView } from './view.ts';

export interface EnvironmentSummary {
  /** `''`: nothing tells which environment these belong to. */
  readonly name: string;
  readonly components: number;
  /** What it uses and the estate does not manage. */
  readonly external: number;
  readonly parameters: number;
  readonly layouts: readonly string[];
  readonly kinds: readonly { readonly name: string; readonly components: number }[];
  readonly accounts: readonly string[];
  readonly owners: readonly string[];
  /** Its accounts, as binding files or `karma.yaml` name them. */
  readonly bindings: readonly string[];
  /** References between its components, and those that lead from it into others. */
  readonly references: { readonly within: number; readonly out: number };
  /** Told of one of its components. */
  readonly findings: number;
}

/** Environments with what is in each, by name. One pass over components, references and findings. */
export function environmentsIn(
  { stores }: Pick<EngineContext, 'stores'>,
  view: LoadedView,
): readonly EnvironmentSummary[] {
  const { graph } = view;
  const found = new Map<string, Counted>();
  const of = (name: string): Counted => {
    const known = found.get(name) ?? new Counted();
    found.set(name, known);
    return known;
  };
  const within = withinOf(graph);
  for (let node = 0; node < graph.size; node++) for (const name of within(node)) of(name).take(graph, node);
  const { edgeFrom, edgeTo } = graph.adjacency;
  for (const [edge, node] of edgeFrom.entries()) {
    const targets = within(edgeTo[edge] ?? 0);
    for (const name of within(node)) of(name).references[targets.includes(name) ? 'within' : 'out'] += 1;
  }
  for (const { subject } of findingsIn(view)) {
    const node = graph.node(subject);
    if (node !== undefined) for (const name of within(node)) of(name).findings += 1;
  }
  const bindings = Map.groupBy(stores.bindings(), (name) => stores.environmentOf(name));
  return [...found]
    .map(([name, counted]) => counted.told(name, bindings.get(name) ?? []))
    .sort((a, b) => byCodeUnit(a.name, b.name));
}

/** The environments of a node: its own, else those that its deployments are called after; `''` where nothing tells. */
function withinOf(graph: Graph): (node: number) => readonly string[] {
  const known = new Map<number, readonly string[]>();
  return (node) => {
    const { environment, kind } = graph.head(node);
    if (environment !== '' || kind === 'parameter') return [environment];
    const before = known.get(node);
    if (before !== undefined) return before;
    const named = environmentsOf(graph.component(node));
    const found = named.length === 0 ? [''] : named;
    known.set(node, found);
    return found;
  };
}

class Counted {
  readonly references = { within: 0, out: 0 };
  findings = 0;
  readonly #counts = { components: 0, external: 0, parameters: 0 };
  readonly #kinds = new Map<string, number>();
  readonly #words = { layouts: new Set<string>(), accounts: new Set<string>(), owners: new Set<string>() };

  take(graph: Graph, node: number): void {
    const { kind, external, type, layout, account, owner } = graph.head(node);
    if (kind === 'parameter') this.#counts.parameters += 1;
    else if (external) this.#counts.external += 1;
    else {
      this.#counts.components += 1;
      this.#kinds.set(type, (this.#kinds.get(type) ?? 0) + 1);
      this.#words.layouts.add(layout);
      if (account !== undefined) this.#words.accounts.add(account);
      if (owner !== undefined) this.#words.owners.add(owner);
    }
  }

  told(name: string, bindings: readonly string[]): EnvironmentSummary {
    const { references, findings } = this;
    const kinds = [...this.#kinds].map(([kind, components]) => ({ name: kind, components }));
    const sorted = (words: ReadonlySet<string>) => [...words].sort(byCodeUnit);
    const { layouts, accounts, owners } = this.#words;
    return {
      name,
      ...this.#counts,
      layouts: sorted(layouts),
      kinds: kinds.sort((a, b) => b.components - a.components || byCodeUnit(a.name, b.name)),
      accounts: sorted(accounts),
      owners: sorted(owners),
      bindings: [...bindings].sort(byCodeUnit),
      references: { ...references },
      findings,
    };
  }
}
