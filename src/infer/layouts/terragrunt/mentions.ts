import type { Body, Expression, TemplatePart } from '../../../hcl/tree.ts';

/** Whether a root name stands anywhere in a body. */
export function mentions(body: Body, root: string): boolean {
  for (const { value } of body.attributes.values()) if (inExpression(value, root)) return true;
  return body.blocks.some((block) => mentions(block.body, root));
}

/** Whether a body cannot do without a root name: it stands where no `try` or `can` would catch that it is missing. */
export function needs(body: Body, root: string): boolean {
  for (const { value } of body.attributes.values()) if (inExpression(value, root, guards)) return true;
  return body.blocks.some((block) => needs(block.body, root));
}

/** The same of one expression. */
export function cannotDoWithout(expression: Expression, root: string): boolean {
  return inExpression(expression, root, guards);
}

const guards: ReadonlySet<string> = new Set(['try', 'can']);
const none: ReadonlySet<string> = new Set();

function inExpression(expression: Expression, root: string, caught = none): boolean {
  const inside = (one: Expression | undefined) => one !== undefined && inExpression(one, root, caught);
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
      return caught.has(expression.name) ? inLast(expression.args, root, caught) : expression.args.some(inside);
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
      return expression.parts.some((part) => inPart(part, root, caught));
  }
}

/** What the last argument of `try` needs nothing catches. */
function inLast(args: readonly Expression[], root: string, caught: ReadonlySet<string>): boolean {
  const last = args.length > 1 ? args.at(-1) : undefined;
  return last !== undefined && inExpression(last, root, caught);
}

function inPart(part: TemplatePart, root: string, caught: ReadonlySet<string>): boolean {
  if (part.kind === 'text') return false;
  if (part.kind === 'interpolation') return inExpression(part.value, root, caught);
  if (part.kind === 'for')
    return inExpression(part.collection, root, caught) || part.body.some((one) => inPart(one, root, caught));
  return (
    inExpression(part.condition, root, caught) ||
    [...part.then, ...part.otherwise].some((one) => inPart(one, root, caught))
  );
}
