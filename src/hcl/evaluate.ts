import { isLongNumber } from '../model/exact-number.ts';
import { isConsistent } from './consistent.ts';
import { toBool, toText, typeName } from './convert.ts';
import { definedBy } from './definition.ts';
import { listenIn, reportDropped } from './dropped.ts';
import { eachUnknown, ForScope } from './for-scope.ts';
import { entries } from './functions/define.ts';
import { callFunction, functions, isKnownFunction } from './functions/registry.ts';
import { guarded } from './guarded.ts';
import { bounded, looping, turn } from './limits.ts';
import { collection, keysOf, union } from './members.ts';
import { binary, unary, unified } from './operators.ts';
import { extend, holeOf, inexact, tolerate, tolerateInside } from './places.ts';
import type { Scope } from './scope.ts';
import { EvaluationError, UnknownFunctionError } from './scope.ts';
import { constantStep, shown, step } from './step.ts';
import type { At, Expression, ForExpression, Step, TemplatePart } from './tree.ts';
import type { Value } from './value.ts';
import { emptyObject, isList, isUnknown, isWhollyKnown, longNumber, Unknown, unknownFrom } from './value.ts';

type Kind<K extends Expression['kind']> = Extract<Expression, { kind: K }>;
type Evaluators = { readonly [K in Expression['kind']]: (expr: Kind<K>, scope: Scope) => Value };

/**
 * What an expression means in a scope, as Terraform would say, without running anything: what only a run could know is
 * {@link Unknown}, with the places it would come from.
 * @throws EvaluationError where HCL itself would fail.
 */
export function evaluate(expr: Expression, scope: Scope): Value {
  // Each evaluator takes the kind it is listed under; the table is typed so, only its lookup cannot be.
  return (evaluators[expr.kind] as (expr: Expression, scope: Scope) => Value)(expr, scope);
}

const evaluators: Evaluators = {
  literal: ({ value }) => (isLongNumber(value) ? longNumber(value) : value),
  template: (expr, scope) => evaluateTemplate(expr.parts, scope, expr.at),
  variable: (expr, scope) => {
    const value = scope.lookup(expr.name);
    if (value === undefined) throw new EvaluationError(`there is no ${expr.name} here`, expr.at);
    return value;
  },
  access: evaluateAccess,
  splat: evaluateSplat,
  call: evaluateCall,
  unary: (expr, scope) => {
    const operand = evaluate(expr.operand, scope);
    return definedBy(
      guarded(expr.at, () => unary(expr.op, operand)),
      expr.op,
      [operand],
    );
  },
  binary: evaluateBinary,
  conditional: evaluateConditional,
  tuple: (expr, scope) =>
    bounded(
      expr.items.map((item) => evaluate(item, scope)),
      expr.at,
    ),
  object: evaluateObject,
  for: evaluateFor,
  bad: (expr) => new Unknown(`this does not parse: ${expr.text.slice(0, 40)}`),
};

// Templates

function evaluateTemplate(parts: readonly TemplatePart[], scope: Scope, at: At): Value {
  const [only] = parts;
  if (parts.length === 1 && only?.kind === 'interpolation') return evaluate(only.value, scope);
  const pieces: Value[] = [];
  collectPieces(parts, scope, at, pieces);
  if (!pieces.some(isUnknown)) return guarded(at, () => bounded(pieces.join(''), at));
  const text = pieces.map((piece) => (isUnknown(piece) ? holeOf(piece) : toText(piece))).join('');
  const joined = unknownFrom('a text with parts known after a run', ...pieces);
  const exact = pieces.every((piece) => !isUnknown(piece) || piece.exact);
  return definedBy(new Unknown(joined.reason, joined.places, undefined, { text, exact }), 'join', pieces);
}

