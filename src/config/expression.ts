import type { CelInput, parse } from '@bufbuild/cel';
import { digitsOf, isLongNumber } from '../model/exact-number.ts';
import { lateModule } from '../model/late-module.ts';
import type * as ExpressionEngine from './expression-engine.ts';

const engine = lateModule<typeof ExpressionEngine>('expression-engine', import.meta.url);

/** What stands where a value is not known: a secret, something that only a run tells. Whatever rests on it is not known either. */
export class Hidden {
  readonly why: string;

  constructor(why: string) {
    this.why = why;
  }
}

/** True, false, or why nobody can say. */
export type Truth = boolean | { readonly unknown: string };

/** A condition that somebody wrote in CEL, over JSON that is handed in under names. */
export interface Expression {
  /** Why it cannot be used; undefined when it can. */
  readonly broken: string | undefined;
  /** Of {@link Hidden} values inside, which may stand anywhere, nothing is told. Reasons quote no value. */
  holds(input: Readonly<Record<string, unknown>>): Truth;
}

/** Turns of all loops together: a large document takes a tenth of them. */
const mostTurns = 200_000;
const longest = 10_000;

type Expr = ReturnType<typeof parse>['expr'];

/**
 * Reads a condition in CEL, the Common Expression Language: it has no side effects and no loops but over what is there. How
 * many turns those take is counted, since anybody may have written it. JSON's whole numbers are `int`, all others `double`.
 *
 * @param names what the expression may speak of; another name is a mistake that is told before anything is evaluated
 */
export function readExpression(text: string, names: readonly string[]): Expression {
  const broken = (why: string): Expression => ({ broken: why, holds: () => ({ unknown: why }) });
  if (text.length > longest) return broken(`it is longer than ${longest} characters`);
  const { celEnv, celFunc, CelScalar, isCelError, parse: parseText, plan } = engine();
  let turns = 0;
  const step = celFunc(stepName, [CelScalar.DYN], CelScalar.DYN, (go) => {
    turns += 1;
    return turns > mostTurns ? false : go;
  });
  const env = celEnv({ funcs: [step] });
  try {
    const { expr } = parseText(text);
    const spoken = spokenOf(expr, new Set(names));
    const name = spoken.names.find((one) => !typeNames.has(one));
    if (name !== undefined) return broken(`there is no ${name}: it may speak of ${names.join(', ')}`);
    const call = spoken.functions.find((one) => env.funcs.find(one) === undefined);
    if (call !== undefined) return broken(`there is no function ${call}`);
    const evaluate = plan(env, expr);
    return {
      broken: undefined,
      holds(input) {
        turns = 0;
        const met: string[] = [];
        const result = evaluate(bindingsOf(input, met));
        if (turns > mostTurns) return { unknown: 'it asks for more work than anybody means' };
        if (met.length > 0) return { unknown: `it rests on ${met[0]}` };
        if (isCelError(result)) return { unknown: inWords(result.message, text) };
        return typeof result === 'boolean' ? result : { unknown: 'it gives neither true nor false' };
      },
    };
  } catch (error) {
    return broken(`it is no CEL: ${error instanceof Error ? error.message.replace(/^<input>:/, '') : 'unreadable'}`);
  }
}

const stepName = '@turn';

/** Types are values in CEL: `type(outputs.port) == int`. */
const typeNames: ReadonlySet<string> = new Set(
  ['bool', 'bytes', 'double', 'duration', 'google', 'int', 'list', 'map', 'null_type', 'string', 'timestamp'].concat([
    'type',
    'uint',
  ]),
);

/** Names and functions that it uses and does not bring itself; on the way every loop is given a counter. */
function spokenOf(expr: Expr, known: ReadonlySet<string>): { names: readonly string[]; functions: readonly string[] } {
  const names: string[] = [];
  const functions: string[] = [];
  const walk = (one: Expr | undefined, bound: ReadonlySet<string>): void => {
    const kind = one?.exprKind;
    switch (kind?.case) {
      case 'identExpr':
        if (!bound.has(kind.value.name)) names.push(kind.value.name);
        return;
      case 'selectExpr':
        walk(kind.value.operand, bound);
        return;
      case 'callExpr':
        if (/^\w*[a-z]\w*$/i.test(kind.value.function)) functions.push(kind.value.function);
        walk(kind.value.target, bound);
        for (const arg of kind.value.args) walk(arg, bound);
        return;
      case 'listExpr':
        for (const element of kind.value.elements) walk(element, bound);
        return;
      case 'structExpr':
        for (const { keyKind, value } of kind.value.entries) {
          if (keyKind.case === 'mapKey') walk(keyKind.value, bound);
          walk(value, bound);
        }
        return;
      case 'comprehensionExpr': {
        const loop = kind.value;
        const inner = new Set([...bound, loop.accuVar, loop.iterVar, loop.iterVar2]);
        walk(loop.iterRange, bound);
        walk(loop.accuInit, bound);
        for (const part of [loop.loopCondition, loop.loopStep, loop.result]) walk(part, inner);
        if (loop.loopCondition !== undefined) loop.loopCondition = counted(loop.loopCondition);
      }
    }
  };
  walk(expr, known);
  return { names, functions };
}

