import { type ExplainedKey, explainConfig } from '../../config/config-explain.ts';
import { documentReader, readEffectiveConfig } from '../../config/effective-config.ts';
import { flag, object, text } from '../../config/shape-parts.ts';
import { findOne } from '../../graph/operations/find.ts';
import { loadGrammar } from '../../hcl/parse.ts';
import { sensitiveKeys } from '../../infer/layouts/adage/sensitive-keys.ts';
import type { Claim } from '../../model/claim.ts';
import type { ComponentRow } from '../../model/component.ts';
import { canonicalJson } from '../../model/digest.ts';
import { KarmaError } from '../../model/errors.ts';
import type { EventDraft } from '../../model/event.ts';
import { parseExactJson } from '../../model/exact-number.ts';
import type { Finding } from '../../model/finding.ts';
import { shellWord } from '../../model/quote.ts';
import { redact } from '../../model/secrets/values.ts';
import type { EngineContext } from '../context.ts';
import { bindingOf } from '../deployed/placement.ts';
import { type Committed, keyCommits } from '../history/key-commits.ts';
import { type EvaluatedView, evaluatedView } from '../objects/evaluated-view.ts';
import { type ExplainedInput, explainInputs } from '../objects/explained-inputs.ts';
import { InputJudge } from '../objects/judged-inputs.ts';
import { findingsAbout } from '../view/findings-about.ts';
import { loadView } from '../view/load-view.ts';
import type { OpenedEstate } from '../view/open-estate.ts';
import { selectNodes } from '../view/select.ts';
import { type FindingCause, findingsIn, shownCauses } from '../view/shown-findings.ts';
import { type LoadedView, stampOf, type ViewStamp, workingDirectoryOf } from '../view/view.ts';
import { breathing } from '../wanted.ts';
import { type HoldLease, withWriteLeases } from '../write-leases.ts';
import { closeIntent, putUnder } from './parameters.ts';
import { at, defineVerb, select } from './verb.ts';

export interface ShownConfig {
  readonly view: ViewStamp;
  readonly component: string;
  /** Redacted where it is said to hold a secret, or looks like it. */
  readonly config: unknown;
  readonly keys: readonly ShownKey[];
  readonly layers: readonly string[];
  /** Environment values that its evaluation asked for, by name; left out where there are none. Their values are told of no one. */
  readonly asked?: readonly AskedValue[];
}

export interface AskedValue {
  readonly name: string;
  /** It is set here, and decided; else a default counts, or it is not known. */
  readonly isSet: boolean;
}

/** One effective key and where it is said. */
export interface ShownKey extends ExplainedKey, Committed {
  /** The deployment, of a root module that has several. */
  readonly deployment?: string;
  /** It is the default of the module's variable. */
  readonly preset?: true;
  /** Places that say it too and do not count, the next to count first. */
  readonly over?: readonly { readonly file: string; readonly line: number }[];
}

/** The effective config, or what a unit or root module is given, with file and line of each key. */
export async function showConfig(
  context: EngineContext,
  id: string,
  { at, commits = false }: { readonly at?: string; readonly commits?: boolean } = {},
): Promise<ShownConfig> {
  const { shown, estate } = await explained(context, id, at);
  if (!commits) return shown;
  const found = await keyCommits(context, estate, shown.keys);
  return { ...shown, keys: shown.keys.map((key, place) => ({ ...key, ...found[place] })) };
}

async function explained(
  context: EngineContext,
  id: string,
  at: string | undefined,
): Promise<{ readonly shown: ShownConfig; readonly estate: OpenedEstate }> {
  const find = (view: LoadedView) =>
    view.graph.component(findOne(view.graph, id, { workingDirectory: workingDirectoryOf(view) }));
  const view = await loadView(context, at, { needsEstate: true });
  const component = find(view);
  const estate = estateOf(view);
  if (component.layout !== 'adage' && component.kind === 'component' && !component.external) {
    const evaluated = await evaluatedView(context, at, (whole) => [find(whole).id]);
    return { shown: await showInputs(evaluated, component), estate: evaluated.estate };
  }
  const config = effectiveOf(estate, component);
  await loadGrammar();
  const sensitive = sensitiveKeys(estate.view, component.type, config.value);
  const shown = {
    view: stampOf(view),
    component: component.id,
    config: redact(config.value, sensitive),
    keys: explainConfig(config, sensitive),
    layers: config.layers.map(({ file }) => file),
  };
  return { shown, estate };
}