/** @param into texts, and unknowns where only a run could tell. */
function collectPieces(parts: readonly TemplatePart[], scope: Scope, at: At, into: Value[]): void {
  for (const part of parts) {
    if (part.kind === 'text') into.push(part.text);
    else if (part.kind === 'interpolation') {
      const value = evaluate(part.value, scope);
      into.push(isUnknown(value) ? value : guarded(at, () => toText(value)));
    } else if (part.kind === 'if') collectIf(part, scope, at, into);
    else {
      const collection = evaluate(part.collection, scope);
      if (isUnknown(collection)) {
        const inner: Value[] = [];
        collectPerhaps(part.body, eachUnknown(part, collection, scope), at, inner);
        into.push(unknownFrom('a loop over something known after a run', collection, ...inner));
        continue;
      }
      looping(() => {
        for (const [key, value] of guarded(at, () => entries(collection))) {
          turn(at);
          collectPieces(part.body, new ForScope(scope, part.keyName, part.valueName, key, value), at, into);
        }
      });
    }
  }
}

/** As {@link collectPieces}, of parts that a run may never come to; answers how they fail. */
function collectPerhaps(
  parts: readonly TemplatePart[],
  scope: Scope,
  at: At,
  into: Value[],
): EvaluationError | undefined {
  try {
    collectPieces(parts, scope, at, into);
    return undefined;
  } catch (error) {
    if (error instanceof EvaluationError) return error;
    throw error;
  }
}

function collectIf(part: Extract<TemplatePart, { kind: 'if' }>, scope: Scope, at: At, into: Value[]): void {
  const condition = evaluate(part.condition, scope);
  if (!isUnknown(condition)) {
    collectPieces(guarded(at, () => toBool(condition)) ? part.then : part.otherwise, scope, at, into);
    return;
  }
  const inner: Value[] = [condition];
  const failures = [part.then, part.otherwise].map((parts) => collectPerhaps(parts, scope, at, inner));
  if (failures.every((failure) => failure !== undefined)) throw failures[0];
  into.push(unknownFrom('a choice known after a run', ...inner));
}

// Access

function keyOf(one: Step, scope: Scope): Value {
  return one.kind === 'attr' ? one.name : evaluate(one.key, scope);
}

/** A chain of accesses laid out, from its root on, with the constant steps it begins with. */
interface Chain {
  readonly root: Expression;
  readonly links: readonly Kind<'access'>[];
  readonly steps: readonly string[];
}

/** Chains are evaluated by the thousand, with other values each time: laid out once. */
const chains = new WeakMap<Kind<'access'>, Chain>();

function chainOf(expr: Kind<'access'>): Chain {
  const known = chains.get(expr);
  if (known !== undefined) return known;
  const links: Kind<'access'>[] = [expr];
  let root = expr.on;
  for (; root.kind === 'access'; root = root.on) links.push(root);
  links.reverse();
  const constants = links.map((link) => constantStep(link.step));
  const end = constants.indexOf(undefined);
  const steps = (end < 0 ? constants : constants.slice(0, end)).filter((one) => one !== undefined);
  const chain = { root, links, steps };
  chains.set(expr, chain);
  return chain;
}

function evaluateAccess(expr: Kind<'access'>, scope: Scope): Value {
  const { root, links, steps } = chainOf(expr);
  let used = 0;
  let value: Value | undefined;
  if (root.kind === 'variable' && scope.traverse !== undefined && steps.length > 0) {
    const answer = scope.traverse(root.name, steps);
    if (answer !== undefined) ({ value, used } = answer);
  }
  // A null is a value like any other.
  if (value === undefined) value = evaluate(root, scope);
  const start = value;
  for (let at = used; at < links.length; at++) {
    const link = links[at];
    if (link === undefined) break;
    const key = keyOf(link.step, scope);
    const next = step(value, key, link.at);
    value = isUnknown(next) ? definedBy(next, 'step', [value, key]) : next;
  }
  if (root.kind !== 'variable') reportDropped(scope, [start], value);
  return value;
}

