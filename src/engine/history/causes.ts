import { type EventIndex, indexEvents } from '../../consequence/event-index.ts';
import { recordOf, runActions } from '../../consequence/run-events.ts';
import { type Cause, causesOf } from '../../consequence/why.ts';
import { splitOutputs } from '../../graph/operations/find.ts';
import { mustHaveOutputs } from '../../graph/operations/outputs.ts';
import type { ComponentId } from '../../model/component.ts';
import { byCodeUnit } from '../../model/digest.ts';
import { isKarmaError, KarmaError } from '../../model/errors.ts';
import type { LedgerEvent } from '../../model/event.ts';
import { shellWord } from '../../model/quote.ts';
import type { RunRecord } from '../../model/record.ts';
import { redact } from '../../model/secrets/values.ts';
import { historyOf } from '../../observe/git/history.ts';
import type { EngineContext } from '../context.ts';
import { componentNamed } from '../deployed/deployment-named.ts';
import type { KnownComponent } from '../deployed/known-components.ts';
import { referencesOf } from '../deployed/reconstruct-record.ts';
import { type StatusFacts, statusFacts } from '../deployed/status-facts.ts';
import { stampOf, type ViewStamp } from '../view/view.ts';
import { commitsSince } from './commits-since.ts';
import { modulePlaces, moduleSubject, scopeOf } from './tell-history.ts';
import { toldEvents } from './told-events.ts';

/** A cause, marked when nobody witnessed it: it was read from Git, a parameter's history or a state. */
export interface ToldCause extends Omit<Cause, 'causes' | 'since'> {
  readonly reconstructed?: true;
  readonly causes: readonly ToldCause[];
}

export interface CausesAnswer {
  readonly view: ViewStamp;
  readonly component: ComponentId;
  readonly output?: string;
  /** One tree a deployment. */
  readonly deployments: readonly { readonly deployment: string; readonly cause: ToldCause }[];
}

/** Commits told of one component where no run says which of them mattered. */
const newest = 3;
const deepest = 12;

/**
 * Why a component, or one output of it, is as it is: runs, what was new in each, commits and people. From the ledger, and where
 * that knows nothing from what states, Git and the Parameter Store show. Writes nothing.
 */
export async function causes(
  context: EngineContext,
  query: { readonly id: string; readonly states?: string },
): Promise<CausesAnswer> {
  const facts = await statusFacts(context, query.states === undefined ? {} : { states: query.states });
  const { component: id, outputs } = splitOutputs(facts.view.graph, query.id);
  const { component, deployment } = meantBy(facts, id);
  const events = await toldEvents(context, facts, component);
  const [output, other] = outputs;
  if (other !== undefined)
    throw new KarmaError('KARMA_USAGE', 'the causes of one output at a time', {
      hint: `\`karma why ${shellWord(`${component}#${output ?? ''}`)}\`, then \`karma why ${shellWord(`${component}#${other}`)}\``,
    });
  const node = facts.view.graph.node(component);
  if (node !== undefined) mustHaveOutputs(facts.view.graph, node, outputs);
  const asked = deployment === undefined ? withRuns(facts, component, events) : [deployment];
  const deployments: { deployment: string; cause: ToldCause }[] = [];
  for (const one of asked) {
    const index = indexEvents(ofDeployment(facts, events, one));
    const tree = causesOf(
      { component, deployment: one, ...(output === undefined ? {} : { output }), depth: deepest },
      index,
    );
    deployments.push({ deployment: one, cause: await new Teller(context, facts, index).tell(tree) });
  }
  return {
    view: stampOf(facts.view),
    component,
    ...(output === undefined ? {} : { output }),
    deployments,
  };
}

interface Meant {
  readonly component: ComponentId;
  readonly deployment?: string;
}

/** What the estate has, else what it had: of that the ledger still knows the runs. */
function meantBy(facts: StatusFacts, text: string): Meant {
  try {
    const { component, deployment } = componentNamed(facts, text);
    return { component: component.row.id, ...(deployment === undefined ? {} : { deployment }) };
  } catch (error) {
    if (!isKarmaError(error) || error.code !== 'KARMA_NOT_FOUND') throw error;
    const [known, ...others] = goneNamed(facts, text);
    if (known === undefined) throw error;
    if (others.length === 0) return known;
    const names = [known, ...others].map(({ component }) => component).sort(byCodeUnit);
    throw new KarmaError('KARMA_AMBIGUOUS', `'${text}' fits several components that the estate had`, {
      hint: `name one of them: ${names.slice(0, 8).join(', ')}`,
    });
  }
}

