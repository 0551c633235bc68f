import { evaluate } from '../../hcl/evaluate.ts';
import { encodeJson } from '../../hcl/functions/encoding.ts';
import { EvaluationError, type Scope } from '../../hcl/scope.ts';
import type { Expression } from '../../hcl/tree.ts';
import type { Value } from '../../hcl/value.ts';
import { isUnknown, isWhollyKnown } from '../../hcl/value.ts';
import { byCodeUnit } from '../../model/digest.ts';
import { pointerOf } from '../../model/pointer.ts';
import type { Consumption } from './consumption.ts';
import { walkExpression } from './expression-walk.ts';
import type { ModuleInstance } from './instance.ts';
import { sinksOf } from './sinks.ts';

export interface ConfigKey {
  readonly pointer: string;
  /** What stands in for it, as JSON, where HCL shows it: `try(local.config.size, 3)`. */
  readonly default?: string;
}

/**
 * What a module reads of a document that stands at one source (`config`), with defaults. The module must be evaluated with
 * that document unknown at the source, so that every access leaves its place.
 */
export function keysReadOf(source: string, root: ModuleInstance, consumption: Consumption): readonly ConfigKey[] {
  const pointers = new Set((consumption.reads.get(source) ?? []).map(({ steps }) => pointerOfSteps(steps)));
  const defaults = defaultsOf(source, root);
  return [...pointers].sort(byCodeUnit).map((pointer) => {
    const written = defaults.get(pointer);
    return written === undefined ? { pointer } : { pointer, default: written };
  });
}

/** The pointer of steps into a document: it ends before the first `*`, so it covers what is read. */
export function pointerOfSteps(steps: readonly string[]): string {
  const star = steps.indexOf('*');
  return pointerOf(star < 0 ? steps : steps.slice(0, star));
}

function defaultsOf(source: string, root: ModuleInstance): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { expr, scope } of sinksOf(root))
    walkExpression(expr, (part) => {
      if (part.kind !== 'call' || (part.name !== 'try' && part.name !== 'lookup' && part.name !== 'coalesce')) return;
      const [first] = part.name === 'lookup' ? [{ ...part, args: part.args.slice(0, 2) }] : part.args;
      const last = part.args[part.args.length - 1];
      if (first === undefined || last === undefined || part.args.length < 2) return;
      const read = quietly(first, scope);
      const fallback = quietly(last, scope);
      if (read === undefined || !isUnknown(read) || fallback === undefined || !isWhollyKnown(fallback)) return;
      for (const place of read.alternatives)
        if (place.source === source) found.set(pointerOfSteps(place.steps), encodeJson(fallback));
    });
  return found;
}

function quietly(expr: Expression, scope: Scope): Value | undefined {
  try {
    return evaluate(expr, scope);
  } catch (error) {
    if (error instanceof EvaluationError) return undefined;
    throw error;
  }
}