function evaluateSplat(expr: Kind<'splat'>, scope: Scope): Value {
  const on = evaluate(expr.on, scope);
  const follow = (value: Value): Value =>
    expr.steps.reduce((inner, one) => step(inner, keyOf(one, scope), expr.at), value);
  if (on === null) return [];
  if (isUnknown(on) && on.members === undefined && isDataBlock(expr.on, on)) return [follow(on)];
  if (isUnknown(on)) {
    const inner = follow(extend(on, '*'));
    const steps = expr.steps.map((one) => constantStep(one) ?? null);
    if (!isUnknown(inner)) return inner;
    const each =
      on.members === undefined
        ? new Unknown(inner.reason, inner.places)
        : collection(inner.reason, [inner], [keysOf(on)]);
    return steps.includes(null) ? each : definedBy(each, 'each', [on, steps]);
  }
  return bounded((isList(on) ? on : [on]).map(follow), expr.at);
}

/** A data block that is not repeated is one object, which a splat takes for a list of it. */
function isDataBlock(expr: Expression, { place }: Unknown): boolean {
  if (expr.kind !== 'access' || place === undefined || place.steps.length > 0) return false;
  const { root, links, steps } = chainOf(expr);
  return root.kind === 'variable' && root.name === 'data' && links.length === 2 && steps.length === 2;
}

// Calls

function evaluateCall(expr: Kind<'call'>, scope: Scope): Value {
  if (expr.name === 'try') return evaluateTry(expr, scope);
  if (expr.name === 'can') return evaluateCan(expr, scope);
  let args: readonly Value[] = expr.args.map((argument) => evaluate(argument, scope));
  if (expr.expand && args.length > 0) {
    const last = args[args.length - 1] ?? null;
    if (isUnknown(last)) return unknownFrom(`${expr.name} of a list known after a run`, ...args);
    if (!isList(last)) throw new EvaluationError(`only a list can be expanded, not ${typeName(last)}`, expr.at);
    args = [...args.slice(0, -1), ...last];
  }
  // What every object has by its nature is no function of a scope.
  const own = expr.name in Object.prototype ? undefined : scope.functions?.[expr.name];
  if (own === undefined && !isKnownFunction(expr.name)) {
    const why = `there is no function ${expr.name}`;
    throw new UnknownFunctionError(why, expr.at, unknownFrom(why, ...args));
  }
  const result = bounded(
    guarded(expr.at, () => (own === undefined ? callFunction(expr.name, args) : own(args, expr))),
    expr.at,
  );
  reportDropped(scope, args, result);
  if (!isUnknown(result) || /^(?:non)?sensitive$/.test(expr.name)) return result;
  // A function without arguments of the scope's own says itself where its answer comes from.
  if (own !== undefined && args.length === 0) return result;
  const computed = result.exact ? inexact(result) : result;
  return computesOnly(expr.name, own !== undefined) ? definedBy(computed, expr.name, args) : computed;
}

const differs = new Set(['uuid', 'timestamp', 'plantimestamp', 'bcrypt', 'rsadecrypt', 'ephemeralasnull']);
const computing = new Set(['basename', 'dirname', 'deep_merge']);

/** Functions whose answer their arguments alone decide: neither files, nor the clock, nor another program. */
function computesOnly(name: string, ofScope: boolean): boolean {
  return ofScope ? computing.has(name) : functions.has(name) && !differs.has(name);
}

/** The first that does not fail. What is unknown now may still fail in a run, so all behind it take part. */
function evaluateTry(expr: Kind<'call'>, scope: Scope): Value {
  let failure: EvaluationError | undefined;
  for (const [i, argument] of expr.args.entries()) {
    const listening = listenIn(scope);
    try {
      const value = evaluate(argument, listening.scope);
      if (i === expr.args.length - 1 || (isWhollyKnown(value) && !listening.heard())) return value;
      const behind = fallbacks(expr.args.slice(i + 1), scope);
      if (isUnknown(value)) return definedBy(tolerate(value, ...behind), 'try', [value, ...behind]);
      for (const one of behind) scope.dropped?.(one);
      return tolerateInside(value);
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      if (error instanceof UnknownFunctionError && i < expr.args.length - 1)
        return tolerate(error.answer, ...fallbacks(expr.args.slice(i + 1), scope));
      failure = error;
    }
  }
  throw failure ?? new EvaluationError('try without arguments', expr.at);
}

