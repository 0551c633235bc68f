import type { Candidate } from '../../../infer/layout.ts';
import type { Claim } from '../../../model/claim.ts';
import type { ComponentId } from '../../../model/component.ts';
import type { EstateView } from '../../../model/estate.ts';
import type { Seal } from '../../../model/record.ts';
import { candidateLine } from '../opened-layouts.ts';
import type { CachedState } from './cached-state.ts';
import { readSetStands } from './places.ts';

interface MadeClaim {
  readonly line: string;
  readonly claim: Claim;
}

/**
 * Claims that the newest view on top of an earlier one was made of. What changed since that earlier view grows from commit to
 * commit, and mostly only the last change must be claimed again: a claim is a function of its read-set.
 */
export class ClaimsMade {
  readonly #before: ReadonlyMap<ComponentId, MadeClaim>;
  readonly #now = new Map<ComponentId, MadeClaim>();
  readonly #view: EstateView;
  readonly #seal: Seal;

  constructor(state: CachedState, view: EstateView, seal: Seal) {
    this.#before = newest.get(state) ?? new Map();
    this.#view = view;
    this.#seal = seal;
    newest.set(state, this.#now);
  }

  /** The claim made before, where it stands; else a new one. */
  claim(candidate: Candidate, make: (candidate: Candidate) => Claim): Claim {
    const line = candidateLine(candidate);
    const known = this.#now.get(candidate.id) ?? this.#before.get(candidate.id);
    const stands = known?.line === line && readSetStands(known.claim.readSet, this.#view, this.#seal);
    const made = stands ? known : { line, claim: make(candidate) };
    this.#now.set(candidate.id, made);
    return made.claim;
  }
}

/** By what was kept of the earlier view: a process that stays holds it, one that answers once forgets it. */
const newest = new WeakMap<CachedState, ReadonlyMap<ComponentId, MadeClaim>>();
