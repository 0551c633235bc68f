import { missedGrammar } from '../../hcl/parse.ts';
import type { Candidate, Discovery, Layout, OpenLayout } from '../../infer/layout.ts';
import { adageLayout } from '../../infer/layouts/adage/layout.ts';
import { terraformLayout } from '../../infer/layouts/terraform/layout.ts';
import { terragruntLayout } from '../../infer/layouts/terragrunt/layout.ts';
import type { Claim } from '../../model/claim.ts';
import type { ComponentId, LayoutName } from '../../model/component.ts';
import { isKarmaError } from '../../model/errors.ts';
import type { EstateView } from '../../model/estate.ts';
import type { Seal } from '../../model/record.ts';
import { hideInTexts } from '../../model/secrets/text.ts';
import { brokenClaim } from './broken-claim.ts';
import { sealedClaim } from './sealed-environment.ts';
import { shownClaim } from './shown-claim.ts';

/** Every layout Karma reads; each recognises its own and passes over the rest. */
export const layouts: readonly Layout[] = [adageLayout, terragruntLayout, terraformLayout];

export interface Discovered extends Discovery {
  readonly layout: LayoutName;
  /** Lines of candidates of an earlier discovery that stands; then no candidates are listed. */
  readonly cached?: readonly string[];
}

/** What an earlier discovery found, where it stands. */
export type CachedDiscovery = Pick<Discovery, 'findings'> & { readonly cached: readonly string[] };

/** How one layout is asked what it finds. */
export type Asking = (layout: LayoutName, open: OpenLayout) => Discovery | CachedDiscovery;

/**
 * The layouts in force, opened over one view: shared files are parsed once for all claims. Needs the grammar to be loaded.
 */
export class OpenedLayouts {
  readonly #open: ReadonlyMap<LayoutName, OpenLayout>;
  readonly #seal: Seal;
  readonly #view: EstateView;
  #broken = false;
  readonly #claims = new Map<string, Claim>();
  #candidates: ReadonlyMap<ComponentId, Candidate> | undefined;
  #cached: CachedCandidates | undefined;

  constructor(view: EstateView, seal: Seal) {
    const { layouts: named } = view.settings;
    const chosen = named === undefined ? layouts : layouts.filter(({ name }) => named.includes(name));
    this.#open = new Map(chosen.map((layout) => [layout.name, layout.open(view)]));
    this.#seal = seal;
    this.#view = view;
  }

  /** What every layout finds. */
  discover(ask: Asking): readonly Discovered[] {
    const found: Discovered[] = [];
    for (const [layout, open] of this.#open) {
      const asked = ask(layout, open);
      const answer = { ...asked, findings: hideInTexts(asked.findings) };
      const besideAdage = found.some(({ candidates, cached = [] }) => candidates.length + cached.length > 0);
      if ('cached' in answer) found.push({ layout, candidates: [], passedOver: [], ...answer });
      else found.push({ layout, ...withoutSharedRoot(answer, besideAdage) });
    }
    this.#candidates = new Map(found.flatMap(({ candidates }) => candidates.map((one) => [one.id, one] as const)));
    this.#cached = new CachedCandidates(found.flatMap(({ cached }) => (cached === undefined ? [] : [cached])));
    return found;
  }

