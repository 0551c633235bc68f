import { type ExplainedKey, explainConfig } from '../../config/config-explain.ts';
import { flag, object, text } from '../../config/shape-parts.ts';
import { findOne } from '../../graph/operations/find.ts';
import { loadGrammar } from '../../hcl/parse.ts';
import { sensitiveKeys } from '../../infer/layouts/adage/sensitive-keys.ts';
import type { Claim } from '../../model/claim.ts';
import type { ComponentRow } from '../../model/component.ts';
import type { Finding } from '../../model/finding.ts';
import { redact } from '../../model/secrets/values.ts';
import type { EngineContext } from '../context.ts';
import { publishConfigs } from '../deploying/publish-configs.ts';
import { type Committed, keyCommits } from '../history/key-commits.ts';
import { effectiveOf, estateOf, invalid } from '../objects/effective-of.ts';
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
