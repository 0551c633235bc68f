import type { Value } from '../../../hcl/value.ts';
import { Unknown } from '../../../hcl/value.ts';
import type { EstateView } from '../../../model/estate.ts';
import type { FileView } from '../../../model/file-view.ts';
import type { RootRun } from '../../../model/run-setup.ts';
import type { Consumption } from '../../terraform/consumption.ts';
import { consumptionOf } from '../../terraform/consumption.ts';
import { FileAccount } from '../../terraform/file-account.ts';
import type { InstanceOptions } from '../../terraform/instance.ts';
import { ModuleInstance } from '../../terraform/instance.ts';
import type { ModuleLoader } from '../../terraform/load-module.ts';
import type { Module } from '../../terraform/module.ts';
import type { Backend } from './backend-config.ts';
import { backendOf } from './backend-config.ts';
import type { DeploymentFiles } from './deployments.ts';
import { deploymentFiles, isLoadedAlways, sharedFiles } from './deployments.ts';
import type { VarFiles } from './var-files.ts';
import type { Variables } from './variables.ts';
import { variablesOf } from './variables.ts';
import { workspaceUse } from './workspaces.ts';

/** A root module evaluated for one environment. */
export interface Deployment {
  readonly name: string;
  readonly instance: ModuleInstance;
  readonly variables: Variables;
  readonly backend: Backend;
  readonly consumption: Consumption;
  /** The files it reads as data. */
  readonly account: FileAccount;
  readonly run: RootRun;
  /** The files of variables and of its backend that it is read from. */
  readonly readFrom: readonly string[];
}

/** A root module evaluated with its variables: what the rules of module reads look at, whichever layout runs it. */
export type EvaluatedRoot = Pick<Deployment, 'instance' | 'consumption' | 'backend'>;

export interface DeploymentInputs {
  readonly estate: EstateView;
  readonly view: FileView;
  readonly module: Module;
  readonly loader: ModuleLoader;
  readonly files: VarFiles;
  readonly resolveModule?: InstanceOptions['resolveModule'];
  /** Variables that something else in the repository may set: their defaults prove nothing. */
  readonly mayBeSet?: ReadonlySet<string>;
}

/** More workspaces than anybody keeps in one module are taken as not told. */
const mostWorkspaces = 24;

/** Every deployment of a root module: by the files that name environments, else by the workspaces that it names itself. */
export function deploymentsOf(inputs: DeploymentInputs): readonly Deployment[] {
  const { estate, view, module } = inputs;
  const found = deploymentFiles(view, module.path, estate.settings.varFiles);
  const shared = sharedFiles(view, module.path);
  const [first = { name: '', varFiles: [], backendFiles: [] }] = found;
  const use = workspaceUse(open(inputs, first, shared, new Unknown('any workspace')).instance);
  const byFiles = found.length > 1 || first.name !== '';
  const names = use.names.length <= mostWorkspaces ? use.names : [];
  if (!byFiles && names.length > 0) return names.map((name) => finish(inputs, { ...first, name }, shared, name));
  return found.map((one) => finish(inputs, one, shared, workspaceOf(one.name, names, use.used)));
}

/** The workspace of an environment's files: the one of that name, where the module names any or nothing speaks against it. */
function workspaceOf(name: string, names: readonly string[], used: boolean): Value | undefined {
  if (!used || name === '') return undefined;
  return names.length === 0 || names.includes(name) ? name : undefined;
}

function open(
  inputs: DeploymentInputs,
  files: DeploymentFiles,
  shared: readonly string[],
  workspace: Value | undefined,
) {
  const { estate, view, module, loader } = inputs;
  const variables = variablesOf({
    view,
    module,
    varFiles: files.varFiles,
    shared,
    environment: estate.environment,
    files: inputs.files,
  });
  const account = new FileAccount();
  const instance = new ModuleInstance(module, {
    loader,
    view,
    account,
    variables: (name) => variables.values.get(name) ?? replaceable(inputs, name),
    ...(workspace === undefined ? {} : { workspace }),
    ...(inputs.resolveModule === undefined ? {} : { resolveModule: inputs.resolveModule }),
  });
  return { variables, instance, account };
}

function replaceable({ module, mayBeSet }: DeploymentInputs, name: string): Value | undefined {
  if (mayBeSet?.has(name) !== true || module.variables.get(name)?.default === undefined) return undefined;
  return Unknown.at(`var.${name}`, [], 'a default that something else may replace');
}

function finish(
  inputs: DeploymentInputs,
  files: DeploymentFiles,
  shared: readonly string[],
  workspace: Value | undefined,
): Deployment {
  const { variables, instance, account } = open(inputs, files, shared, workspace);
  const given = new Map<string, Value>();
  const isBackend = (path: string) => /(^|\/)backend[^/]*$/.test(path);
  for (const path of [...shared.filter(isBackend).reverse(), ...files.backendFiles])
    for (const [name, value] of inputs.files.read(inputs.view, path) ?? []) given.set(name, value);
  const backend = backendOf(instance, given);
  const run = runOf(inputs, files, shared, workspace);
  const readFrom = [...files.varFiles, ...shared, ...files.backendFiles];
  for (const path of [...files.varFiles, ...shared, ...files.backendFiles])
    if (inputs.files.isEncrypted(inputs.view, path) || inputs.view.setBeside?.(path) !== undefined)
      account.file(inputs.view, path);
  const consumption = consumptionOf(instance);
  return { name: files.name, instance, variables, backend, consumption, account, run, readFrom };
}

/** What a run of it is handed: shared files first, for its own lie over them; what Terraform loads by itself is left to it. */
function runOf(
  { module, files: read, view }: DeploymentInputs,
  { varFiles, backendFiles }: DeploymentFiles,
  shared: readonly string[],
  workspace: Value | undefined,
): RootRun {
  const isBackend = (path: string) => /(^|\/)backend[^/]*$/.test(path);
  const isUsed = (path: string) =>
    [...(read.read(view, path)?.keys() ?? [])].some((name) => module.variables.has(name));
  const isLoaded = (path: string) =>
    path.startsWith(folderOf(module.path)) && isLoadedAlways(path.slice(folderOf(module.path).length));
  const farthest = [...shared].reverse();
  return {
    varFiles: [
      ...farthest.filter((path) => !isBackend(path) && isUsed(path)),
      ...varFiles.filter((path) => !isLoaded(path)),
    ],
    backendFiles: [...farthest.filter(isBackend), ...backendFiles],
    ...(typeof workspace === 'string' ? { workspace } : {}),
  };
}

function folderOf(path: string): string {
  return path === '' ? '' : `${path}/`;
}
