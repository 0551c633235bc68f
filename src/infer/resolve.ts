import type { ClaimBlindSpot, Need, Provide } from '../model/claim.ts';
import type { ComponentId, ComponentRow } from '../model/component.ts';
import { byCodeUnit } from '../model/digest.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Finding } from '../model/finding.ts';
import { findingKinds } from '../model/finding-codes.ts';
import { outputName, type Pointer, reducePointers, wholeRuntime } from '../model/pointer.ts';
import type { ReferenceRow } from '../model/reference.ts';
import { type Choice, choose } from './choose.ts';
import type { EstateSettings } from './layout.ts';
import {
  type BlindRow,
  blindRow,
  byPlace,
  isOpen,
  type OpenNeed,
  openFinding,
  openSpots,
  settledBy,
} from './open-needs.ts';

/**
 * Resolve: one join of needs and provides by key. What a component gets out of it (its references and the findings about
 * them) is a function of its own needs and of the providers of exactly those keys; that is why a build may re-resolve only
 * the components whose needs changed or whose keys gained, lost or changed a provider, and still equal a full one.
 */

/** A node that takes part: a claimed component, or an external one that claims name. */
export interface JoinNode {
  readonly component: ComponentRow;
  readonly provides: readonly Provide[];
  readonly needs: readonly Need[];
}

export interface Provider {
  readonly component: ComponentRow;
  readonly provide: Provide;
}

/** What the join says about one node. */
export interface Resolved {
  readonly references: readonly ReferenceRow[];
  readonly findings: readonly Finding[];
  /** Where it may depend on others, and nothing proves on whom. */
  readonly blindSpots: readonly BlindRow[];
  /** Sites of its claim's own blind spots that a declared reference settles. */
  readonly settled: ReadonlySet<string>;
  /** Nodes of kind parameter that its needs bring into being. */
  readonly parameters: readonly ComponentRow[];
  /** `from|to` pairs that `karma.yaml` denied here. */
  readonly denied: readonly string[];
}

/** The part of `karma.yaml` that the join follows. */
export type Verdicts = NonNullable<EstateSettings['references']>;

/** Providers of a key, by component id; a fallback gives way to any other. */
export type ProvidersOf = (key: string) => readonly Provider[];

/** @param spots what the node's claim itself could not see */
export function resolveNode(
  node: JoinNode,
  providersOf: ProvidersOf,
  verdicts: Verdicts,
  spots: readonly ClaimBlindSpot[] = noSpots,
): Resolved {
  const edges = new Map<ComponentId, EdgeInMaking>();
  const findings: Finding[] = [];
  const parameters: ComponentRow[] = [];
  const { id } = node.component;
  const open: OpenNeed[] = [];
  const added = verdicts.length === 0 ? noNeeds : additions(node.component, verdicts);
  for (const need of added.length === 0 ? node.needs : [...node.needs, ...added]) {
    const choice = choose(need, providersOf, id);
    if (choice.kind === 'self') continue;
    for (const { component, provide } of choice.strangers ?? noProviders)
      open.push({ need, told: false, candidates: [component.id], place: provide.evidence, elsewhere: true });
    if (choice.kind === 'nobody') {
      if (need.strength === 'hint') continue;
      const parameter = need.whenMissing === 'parameter' ? parameterNode(need, node.component) : undefined;
      if (parameter !== undefined) {
        parameters.push(parameter);
        edgeTo(edges, parameter).add(need, { key: need.key, runtime: nameOf(need.key), evidence: need.evidence });
      } else if (need.whenMissing === 'dangling') findings.push(dangling(node.component, need));
      continue;
    }
    const { proven, possible } = need.strength === 'hint' ? asHint(choice) : choice;
    if (proven.length > 1 && need.many !== true && distinct(proven) > 1)
      findings.push(ambiguous(node.component, need, proven));
    for (const { component, provide } of proven) {
      edgeTo(edges, component).add(need, provide);
      if (need.consumes.length > 0) findings.push(...contractMismatches(node.component, need, component, provide));
    }
    // What is only plausible of anybody is said of nobody.
    if (possible === undefined ? need.strength !== 'hint' : possible.length > 0)
      open.push({ need, told: choice.told, candidates: possible && idsOf(possible), place: need.evidence });
  }
  findings.push(...claimedTwice(node, providersOf));
  const { denied, ...made } = finish(node.component, edges, findings, parameters, verdicts);
  const own = added.length === 0 ? noSpots : spots.filter(isOpen);
  const spoken = settledBy([...open, ...openSpots(own)], { self: id, edges, verdicts, denied });
  const leftSites = new Set(spoken.map(({ place }) => place.site));
  const left = byPlace(spoken.filter(({ need }) => need.rule !== 'unknown-path'));
  const settled = new Set(own.map(({ evidence }) => evidence.site).filter((site) => !leftSites.has(site)));
  findings.push(...left.flatMap((one) => openFinding(id, one)));
  return { ...made, denied: [...new Set(denied)], blindSpots: left.map(blindRow), settled };
}

