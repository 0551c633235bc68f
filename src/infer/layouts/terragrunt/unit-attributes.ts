import { EvaluationError } from '../../../hcl/scope.ts';
import { isObject, type Value } from '../../../hcl/value.ts';
import { type Frame, known } from './frame.ts';
import { type GeneratedFile, knownText, member } from './generated-files.ts';
import type { Layer } from './layers.ts';
import type { ModuleReference } from './module-reference.ts';
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
    readonly files: readonly GeneratedFile[];
    readonly inputs: () => Value;
  },
): Record<string, string> {
  const { module, state, files, inputs } = facts;
  const provider = files.map(({ contents }) => knownText(contents)).join('\n');
  const paths = unit.session.estate.paths;
  const includes = unit.includes.flatMap(({ path }) => (path === undefined ? [] : [paths.inView(path)]));
  const attributes: Record<string, string | undefined> = {
    account: accountIn(provider) ?? named(layers, inputs, accountNames),
    region: regionIn(provider) ?? named(layers, inputs, regionNames),
    source: module === undefined || module.source === '' ? undefined : module.source,
    ref: module?.ref,
    backend: state?.backend,
    state: state?.address.known === true ? state.address.shown : undefined,
    includes: includes.length === 0 ? undefined : includes.join(' '),
    excluded: excluded(layers) ? 'true' : undefined,
  };
  const set: Record<string, string> = {};
  for (const name of Object.keys(attributes).sort()) {
    const value = attributes[name];
    if (value !== undefined && value !== '') set[name] = value;
  }
  return set;
}

function accountIn(provider: string): string | undefined {
  return (
    /allowed_account_ids\s*=\s*\[\s*"(\d{12})"/.exec(provider)?.[1] ??
    /arn:aws[\w-]*:iam::(\d{12}):/.exec(provider)?.[1] ??
    /provider\s+"google[\w-]*"\s*\{[^}]*?\bproject\s*=\s*"([^"$]+)"/.exec(provider)?.[1] ??
    /\bsubscription_id\s*=\s*"([^"$]+)"/.exec(provider)?.[1]
  );
}

function regionIn(provider: string): string | undefined {
  return /provider\s+"[\w-]+"\s*\{[^}]*?\bregion\s*=\s*"([^"$]+)"/.exec(provider)?.[1];
}

/** From the locals of the unit and its includes, else from the inputs. */
function named(layers: readonly Layer[], inputs: () => Value, names: readonly string[]): string | undefined {
  for (const name of names)
    for (const { frame } of layers) {
      const attribute = frame.source.locals.get(name);
      const text =
        attribute === undefined
          ? undefined
          : asText(known(frame, { kind: 'access', on: local, step: { kind: 'attr', name }, at: attribute.at }));
      if (text !== undefined) return text;
    }
  const values = safely(inputs);
  if (values === undefined || !isObject(values)) return undefined;
  for (const name of names) {
    const text = asText(member(values, name));
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

const local = { kind: 'variable', name: 'local', at: { line: 1, column: 1 } } as const;

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
