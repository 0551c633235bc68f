import { evaluate } from '../../../hcl/evaluate.ts';
import { EvaluationError, type Scope } from '../../../hcl/scope.ts';
import type { Body, Expression, TemplatePart } from '../../../hcl/tree.ts';
import { isList, isObject, type Value } from '../../../hcl/value.ts';
import { walkExpression } from '../expression-walk.ts';
import { convertTo } from '../variable-type.ts';
import type { Part } from './module-parts.ts';
import type { ModuleNode } from './module-tree.ts';

/** How a module comes to be called; nothing for a root. */
export interface Place {
  readonly caller?: ModuleNode;
  readonly call?: Part;
}

/** A text, a number or a truth: what is of one type and no other, however it came to be. */
export type Constant = string | number | boolean;

/**
 * What expressions of a tree of modules come to whatever a run finds: those that rest on nothing but literals, locals, arguments
 * and defaults of called modules, and outputs of those. Wherever a type could be another one than it looks, a mark could stick
 * to a value, or a number could be rounded otherwise, nothing is said.
 */
export class Constants {
  readonly #placeOf: (node: ModuleNode) => Place;
  readonly #values: ReadonlyMap<string, Value>;
  readonly #known = new Map<ModuleNode, Map<Expression, Value | undefined>>();

  /** @param values what variables of the root are given; of others nothing is known */
  constructor(placeOf: (node: ModuleNode) => Place, values: ReadonlyMap<string, Value> = new Map()) {
    this.#placeOf = placeOf;
    this.#values = values;
  }

  of(expr: Expression, node: ModuleNode): Constant | undefined {
    const value = this.#fold(expr, node);
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
  }

  /** Whether it comes to anything, of whatever type. */
  comesTo(expr: Expression, node: ModuleNode): boolean {
    return this.#fold(expr, node) !== undefined;
  }

  /** Whether a variable is given something that it takes. */
  ofVariable(name: string, node: ModuleNode): boolean {
    return this.#variable(name, node) !== undefined;
  }

  #fold(expr: Expression, node: ModuleNode): Value | undefined {
    let known = this.#known.get(node);
    if (known === undefined) {
      known = new Map();
      this.#known.set(node, known);
    }
    // What needs itself is undefined meanwhile.
    if (!known.has(expr)) {
      known.set(expr, undefined);
      known.set(expr, this.#made(expr, node));
    }
    return known.get(expr);
  }

