import type { Compared } from '../../graph/objects/compare-environments.ts';
import type { Instance, Instances } from '../../graph/objects/instances.ts';
import { ProviderIndex } from '../../infer/provider-index.ts';
import { type JoinNode, type Resolved, resolveNode } from '../../infer/resolve.ts';
import type { Claim } from '../../model/claim.ts';
import type { ComponentId, ComponentRow } from '../../model/component.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import type { Seal } from '../../model/record.ts';
import { EstateClaims } from '../view/estate-claims.ts';
import { editedEstate } from './edited-estate.ts';
import type { EditedText, RefusedEdit } from './estate-edits.ts';
import type { EvaluatedView } from './evaluated-view.ts';
import { leftOfEnvironment } from './left-of-environment.ts';
import { type Draft, Drafts, type LookAt, refusedAs } from './object-drafts.ts';
import type { ValuesOfEnvironment } from './values-of-environment.ts';

/** An object that one environment alone had, made in the other. */
export interface NewObject {
  readonly object: string;
  /** What it is called there. */
  readonly component: ComponentId;
  readonly deployment?: string;
  /** What it is made after. */
  readonly like: ComponentId;
  readonly files: readonly string[];
  /** What is another text than in its original, and what tells which. */
  readonly repointed: readonly LookAt[];
  /** What was taken over as it is, and may be the other environment's own. */
  readonly carried: readonly LookAt[];
}

export interface NewObjects {
  readonly files: readonly EditedText[];
  readonly made: readonly NewObject[];
  readonly refused: readonly RefusedEdit[];
}

export interface MakeObjects {
  readonly from: string;
  readonly to: string;
  /** The objects that only the one environment has. */
  readonly only: readonly Instance[];
  readonly prefixes: Instances['prefixes'];
  /** What belongs to each of the two. */
  readonly values: ValuesOfEnvironment;
  readonly compared: Pick<Compared, 'expected' | 'objectOf'>;
  readonly seal: Seal;
}

/**
 * Makes in one environment what only the other has: its files, with what belongs to the environment named as it is named there. What
 * was made is read as inference reads it, together with all that is made beside it, and does not count where it is no component of
 * that environment, brings an error that its original has not, shares a state, or reads something of the one environment or less than
 * its original reads.
 */
export async function makeObjects(
  evaluated: EvaluatedView,
  { from, to, only, values, prefixes, compared, seal }: MakeObjects,
): Promise<NewObjects> {
  if (only.length === 0) return { files: [], made: [], refused: [] };
  const drafting = new Drafts(evaluated, { from, to, values, prefixes });
  const refused: RefusedEdit[] = [];
  let drafts: Draft[] = [];
  for (const instance of only) {
    const draft = drafting.of(instance);
    if ('refused' in draft) refused.push(draft.refused);
    else drafts.push(draft);
  }
  for (;;) {
    const texts = new Map(drafts.flatMap((draft) => [...draft.texts]));
    const tried = await Trial.of(evaluated, texts, { drafts, seal });
    const faults = new Map(
      drafts.flatMap((draft) => {
        const fault = tried.faultOf(draft, { from, to, compared });
        return fault === undefined ? [] : [[draft, fault] as const];
      }),
    );
    for (const [draft, { reason, at }] of faults)
      refused.push(
        refusedAs(draft.instance, reason, at?.file === undefined ? {} : { file: at.file, line: at.line ?? 1 }),
      );
    drafts = drafts.filter((draft) => !faults.has(draft));
    if (faults.size > 0) continue;
    const made = drafts.map((draft): NewObject => {
      const { instance, id, repointed, carried } = draft;
      const left = leftOfEnvironment(
        tried.claim(id),
        { ...instance, deployment: draft.deployment },
        { from, compared },
      );
      return {
        object: instance.object,
        component: id,
        ...(draft.deployment === '' ? {} : { deployment: draft.deployment }),
        like: instance.id,
        files: [...draft.texts.keys()].sort(),
        repointed,
        carried: [...carried, ...left],
      };
    });
    const files = [...texts].map(([path, after]): EditedText => ({ path, before: undefined, after }));
    return { files: files.sort((a, b) => (a.path < b.path ? -1 : 1)), made, refused };
  }
}

interface Around {
  readonly from: string;
  readonly to: string;
  readonly compared: Pick<Compared, 'objectOf'>;
}

/** The estate with all that was drafted, as inference sees it. */
class Trial {
  readonly #evaluated: EvaluatedView;
  readonly #claims: ReadonlyMap<ComponentId, Claim>;
  readonly #providers: ProviderIndex;
  /** Of what was drafted, by what it would be called. */
  readonly #objects: ReadonlyMap<ComponentId, string>;

  private constructor(
    evaluated: EvaluatedView,
    {
      claims,
      providers,
      drafts,
    }: {
      readonly claims: ReadonlyMap<ComponentId, Claim>;
      readonly providers: ProviderIndex;
      readonly drafts: readonly Draft[];
    },
  ) {
    this.#evaluated = evaluated;
    this.#claims = claims;
    this.#providers = providers;
    this.#objects = new Map(drafts.map(({ id, instance }) => [id, instance.object]));
  }