function counted(condition: Expr): Expr {
  const call = { $typeName: 'cel.expr.Expr.Call' as const, function: stepName, args: [condition] };
  return { $typeName: 'cel.expr.Expr', id: condition.id, exprKind: { case: 'callExpr', value: call } };
}

function bindingsOf(input: Readonly<Record<string, unknown>>, met: string[]): Record<string, CelInput> {
  const members = new WatchedMap(Object.entries(input), met);
  const bindings: Record<string, CelInput> = {};
  for (const name of members.keys())
    Object.defineProperty(bindings, name, { enumerable: true, get: () => members.get(name) });
  return bindings;
}

function inputOf(value: unknown, met: string[]): CelInput {
  if (isLongNumber(value)) return BigInt(digitsOf(value));
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || value === null || value === undefined) return value ?? null;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map((item) => inputOf(item, met));
  const { celMap } = engine();
  return celMap(new WatchedMap(Object.entries(value), met));
}

/** Why a value is not known; undefined when it is. A list that holds such a one is not known as a whole. */
function whyHidden(value: unknown): string | undefined {
  if (value instanceof Hidden) return value.why;
  if (isLongNumber(value)) return isInt64(digitsOf(value)) ? undefined : 'a number with more digits than CEL keeps';
  if (!Array.isArray(value)) return undefined;
  for (const item of value) {
    const why = whyHidden(item);
    if (why !== undefined) return why;
  }
  return undefined;
}

function isInt64(digits: string): boolean {
  return /^-?\d+$/.test(digits) && BigInt.asIntN(64, BigInt(digits)) === BigInt(digits);
}

/** Members of an object, made when they are read: who reads a hidden one is noted. */
class WatchedMap extends Map<string, CelInput> {
  readonly #values: ReadonlyMap<string, unknown>;
  readonly #met: string[];
  readonly #made = new Map<string, CelInput>();

  constructor(members: readonly (readonly [string, unknown])[], met: string[]) {
    super(members.map(([name]) => [name, null]));
    this.#values = new Map(members);
    this.#met = met;
  }

  override get(name: string): CelInput | undefined {
    if (!this.#values.has(name)) return undefined;
    const value = this.#values.get(name);
    const why = whyHidden(value);
    if (why !== undefined) {
      this.#met.push(why);
      return '';
    }
    const made = this.#made.get(name) ?? inputOf(value, this.#met);
    this.#made.set(name, made);
    return made;
  }

  override forEach(callback: (value: CelInput, key: string, map: Map<string, CelInput>) => void): void {
    for (const [name, value] of this.entries()) callback(value, name, this);
  }

  override *entries(): MapIterator<[string, CelInput]> {
    for (const name of this.keys()) yield [name, this.get(name) ?? null];
  }

  override *values(): MapIterator<CelInput> {
    for (const [, value] of this.entries()) yield value;
  }

  override [Symbol.iterator](): MapIterator<[string, CelInput]> {
    return this.entries();
  }
}

/** What the language says of a value may quote it; of what the expression itself says nothing is secret. */
function inWords(message: string, text: string): string {
  const missing = /^(?:field|key) not found: (.*)$/s.exec(message)?.[1];
  if (missing !== undefined) return text.includes(missing) ? `there is no ${missing}` : 'what it looks up is not there';
  const types = /^found no matching overload for '([^']*)' applied to '\(([\w, .<>]*)\)'$/.exec(message);
  if (types !== null) return `${inSigns(types[1] ?? '')} does not take ${types[2]}`;
  if (/divi(?:de|sion) by zero|modulus by zero/.test(message)) return 'it divides by zero';
  return 'it cannot be evaluated';
}

function inSigns(name: string): string {
  return name.replaceAll('_', '') || name;
}
