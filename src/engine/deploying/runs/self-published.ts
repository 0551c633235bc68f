import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { unitFile } from '../../../infer/layouts/adage/unit-file.ts';
import { terragruntLayout } from '../../../infer/layouts/terragrunt/layout.ts';
import { KarmaError } from '../../../model/errors.ts';
import { deploymentKey } from '../../../model/record.ts';
import { terragruntJob } from '../../../run/terragrunt.ts';
import { fileNameOf } from '../../../run/workplace.ts';
import { handedToInit, unknownIn } from './backend-settings.ts';
import type { AdageRun, Program } from './finish-work.ts';
import type { ModuleFolder } from './module-folder.ts';

/**
 * A module that reads its config from Parameter Store and writes its runtime there is left to do so. It is run through the
 * estate's own `terragrunt.hcl`, which takes from the environment which component is meant; where Terragrunt is not installed,
 * Terraform is run as Terragrunt would run it, with the same state key.
 */
export async function selfPublishedJob(run: AdageRun): Promise<Program> {
  const { own, facts, module } = run;
  const place = unitPlace(run);
  if (place === undefined) return { variables: declared(run, own), handed: { own } };
  const text = place.view.read(unitFile) ?? '';
  const environment = unitEnvironment(run, text);
  if (facts.tools.hasTerragrunt) return terragrunt(run, place.repo, environment);
  const evaluated = evaluate(run, place, environment);
  const inputs = objectOf(evaluated['inputs']);
  const state = stateOf(evaluated);
  const files = generatedFiles(evaluated, module, state?.backend);
  const variables = declared(run, { ...own, ...inputs });
  return {
    variables,
    environment,
    handed: { own, environment, inputs },
    ...(state === undefined ? {} : { backendConfig: state.config }),
    ...(files.size === 0 ? {} : { module: copyWith(run, files) }),
  };
}

interface UnitPlace {
  readonly repo: string;
  readonly view: ModuleFolder['view'];
}

/** The one unit file that components are run through stands at the top of the modules' repository, else of the configs'. */
function unitPlace({ facts, module }: AdageRun): UnitPlace | undefined {
  const { main, repos } = facts.estate.view;
  for (const repo of new Set([module.repo, '']))
    for (const view of [repo === '' ? main : repos.get(repo)])
      if (view?.isFile(unitFile) === true) return { repo, view };
  return undefined;
}

/** What a name asks for, told from its end: `TF_COMPONENT`, `COMPONENT_NAME`, `TF_VAR_nickname`. */
const meanings: readonly (readonly [RegExp, string])[] = [
  [/(COMPONENT|COMPONENT_NAME|COMPONENT_TYPE)$/i, 'component_name'],
  [/(NICKNAME|NICK_NAME)$/i, 'nickname'],
  [/(ENV|ENVIRONMENT|ENVIRONMENT_NAME)$/i, 'environment'],
  [/(IAC_PREFIX|PARAMETER_PREFIX)$/i, 'iac_prefix'],
  [/REGION$/i, 'region'],
  [/(ACCOUNT|ACCOUNT_ID)$/i, 'account'],
];

/** Which component is meant, under the names that the unit file itself asks for. What the person has set stays. */
function unitEnvironment({ own, setup, facts }: AdageRun, text: string): Readonly<Record<string, string>> {
  const values: Readonly<Record<string, string | undefined>> = { ...own, account: setup.account };
  const environment: Record<string, string> = {};
  for (const [, name = ''] of text.matchAll(/\bget_env\(\s*"([^"]+)"/g)) {
    const meaning = meanings.find(([form]) => form.test(name))?.[1];
    const value = meaning === undefined ? undefined : values[meaning];
    if (value !== undefined) environment[name] = value;
    else if (facts.context.env[name] !== undefined) environment[name] = facts.context.env[name];
    else if (meaning === 'account')
      throw new KarmaError('KARMA_REFUSED', `${unitFile} asks for ${name}, and nothing says which account it is`, {
        hint: `set ${name}, or \`account_id\` in the binding's file`,
      });
  }
  return environment;
}

function declared(
  { facts, component }: AdageRun,
  values: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const names = facts.view.graph.types().get(component.row.module)?.variables ?? [];
  return Object.fromEntries(
    names.filter(({ name }) => Object.hasOwn(values, name)).map(({ name }) => [name, values[name]]),
  );
}