async function showInputs({ view, estate, claim }: EvaluatedView, component: ComponentRow): Promise<ShownConfig> {
  await loadGrammar();
  const keys = explainInputs(estate.view, component, claim(component.id));
  const named = (of: readonly ExplainedInput[]) => Object.fromEntries(of.map(({ name, value }) => [name, value]));
  const several = Map.groupBy(keys, ({ deployment }) => deployment);
  const config =
    several.has(undefined) || keys.length === 0
      ? named(keys)
      : Object.fromEntries([...several].map(([deployment, of]) => [deployment, named(of)]));
  const layers = [...new Set(keys.flatMap(({ file, over }) => [file, ...over.map((one) => one.file)]))];
  const asked = Object.entries(claim(component.id)?.readSet.environment ?? {}).map(
    ([name, digest]): AskedValue => ({
      name,
      isSet: digest !== null,
    }),
  );
  return {
    view: stampOf(view),
    component: component.id,
    config,
    keys: keys.map(({ name: _, ...key }) => key),
    layers,
    ...(asked.length === 0 ? {} : { asked }),
  };
}

function effectiveOf(estate: OpenedEstate, component: ComponentRow) {
  if (component.layout !== 'adage' || component.kind !== 'component')
    throw new KarmaError('KARMA_USAGE', `${component.id} has no config.json: it is a ${component.layout} component`, {
      hint: `\`karma show ${shellWord(component.id)}\` says what is known of it`,
    });
  return readEffectiveConfig(component.id, documentReader(estate.view.main));
}

function estateOf(view: LoadedView): OpenedEstate {
  if (view.estate === undefined)
    throw new KarmaError('KARMA_USAGE', `${view.label} holds no files`, {
      hint: 'ask at a Git revision, or leave --at out',
    });
  return view.estate;
}

const invalid: ReadonlySet<string> = new Set([
  'schema-violation',
  'json-unreadable',
  'json-duplicate-key',
  'extends-broken',
  'file-too-large',
]);

export interface Validation {
  readonly view: ViewStamp;
  readonly components: number;
  /** Of those, how many were judged; the others have no schema and no module that was read. */
  readonly judged: number;
  readonly findings: readonly Finding[];
  /** The same by what causes them. */
  readonly causes: readonly FindingCause[];
}

/**
 * Configs against their schemas, and what units and root modules are given against their modules' variables. `karma.yaml` itself
 * is validated whenever it is read.
 */
export async function validateConfigs(
  context: EngineContext,
  selection: readonly string[],
  at?: string,
): Promise<Validation> {
  const { view, estate, claim } = await evaluatedView(context, at);
  const nodes = await selectNodes(context, view, selection);
  await loadGrammar();
  const judge = new InputJudge(estate.view);
  const said: Finding[] = [];
  const declarations = new Set<string>();
  let judged = 0;
  const breathe = breathing(context);
  for (const [done, node] of nodes.entries()) {
    if (done % 500 === 499) context.report({ kind: 'phase', phase: 'judge', done, total: nodes.length });
    await breathe();
    const row = view.graph.component(node);
    if (row.kind !== 'component' || row.external) continue;
    if (!declarations.has(row.module)) said.push(...judge.declarationOf(row));
    declarations.add(row.module);
    const found = row.layout === 'adage' ? judgedInGraph(claim(row.id)) : judge.judge(row, claim(row.id));
    if (found === undefined) continue;
    judged += 1;
    said.push(...found);
  }
  const all = findingsIn(view).filter(({ code }) => invalid.has(code));
  const findings = [...(selection.length === 0 ? all : all.filter(findingsAbout(view, nodes))), ...said];
  return {
    view: stampOf(view),
    components: nodes.length,
    judged,
    findings,
    causes: shownCauses(view.graph, findings),
  };
}

/** An Adage config has a schema of its own, where there is one; what is odd of it is in the graph. */
function judgedInGraph(claim: Claim | undefined): readonly Finding[] | undefined {
  const read = Object.entries(claim?.readSet.files ?? {});
  const isSchema = (file: string) => /(?:^|[/:])component\.yaml$|\.schema\.json$|(?:^|[/:])schemas\//.test(file);
  return read.some(([file, digest]) => digest !== null && isSchema(file)) ? [] : undefined;
}

export interface PublishedConfig {
  readonly component: string;
  readonly binding: string;
  readonly parameter: string;
  readonly outcome: 'published' | 'unchanged' | 'would publish' | 'refused';
  readonly version?: number;
  readonly reason?: string;
}

