import type { Value } from '../../../hcl/value.ts';
import { isUnknown } from '../../../hcl/value.ts';
import type { Need, Provide } from '../../../model/claim.ts';
import { reducePointers, wholeRuntime } from '../../../model/pointer.ts';
import { bareName } from '../../rules/parameter-name.ts';
import { pointerOfSteps } from '../../terraform/config-keys.ts';
import type { Read } from '../../terraform/consumption.ts';
import type { DataQuery, ModuleInstance } from '../../terraform/instance.ts';
import { parameterReads, parameterWrites } from '../../terraform/parameters.ts';
import { queriesOf } from '../../terraform/queries.ts';
import { withoutKeys } from '../../terraform/sinks.ts';
import type { EvaluatedRoot } from './deployment.ts';
import { readsAt } from './read-evidence.ts';

/** A parameter that one root module writes and another reads. Within an environment first, else anywhere in the estate. */
export const rule = 'parameter-read';

export function parametersWritten({ instance }: EvaluatedRoot, environment: string): readonly Provide[] {
  return parameterWrites(instance).flatMap(({ query, name, keys, alsoWritten }): readonly Provide[] => {
    if (typeof name !== 'string') return [];
    const written = {
      runtime: name,
      ...(keys === undefined ? {} : { outputs: keys }),
      ...(alsoWritten ? { alsoWritten } : {}),
      evidence: {
        rule,
        site: `${withoutKeys(query.address)}.name`,
        file: query.resource.file,
        line: query.resource.at.line,
      },
    };
    const bare = bareName(name);
    const above = bare.split('/').flatMap((_step, i, steps) => (i < 2 ? [] : [steps.slice(0, i).join('/')]));
    return [
      ...scoped(environment, bare).map((key) => ({ key, ...written })),
      ...above.flatMap((path) => scoped(environment, `${path}/**`).map((key) => ({ key, ...written }))),
    ];
  });
}

export function parametersRead({ instance, consumption }: EvaluatedRoot, environment: string): readonly Need[] {
  return parametersNamed(instance).flatMap(({ query, argument, name }): readonly Need[] => {
    if (typeof name !== 'string' || isPublic(name)) return [];
    const single = argument !== 'path';
    const [key = '', ...orElse] = scoped(environment, single ? name : `${name === '/' ? '' : name}/**`);
    const reads = consumption.reads.get(query.address) ?? [];
    return [
      {
        key,
        ...(orElse.length > 0 ? { orElse } : {}),
        rule,
        origin: 'inferred',
        strength: 'proven',
        ...consumedOf(withoutKeys(query.address), reads, single),
        evidence: {
          rule,
          site: `${withoutKeys(query.address)}.${argument}`,
          file: query.resource.file,
          line: query.resource.body.attributes.get(argument)?.at.line ?? query.resource.at.line,
        },
        whenMissing: 'quiet',
      },
    ];
  });
}

interface NamedRead {
  readonly query: DataQuery;
  readonly argument: 'name' | 'arn' | 'path';
  readonly name: Value;
}

/** Every block that reads parameters, and the argument that says which. */
export function parametersNamed(instance: ModuleInstance): readonly NamedRead[] {
  return queriesOf(instance, readsParameters).flatMap((query) => {
    const { mode, type } = query.resource;
    const argument = type !== 'aws_ssm_parameter' ? 'path' : mode === 'ephemeral' ? 'arn' : 'name';
    const written = query.argument(argument);
    return written === undefined ? [] : [{ query, argument, name: nameIn(written) }];
  });
}

function readsParameters({ mode, type }: DataQuery['resource']): boolean {
  return mode !== 'managed' && parameterReads.has(type);
}

/** AWS publishes these for everybody. */
export function isPublic(name: string): boolean {
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

function scoped(environment: string, name: string): readonly string[] {
  const anywhere = `param::${name}`;
  return environment === '' ? [anywhere] : [`param:${environment}:${name}`, anywhere];
}