/** By id or suffix, with or without a deployment; each component once. */
function goneNamed({ records, components }: StatusFacts, text: string): readonly Meant[] {
  const found = new Map<ComponentId, Meant>();
  for (const [key, { last }] of records) {
    const { component, deployment } = last;
    if (components.has(component)) continue;
    if (component === text || component.endsWith(`/${text}`)) found.set(component, { component });
    else if (key === text || key.endsWith(`/${text}`)) found.set(component, { component, deployment });
  }
  const exact = found.get(text);
  return exact === undefined ? [...found.values()] : [exact];
}

/** Deployments of which a run is known; when there is none, one tree stands for all. */
function withRuns(facts: StatusFacts, id: ComponentId, events: readonly LedgerEvent[]): readonly string[] {
  const run = new Set(
    events.filter(({ subject }) => subject === id).flatMap((event) => recordOf(event)?.deployment ?? []),
  );
  const component = facts.components.get(id);
  const all = component === undefined ? [...run].sort(byCodeUnit) : facts.deploymentsOf(component);
  const found = all.filter((one) => run.has(one));
  return found.length > 0 ? found : [''];
}

/** Runs of those deployments alone that one deployment reads. */
function ofDeployment(facts: StatusFacts, events: readonly LedgerEvent[], deployment: string): readonly LedgerEvent[] {
  const last = new Map<ComponentId, string>();
  return events.filter((event) => {
    const record = recordOf(event);
    if (record === undefined) return true;
    const counterpart = facts.runtimes.counterpart(record.component, deployment);
    if (counterpart !== undefined && counterpart !== record.deployment) return false;
    // Outputs and reports show nothing of what was consumed: where they only repeat what is known, they hide its causes.
    const repeats = showsNoReads(record) && last.get(record.component) === record.version;
    last.set(record.component, record.version);
    return !repeats;
  });
}

function showsNoReads({ source, outcome }: RunRecord): boolean {
  return source === 'outputs' || (source === 'run-report' && outcome === 'finished');
}

/** Fills in what the ledger alone could not tell, node by node. */
class Teller {
  readonly #context: EngineContext;
  readonly #facts: StatusFacts;
  readonly #index: EventIndex;
  /** Whose history was told already: once is enough. */
  readonly #told = new Set<string>();

  constructor(context: EngineContext, facts: StatusFacts, index: EventIndex) {
    this.#context = context;
    this.#facts = facts;
    this.#index = index;
  }

