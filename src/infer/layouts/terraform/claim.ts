import type { Claim, ClaimBlindSpot, ClaimPart, Need, Provide } from '../../../model/claim.ts';
import type { ComponentRow, DeploymentRow } from '../../../model/component.ts';
import { byCodeUnit, digestOf } from '../../../model/digest.ts';
import type { EstateView } from '../../../model/estate.ts';
import type { Finding } from '../../../model/finding.ts';
import type { RootRun } from '../../../model/run-setup.ts';
import { type Replace, withoutSecrets } from '../../../model/secrets/beside.ts';
import { replaceInText } from '../../../model/secrets/text.ts';
import { keySecrets } from '../../../model/secrets/values.ts';
import type { Candidate } from '../../layout.ts';
import { plainValue } from '../../plain-value.ts';
import { analyseModule } from '../../terraform/analyse.ts';
import { declaredFindings } from '../../terraform/declared-type.ts';
import { moduleFindings } from '../../terraform/findings.ts';
import type { ModuleLoader } from '../../terraform/load-module.ts';
import type { ModuleCall } from '../../terraform/module.ts';
import { digestOfReads, openReads } from '../../terraform/open-reads.ts';
import { attributesOf } from './attributes.ts';
import type { Deployment } from './deployment.ts';
import { deploymentsOf } from './deployment.ts';
import { environmentOf } from './environment-guess.ts';
import { distinct, distinctFindings, united } from './merge.ts';
import { moduleReads } from './module-reads.ts';
import { moduleElsewhere, placeOf, Reads } from './reads.ts';
import { stateProvides } from './state-provides.ts';
import { brokenVariables, failures, unreadParts } from './troubles.ts';
import type { VarFiles } from './var-files.ts';

export interface OpenTerraform {
  readonly estate: EstateView;
  readonly loader: ModuleLoader;
  readonly files: VarFiles;
}

/** One root module's claim, over all its deployments. */
export function claimRoot({ estate, loader, files: varFiles }: OpenTerraform, candidate: Candidate): Claim {
  const reads = new Reads(estate);
  const { repo, path } = placeOf(candidate.path);
  const view = reads.view(repo);
  const module = view === undefined ? undefined : loader.load(view, path);
  if (view === undefined || module === undefined) return emptyClaim(candidate, reads);
  const resolveModule = (call: ModuleCall) => moduleElsewhere(call, estate, reads);
  const deployments = deploymentsOf({
    estate,
    view,
    module,
    loader,
    files: varFiles,
    resolveModule,
    mayBeSet: new Set(candidate.seed?.mayBeSet?.split(' ')),
  });
  const analysis = analyseModule({
    loader,
    view,
    path,
    name: nameOf(path),
    resolveModule,
    evaluatedElsewhere: true,
    evaluatedFiles: new Set(deployments.flatMap(({ readFrom }) => readFrom)),
    sources: (name) => deployments[0]?.variables.values.get(name),
  });
  const environment = environmentOf(path, estate.settings);
  const {
    keyed: evaluated,
    digest,
    secrets,
  } = withoutSecrets((replace) => evaluatedOf(deployments, replace), estate.keyed);
  const readAsData = [...new Set(deployments.flatMap(({ account }) => account.read))].sort(byCodeUnit);
  const readsDigest = readAsData.length === 0 ? undefined : digestOfReads(readAsData, reads.readSet(), candidate.path);
  const component: ComponentRow = {
    ...emptyRow(candidate),
    environment,
    module: module.key,
    configDigest: digest,
    ...(secrets === undefined ? {} : { secrets }),
    ...(readsDigest === undefined ? {} : { readsDigest }),
    attributes: attributesOf(view, module, loader, deployments),
    outputs: [...module.outputs.keys()].sort(byCodeUnit),
  };
  const needs: Need[] = [];
  const provides: Provide[] = [];
  const unread = unreadParts(candidate.id, analysis);
  const open = openReads(
    candidate.id,
    deployments.map(({ account }) => account),
  );
  const findings: Finding[] = [
    ...(analysis === undefined ? [] : moduleFindings(analysis)),
    ...unread.findings,
    ...open.findings,
    ...declaredFindings(view, path, module),
  ];
  const blindSpots: ClaimBlindSpot[] = [...unread.blindSpots, ...open.blindSpots];
  const parts: Record<string, ClaimPart> = {};
  for (const deployment of deployments) {
    const within = environment === '' ? deployment.name : environment;
    const found = moduleReads(candidate.id, within, deployment, estate.settings.sharedAccounts === true);
    const provided = [...stateProvides(component, deployment), ...found.provides];
    needs.push(...found.needs);
    provides.push(...provided);
    if (deployments.length > 1) parts[deployment.name] = partOf(provided, found.needs);
    const broken = brokenVariables(candidate.id, view, varFiles, deployment);
    findings.push(...broken.findings, ...found.findings, ...failures(candidate.id, deployment));
    blindSpots.push(...broken.blindSpots, ...found.blindSpots);
  }
  return {
    component,
    types: analysis === undefined ? [] : [analysis.row],
    provides: distinct(provides),
    needs: united(needs),
    blindSpots: distinct(blindSpots),
    findings: distinctFindings(findings),
    readSet: { ...reads.readSet(), environment: environmentAsked(deployments), parameters: {} },
    ...(deployments.length > 1 ? { parts } : {}),
    deployments: deployments.map((one) => ({
      component: candidate.id,
      deployment: one.name,
      runtimes: {},
      ...(deployments.length > 1 ? configOf(one, estate) : {}),
    })),
    evaluated,
    ...(readAsData.length === 0 ? {} : { readAsData }),
    run: {
      selfPublishing: true,
      prefix: '',
      handed: {},
      sensitive: [],
      steps: [],
      alsoWritten: [],
      roots: rootRuns(deployments),
    },
  };
}

