import type { Body, Expression, TemplatePart } from '../../../hcl/tree.ts';

/** Whether a root name stands anywhere in a body. */
export function mentions(body: Body, root: string): boolean {
  for (const { value } of body.attributes.values()) if (inExpression(value, root)) return true;
  return body.blocks.some((block) => mentions(block.body, root));
}

function inExpression(expression: Expression, root: string): boolean {
  const inside = (one: Expression | undefined) => one !== undefined && inExpression(one, root);
  switch (expression.kind) {
    case 'literal':
    case 'bad':
      return false;
    case 'variable':
      return expression.name === root;
    case 'access':
      return inside(expression.on) || (expression.step.kind === 'index' && inside(expression.step.key));
    case 'splat':
      return inside(expression.on);
    case 'call':
      return expression.args.some(inside);
    case 'unary':
      return inside(expression.operand);
    case 'binary':
      return inside(expression.left) || inside(expression.right);
    case 'conditional':
      return inside(expression.condition) || inside(expression.then) || inside(expression.otherwise);
    case 'tuple':
      return expression.items.some(inside);
    case 'object':
      return expression.items.some(({ key, value }) => inside(key) || inside(value));
    case 'for':
      return [expression.collection, expression.key, expression.value, expression.condition].some(inside);
    case 'template':
      return expression.parts.some((part) => inPart(part, root));
  }
}

function inPart(part: TemplatePart, root: string): boolean {
  if (part.kind === 'text') return false;
  if (part.kind === 'interpolation') return inExpression(part.value, root);
  if (part.kind === 'for') return inExpression(part.collection, root) || part.body.some((one) => inPart(one, root));
  return inExpression(part.condition, root) || [...part.then, ...part.otherwise].some((one) => inPart(one, root));
}
