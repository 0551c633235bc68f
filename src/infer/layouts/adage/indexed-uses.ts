import type { Expression } from '../../../hcl/tree.ts';
import { chainOf, walkBody, walkExpression } from '../../terraform/expression-walk.ts';
import type { Module, ModuleCall, Resource } from '../../terraform/module.ts';

/** An argument that reaches for an element of a block which `count` may have none of: `data.aws_route53_zone.zone[0].zone_id`. */
export interface IndexedUse {
  /** The block the argument belongs to; it is looked at in each of its instances. */
  readonly owner: Resource | ModuleCall;
  readonly argument: string;
  readonly expr: Expression;
  readonly file: string;
  readonly line: number;
}

/**
 * The arguments worth evaluating to see whether a plan would fail. Locals in between are followed by name. Blocks inside of
 * `dynamic` are left out: whether they exist is another question.
 */
export function indexedUsesOf(module: Module | undefined): readonly IndexedUse[] {
  if (module === undefined) return [];
  const counted = new Set(
    [...module.resources.values()].filter(({ count }) => count !== undefined).map((one) => one.address),
  );
  for (const call of module.calls.values()) if (call.count !== undefined) counted.add(`module.${call.name}`);
  if (counted.size === 0) return [];
  const reaching = reachingLocals(module, counted);
  const owners: (Resource | ModuleCall)[] = [...module.resources.values(), ...module.calls.values()];
  return owners.flatMap((owner) => {
    const uses: IndexedUse[] = [];
    walkBody(owner.body, (expr, argument, iterators) => {
      if (iterators.size > 0 || argument === 'count' || argument === 'for_each') return;
      if (reaches(expr, counted, reaching)) uses.push({ owner, argument, expr, file: owner.file, line: expr.at.line });
    });
    return uses;
  });
}

/** Locals that reach for a counted element, directly or through others: a fixed point over the locals. */
function reachingLocals(module: Module, counted: ReadonlySet<string>): ReadonlySet<string> {
  const reaching = new Set<string>();
  for (let before = -1; before !== reaching.size; ) {
    before = reaching.size;
    for (const { name, value } of module.locals.values()) if (reaches(value, counted, reaching)) reaching.add(name);
  }
  return reaching;
}

function reaches(expr: Expression, counted: ReadonlySet<string>, locals: ReadonlySet<string>): boolean {
  let found = false;
  walkExpression(expr, (part) => {
    if (part.kind !== 'access') return;
    const chain = chainOf(part);
    if (chain === undefined) return;
    const [first = '', second = '', third] = chain.steps;
    if (chain.root === 'local') found ||= locals.has(first);
    else if (chain.root === 'data')
      found ||= third !== undefined && /^\d+$/.test(third) && counted.has(`data.${first}.${second}`);
    else found ||= /^\d+$/.test(second) && counted.has(`${chain.root}.${first}`);
  });
  return found;
}
