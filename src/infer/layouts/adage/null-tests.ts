import type { Body, Expression, Step, TemplatePart } from '../../../hcl/tree.ts';
import type { Module } from '../../terraform/module.ts';

/**
 * What a module reads of its sources when asking whether something is there at all does not count as reading it whole:
 * `var.cache == null ? {} : { host = var.cache.endpoint }` consumes `/endpoint`. Comparing a variable or a local as it stands
 * with `null` says nothing about what is in it, so the test is replaced by something that cannot be told; both branches count.
 */
export function withoutNullTests(module: Module): Module {
  const bodyOf = <T extends { readonly body: Body }>(one: T): T => ({ ...one, body: rewriteBody(one.body) });
  return {
    ...module,
    locals: mapValues(module.locals, (local) => ({ ...local, value: rewrite(local.value) })),
    outputs: mapValues(module.outputs, (output) => ({
      ...bodyOf(output),
      value: output.value === undefined ? undefined : rewrite(output.value),
    })),
    resources: mapValues(module.resources, (resource) => ({ ...bodyOf(resource), ...repetition(resource) })),
    calls: mapValues(module.calls, (call) => ({ ...bodyOf(call), ...repetition(call) })),
  };
}

function repetition({
  count,
  forEach,
}: {
  readonly count: Expression | undefined;
  readonly forEach: Expression | undefined;
}) {
  return {
    count: count === undefined ? undefined : rewrite(count),
    forEach: forEach === undefined ? undefined : rewrite(forEach),
  };
}

function mapValues<T>(map: ReadonlyMap<string, T>, change: (value: T) => T): Map<string, T> {
  return new Map([...map].map(([key, value]) => [key, change(value)]));
}

function rewriteBody(body: Body): Body {
  return {
    ...body,
    attributes: mapValues(body.attributes, (attribute) => ({ ...attribute, value: rewrite(attribute.value) })),
    blocks: body.blocks.map((block) => ({ ...block, body: rewriteBody(block.body) })),
  };
}

function rewrite(expr: Expression): Expression {
  switch (expr.kind) {
    case 'binary': {
      if (isNullTest(expr)) return { kind: 'bad', text: 'a test for null', at: expr.at };
      return { ...expr, left: rewrite(expr.left), right: rewrite(expr.right) };
    }
    case 'template':
      return { ...expr, parts: expr.parts.map(rewritePart) };
    case 'access':
      return { ...expr, on: rewrite(expr.on), step: rewriteStep(expr.step) };
    case 'splat':
      return { ...expr, on: rewrite(expr.on), steps: expr.steps.map(rewriteStep) };
    case 'call':
      return { ...expr, args: expr.args.map(rewrite) };
    case 'unary':
      return { ...expr, operand: rewrite(expr.operand) };
    case 'conditional':
      return {
        ...expr,
        condition: rewrite(expr.condition),
        // biome-ignore lint/suspicious/noThenProperty: HCL's own word, as the tree has it
        then: rewrite(expr.then),
        otherwise: rewrite(expr.otherwise),
      };
    case 'tuple':
      return { ...expr, items: expr.items.map(rewrite) };
    case 'object':
      return { ...expr, items: expr.items.map(({ key, value }) => ({ key: rewrite(key), value: rewrite(value) })) };
    case 'for':
      return {
        ...expr,
        collection: rewrite(expr.collection),
        key: expr.key === undefined ? undefined : rewrite(expr.key),
        value: rewrite(expr.value),
        condition: expr.condition === undefined ? undefined : rewrite(expr.condition),
      };
    default:
      return expr;
  }
}

function rewriteStep(step: Step): Step {
  return step.kind === 'attr' ? step : { ...step, key: rewrite(step.key) };
}

function rewritePart(part: TemplatePart): TemplatePart {
  switch (part.kind) {
    case 'text':
      return part;
    case 'interpolation':
      return { ...part, value: rewrite(part.value) };
    case 'if':
      return {
        ...part,
        condition: rewrite(part.condition),
        // biome-ignore lint/suspicious/noThenProperty: as above
        then: part.then.map(rewritePart),
        otherwise: part.otherwise.map(rewritePart),
      };
    default:
      return { ...part, collection: rewrite(part.collection), body: part.body.map(rewritePart) };
  }
}

function isNullTest({ op, left, right }: Extract<Expression, { kind: 'binary' }>): boolean {
  if (op !== '==' && op !== '!=') return false;
  return (isNull(left) && isHandle(right)) || (isNull(right) && isHandle(left));
}

function isNull(expr: Expression): boolean {
  return expr.kind === 'literal' && expr.value === null;
}

/** `var.x` or `local.x` as it stands. */
function isHandle(expr: Expression): boolean {
  if (expr.kind !== 'access' || expr.on.kind !== 'variable' || expr.step.kind !== 'attr') return false;
  return expr.on.name === 'var' || expr.on.name === 'local';
}
