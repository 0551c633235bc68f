import type { VariableShape } from '../model/component.ts';
import { byCodeUnit } from '../model/digest.ts';

/**
 * The variables that Karma hands a plain module: exactly those it declares, by name, from three sources in this order. A name
 * that two sources fill is reported; the first one wins.
 */
export interface VariableSources {
  /** `component_name`, `nickname`, `environment`, `iac_prefix`, `region`, `config`. */
  readonly own: Readonly<Record<string, unknown>>;
  /** Each reference by its name (declared, else the config key without `_nickname`): the provider's runtime. */
  readonly references: Readonly<Record<string, unknown>>;
  /** The config's own keys. */
  readonly config: Readonly<Record<string, unknown>>;
}

export interface ChosenVariables {
  readonly values: Readonly<Record<string, unknown>>;
  readonly sensitive: readonly string[];
  /** Declared without default, and nothing fills them: the program would ask. */
  readonly missing: readonly string[];
  readonly twice: readonly { readonly name: string; readonly sources: readonly string[] }[];
}

const order = ['own', 'references', 'config'] as const;

export function chooseVariables(declared: readonly VariableShape[], sources: VariableSources): ChosenVariables {
  const values: Record<string, unknown> = {};
  const sensitive: string[] = [];
  const missing: string[] = [];
  const twice: { name: string; sources: readonly string[] }[] = [];
  for (const variable of [...declared].sort((a, b) => byCodeUnit(a.name, b.name))) {
    const filling = order.filter((one) => Object.hasOwn(sources[one], variable.name));
    const first = filling[0];
    if (filling.length > 1) twice.push({ name: variable.name, sources: filling });
    if (first === undefined) {
      if (variable.required) missing.push(variable.name);
      continue;
    }
    values[variable.name] = sources[first][variable.name];
    if (variable.sensitive) sensitive.push(variable.name);
  }
  return { values, sensitive, missing, twice };
}
