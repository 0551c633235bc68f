import { EvaluationError } from '../../../hcl/scope.ts';
import { isObject, type Value } from '../../../hcl/value.ts';
import { environmentByPattern, environmentOf } from '../terraform/environment-guess.ts';
import { known } from './attempt.ts';
import type { Frame } from './frame.ts';
import type { GeneratedBlocks } from './generated-blocks.ts';
import { member } from './generated-files.ts';
import type { Layer } from './layers.ts';
import type { ModuleReference } from './module-reference.ts';
import { folderOf, join, nameOf } from './paths.ts';
import { providerPlace } from './unit-provider.ts';
import type { UnitState } from './unit-state.ts';

/** Names under which estates keep what Karma calls account and region, likeliest first. */
const accountNames = [
  'account_id',
  'aws_account_id',
  'project_id',
  'gcp_project_id',
  'subscription_id',
  'account_name',
];
const regionNames = ['aws_region', 'region', 'gcp_region', 'location', 'aws_default_region'];

/** What is known of a unit beyond its dependencies, for selection and columns. */
export function unitAttributes(
  unit: Frame,
  layers: readonly Layer[],
  facts: {
    readonly module: ModuleReference | undefined;
    readonly state: UnitState | undefined;
    readonly generated: readonly GeneratedBlocks[];
    readonly inputs: () => Value;
  },
): Record<string, string> {
  const { module, state, generated, inputs } = facts;
  const provider = providerPlace(generated, inputs);
  const paths = unit.session.estate.paths;
  const includes = unit.includes.flatMap(({ path }) => (path === undefined ? [] : [paths.inView(path)]));
  const attributes: Record<string, string | undefined> = {
    account: provider.account ?? named(layers, inputs, accountNames),
    region: provider.region ?? named(layers, inputs, regionNames),
    source: module === undefined || module.source === '' ? undefined : module.source,
    ref: module?.ref,
    backend: state?.backend,
    state: state?.address.known === true ? state.address.shown : undefined,
    includes: includes.length === 0 ? undefined : includes.join(' '),
    excluded: excluded(layers) ? 'true' : undefined,
    owner: unit.session.estate.owners(unit.session).of(paths.inView(unit.at.config)),
    terraform: versionConstraint(layers),
    ...lockedProviders(unit),
  };
  const set: Record<string, string> = {};
  for (const name of Object.keys(attributes).sort()) {
    const value = attributes[name];
    if (value !== undefined && value !== '') set[name] = value;
  }
  return set;
}

const environmentNames = ['environment', 'env', 'environment_name', 'env_name'];

/** What `karma.yaml` says of the unit's path, else a local of that name, else what a step of the path is called. */
export function unitEnvironment(unit: Frame, layers: readonly Layer[], path: string): string {
  const { settings } = unit.session.estate.view;
  return environmentByPattern(path, settings) ?? localNamed(layers, environmentNames) ?? environmentOf(path, {});
}

function versionConstraint(layers: readonly Layer[]): string | undefined {
  for (const { frame } of layers) {
    const text = asText(known(frame, frame.source.body.attributes.get('terraform_version_constraint')?.value));
    if (text !== undefined) return text;
  }
  return undefined;
}

/** Provider versions as the lock file beside the unit pins them, by the last part of their source. */
function lockedProviders(unit: Frame): Record<string, string> {
  const { view, estate } = unit.session;
  const lock = estate.files.read(view, estate.paths.inView(join(folderOf(unit.at.config), '.terraform.lock.hcl')));
  const versions: Record<string, string> = {};
  for (const { type, labels, body } of lock?.body.blocks ?? []) {
    const version = body.attributes.get('version')?.value;
    if (type === 'provider' && version?.kind === 'literal' && labels[0] !== undefined)
      versions[`provider.${nameOf(labels[0])}`] = String(version.value);
  }
  return versions;
}

/** From the locals of the unit and its includes, else from the inputs. */
function named(layers: readonly Layer[], inputs: () => Value, names: readonly string[]): string | undefined {
  const local = localNamed(layers, names);
  if (local !== undefined) return local;
  const values = safely(inputs);
  if (values === undefined || !isObject(values)) return undefined;
  for (const name of names) {
    const text = asText(member(values, name));
    if (text !== undefined) return text;
  }
  return undefined;
}

function localNamed(layers: readonly Layer[], names: readonly string[]): string | undefined {
  for (const name of names)
    for (const { frame } of layers) {
      const attribute = frame.source.locals.get(name);
      if (attribute === undefined) continue;
      const step = { kind: 'attr', name } as const;
      const text = asText(known(frame, { kind: 'access', on: localRoot, step, at: attribute.at }));
      if (text !== undefined) return text;
    }
  return undefined;
}

function safely(compute: () => Value): Value | undefined {
  try {
    return compute();
  } catch (error) {
    if (error instanceof EvaluationError) return undefined;
    throw error;
  }
}

const localRoot = { kind: 'variable', name: 'local', at: { line: 1, column: 1 } } as const;

function asText(value: Value | undefined): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function excluded(layers: readonly Layer[]): boolean {
  for (const { frame } of layers) {
    const { body } = frame.source;
    if (known(frame, body.attributes.get('skip')?.value) === true) return true;
    const block = body.blocks.find(({ type }) => type === 'exclude');
    if (block !== undefined) return known(frame, block.body.attributes.get('if')?.value) === true;
  }
  return false;
}