/** Effective configs to the Parameter Store: only what changed, and nothing that does not validate. */
export async function publishConfigs(
  context: EngineContext,
  query: {
    readonly selection: readonly string[];
    readonly all: boolean;
    readonly binding?: string;
    readonly dryRun: boolean;
    /** The commit that is published; default: the work tree. */
    readonly at?: string;
  },
): Promise<readonly PublishedConfig[]> {
  if (query.selection.length === 0 && !query.all)
    throw new KarmaError('KARMA_USAGE', 'publish which configs?', { hint: 'name a selection, or say --all' });
  const view = await loadView(context, query.at, { needsEstate: true });
  const estate = estateOf(view);
  const nodes = await selectNodes(context, view, query.selection);
  const broken = new Map<string, string>();
  for (const { code, severity, subject, message } of view.graph.findings())
    if (severity === 'error' && invalid.has(code) && !broken.has(subject)) broken.set(subject, message);
  return withWriteLeases(context, async (hold) => {
    const answers: PublishedConfig[] = [];
    for (const node of nodes) {
      const component = view.graph.component(node);
      if (component.layout !== 'adage' || component.external || component.kind !== 'component') continue;
      const publication = { estate, component, broken: broken.get(component.id), hold };
      answers.push(await publishOne(context, publication, query));
    }
    return answers;
  });
}

interface Publication {
  readonly estate: OpenedEstate;
  readonly component: ComponentRow;
  /** Why it does not validate. */
  readonly broken: string | undefined;
  readonly hold: HoldLease;
}

async function publishOne(
  context: EngineContext,
  { estate, component, broken, hold }: Publication,
  query: { readonly binding?: string; readonly dryRun: boolean },
): Promise<PublishedConfig> {
  const binding = bindingOf(estate.view, component, query.binding);
  const parameter = `${estate.view.settings.prefix ?? '/iac'}/${component.type}/${component.nickname}/config`;
  const subject = { component: component.id, binding, parameter };
  if (broken !== undefined) return { ...subject, outcome: 'refused', reason: broken };
  // What is only published has no config in Git to publish; an empty one would wipe it out.
  if (component.attributes.source === 'published')
    return { ...subject, outcome: 'refused', reason: 'it has no config in Git: it is only published' };
  const value = JSON.stringify(effectiveOf(estate, component).value);
  const store = await context.stores.parameters(binding);
  const current = await store.get(parameter);
  const told = (version: number): EventDraft[] => [
    {
      action: 'config.published',
      actor: context.actor,
      door: context.door,
      subject: component.id,
      environment: component.environment,
      outcome: 'ok',
      at: context.now(),
      details: { binding, parameter, version, commit: estate.position },
    },
  ];
  if (current?.value !== undefined && sameJson(current.value, value)) {
    if (!query.dryRun) await closeIntent(context, binding, parameter, current.version, told);
    return { ...subject, outcome: 'unchanged', version: current.version };
  }
  if (query.dryRun) return { ...subject, outcome: 'would publish', version: (current?.version ?? 0) + 1 };
  const write = { name: parameter, value, type: 'String' } as const;
  const version = await putUnder(context, hold, { store, write, before: current, also: told });
  return { ...subject, outcome: 'published', version };
}

function sameJson(a: string, b: string): boolean {
  try {
    return canonicalJson(parseExactJson(a)) === canonicalJson(parseExactJson(b));
  } catch {
    return false;
  }
}

export const configVerb = defineVerb({
  about: 'The effective config of a component, each key with the file and line that it comes from.',
  query: object(
    'Of which.',
    { id: text('A component.'), at, commits: flag('The last commit that changed each key, too.') },
    'id',
  ),
  writes: 'nothing',
  run: (context, { id, ...how }) => showConfig(context, id, how),
});

export const configValidateVerb = defineVerb({
  about: 'Configs against their schemas.',
  query: object('Of which.', { select, at }),
  writes: 'nothing',
  run: (context, { select: selection = [], at: when }) => validateConfigs(context, selection, when),
});

export const configPublishVerb = defineVerb({
  about: 'Effective configs from Git to the Parameter Store: only what changed, nothing that does not validate.',
  query: object('Of which.', {
    select,
    all: flag('Every component.'),
    binding: text('The account to publish to.'),
    dryRun: flag('Say what would be written.'),
  }),
  writes: 'ledger',
  run: async (context, { select: selection = [], all = false, dryRun = false, binding }) => ({
    published: await publishConfigs(context, {
      selection,
      all,
      dryRun,
      ...(binding === undefined ? {} : { binding }),
    }),
  }),
});