/** What is only plausible proves nothing: all of it is possible. */
function asHint({
  proven,
  possible,
}: Extract<Choice, { kind: 'found' }>): Pick<Extract<Choice, { kind: 'found' }>, 'proven' | 'possible'> {
  return { proven: noProviders, possible: possible && [...proven, ...possible] };
}

const noProviders: readonly Provider[] = [];

function idsOf(providers: readonly Provider[]): ComponentId[] {
  return [...new Set(providers.map(({ component }) => component.id))].sort(byCodeUnit);
}

const noNeeds: readonly Need[] = [];
const noSpots: readonly ClaimBlindSpot[] = [];
const nobody: readonly Provider[] = [];

function distinct(providers: readonly Provider[]): number {
  return new Set(providers.map(({ component }) => component.id)).size;
}

class EdgeInMaking {
  readonly to: ComponentRow;
  /** In pairs: what is needed, and the provide that answers it. */
  private readonly needs: Need[] = [];
  private readonly provides: Provide[] = [];

  constructor(to: ComponentRow) {
    this.to = to;
  }

  add(need: Need, provide: Provide): void {
    this.needs.push(need);
    this.provides.push(provide);
  }

  row(from: ComponentRow): ReferenceRow {
    const { needs } = this;
    const rules: string[] = [];
    const consumed: (readonly Pointer[])[] = [];
    const marks: string[] = [];
    let origin: ReferenceRow['origin'] = 'inferred';
    for (const need of needs) {
      rules.push(need.rule);
      if (need.consumes.length > 0) consumed.push(need.consumes);
      if (need.marks !== undefined) marks.push(...need.marks);
      if (need.origin === 'declared') origin = 'declared';
    }
    for (const attribute of ['environment', 'account'] as const)
      if (differs(from, this.to, attribute)) marks.push(`cross-${attribute}`);
    return {
      from: from.id,
      to: this.to.id,
      origin,
      strength: 'proven',
      rules: sortedSet(rules),
      consumes: together(consumed),
      consumesFrom: this.#consumesFrom(),
      tolerated: tolerated(needs),
      marks: sortedSet(marks),
      evidence: uniqueEvidence(needs),
    };
  }

  /** The place of the one need that consumes anything; undefined where there are several. */
  #onlyConsumer(): number | 'none' | undefined {
    let found: number | 'none' = 'none';
    for (let at = 0; at < this.needs.length; at++) {
      if (this.needs[at]?.consumes.length === 0) continue;
      if (found !== 'none') return undefined;
      found = at;
    }
    return found;
  }

  /** What is consumed, by runtime, sorted; runtimes of which nothing is consumed are left out. */
  #consumesFrom(): ReferenceRow['consumesFrom'] {
    const only = this.#onlyConsumer();
    if (only === 'none') return nothingConsumed;
    if (only !== undefined)
      return { [this.provides[only]?.runtime ?? '']: together([this.needs[only]?.consumes ?? []]) };
    const byRuntime = new Map<string, (readonly Pointer[])[]>();
    for (const [at, { consumes }] of this.needs.entries()) {
      const runtime = this.provides[at]?.runtime ?? '';
      if (consumes.length === 0) continue;
      const known = byRuntime.get(runtime);
      if (known === undefined) byRuntime.set(runtime, [consumes]);
      else known.push(consumes);
    }
    const record: Record<string, readonly Pointer[]> = {};
    const runtimes = [...byRuntime.keys()];
    for (const runtime of runtimes.length > 1 ? runtimes.sort() : runtimes)
      record[runtime] = together(byRuntime.get(runtime) ?? []);
    return record;
  }
}

const nothingConsumed: ReferenceRow['consumesFrom'] = {};