  async tell(cause: Cause, depth = 0): Promise<ToldCause> {
    const event = cause.event === undefined ? undefined : this.#index.byId(cause.event);
    const record = event === undefined ? undefined : recordOf(event);
    const inner: ToldCause[] = [];
    for (const one of cause.causes) {
      // What others left never shows config, module or variables: that they cannot be compared is no cause.
      const silent = record?.reconstructed === true && one.kind === 'input' && / cannot be compared$/.test(one.text);
      if (silent) continue;
      const [first] = one.causes;
      const commits = one.kind === 'input' && first?.since !== undefined ? await this.#commits(first) : undefined;
      // What no commit brought that reaches the output is no cause of it.
      if (commits?.length === 0 && first?.since?.output !== undefined) continue;
      if (commits === undefined || commits.length === 0) inner.push(await this.tell(one, depth + 1));
      else inner.push({ ...plain(one, undefined), causes: commits });
    }
    if (cause.kind === 'run' && record?.reconstructed === true)
      return {
        ...plain(cause, event),
        reconstructed: true,
        causes: [...inner, ...(await this.#history(cause.subject, event))],
      };
    if (cause.kind === 'gap' && this.#facts.components.has(cause.subject))
      return { ...plain(cause, event), causes: [...inner, ...(await this.#beyondGap(cause.subject, depth))] };
    return { ...plain(cause, event), causes: inner };
  }

  /** Every commit since the run before; undefined where Git cannot tell, and then what the ledger knows must do. */
  async #commits({ subject, since, causes }: Cause): Promise<readonly ToldCause[] | undefined> {
    const component = this.#facts.components.get(subject);
    if (since === undefined || component === undefined) return undefined;
    const commits = await commitsSince(this.#context, this.#facts, component, since);
    if (commits === undefined) return undefined;
    const asked: ToldCause[] = [];
    for (const one of causes) asked.push(await this.tell(one));
    return commits.map(({ id, author, at, subject: words }, place) => {
      const told = this.#index.of(subject).find(({ details }) => details['commit'] === id);
      const event = told !== undefined && /^e\d+$/.test(told.id) ? { event: told.id } : {};
      const text = `${since.aspect === 'module' ? 'module, ' : ''}${commitText(id, String(redact(words)))}`;
      const about = { kind: 'commit' as const, subject, text, ...event, at, actor: author };
      return { ...about, reconstructed: true as const, causes: place === 0 ? asked : [] };
    });
  }

  /** No run of it is known: its history, and what it depends on with theirs. */
  async #beyondGap(id: ComponentId, depth: number): Promise<readonly ToldCause[]> {
    if (this.#told.has(id)) return [];
    const history = await this.#history(id, undefined);
    const component = this.#facts.components.get(id);
    if (component === undefined || depth >= deepest) return history;
    const upstream: ToldCause[] = [];
    for (const { to, consumes } of referencesOf(this.#facts.view, component.node)) {
      const provider = this.#facts.components.get(to);
      const text =
        consumes.length === 0
          ? `comes after ${to}`
          : `reads ${consumes
              .slice(0, 4)
              .map((one) => (one === '*' ? to : `${to}#${one}`))
              .join(', ')}${consumes.length > 4 ? ' …' : ''}`;
      const beyond = provider === undefined || this.#told.has(to) ? [] : await this.#beyondGap(to, depth + 1);
      upstream.push({ kind: 'input', subject: to, text, causes: beyond });
    }
    return [...history, ...upstream];
  }

  /** The newest commits and published versions before an event, or of all. */
  async #history(id: ComponentId, before: LedgerEvent | undefined): Promise<readonly ToldCause[]> {
    if (this.#told.has(id)) return [];
    this.#told.add(id);
    const component = this.#facts.components.get(id);
    if (component === undefined) return [];
    const subjects = [id, ...modulePlaces(this.#facts.view, component.row).map(moduleSubject)];
    const told = subjects.flatMap((subject) =>
      this.#index
        .of(subject)
        .filter(({ action, seq }) => isHistory(action) && (before === undefined || seq < before.seq))
        .slice(-newest)
        .reverse()
        .map(historyCause),
    );
    return told.length > 0 ? told : this.#older(component, before);
  }

  /** Beyond what one pass over the newest commits shows, Git is asked for this component alone. */
  async #older({ row }: KnownComponent, before: LedgerEvent | undefined): Promise<readonly ToldCause[]> {
    const colon = row.path.indexOf(':');
    const [name, path] = colon < 0 ? ['', row.path] : [row.path.slice(0, colon), row.path.slice(colon + 1)];
    const source = this.#facts.view.estate?.observation.opened.find((one) => one.name === name);
    if (source?.repository === undefined || source.commit === undefined) return [];
    const place = [scopeOf(source), path].filter((step) => step !== '').join('/') || '.';
    const commits = await historyOf(source.repository, { start: source.commit, paths: [place], limit: newest });
    return commits
      .filter(({ at }) => before === undefined || at <= before.at)
      .map(({ id, author, at, subject }) => ({
        kind: 'commit',
        subject: row.id,
        text: commitText(id, subject),
        at,
        actor: author,
        reconstructed: true,
        causes: [],
      }));
  }
}

function isHistory(action: string): boolean {
  return /^(config|module)\.committed$|^(config|runtime)\.published$/.test(action);
}

/** What a node of the tree says, with the ids of the ledger alone and commits in the words people use. */
function plain(cause: Cause, event: LedgerEvent | undefined): Omit<ToldCause, 'causes'> {
  const { event: id, actor, causes: _causes, since: _since, ...rest } = cause;
  return {
    ...rest,
    ...(event !== undefined && isHistory(event.action) ? { text: historyText(event) } : {}),
    ...(event?.action === runActions.deployStarted ? { text: `asked for by deploy ${event.subject}` } : {}),
    ...(id !== undefined && /^e\d+$/.test(id) ? { event: id } : {}),
    ...(actor === undefined || actor === '' ? {} : { actor }),
    ...(event?.reconstructed === true ? { reconstructed: true } : {}),
  };
}

function historyCause(event: LedgerEvent): ToldCause {
  return {
    kind: event.action.endsWith('.committed') ? 'commit' : 'event',
    subject: event.subject,
    text: historyText(event),
    ...(/^e\d+$/.test(event.id) ? { event: event.id } : {}),
    at: event.at,
    ...(event.actor === '' ? {} : { actor: event.actor }),
    ...(event.reconstructed === true ? { reconstructed: true as const } : {}),
    causes: [],
  };
}

function historyText({ action, details }: LedgerEvent): string {
  const { commit, message, parameter, version } = details;
  if (typeof commit === 'string' && action.endsWith('.committed'))
    return `${action === 'module.committed' ? 'module, ' : ''}${commitText(commit, typeof message === 'string' ? message : '')}`;
  return `${action === 'config.published' ? 'config' : 'runtime'} published${typeof parameter === 'string' ? `: ${parameter}` : ''}${typeof version === 'number' ? ` version ${version}` : ''}`;
}

function commitText(id: string, subject: string): string {
  return `commit ${id.slice(0, 12)}${subject === '' ? '' : `: ${subject}`}`;
}