/** What `try` may fall back to: up to and with the first known one. */
function fallbacks(args: readonly Expression[], scope: Scope): Value[] {
  const values: Value[] = [];
  for (const argument of args) {
    try {
      const value = evaluate(argument, scope);
      values.push(value);
      if (!isUnknown(value)) break;
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
    }
  }
  return values;
}

function evaluateCan(expr: Kind<'call'>, scope: Scope): Value {
  try {
    const values = expr.args.map((argument) => evaluate(argument, scope));
    const [unknown] = values.filter(isUnknown);
    if (unknown === undefined) return true;
    return new Unknown('whether it can be evaluated is known after a run', tolerate(unknown).places);
  } catch (error) {
    if (error instanceof UnknownFunctionError) return tolerate(error.answer);
    if (error instanceof EvaluationError) return false;
    throw error;
  }
}

// Operators

function evaluateBinary(expr: Kind<'binary'>, scope: Scope): Value {
  const left = evaluate(expr.left, scope);
  if (expr.op !== '&&' && expr.op !== '||') {
    const right = evaluate(expr.right, scope);
    const result = guarded(expr.at, () => binary(expr.op, left, right));
    reportDropped(scope, [left, right], result);
    return definedBy(result, expr.op, [left, right]);
  }
  const deciding = expr.op === '||';
  if (!isUnknown(left) && guarded(expr.at, () => toBool(left)) === deciding) {
    if (scope.dropped !== undefined) scope.dropped(quietly(expr.right, scope));
    return deciding;
  }
  const right = isUnknown(left) ? unlessItFails(expr.right, scope) : evaluate(expr.right, scope);
  // Where the left side decides, the right one is not looked at: all that is not a failure rests on the left.
  if (right === undefined) return unknownFrom('a choice known after a run', left);
  if (isUnknown(left) && !isUnknown(right) && guarded(expr.at, () => toBool(right)) === deciding) {
    scope.dropped?.(left);
    return deciding;
  }
  return definedBy(
    guarded(expr.at, () => binary(expr.op, left, right)),
    expr.op,
    [left, right],
  );
}

/** A value that does not decide anything: a failure in it is nothing. */
function quietly(expr: Expression, scope: Scope): Value {
  return unlessItFails(expr, scope) ?? null;
}

/** Undefined where it fails: what may never be looked at in a run fails nothing. */
function unlessItFails(expr: Expression, scope: Scope): Value | undefined {
  try {
    return evaluate(expr, scope);
  } catch (error) {
    if (error instanceof EvaluationError) return undefined;
    throw error;
  }
}

function evaluateConditional(expr: Kind<'conditional'>, scope: Scope): Value {
  const condition = evaluate(expr.condition, scope);
  if (!isUnknown(condition)) {
    const chosen = guarded(expr.at, () => toBool(condition)) ? expr.then : expr.otherwise;
    const other = chosen === expr.then ? expr.otherwise : expr.then;
    const value = evaluate(chosen, scope);
    if (!isConsistent(value, other))
      throw new EvaluationError('the two results of a condition are of two types', expr.at);
    return unified(value, other);
  }
  const branches: Value[] = [];
  let failure: unknown;
  for (const branch of [expr.then, expr.otherwise]) {
    try {
      branches.push(evaluate(branch, scope));
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      failure = error;
    }
  }
  const [first, second] = branches;
  if (first === undefined) throw failure;
  if (second !== undefined && isWhollyKnown(first) && isWhollyKnown(second)) {
    if (JSON.stringify(first) === JSON.stringify(second)) {
      scope.dropped?.(condition);
      return first;
    }
  }
  const chosen = union('a choice known after a run', branches, [condition]);
  return failure === undefined ? definedBy(chosen, 'if', [condition, ...branches]) : chosen;
}

