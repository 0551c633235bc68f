import { parseObject } from '../../consequence/reconstruct/read.ts';
import type { ComponentRow } from '../../model/component.ts';
import type { EstateView, ParameterObservation } from '../../model/estate.ts';
import { bindingsOf } from './placement.ts';

/** What the Parameter Stores of an estate say to one deployment: parameter reads resolve within its account. */
export interface Accounts {
  /** The bindings a deployment may read in: its own where it is told, else all of its environment. Sorted. */
  of(row: ComponentRow, deployment: string): readonly string[];
  /** `null`: looked for and not there. Undefined: not found, and some account it may be in was not read just now. */
  parameter(row: ComponentRow, deployment: string, name: string): ParameterObservation | null | undefined;
}

/** @param unread accounts out of reach: what was last seen there is not what is there now. */
export function accountsOf(estate: EstateView, unread: readonly string[] = []): Accounts {
  const filed = bindingsOf(estate);
  const environments = new Map(filed.map(({ name, environment }) => [name, environment]));
  for (const [binding, parameters] of estate.parameters)
    if (!environments.has(binding)) environments.set(binding, environmentSaid(parameters, estate) ?? binding);
  const names = [...environments.keys()].sort();
  const known = new Map<string, readonly string[]>();
  const of = (row: ComponentRow, deployment: string): readonly string[] => {
    const key = [row.environment, row.attributes['binding'] ?? '', deployment].join('\n');
    const found = known.get(key) ?? look(row, deployment);
    known.set(key, found);
    return found;
  };
  const look = (row: ComponentRow, deployment: string): readonly string[] => {
    if (environments.has(deployment)) return [deployment];
    const own = (row.attributes['binding'] ?? '').split(',').filter((name) => environments.has(name));
    if (own.length > 0) return own;
    const fitting = names.filter((name) => environments.get(name) === row.environment);
    // Without bindings there is one account, and it is everybody's.
    return fitting.length > 0 || filed.length > 0 ? fitting : names.filter((name) => name === 'default');
  };
  return {
    of,
    parameter: (row, deployment, name) => {
      const bindings = of(row, deployment);
      let everyOne = bindings.length > 0;
      for (const binding of bindings) {
        const parameters = unread.includes(binding) ? undefined : estate.parameters.get(binding);
        const found = parameters?.get(name);
        if (found !== undefined) return found;
        everyOne &&= parameters !== undefined;
      }
      return everyOne ? null : undefined;
    },
  };
}

/** The account's own parameter says which environment it is. */
function environmentSaid(
  parameters: ReadonlyMap<string, ParameterObservation>,
  { settings, environment }: EstateView,
): string | undefined {
  const prefix = settings.prefix ?? environment['IAC_PREFIX'] ?? '/iac';
  const text = parameters.get(`${prefix}/environment`)?.value?.trim();
  if (text === undefined || text === '') return undefined;
  const said = parseObject(text)?.['environment'];
  return typeof said === 'string' ? said : text.replace(/^"|"$/g, '');
}