  #made(expr: Expression, node: ModuleNode): Value | undefined {
    if (expr.kind === 'call' && expr.name === 'try') return expr.expand ? undefined : this.#tried(expr.args, node);
    if (!this.#isAllowed(expr, node)) return undefined;
    try {
      const value = evaluate(expr, this.#scope(node));
      return isPlain(value) ? value : undefined;
    } catch (error) {
      if (error instanceof EvaluationError) return undefined;
      throw error;
    }
  }

  /**
   * The first that is there: what is missed is a member of something that is known. The others are known as well, since whatever
   * is mentioned comes before, and may itself wait for who mentions it.
   */
  #tried(args: readonly Expression[], node: ModuleNode): Value | undefined {
    const isMissed = (arg: Expression) => {
      const on = arg.kind === 'access' && arg.step.kind === 'attr' ? this.#fold(arg.on, node) : undefined;
      return on !== undefined && isObject(on) && arg.kind === 'access' && arg.step.kind === 'attr'
        ? !Object.hasOwn(on, arg.step.name)
        : false;
    };
    const values = args.map((arg) => this.#fold(arg, node));
    if (!args.every((arg, at) => values[at] !== undefined || isMissed(arg))) return undefined;
    return values.find((value) => value !== undefined);
  }

  #isAllowed(expr: Expression, node: ModuleNode): boolean {
    const all = (...exprs: readonly Expression[]) => exprs.every((one) => this.#fold(one, node) !== undefined);
    const sameKind = (a: Expression, b: Expression) => {
      const [one, other] = [this.of(a, node), this.of(b, node)];
      return one !== undefined && typeof one === typeof other;
    };
    const isNumber = (one: Expression) => typeof this.of(one, node) === 'number';
    switch (expr.kind) {
      case 'literal':
        return true;
      case 'template':
        return expr.parts.every((part) => this.#isPartAllowed(part, node));
      case 'variable':
        return false;
      case 'access': {
        if (this.#mentioned(expr, node) !== undefined) return true;
        if (isNamed(expr) || !all(expr.on)) return false;
        return expr.step.kind === 'attr' || (all(expr.step.key) && this.of(expr.step.key, node) !== undefined);
      }
      case 'splat':
      case 'bad':
        return false;
      case 'call':
        return !expr.expand && all(...expr.args) && this.#isCallAllowed(expr, node);
      case 'unary':
        return expr.op === '!' ? typeof this.of(expr.operand, node) === 'boolean' : isNumber(expr.operand);
      case 'binary': {
        const { op, left, right } = expr;
        if (op === '==' || op === '!=') return sameKind(left, right);
        if (op === '&&' || op === '||') return [left, right].every((one) => typeof this.of(one, node) === 'boolean');
        return op !== '*' && op !== '/' && op !== '%' && isNumber(left) && isNumber(right);
      }
      case 'conditional':
        return typeof this.of(expr.condition, node) === 'boolean' && sameKind(expr.then, expr.otherwise);
      case 'tuple':
        return all(...expr.items);
      case 'object':
        return expr.items.every(({ key, value }) => typeof this.of(key, node) === 'string' && all(value));
      case 'for': {
        const { collection, key, value, condition, grouping } = expr;
        if (grouping || condition !== undefined || !all(collection)) return false;
        return [value, ...(key === undefined ? [] : [key])].every(isLoopAllowed);
      }
    }
  }

  #isPartAllowed(part: TemplatePart, node: ModuleNode): boolean {
    if (part.kind === 'text') return true;
    return part.kind === 'interpolation' && this.of(part.value, node) !== undefined;
  }

  #isCallAllowed({ name, args }: Extract<Expression, { kind: 'call' }>, node: ModuleNode): boolean {
    const kinds = args.map((arg) => typeof this.of(arg, node));
    if (ofTexts.has(name)) return kinds.every((kind) => kind === 'string');
    if (ofNumbers.has(name)) return kinds.every((kind) => kind === 'number');
    // Between slashes stands a pattern.
    if (name === 'replace') {
      const searched = args[1] === undefined ? undefined : this.of(args[1], node);
      return kinds.every((kind) => kind === 'string') && typeof searched === 'string' && !searched.startsWith('/');
    }
    if (name === 'substr') return kinds.join() === 'string,number,number';
    if (name === 'tostring') return kinds[0] !== 'undefined';
    if (name === 'lookup') {
      const [from, , fallback] = args.map((arg) => this.#fold(arg, node));
      if (from === undefined || !isObject(from) || args.length !== 3) return false;
      return Object.values(from).every((one) => typeof one === typeof fallback) && typeof fallback !== 'object';
    }
    if (name === 'sort') {
      const sorted = args[0] === undefined ? undefined : this.#fold(args[0], node);
      return sorted !== undefined && isList(sorted) && sorted.every((one) => typeof one === 'string');
    }
    return ofCollections.has(name);
  }

  /** What `var.x`, `local.x` and `module.m.x` are. */
  #mentioned(expr: Expression, node: ModuleNode): Value | undefined {
    if (expr.kind !== 'access' || expr.step.kind !== 'attr') return undefined;
    const { on, step } = expr;
    if (on.kind === 'variable') {
      if (on.name === 'var') return this.#variable(step.name, node);
      const local = on.name === 'local' ? node.module.locals.get(step.name) : undefined;
      return local === undefined ? undefined : this.#fold(local.value, node);
    }
    if (on.kind !== 'access' || on.step.kind !== 'attr' || on.on.kind !== 'variable' || on.on.name !== 'module')
      return undefined;
    const call = node.module.calls.get(on.step.name);
    const child = node.children.get(on.step.name);
    if (call === undefined || child === undefined || call.count !== undefined || call.forEach !== undefined)
      return undefined;
    // Then its outputs wait for something, whatever they come to.
    if (call.body.attributes.has('depends_on')) return undefined;
    const output = child.module.outputs.get(step.name);
    if (output?.value === undefined || isMarked(output.body)) return undefined;
    return this.#fold(output.value, child);
  }

  #variable(name: string, node: ModuleNode): Value | undefined {
    const declared = node.module.variables.get(name);
    if (declared === undefined || isMarked(declared.body) || !isPlainType(declared.type)) return undefined;
    const { caller, call } = this.#placeOf(node);
    const argument = call?.call?.body.attributes.get(name)?.value;
    const given =
      caller === undefined
        ? this.#values.get(name)
        : argument !== undefined
          ? this.#fold(argument, caller)
          : declared.default === undefined
            ? undefined
            : this.#fold(declared.default, node);
    if (given === undefined) return undefined;
    const value = declared.type === undefined ? given : convertTo(declared.type, given);
    return isPlain(value) && fitsPlainly(declared.type, value) ? value : undefined;
  }