  static async of(
    evaluated: EvaluatedView,
    texts: ReadonlyMap<string, string>,
    { drafts, seal }: { readonly drafts: readonly Draft[]; readonly seal: Seal },
  ): Promise<Trial> {
    const { view, estate, claim } = evaluated;
    const claims = await EstateClaims.open(seal);
    const after = editedEstate(estate.view, texts);
    const made = new Map<ComponentId, Claim>();
    for (const { id } of drafts) {
      const found = claims.find(id, after);
      if (found !== undefined) made.set(id, found);
    }
    const nodes = new Map<ComponentId, JoinNode>();
    for (const one of [...view.graph.ids.map((id) => made.get(id) ?? claim(id)), ...made.values()])
      for (const node of one === undefined ? [] : [one, ...(one.externals ?? [])])
        if (!nodes.has(node.component.id)) nodes.set(node.component.id, node);
    const providers = new ProviderIndex(nodes);
    for (const node of nodes.values()) providers.enter(node);
    return new Trial(evaluated, { claims: made, providers, drafts });
  }

  claim(id: ComponentId): Claim | undefined {
    return this.#claims.get(id);
  }

  /** Why what was drafted does not count. */
  faultOf(draft: Draft, around: Around): Fault | undefined {
    const { graph } = this.#evaluated.view;
    const like = this.#evaluated.claim(draft.instance.id);
    const claim = this.#claims.get(draft.id);
    if (claim === undefined || like === undefined)
      return { reason: 'with its files alone nothing is recognised there' };
    if (draft.deployment === '' && claim.component.environment !== around.to)
      return { reason: `it would be in ${claim.component.environment || 'no environment'}` };
    if (draft.deployment !== '' && claim.parts?.[draft.deployment] === undefined)
      return { reason: `its files would make no deployment ${draft.deployment}` };
    const [was, is] = [like, claim].map((one) => this.#resolved(one)) as [Resolved, Resolved];
    const broken = newErrors([...like.findings, ...was.findings], [...claim.findings, ...is.findings]);
    if (broken !== undefined) return { reason: broken.message, at: broken.evidence[0] };
    if (draft.deployment !== '') return sharedState(claim, draft.deployment);
    return misread(
      { references: was.references },
      { references: is.references, objects: this.#objects },
      { ...around, rowOf: (id) => this.#claims.get(id)?.component ?? rowIn(graph, id) },
    );
  }

  #resolved(claim: Claim): Resolved {
    const verdicts = this.#evaluated.estate.view.settings.references ?? [];
    return resolveNode(claim, this.#providers.of, verdicts, claim.blindSpots);
  }
}

function rowIn(graph: EvaluatedView['view']['graph'], id: ComponentId): ComponentRow | undefined {
  const node = graph.node(id);
  return node === undefined ? undefined : graph.component(node);
}

/** The first error of a kind of which there are more than before. */
function newErrors(before: readonly Finding[], after: readonly Finding[]): Finding | undefined {
  const left = new Map<string, number>();
  for (const { code } of before) left.set(code, (left.get(code) ?? 0) + 1);
  return after.find(({ code, severity }) => {
    const known = left.get(code) ?? 0;
    left.set(code, known - 1);
    return known <= 0 && (severity === 'error' || code === 'ambiguous-reference' || code === 'evaluation-failed');
  });
}

/** Deployments that backend files tell apart must not keep one state. */
function sharedState({ parts = {}, provides, run }: Claim, deployment: string): Fault | undefined {
  if ((run?.roots?.[deployment]?.backendFiles ?? []).length === 0) return undefined;
  const own = new Set(parts[deployment]?.provides);
  const others = Object.entries(parts).filter(([name]) => name !== deployment);
  for (const { key, exclusive, runtime } of provides) {
    if (exclusive !== true || !key.startsWith('state:') || !own.has(key)) continue;
    const other = others.find(([, part]) => part.provides.includes(key));
    if (other !== undefined) return { reason: `it would keep its state where ${other[0]} keeps its own: ${runtime}` };
  }
  return undefined;
}

/** Why something does not count, as a sentence, and where its cause stands. */
interface Fault {
  readonly reason: string;
  readonly at?: Evidence | undefined;
}

interface Reading {
  readonly references: Resolved['references'];
}

/** What its original reads in its own environment it reads in the other, and nothing of the first. */
function misread(
  like: Reading,
  made: Reading & { readonly objects: ReadonlyMap<ComponentId, string> },
  { from, to, compared, rowOf }: Around & { readonly rowOf: (id: ComponentId) => ComponentRow | undefined },
): Fault | undefined {
  const stays = new Set(like.references.map((one) => one.to));
  const there = new Set<string>();
  for (const { to: id, evidence } of made.references) {
    const environment = rowOf(id)?.environment;
    if (environment === from && stays.has(id))
      return { reason: `it would read ${id}, which is of ${from}`, at: evidence[0] };
    // What is made in this very promotion is in no graph yet.
    there.add(environment === to ? (compared.objectOf(id, to) ?? made.objects.get(id) ?? id) : id);
  }
  for (const { to: id, evidence } of like.references) {
    const wanted = rowOf(id)?.environment === from ? (compared.objectOf(id, from) ?? id) : id;
    if (!there.has(wanted))
      return { reason: `nothing there would be read in the place of ${id}, which its original reads`, at: evidence[0] };
  }
  return undefined;
}
