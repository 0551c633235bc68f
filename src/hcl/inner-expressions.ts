import type { Expression } from './tree.ts';

/** The expressions right inside one, in the order in which they are written: of a loop only what it goes through. */
export function innerExpressions(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'template':
      return expression.parts.flatMap((part) => (part.kind === 'interpolation' ? [part.value] : []));
    case 'splat':
      return [expression.on];
    case 'call':
      return expression.args;
    case 'unary':
      return [expression.operand];
    case 'binary':
      return [expression.left, expression.right];
    case 'conditional':
      return [expression.condition, expression.then, expression.otherwise];
    case 'tuple':
      return expression.items;
    case 'object':
      return expression.items.flatMap(({ key, value }) => [key, value]);
    case 'for':
      return [expression.collection];
    default:
      return [];
  }
}
