import { evaluate } from '../../hcl/evaluate.ts';
import { madeUpPlace } from '../../hcl/functions/made-up-place.ts';
import { EvaluationError } from '../../hcl/scope.ts';
import { Unknown, type Value } from '../../hcl/value.ts';
import type { ModuleNode } from '../../infer/terraform/flow/module-tree.ts';
import type { Claim } from '../../model/claim.ts';
import type { ComponentRow } from '../../model/component.ts';

/** What variables are given at both ends; undefined for what is not given, which has its default. */
export type GivenValues = Readonly<Record<string, { readonly before: unknown; readonly after: unknown }>>;

/**
 * Undefined where it is not known, or null, which may mean the default.
 * @param asText whether it is handed in the environment, where all is text for a variable without a type
 */
export function saidOf({ module }: ModuleNode, name: string, given: unknown, asText: boolean): Value | undefined {
  const variable = module.variables.get(name);
  if (given !== undefined) {
    const isText = !asText || variable?.type !== undefined || typeof given === 'string';
    return isText && isSaid(given) ? (given as Value) : undefined;
  }
  const fallback = variable?.default;
  if (fallback === undefined) return undefined;
  try {
    const value = evaluate(fallback, { lookup: () => undefined });
    return isSaid(value) ? value : undefined;
  } catch (error) {
    if (error instanceof EvaluationError) return undefined;
    throw error;
  }
}

/** Neither null nor unknown anywhere, nor a secret that is not kept, nor a path on a machine that is not known. */
function isSaid(value: unknown): boolean {
  if (value === null || value === undefined || value instanceof Unknown) return false;
  // In the environment a template would be filled.
  if (typeof value === 'string')
    return !/\((?:secret|redacted)\)|[0-9a-f]:[0-9a-f]{64}|[$%]\{/.test(value) && !value.includes(madeUpPlace);
  if (typeof value !== 'object') return true;
  return Array.isArray(value)
    ? value.every(isSaid)
    : Object.entries(value).every(([key, one]) => !key.startsWith('$') && isSaid(one));
}

/** What a variable of a component with one deployment is given; undefined where it is not. */
export function givenIn({ evaluated }: Claim, { layout }: ComponentRow, name: string): unknown {
  const key = layout === 'terragrunt' ? 'inputs' : 'variables';
  const values: unknown = layout === 'adage' ? evaluated : evaluated?.[key];
  if (values === null || typeof values !== 'object' || !Object.hasOwn(values, name)) return undefined;
  return (values as Readonly<Record<string, unknown>>)[name];
}
