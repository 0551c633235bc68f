import type { ComponentId, TypeRow } from '../../model/component.ts';
import { byCodeUnit } from '../../model/digest.ts';
import type { Pair, RangeEnd } from './range-end.ts';

export interface VariableChanges {
  /** Variables that the module newly requires, and whether the component gives them. */
  readonly required: readonly { readonly component: ComponentId; readonly variable: string; readonly given: boolean }[];
  /** Inputs that the module took before and takes no more. */
  readonly untaken: readonly { readonly component: ComponentId; readonly input: string }[];
}

/** What changes between a module and those who call it, where the range touched the component. Sorted. */
export function variableChanges(before: RangeEnd, after: RangeEnd, pairs: readonly Pair[]): VariableChanges {
  const required: { component: ComponentId; variable: string; given: boolean }[] = [];
  const untaken: { component: ComponentId; input: string }[] = [];
  for (const { id: component, was } of pairs) {
    const [old, now] = [moduleOf(before, was), moduleOf(after, component)];
    if (old === undefined || now === undefined || old.digest === now.digest) continue;
    const inputs = inputsOf(after.claim(component)?.evaluated);
    const demanded = new Set(old.variables.filter((one) => one.required).map(({ name }) => name));
    for (const { name, required: isRequired } of now.variables) {
      if (isRequired && !demanded.has(name)) required.push({ component, variable: name, given: inputs.has(name) });
    }
    const takes = new Set(now.variables.map(({ name }) => name));
    for (const { name } of old.variables)
      if (!takes.has(name) && inputs.has(name)) untaken.push({ component, input: name });
  }
  return {
    required: required.sort((a, b) => byCodeUnit(a.component, b.component) || byCodeUnit(a.variable, b.variable)),
    untaken: untaken.sort((a, b) => byCodeUnit(a.component, b.component) || byCodeUnit(a.input, b.input)),
  };
}

function moduleOf({ graph }: RangeEnd, id: ComponentId): TypeRow | undefined {
  const node = graph.node(id);
  return node === undefined ? undefined : graph.types().get(graph.component(node).module);
}

/** What a component hands its module: `inputs`, `variables` (of any deployment), or the config itself. */
function inputsOf(evaluated: Readonly<Record<string, unknown>> | undefined): ReadonlySet<string> {
  if (evaluated === undefined) return new Set();
  const deployments = Object.values(evaluated).flatMap((one) =>
    isObject(one) && isObject(one['variables']) ? [one] : [],
  );
  const given = deployments.length > 0 ? deployments.map((one) => one['variables']) : [whole(evaluated)];
  return new Set(given.flatMap((one) => (isObject(one) ? Object.keys(one) : [])));
}

function whole({ inputs, variables, config, ...rest }: Readonly<Record<string, unknown>>): unknown {
  return inputs ?? variables ?? config ?? rest;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
