import { holeOf } from '../../../hcl/places.ts';
import type { Value } from '../../../hcl/value.ts';
import { isUnknown } from '../../../hcl/value.ts';
import type { Need, Provide, Whereabouts } from '../../../model/claim.ts';
import { reducePointers, wholeRuntime } from '../../../model/pointer.ts';
import { askedPartKeys, partKeys } from '../../partly-known.ts';
import { namedKeys } from '../../rules/block-rule.ts';
import { bareName, otherName } from '../../rules/parameter-name.ts';
import { pointerOfSteps } from '../../terraform/config-keys.ts';
import type { Read } from '../../terraform/consumption.ts';
import type { DataQuery, ModuleInstance } from '../../terraform/instance.ts';
import { parameterReads, parameterWrites, templateOf } from '../../terraform/parameters.ts';
import { queriesOf } from '../../terraform/queries.ts';
import { withoutKeys } from '../../terraform/sinks.ts';
import { nearness } from '../../whereabouts.ts';
import type { EvaluatedRoot } from './deployment.ts';
import { whereaboutsOf } from './provider-place.ts';
import { readsAt } from './read-evidence.ts';

/** A parameter that one root module writes and another reads. Within an environment first, else anywhere in the estate. */
export const rule = 'parameter-read';

export function parametersWritten(
  { instance }: Pick<EvaluatedRoot, 'instance'>,
  environment: string,
): readonly Provide[] {
  return parameterWrites(instance).flatMap(({ query, name = null, keys, alsoWritten }): readonly Provide[] => {
    const { resource, address } = query;
    const shown = templateOf(name) ?? open;
    const bare = typeof name === 'string' ? bareName(name) : shown;
    const written = {
      runtime: typeof name === 'string' ? name : shown,
      ...(keys === undefined ? {} : { outputs: keys }),
      ...(alsoWritten ? { alsoWritten } : {}),
      where: whereaboutsOf(query, environment),
      evidence: { rule, site: `${withoutKeys(address)}.name`, file: resource.file, line: resource.at.line },
    };
    const addresses = [['', bare]] as const;
    const partly = { ...partKeys(kind, addresses), ...written, addresses };
    if (typeof name !== 'string') return [partly];
    const above = bare.split('/').flatMap((_step, i, steps) => (i < 2 ? [] : [steps.slice(0, i).join('/')]));
    return [
      ...namedKeys('param', environment, bare).map((key) => ({ key, ...written })),
      ...above.flatMap((path) => namedKeys('param', environment, `${path}/**`).map((key) => ({ key, ...written }))),
      partly,
    ];
  });
}

/** Where a name is not known as a whole. */
const kind = 'param:~';
const open = '${?}';

export function parametersRead({ instance, consumption }: EvaluatedRoot, environment: string): readonly Need[] {
  const own = ownNames(instance, environment);
  return parametersNamed(instance).flatMap(({ query, argument, name, other }): readonly Need[] => {
    const shown = typeof name === 'string' ? name : (templateOf(name) ?? open);
    const where = whereaboutsOf(query, environment);
    if (isPublic(shown) || own(name, where)) return [];
    const single = argument !== 'path';
    const asked = shown.replace(/\/$/, '');
    const [key, ...others] = namedKeys('param', environment, single ? asked : `${asked}/**`);
    const orElse = other === undefined ? others : [...others, ...namedKeys('param', environment, other)];
    const reads = consumption.reads.get(query.address) ?? [];
    const addresses = [['', single ? asked : `${asked}/${open}`]] as const;
    const site = withoutKeys(query.address);
    return [
      {
        key,
        ...(orElse.length > 0 ? { orElse } : {}),
        rule,
        origin: 'inferred',
        strength: 'proven',
        ...consumedOf(site, reads, single),
        where,
        partly: { keys: askedPartKeys(kind, addresses), addresses, what: `which parameter ${site} reads` },
        ...(single ? {} : { many: true as const }),
        evidence: {
          rule,
          site: `${site}.${argument}`,
          file: query.resource.file,
          line: query.resource.body.attributes.get(argument)?.at.line ?? query.resource.at.line,
        },
        whenMissing: 'quiet',
      },
    ];
  });
}

/** What it writes itself under a name that only a run could know: read back by the same expression, that is no reference. */
function ownNames(instance: ModuleInstance, environment: string): (name: Value, where: Whereabouts) => boolean {
  const written = new Map<string, Whereabouts[]>();
  for (const { query, name = null } of parameterWrites(instance))
    if (isUnknown(name) && name.exact)
      written.set(holeOf(name), [...(written.get(holeOf(name)) ?? []), whereaboutsOf(query, environment)]);
  return (name, where) =>
    isUnknown(name) &&
    name.exact &&
    (written.get(holeOf(name)) ?? []).some((one) => !/^(unlike|other)$/.test(nearness(one, where)));
}

interface NamedRead {
  readonly query: DataQuery;
  readonly argument: 'name' | 'arn' | 'path';
  readonly name: Value;
  /** What it may be called as well. */
  readonly other: string | undefined;
}

/** Every block that reads parameters, and the argument that says which. */
function parametersNamed(instance: ModuleInstance): readonly NamedRead[] {
  return queriesOf(instance, readsParameters).flatMap((query) => {
    const { mode, type } = query.resource;
    const argument = type !== 'aws_ssm_parameter' ? 'path' : mode === 'ephemeral' ? 'arn' : 'name';
    const written = query.argument(argument);
    if (written === undefined) return [];
    return [
      { query, argument, name: nameIn(written), other: typeof written === 'string' ? otherName(written) : undefined },
    ];
  });
}

function readsParameters({ mode, type }: DataQuery['resource']): boolean {
  return mode !== 'managed' && parameterReads.has(type);
}

/** AWS publishes these for everybody. */
function isPublic(name: string): boolean {
  return name.startsWith('/aws/');
}

/** Without ARN, version and label. Of an ARN region and account may be known in a run only. */
function nameIn(written: Value): Value {
  if (typeof written === 'string') return bareName(written);
  const name = isUnknown(written) && written.text?.startsWith('arn:') ? bareName(written.text) : '${';
  return name.includes('${') ? written : name;
}

function consumedOf(
  address: string,
  reads: readonly Read[],
  single: boolean,
): Pick<Need, 'consumes' | 'tolerated' | 'reads'> {
  const consumes = new Set<string>();
  const firm = new Set<string>();
  const places: Read[] = [];
  for (const read of reads) {
    const { steps, tolerated } = read;
    const [first = 'value', ...inside] = steps;
    if (single && !valueSteps.has(first)) continue;
    places.push(read);
    const pointer = single && first !== 'version' ? pointerOfSteps(inside) : wholeRuntime;
    consumes.add(pointer);
    if (!tolerated) firm.add(pointer);
  }
  const tolerated = [...consumes].filter((pointer) => !firm.has(pointer));
  return {
    consumes: reducePointers(consumes),
    ...(tolerated.length === 0 ? {} : { tolerated: reducePointers(tolerated) }),
    ...readsAt(rule, address, places),
  };
}

/** What changes with the value; a version goes up with each. */
const valueSteps: ReadonlySet<string> = new Set(['value', 'insecure_value', 'version']);