/** Lists that came out of {@link reducePointers}, by what went in: components of one type read the same of their providers. */
const reduced = new WeakMap<readonly Pointer[], readonly Pointer[]>();

/** The smallest set that covers all of these lists. */
function together(lists: readonly (readonly Pointer[])[]): readonly Pointer[] {
  const [only, ...others] = lists;
  if (only === undefined) return noPointers;
  if (others.length > 0) return reducePointers(lists.flat());
  let set = reduced.get(only);
  if (set === undefined) {
    set = reducePointers(only);
    reduced.set(only, set);
  }
  return set;
}

const noPointers: readonly Pointer[] = [];

/** Pointers that are read with a fallback, and nowhere without one. */
function tolerated(needs: readonly Need[]): readonly Pointer[] {
  if (!needs.some((need) => need.tolerated !== undefined && need.tolerated.length > 0)) return noPointers;
  const firm = new Set(needs.flatMap((need) => need.consumes.filter((one) => need.tolerated?.includes(one) !== true)));
  return reducePointers(needs.flatMap((need) => need.tolerated ?? []).filter((one) => !firm.has(one)));
}

/** Without doubles, by code unit; sorts in place. */
function sortedSet(texts: string[]): string[] {
  const [first] = texts;
  if (first === undefined || texts.every((one) => one === first)) return texts.slice(0, 1);
  return [...new Set(texts)].sort();
}

function edgeTo(edges: Map<ComponentId, EdgeInMaking>, to: ComponentRow): EdgeInMaking {
  const known = edges.get(to.id);
  if (known !== undefined) return known;
  const edge = new EdgeInMaking(to);
  edges.set(to.id, edge);
  return edge;
}

function differs(from: ComponentRow, to: ComponentRow, attribute: 'environment' | 'account'): boolean {
  const [a, b] =
    attribute === 'environment' ? [from.environment, to.environment] : [from.attributes.account, to.attributes.account];
  return a !== undefined && b !== undefined && a !== '' && b !== '' && a !== b;
}

/** Sorted by what tells one piece of evidence from another; of two that are the same, the first. */
function uniqueEvidence(needs: readonly Need[]): Evidence[] {
  const [only] = needs;
  if (only !== undefined && needs.length === 1 && only.reads === undefined) return [only.evidence];
  const [first, second] = needs;
  if (
    first !== undefined &&
    second !== undefined &&
    needs.length === 2 &&
    needs.every((one) => one.reads === undefined)
  ) {
    const [a, b] = [evidenceKey(first.evidence), evidenceKey(second.evidence)];
    if (a === b) return [first.evidence];
    return a < b ? [first.evidence, second.evidence] : [second.evidence, first.evidence];
  }
  const seen = new Map<string, Evidence>();
  for (const { evidence, reads = noEvidence } of needs)
    for (const one of reads.length === 0 ? [evidence] : [evidence, ...reads]) {
      const key = evidenceKey(one);
      if (!seen.has(key)) seen.set(key, one);
    }
  if (seen.size < 2) return [...seen.values()];
  return [...seen.keys()].sort().flatMap((key) => seen.get(key) ?? []);
}

const noEvidence: readonly Evidence[] = [];

function evidenceKey({ rule, site, file, parameter, expression }: Evidence): string {
  return `${rule}\n${site}\n${file ?? ''}\n${parameter ?? ''}\n${expression ?? ''}`;
}

function additions(component: ComponentRow, verdicts: Verdicts): Need[] {
  return verdicts
    .filter((verdict) => verdict.deny !== true && verdict.from === component.id)
    .map((verdict) => ({
      key: `component:${verdict.to}`,
      rule: 'declared',
      origin: 'declared',
      strength: 'proven',
      consumes: verdict.consumes ?? [],
      evidence: { rule: 'declared', site: `karma.yaml#/references (${verdict.reason})`, file: 'karma.yaml' },
      whenMissing: 'dangling',
    }));
}

function nameOf(key: string): string {
  const parts = key.split(':');
  return parts.length > 2 ? parts.slice(2).join(':') : parts.slice(1).join(':');
}

/** `param:<environment>:<name>` becomes the node `<environment>/param:<name>`. */
function parameterNode(need: Need, reader: ComponentRow): ComponentRow | undefined {
  const [kind, scope, ...rest] = need.key.split(':');
  if (kind !== 'param' || scope === undefined) return undefined;
  // `prod@account` is the environment as one of its accounts sees it.
  const [environment = scope] = scope.split('@');
  const name = rest.join(':');
  return {
    id: `${environment}/param:${name}`,
    kind: 'parameter',
    layout: reader.layout,
    external: true,
    type: 'parameter',
    nickname: name,
    environment,
    path: '',
    module: '',
    configDigest: '',
    attributes: {},
    sites: {},
  };
}

