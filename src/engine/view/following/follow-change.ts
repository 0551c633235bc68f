import type { Graph } from '../../../graph/graph.ts';
import { graphAfter } from '../../../graph/graph-after.ts';
import { IncrementalResolver, type ResolvedRows } from '../../../infer/incremental-resolver.ts';
import type { Candidate } from '../../../infer/layout.ts';
import { readSetHolds } from '../../../infer/record-reads.ts';
import type { ResolutionIndex } from '../../../infer/resolution-index.ts';
import { findingRow } from '../../../infer/rows-of-claims.ts';
import type { Claim } from '../../../model/claim.ts';
import type { ComponentId, LayoutName } from '../../../model/component.ts';
import { rootOf } from '../../../model/merkle.ts';
import type { Seal } from '../../../model/record.ts';
import type { Delta } from '../../../model/rows.ts';
import type { OpenedEstate } from '../open-estate.ts';
import { candidateLine, type Discovered, idOfLine, type OpenedLayouts } from '../opened-layouts.ts';
import { type SealedEnvironment, sealedValue } from '../sealed-environment.ts';
import { type CachedLayout, type CachedState, hashOf } from './cached-state.ts';
import { changedPlaces } from './changed-places.ts';
import { ClaimsMade } from './claims-made.ts';
import { digestsAfter } from './digests-after.ts';
import { graphRows } from './graph-rows.ts';
import { environmentIn, placesIn } from './places.ts';
import { readersOfChanges } from './readers-of-changes.ts';
import type { WholeView } from './view-cache.ts';
import { wholeRowsAfter } from './whole-rows.ts';

/** An earlier view of the same estate. */
export interface BaseView {
  /** Values of the environment that its claims asked for. */
  readonly environment: SealedEnvironment;
  readonly graph: Graph;
  readonly state: CachedState;
  /** See `refs` and `held` of an opened estate. */
  readonly refs: string;
  readonly accounts: string;
}

export interface FollowedView {
  readonly graph: Graph;
  readonly hash: string;
  readonly delta: Delta;
  /** Places that changed components read now; of one that is gone, none. */
  readonly reads: ReadonlyMap<ComponentId, readonly string[]>;
  readonly environment: Readonly<Record<string, string | null>>;
  /** The same as a whole view, which changes can be followed from; O(view). */
  readonly whole: () => WholeView;
}

/** Beyond this part of all components it costs less to infer everything. */
const mostChanged = 1 / 8;
const fewEnough = 200;

/**
 * The view of an estate from an earlier one and what changed since: claims whose read-sets hold are not made again, and only
 * what a change reaches is resolved. Equal to inferring everything (a property test). Undefined where that would cost less, or
 * where only a whole discovery can tell who is there.
 */
export function followChange(
  base: BaseView,
  estate: OpenedEstate,
  seal: Seal,
  opened: OpenedLayouts,
): FollowedView | undefined {
  const { state } = base;
  // Which accounts there are and what they hold decides more than single claims say.
  if (base.accounts !== estate.held) return undefined;
  const discovered = opened.discover((layout, open) => {
    const cached = state.layouts.find((one) => one.layout === layout);
    const stands =
      cached?.read !== undefined && base.refs === estate.refs && readSetHolds(cached.read, estate.view.repos);
    return stands ? { cached: cached.candidates, findings: cached.findings } : open.discover();
  });
  const changed = changedComponents(state, discovered, { estate, seal, opened });
  const most = Math.max(fewEnough, state.resolution.ids.length * mostChanged);
  if (changed === undefined || changed.size > most) return undefined;
  return new Following({ base, estate, opened, seal, most: most * 2 }).view(changed, discovered);
}

function sameCandidates({ candidates: before }: CachedLayout, now: readonly Candidate[]): boolean {
  return before.length === now.length && now.every((candidate, at) => candidateLine(candidate) === before[at]);
}

/** Candidates that are new or claimed from elsewhere, and ids that are gone; undefined where two share an id. */
function changedCandidates(
  { layouts }: CachedState,
  discovered: readonly Discovered[],
): Map<ComponentId, Candidate | undefined> | undefined {
  const changed = new Map<ComponentId, Candidate | undefined>();
  const keptOf = (name: LayoutName) => layouts.find(({ layout }) => layout === name);
  const same = discovered.every(({ layout, candidates, cached }) => {
    const before = keptOf(layout);
    return before !== undefined && (cached !== undefined || sameCandidates(before, candidates));
  });
  if (same && discovered.length === layouts.length) return changed;
  const lines = new Set(layouts.flatMap(({ candidates }) => candidates));
  const now = new Set<ComponentId>();
  for (const { candidates, cached = [] } of discovered) {
    for (const line of cached) {
      if (now.has(idOfLine(line))) return undefined;
      now.add(idOfLine(line));
      lines.delete(line);
    }
    for (const candidate of candidates) {
      if (now.has(candidate.id)) return undefined;
      now.add(candidate.id);
      if (!lines.delete(candidateLine(candidate))) changed.set(candidate.id, candidate);
    }
  }
  for (const line of lines) if (!now.has(idOfLine(line))) changed.set(idOfLine(line), undefined);
  return changed;
}