async function terragrunt(
  run: AdageRun,
  repo: string,
  environment: Readonly<Record<string, string>>,
): Promise<Program> {
  const { facts, member, own } = run;
  const place = await facts.folders.of(repo);
  // In the work tree it is run where people run it, so that what lies beside it is found.
  const folder = facts.view.kind === 'worktree' ? place.original : place.folder;
  const key = fileNameOf(deploymentKey(member.component, member.deployment));
  // Of two nicknames of one type the caches would be one folder.
  const cache = join(facts.context.stores.dataFolder, 'terragrunt', key);
  return {
    runner: facts.tools.terragrunt(),
    jobOf: (job) => terragruntJob({ ...job, folder }),
    environment: { ...environment, TG_DOWNLOAD_DIR: cache, TERRAGRUNT_DOWNLOAD: cache },
    handed: { own, environment },
  };
}

/** The unit file evaluated with this component's environment, exactly as inference reads units: nothing of it is run. */
function evaluate(
  { facts, component }: AdageRun,
  { view }: UnitPlace,
  environment: Readonly<Record<string, string>>,
): Readonly<Record<string, unknown>> {
  const estate = {
    ...facts.estate.view,
    main: view,
    environment: { ...facts.context.env, ...environment },
  };
  const unit = terragruntLayout
    .open(estate)
    .claim({ layout: 'terragrunt', id: '.', path: '', seed: { file: unitFile } });
  const unreadable = unit.findings.find(({ code }) => code === 'hcl-unreadable');
  if (unreadable !== undefined)
    throw new KarmaError('KARMA_REFUSED', `${component.row.id} is run through ${unitFile}: ${unreadable.message}`);
  return unit.evaluated ?? {};
}

interface UnitState {
  readonly backend: string;
  readonly config: Readonly<Record<string, string>>;
}

function stateOf(evaluated: Readonly<Record<string, unknown>>): UnitState | undefined {
  const written = objectOf(evaluated['state']);
  const { backend } = written;
  if (Object.keys(written).length === 0) return undefined;
  const config = objectOf(written['config']);
  const unknown = unknownIn(config);
  if (unknown !== undefined)
    throw new KarmaError(
      'KARMA_REFUSED',
      `where its state lies cannot be told: ${unknown === '' ? 'config' : unknown} in ${unitFile} is not known`,
      { hint: 'set the environment values it asks for, or install Terragrunt' },
    );
  if (typeof backend !== 'string')
    throw new KarmaError(
      'KARMA_REFUSED',
      `where its state lies cannot be told: the backend in ${unitFile} is not known`,
    );
  return { backend, config: handedToInit(backend, config) };
}

/** Files that Terragrunt would write into the module's folder, and a backend block where the module has none. */
function generatedFiles(
  evaluated: Readonly<Record<string, unknown>>,
  { needs }: ModuleFolder,
  backend: string | undefined,
): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const one of Object.values(objectOf(evaluated['generate']))) {
    const { path, contents } = objectOf(one);
    if (typeof path === 'string' && typeof contents === 'string') files.set(basename(path), contents);
  }
  const told = needs.backend !== undefined || [...files.values()].some((text) => /\bbackend\s+"/.test(text));
  if (backend !== undefined && !told) files.set('karma_backend.tf', `terraform {\n  backend "${backend}" {}\n}\n`);
  return files;
}

/** The module beside itself, so that `../` still leads where it led, with the files that only this component gets. */
function copyWith({ module, member, component }: AdageRun, files: ReadonlyMap<string, string>): ModuleFolder {
  if (module.place.commit === undefined)
    throw new KarmaError('KARMA_REFUSED', `${component.row.id} needs files beside its module, which is run as it is`, {
      hint: 'commit, so that it is run from a checkout; or install Terragrunt',
    });
  const key = fileNameOf(deploymentKey(member.component, member.deployment));
  const folder = join(dirname(module.folder), `.karma-${key}`);
  if (existsSync(folder)) rmSync(folder, { recursive: true });
  mkdirSync(folder, { recursive: true });
  cpSync(module.folder, folder, { recursive: true });
  for (const [name, text] of files) writeFileSync(join(folder, name), text);
  const backend = module.needs.backend ?? 'generated';
  return { ...module, folder, needs: { ...module.needs, needed: true, backend } };
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' ? { ...value } : {};
}
