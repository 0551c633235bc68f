import { evaluate } from '../../hcl/evaluate.ts';
import type { Expression } from '../../hcl/tree.ts';
import { isWhollyKnown, type Value } from '../../hcl/value.ts';

const nothing = { lookup: (): Value | undefined => undefined };

/** What an expression is wherever it stands; undefined where that rests on anything. */
export function constantOf(expression: Expression): Value | undefined {
  try {
    const value = evaluate(expression, nothing);
    return isWhollyKnown(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