function finding(code: keyof typeof findingKinds, rest: Omit<Finding, 'code' | 'severity'>): Finding {
  return { code, severity: findingKinds[code].severity, ...rest };
}

function dangling(component: ComponentRow, need: Need): Finding {
  const code =
    need.danglingCode !== undefined && need.danglingCode in findingKinds
      ? (need.danglingCode as keyof typeof findingKinds)
      : 'dangling-reference';
  return finding(code, {
    subject: component.id,
    key: need.key,
    message: `needs ${need.key}, which nothing in the estate provides`,
    evidence: [need.evidence],
  });
}

function ambiguous(component: ComponentRow, need: Need, providers: readonly Provider[]): Finding {
  return finding('ambiguous-reference', {
    subject: component.id,
    key: need.key,
    message: `${need.key} is provided by ${idsOf(providers).join(', ')}`,
    evidence: [need.evidence],
  });
}

/** Pointers read that the writer, as far as HCL shows, never publishes. */
function contractMismatches(from: ComponentRow, need: Need, to: ComponentRow, provide: Provide): Finding[] {
  const { outputs } = provide;
  if (outputs === undefined || provide.alsoWritten === true || need.unchecked === true) return [];
  const lost = need.consumes.filter((pointer) => pointer !== wholeRuntime && !isOutput(outputs, pointer));
  return lost.map((pointer) =>
    finding('contract-mismatch', {
      subject: from.id,
      key: `${to.id}#${pointer}`,
      message: `reads ${to.id}#${pointer}, which ${to.id} never publishes${need.tolerated?.includes(pointer) === true ? ' (a fallback takes its place)' : ''}`,
      evidence: [need.evidence, provide.evidence],
    }),
  );
}

function isOutput(outputs: readonly string[], pointer: Pointer): boolean {
  // A pointer of one plain step spells the name.
  return outputs.includes(pointer.slice(1)) || outputs.includes(outputName(pointer));
}

/** An exclusive name with another component behind it; told on each of them. */
function claimedTwice({ component, provides }: JoinNode, providersOf: ProvidersOf): Finding[] {
  return provides
    .filter((provide) => provide.exclusive === true)
    .flatMap((provide) => {
      const all = providersOf(provide.key);
      const others =
        all.length < 2
          ? nobody
          : all.filter((other) => other.provide.exclusive === true && other.component.id !== component.id);
      if (others.length === 0) return [];
      const names = [...new Set(others.map((other) => other.component.id))].sort(byCodeUnit);
      return [
        finding(provide.key.startsWith('state:') ? 'state-shared' : 'name-claimed-twice', {
          subject: component.id,
          key: provide.key,
          message: `${provide.key.startsWith('state:') ? provide.runtime : nameOf(provide.key)} also belongs to ${names.join(', ')}`,
          evidence: [provide.evidence],
        }),
      ];
    });
}

function finish(
  from: ComponentRow,
  edges: ReadonlyMap<ComponentId, EdgeInMaking>,
  findings: Finding[],
  parameters: readonly ComponentRow[],
  verdicts: Verdicts,
): Omit<Resolved, 'blindSpots' | 'denied' | 'settled'> & { readonly denied: string[] } {
  const denied: string[] = [];
  const references: ReferenceRow[] = [];
  for (const edge of edges.values()) {
    if (verdicts.some((one) => one.deny === true && one.from === from.id && one.to === edge.to.id)) {
      denied.push(`${from.id}|${edge.to.id}`);
      continue;
    }
    const row = edge.row(from);
    references.push(row);
    if (from.layout === 'adage' && row.marks.includes('cross-environment'))
      findings.push(
        finding('cross-environment', {
          subject: from.id,
          key: row.to,
          message: `depends on ${row.to}, which is of environment ${edge.to.environment}`,
          evidence: row.evidence,
        }),
      );
  }
  return {
    references: references.sort((a, b) => byCodeUnit(a.to, b.to)),
    findings,
    parameters: parameters.filter((one) => references.some((row) => row.to === one.id)),
    denied,
  };
}