function partOf(provides: readonly Provide[], needs: readonly Need[]): ClaimPart {
  const keys = (all: readonly string[]) => [...new Set(all)].sort(byCodeUnit);
  return {
    provides: keys(provides.map(({ key }) => key)),
    runtimes: keys(provides.map(({ runtime }) => runtime)),
    needs: keys(needs.flatMap(({ key, orElse = [] }) => [key, ...orElse])),
  };
}

/** Deployments that no backend file tells apart would share one state: then each keeps its own in a workspace of its name. */
function rootRuns(deployments: readonly Deployment[]): Readonly<Record<string, RootRun>> {
  const told = Map.groupBy(deployments, ({ run }) => run.backendFiles.join('\n'));
  return Object.fromEntries(
    deployments.map(({ name, run }) => {
      const shares = (told.get(run.backendFiles.join('\n')) ?? []).length > 1;
      const named = run.workspace !== undefined || name === '' || !shares;
      return [name, named ? run : { ...run, workspace: name }];
    }),
  );
}

function nameOf(path: string): string {
  return path === '' ? 'root' : (path.split('/').pop() ?? path);
}

function emptyRow({ id, path }: Candidate): ComponentRow {
  const name = nameOf(placeOf(path).path);
  return {
    id,
    kind: 'component',
    layout: 'terraform',
    external: false,
    type: name,
    nickname: name,
    environment: '',
    path,
    module: '',
    configDigest: digestOf({}),
    attributes: {},
    sites: {},
  };
}

/** A candidate whose folder holds no module any more. */
function emptyClaim(candidate: Candidate, reads: Reads): Claim {
  return {
    component: emptyRow(candidate),
    types: [],
    provides: [],
    needs: [],
    blindSpots: [],
    findings: [],
    readSet: { ...reads.readSet(), environment: {}, parameters: {} },
  };
}

function environmentAsked(deployments: readonly Deployment[]): Record<string, string | null> {
  const asked = Object.assign({}, ...deployments.map(({ variables }) => variables.environment)) as Record<
    string,
    string | null
  >;
  return Object.fromEntries(Object.entries(asked).sort(([a], [b]) => byCodeUnit(a, b)));
}

/** What this deployment alone comes to: what changes another one is no change of it. */
function configOf(one: Deployment, { keyed }: EstateView): Pick<DeploymentRow, 'config' | 'configSecrets'> {
  const { digest, secrets } = withoutSecrets((replace) => evaluatedOne(one, replace), keyed);
  return { config: digest, ...(secrets === undefined ? {} : { configSecrets: secrets }) };
}

/** What decides about a root module beside its files, by deployment where it has several; with its secrets replaced. */
function evaluatedOf(deployments: readonly Deployment[], replace: Replace): Readonly<Record<string, unknown>> {
  const [only, ...others] = deployments;
  if (only !== undefined && only.name === '' && others.length === 0) return evaluatedOne(only, replace);
  return Object.fromEntries(deployments.map((one) => [one.name, evaluatedOne(one, replace)]));
}

function evaluatedOne({ instance, variables, backend }: Deployment, replace: Replace): Record<string, unknown> {
  const { module } = instance;
  const values: Record<string, unknown> = {};
  for (const variable of [...module.variables.keys()].sort(byCodeUnit)) {
    const value = variables.values.get(variable);
    if (value !== undefined) values[variable] = plainValue(value);
  }
  const sensitive = [...module.variables.values()].filter((one) => one.sensitive).map((one) => `/${one.name}`);
  const config: Record<string, unknown> = {};
  for (const [key, value] of backend.config) config[key] = plainValue(value);
  return {
    variables: keySecrets(values, sensitive, replace),
    modules: Object.fromEntries(
      [...module.calls.values()].map(({ name: call, source, version }) => [
        call,
        `${replaceInText(source ?? '', replace)}${version === undefined ? '' : ` ${version}`}`,
      ]),
    ),
    backend: { type: backend.type, config: keySecrets(config, [], replace) },
  };
}