  candidate(id: ComponentId): Candidate | undefined {
    // What else a discovery finds, nobody asked for.
    if (this.#candidates === undefined)
      this.discover((_layout, open) => {
        const found = open.candidates?.();
        return found === undefined ? open.discover() : { ...found, findings: [] };
      });
    return this.#candidates?.get(id) ?? this.#cached?.find(id);
  }

  claim(candidate: Candidate): Claim {
    const key = `${candidate.layout}\n${candidate.id}`;
    const known = this.#claims.get(key);
    if (known !== undefined) return known;
    const open = this.#open.get(candidate.layout);
    if (open === undefined) throw new Error(`no open layout ${candidate.layout}`);
    const claim = sealedClaim(shownClaim(this.#made(open, candidate)), this.#seal);
    this.#claims.set(key, claim);
    return claim;
  }

  /** Some claim could not be made: what it rests on is not known, so changes cannot be followed from here. */
  get holdsBroken(): boolean {
    return this.#broken;
  }

  #made(open: OpenLayout, candidate: Candidate): Claim {
    let claim: Claim | undefined;
    let trouble: unknown;
    try {
      claim = open.claim(candidate);
    } catch (error) {
      trouble = error;
    }
    // Nobody may keep it: see `missedGrammar`.
    if (missedGrammar()) throw new Error(`${candidate.id} cannot be claimed without the grammar`);
    if (claim !== undefined) return claim;
    if (isKarmaError(trouble) || this.#view.environment['KARMA_DEBUG'] !== undefined) throw trouble;
    this.#broken = true;
    return brokenClaim(candidate, trouble, this.#view);
  }

  /** The claim of a component, made when it is first asked for. */
  claimOf(id: ComponentId): Claim | undefined {
    const candidate = this.candidate(id);
    return candidate === undefined ? undefined : this.claim(candidate);
  }
}

/** Looking through the lines so often costs as much as reading all of them once. */
const fewLooks = 32;

/** Candidates as lines, of which few are ever looked for. */
class CachedCandidates {
  readonly #lists: readonly CandidateLines[];

  constructor(lists: readonly (readonly string[])[]) {
    this.#lists = lists.map(linesOf);
  }

  find(id: ComponentId): Candidate | undefined {
    for (const lines of this.#lists) {
      const found = lines.find(id);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

/** By the list itself: a process that stays finds the same one at each build. */
const known = new WeakMap<readonly string[], CandidateLines>();

function linesOf(lines: readonly string[]): CandidateLines {
  const made = known.get(lines) ?? new CandidateLines(lines);
  known.set(lines, made);
  return made;
}

class CandidateLines {
  readonly #lines: readonly string[];
  #byId: ReadonlyMap<ComponentId, string> | undefined;
  #looked = 0;

  constructor(lines: readonly string[]) {
    this.#lines = lines;
  }

  find(id: ComponentId): Candidate | undefined {
    if (this.#byId === undefined && this.#looked++ >= fewLooks)
      this.#byId = new Map(this.#lines.map((line) => [idOfLine(line), line]));
    const line = this.#byId === undefined ? this.#search(id) : this.#byId.get(id);
    return line === undefined ? undefined : candidateFrom(line);
  }

  #search(id: ComponentId): string | undefined {
    const mark = `,${JSON.stringify(id)},`;
    return this.#lines.find((line) => line.includes(mark) && idOfLine(line) === id);
  }
}

/** Everything that tells one candidate from another. */
export function candidateLine({ layout, id, path, seed }: Candidate): string {
  return JSON.stringify([layout, id, path, seed ?? null]);
}

function candidateFrom(line: string): Candidate {
  const [layout, id, path, seed] = JSON.parse(line) as [LayoutName, ComponentId, string, Candidate['seed'] | null];
  return seed === null || seed === undefined ? { layout, id, path } : { layout, id, path, seed };
}

/** The component that a line is about. */
export function idOfLine(line: string): ComponentId {
  return candidateFrom(line).id;
}

/**
 * An Adage estate runs each component through one `terragrunt.hcl` at its root, parameterised by environment values: that
 * file is a tool, not a unit. Where other Terragrunt units stand beside it, it is a unit like any other.
 */
function withoutSharedRoot(discovery: Discovery, besideAdage: boolean): Discovery {
  const [only, ...others] = discovery.candidates;
  if (!besideAdage || only?.layout !== 'terragrunt' || only.id !== '.' || others.length > 0) return discovery;
  const reason = 'the one terragrunt.hcl that Adage components are run through';
  return { ...discovery, candidates: [], passedOver: [...discovery.passedOver, { path: only.path, reason }] };
}