  #scope(node: ModuleNode): Scope {
    return {
      lookup: () => undefined,
      traverse: (root, steps) => {
        const used = root === 'module' ? 2 : 1;
        if (steps.length < used) return undefined;
        const at = { line: 0, column: 0 };
        const expr = steps
          .slice(0, used)
          .reduce<Expression>((on, name) => ({ kind: 'access', on, step: { kind: 'attr', name }, at }), {
            kind: 'variable',
            name: root,
            at,
          });
        const value = this.#mentioned(expr, node);
        return value === undefined ? undefined : { value, used };
      },
    };
  }
}

const ofTexts: ReadonlySet<string> = new Set([
  ...['upper', 'lower', 'trimspace', 'trim', 'trimprefix', 'trimsuffix', 'startswith', 'endswith', 'strcontains'],
  ...['md5', 'sha1', 'sha256', 'base64encode', 'split', 'coalesce'],
]);
const ofNumbers: ReadonlySet<string> = new Set(['min', 'max', 'abs']);
const ofCollections: ReadonlySet<string> = new Set([
  ...['length', 'concat', 'merge', 'keys', 'values', 'element', 'join', 'distinct', 'reverse', 'jsonencode'],
]);

/** Whether it starts at a name that stands for something else than a loop's variable. */
function isNamed(expr: Expression): boolean {
  if (expr.kind !== 'access') return false;
  return (
    expr.on.kind === 'variable' ||
    (expr.on.kind === 'access' && expr.on.on.kind === 'variable' && expr.on.on.name === 'module')
  );
}

/** What is made of each in a loop: its variables, and texts of them. */
function isLoopAllowed(expr: Expression): boolean {
  let isAllowed = true;
  walkExpression(expr, (one) => {
    if (one.kind === 'variable' || one.kind === 'literal') return;
    if (one.kind === 'template') {
      if (!one.parts.every(({ kind }) => kind === 'text' || kind === 'interpolation')) isAllowed = false;
    } else if (one.kind !== 'call' || (one.name !== 'upper' && one.name !== 'lower')) isAllowed = false;
  });
  return isAllowed;
}

/** `sensitive`, `ephemeral`: a mark that sticks to whatever is made of the value. */
function isMarked({ attributes }: Body): boolean {
  return attributes.has('sensitive') || attributes.has('ephemeral');
}

const primitives: ReadonlySet<string> = new Set(['string', 'number', 'bool']);

/** A type by which a value is taken as it is, or made a text, a number or a truth. */
function isPlainType(type: Expression | undefined): boolean {
  if (type === undefined) return true;
  if (type.kind === 'variable') return type.name === 'any' || primitives.has(type.name);
  const [inner] = type.kind === 'call' ? type.args : [];
  return (
    type.kind === 'call' &&
    (type.name === 'list' || type.name === 'map') &&
    inner?.kind === 'variable' &&
    primitives.has(inner.name)
  );
}

const kinds: Readonly<Record<string, string>> = { string: 'string', number: 'number', bool: 'boolean' };

function fitsPlainly(type: Expression | undefined, value: Value): boolean {
  if (type === undefined || (type.kind === 'variable' && type.name === 'any')) return true;
  if (type.kind === 'variable') return typeof value === kinds[type.name];
  const [inner] = type.kind === 'call' ? type.args : [];
  if (type.kind !== 'call' || inner === undefined) return false;
  if (type.name === 'list') return isList(value) && value.every((one) => fitsPlainly(inner, one));
  return isObject(value) && Object.values(value).every((one) => fitsPlainly(inner, one));
}

/** No number that is rounded anywhere. */
const largest = 1e12;

/**
 * A value that is what it looks like: letters that everybody counts alike, whole numbers, and collections of one kind, so that
 * none is converted when they are put together.
 */
function isPlain(value: Value): boolean {
  if (typeof value === 'string') return /^[\t\n\x20-\x7e]*$/.test(value);
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) < largest;
  if (typeof value === 'boolean') return true;
  if (!isList(value) && !isObject(value)) return false;
  const members: readonly Value[] = isList(value) ? value : Object.values(value);
  const kindOf = (one: Value) => (isList(one) ? 'list' : typeof one);
  return members.every((one) => isPlain(one) && kindOf(one) === kindOf(members[0] ?? null));
}
