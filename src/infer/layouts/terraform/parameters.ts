import type { Need, Provide } from '../../../model/claim.ts';
import { reducePointers, wholeRuntime } from '../../../model/pointer.ts';
import { pointerOfSteps } from '../../terraform/config-keys.ts';
import { parameterReads, parameterWrites } from '../../terraform/parameters.ts';
import { queriesOf } from '../../terraform/queries.ts';
import { withoutKeys } from '../../terraform/sinks.ts';
import type { Deployment } from './deployment.ts';

/** A parameter that one root module writes and another reads. Within an environment first, else anywhere in the estate. */
export const rule = 'parameter-read';

export function parametersWritten({ instance }: Deployment, environment: string): readonly Provide[] {
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
    const above = name.split('/').flatMap((_step, i, steps) => (i < 2 ? [] : [steps.slice(0, i).join('/')]));
    return [
      ...scoped(environment, name).map((key) => ({ key, ...written })),
      ...above.flatMap((path) => scoped(environment, `${path}/**`).map((key) => ({ key, ...written }))),
    ];
  });
}

export function parametersRead({ instance, consumption }: Deployment, environment: string): readonly Need[] {
  const wanted = queriesOf(instance, ({ mode, type }) => mode !== 'managed' && parameterReads.has(type));
  return [...wanted].flatMap((query): readonly Need[] => {
    const single = query.resource.type === 'aws_ssm_parameter';
    const name = query.argument(single ? 'name' : 'path');
    if (typeof name !== 'string' || name.startsWith('/aws/')) return [];
    const argument = query.resource.body.attributes.get(single ? 'name' : 'path');
    const [key = '', ...orElse] = scoped(environment, single ? name : `${name.replace(/\/+$/, '')}/**`);
    const reads = (consumption.reads.get(query.address) ?? []).filter(
      ({ steps }) => !single || valueSteps.has(steps[0] ?? 'value'),
    );
    const pointers = reads.map(({ steps }) => (single ? pointerOfSteps(steps.slice(1)) : wholeRuntime));
    return [
      {
        key,
        ...(orElse.length > 0 ? { orElse } : {}),
        rule,
        origin: 'inferred',
        strength: 'proven',
        consumes: reducePointers(pointers),
        evidence: {
          rule,
          site: `${withoutKeys(query.address)}.${argument?.name ?? 'name'}`,
          file: query.resource.file,
          line: argument?.at.line ?? query.resource.at.line,
        },
        whenMissing: 'quiet',
      },
    ];
  });
}

const valueSteps: ReadonlySet<string> = new Set(['value', 'insecure_value']);

function scoped(environment: string, name: string): readonly string[] {
  const anywhere = `param::${name}`;
  return environment === '' ? [anywhere] : [`param:${environment}:${name}`, anywhere];
}