// Objects and loops

function evaluateObject(expr: Kind<'object'>, scope: Scope): Value {
  const result = emptyObject();
  const unknownKeys: Value[] = [];
  for (const item of expr.items) {
    const key = evaluate(item.key, scope);
    const value = evaluate(item.value, scope);
    if (isUnknown(key)) unknownKeys.push(key, value);
    else {
      const name = guarded(item.key.at, () => toText(key));
      const before = result[name];
      if (before !== undefined) reportDropped(scope, [before], value);
      result[name] = value;
    }
  }
  return unknownKeys.length === 0
    ? bounded(result, expr.at)
    : unknownFrom('keys known after a run', ...unknownKeys, result);
}

function evaluateFor(expr: ForExpression, scope: Scope): Value {
  const collection = evaluate(expr.collection, scope);
  const result = bounded(
    looping(() => forOver(expr, collection, scope)),
    expr.at,
  );
  if (expr.collection.kind !== 'access') reportDropped(scope, [collection], result);
  return result;
}

function forOver(expr: ForExpression, over: Value, scope: Scope): Value {
  if (isUnknown(over)) return forOverUnknown(expr, over, scope);
  if (over === null) throw new EvaluationError('a loop over a null value', expr.at);
  const turns: { key: Value; value: Value }[] = [];
  const undecided: { readonly deciding: Value[]; readonly ones: Value[] } = { deciding: [], ones: [] };
  for (const [key, value] of guarded(expr.at, () => entries(over))) {
    turn(expr.at);
    const inner = new ForScope(scope, expr.keyName, expr.valueName, key, value);
    const kept = expr.condition === undefined ? true : evaluate(expr.condition, inner);
    if (isUnknown(kept)) {
      undecided.deciding.push(kept, ...(expr.key === undefined ? [] : [quietly(expr.key, inner)]));
      undecided.ones.push(quietly(expr.value, inner));
    } else if (guarded(expr.at, () => toBool(kept))) {
      const newKey = expr.key === undefined ? null : evaluate(expr.key, inner);
      const newValue = evaluate(expr.value, inner);
      if (isUnknown(newKey)) {
        undecided.deciding.push(newKey);
        undecided.ones.push(newValue);
      } else turns.push({ key: newKey, value: newValue });
    }
  }
  const values = turns.map((turn) => turn.value);
  if (undecided.deciding.length > 0)
    return loopOf(
      expr,
      'a loop whose elements are known after a run',
      [...undecided.ones, ...values],
      undecided.deciding,
    );
  return expr.key === undefined ? values : collectTurns(expr, turns);
}

/** What a loop makes of turns of which it cannot be told how many there are. */
function loopOf(expr: ForExpression, reason: string, ones: readonly Value[], deciding: readonly Value[]): Unknown {
  return expr.grouping ? unknownFrom(reason, ...deciding, ...ones) : collection(reason, ones, deciding);
}

function collectTurns(expr: ForExpression, turns: readonly { readonly key: Value; readonly value: Value }[]): Value {
  const result = emptyObject();
  for (const turn of turns) {
    const key = guarded(expr.at, () => toText(turn.key));
    const present = Object.hasOwn(result, key) ? result[key] : undefined;
    if (expr.grouping) result[key] = present !== undefined && isList(present) ? [...present, turn.value] : [turn.value];
    else if (present !== undefined) throw new EvaluationError(`the key ${shown(key)} comes twice`, expr.at);
    else result[key] = turn.value;
  }
  return result;
}

function forOverUnknown(expr: ForExpression, over: Unknown, scope: Scope): Value {
  const inner = eachUnknown(expr, over, scope);
  const deciding: Value[] = [keysOf(over)];
  if (expr.condition !== undefined) deciding.push(quietly(expr.condition, inner));
  if (expr.key !== undefined) deciding.push(quietly(expr.key, inner));
  return loopOf(expr, 'a loop over something known after a run', [quietly(expr.value, inner)], deciding);
}