/** Who must be claimed again, with the candidate it is claimed from now; undefined: it is gone. */
function changedComponents(
  state: CachedState,
  discovered: readonly Discovered[],
  { estate, seal, opened }: { readonly estate: OpenedEstate; readonly seal: Seal; readonly opened: OpenedLayouts },
): ReadonlyMap<ComponentId, Candidate | undefined> | undefined {
  const changed = changedCandidates(state, discovered);
  for (const id of changed === undefined ? [] : readersOfChanges(state.places, estate.view, seal))
    if (changed?.has(id) === false) changed.set(id, opened.candidate(id));
  return changed;
}

/** Thrown when a change turns out to reach so far that inferring everything costs less. */
class ReachesTooFar extends Error {}

class Following {
  readonly #base: BaseView;
  readonly #estate: OpenedEstate;
  readonly #opened: OpenedLayouts;
  readonly #seal: Seal;
  readonly #made: ClaimsMade;
  #left: number;

  constructor(from: {
    readonly base: BaseView;
    readonly estate: OpenedEstate;
    readonly opened: OpenedLayouts;
    readonly seal: Seal;
    readonly most: number;
  }) {
    this.#base = from.base;
    this.#estate = from.estate;
    this.#opened = from.opened;
    this.#seal = from.seal;
    this.#left = from.most;
    this.#made = new ClaimsMade(from.base.state, from.estate.view, from.seal);
  }

  view(
    changed: ReadonlyMap<ComponentId, Candidate | undefined>,
    discovered: readonly Discovered[],
  ): FollowedView | undefined {
    const { graph, state } = this.#base;
    const claims = new Map<ComponentId, Claim | undefined>();
    for (const [id, candidate] of changed) claims.set(id, candidate === undefined ? undefined : this.#claim(candidate));
    for (const [id, claim] of claims) if (claim !== undefined && claim.component.id !== id) return undefined;
    if (this.#opened.holdsBroken) return undefined;
    const resolved = this.#resolve(claims, graphRows(graph), discovered);
    if (resolved === undefined) return undefined;
    const { delta } = resolved;
    const names = new Set(Object.keys(this.#base.environment));
    const reads = new Map<ComponentId, readonly string[]>();
    for (const [id, claim] of claims) {
      reads.set(id, claim === undefined ? [] : placesIn(claim.readSet));
      for (const name of Object.keys(claim?.readSet.environment ?? {})) names.add(name);
    }
    const now = this.#estate.view.environment;
    const environment = Object.fromEntries([...names].map((name) => [name, sealedValue(name, now, this.#seal)]));
    const after = graphAfter(graph, delta);
    const digests = digestsAfter(graph, state.hash, delta);
    const hash = rootOf(digests);
    const whole = (): WholeView => {
      const resolution = resolved.index();
      const places = changedPlaces(state.places, claims, resolution.ids);
      const { refs, held } = this.#estate;
      return {
        graph: after,
        hash,
        environment: environmentIn(places),
        refs,
        accounts: held,
        state: {
          layouts: discovered.map((one) => layoutNow(one, state)),
          resolution,
          places,
          hash: hashOf(after, digests),
        },
      };
    };
    return { graph: after, hash, delta, reads, environment, whole };
  }

  #resolve(
    claims: ReadonlyMap<ComponentId, Claim | undefined>,
    rows: ResolvedRows,
    discovered: readonly Discovered[],
  ): { readonly delta: Delta; readonly index: () => ResolutionIndex } | undefined {
    const { view } = this.#estate;
    try {
      const partial = new IncrementalResolver(
        {
          index: this.#base.state.resolution,
          rows,
          claimOf: (id) => this.#claimOf(id),
          verdicts: view.settings.references ?? [],
        },
        claims,
      );
      const findings = [...discovered.flatMap((one) => one.findings), ...this.#estate.findings()];
      const found = findings.map(findingRow);
      const whole = wholeRowsAfter(this.#base.graph, partial.delta(found), view.settings);
      const estateRows = [...found, ...whole];
      return { delta: partial.delta(estateRows), index: () => partial.nextIndex(estateRows) };
    } catch (error) {
      if (error instanceof ReachesTooFar) return undefined;
      throw error;
    }
  }

  #claimOf(id: ComponentId): Claim | undefined {
    if (this.#left-- <= 0) throw new ReachesTooFar();
    const candidate = this.#opened.candidate(id);
    return candidate === undefined ? undefined : this.#claim(candidate);
  }

  #claim(candidate: Candidate): Claim {
    return this.#made.claim(candidate, (one) => this.#opened.claim(one));
  }
}

/** What is kept of a layout's discovery; where it stands, what it rests on does. */
function layoutNow({ layout, candidates, cached, findings, read }: Discovered, { layouts }: CachedState): CachedLayout {
  return {
    layout,
    candidates: cached ?? candidates.map(candidateLine),
    findings,
    read: cached === undefined ? read : layouts.find((one) => one.layout === layout)?.read,
  };
}
