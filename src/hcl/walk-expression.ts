import { digitsOf, exactNumber, isLongNumber } from '../model/exact-number.ts';
import { assemble, type Postfix } from './postfix.ts';
import { unescapeQuoted } from './strings.ts';
import type { At, BinaryOperator, Expression } from './tree.ts';
import type { Walk } from './walk.ts';
import { deferTemplate } from './walk-template.ts';

/** On an `expression` node. */
export function readExpression(walk: Walk): Expression {
  const at = walk.at();
  if (!walk.cursor.gotoFirstChild()) return { kind: 'bad', text: '', at };
  const value = walk.kind() === 'conditional' ? readConditional(walk) : readTerm(walk).value;
  walk.cursor.gotoParent();
  return value ?? bad(walk);
}

export function bad(walk: Walk): Expression {
  return { kind: 'bad', text: walk.text().slice(0, 200), at: walk.at() };
}

const operators: ReadonlySet<string> = new Set('== != < <= > >= + - * / % && ||'.split(' '));

/**
 * A term with what stands behind it, from the current sibling up to an operator or the last sibling: the grammar hides the
 * node that would hold them together. The cursor ends on the operator or on the last sibling.
 */
function readTerm(walk: Walk): { readonly value: Expression | undefined; readonly operator: string | undefined } {
  let value: Expression | undefined;
  let operator: string | undefined;
  let wrong = false;
  const behind: Postfix[] = [];
  do {
    const kind = walk.kind();
    if (kind === 'comment' || kind === '(' || kind === ')') continue;
    if (kind === 'ERROR' || (walk.broken && walk.cursor.nodeIsMissing)) {
      walk.fail(kind === 'ERROR' ? undefined : kind);
      wrong = true;
    } else if (value !== undefined && operators.has(kind)) {
      operator = kind;
      break;
    } else if (kind === 'get_attr' || kind === 'index' || kind === 'splat') readPostfix(walk, kind, behind);
    else value = readPrimary(walk, kind);
  } while (walk.cursor.gotoNextSibling());
  return { value: wrong || value === undefined ? undefined : assemble(value, behind), operator };
}

function readPrimary(walk: Walk, kind: string): Expression {
  switch (kind) {
    case 'expression':
      return readParenthesised(walk);
    case 'variable_expr':
      return { kind: 'variable', name: walk.text(), at: walk.at() };
    case 'literal_value':
      return readLiteral(walk);
    case 'function_call':
      return readCall(walk);
    case 'template_expr':
      return deferTemplate(walk, readExpression);
    case 'collection_value':
    case 'for_expr':
    case 'operation':
      return readOnlyChild(walk);
    case 'tuple':
      return readTuple(walk);
    case 'object':
      return readObject(walk);
    case 'for_tuple_expr':
    case 'for_object_expr':
      return readFor(walk);
    case 'unary_operation':
      return readUnary(walk);
    case 'binary_operation':
      return readBinary(walk);
    default:
      walk.fail();
      return bad(walk);
  }
}

function readParenthesised(walk: Walk): Expression {
  const value = readExpression(walk);
  walk.bareConditionals.delete(value);
  return value;
}

function readOnlyChild(walk: Walk): Expression {
  let value: Expression | undefined;
  walk.children((kind) => {
    if (kind === 'ERROR') walk.fail();
    else value ??= readPrimary(walk, kind);
  });
  return value ?? bad(walk);
}

function readLiteral(walk: Walk): Expression {
  const at = walk.at();
  const text = walk.text();
  if (text.startsWith('"')) return { kind: 'literal', value: unescapeQuoted(text.slice(1, -1)), at };
  if (text === 'true' || text === 'false') return { kind: 'literal', value: text === 'true', at };
  return { kind: 'literal', value: text === 'null' ? null : exactNumber(text), at };
}

function readCall(walk: Walk): Expression {
  const at = walk.at();
  let name = '';
  const args: Expression[] = [];
  let expand = false;
  walk.children((kind) => {
    if (kind === 'identifier') name = walk.text();
    else if (kind === 'ERROR') args.push(failedPart(walk));
    else if (kind === 'function_arguments')
      walk.children((part) => {
        if (part === 'expression') args.push(readExpression(walk));
        else if (part === 'ellipsis') expand = true;
        else if (part === 'ERROR') args.push(failedPart(walk));
      });
  });
  return { kind: 'call', name, args, expand, at };
}

function failedPart(walk: Walk): Expression {
  walk.fail();
  return bad(walk);
}

function readTuple(walk: Walk): Expression {
  const at = walk.at();
  const items: Expression[] = [];
  walk.children((kind) => {
    if (kind === 'expression') items.push(readExpression(walk));
    else if (kind === 'ERROR') items.push(failedPart(walk));
  });
  return { kind: 'tuple', items, at };
}

function readObject(walk: Walk): Expression {
  const at = walk.at();
  const items: { key: Expression; value: Expression }[] = [];
  walk.children((kind) => {
    if (kind === 'ERROR') items.push({ key: failedPart(walk), value: bad(walk) });
    if (kind !== 'object_elem') return;
    let key: Expression | undefined;
    let value: Expression | undefined;
    walk.children((part) => {
      if (part === 'ERROR') walk.fail();
      if (part !== 'expression') return;
      if (key === undefined) key = readKey(walk);
      else value = readExpression(walk);
    });
    if (key !== undefined) items.push({ key, value: value ?? bad(walk) });
  });
  return { kind: 'object', items, at };
}

/** A bare word as key is that word, `true` and `null` included; in parentheses it is an expression. */
function readKey(walk: Walk): Expression {
  const key = readExpression(walk);
  const bare = key.kind === 'variable' || (key.kind === 'literal' && typeof key.value !== 'number');
  if (!bare || (key.kind === 'literal' && typeof key.value === 'string')) return key;
  const text = walk.text();
  return text.startsWith('(') ? key : { kind: 'literal', value: text, at: key.at };
}

function readFor(walk: Walk): Expression {
  const at = walk.at();
  const names: string[] = [];
  const results: Expression[] = [];
  let collection: Expression | undefined;
  let condition: Expression | undefined;
  let grouping = false;
  walk.children((kind) => {
    if (kind === 'expression') results.push(readExpression(walk));
    else if (kind === 'ellipsis') grouping = true;
    else if (kind === 'ERROR') results.push(failedPart(walk));
    else if (kind === 'for_cond') condition = readOnlyChildExpression(walk);
    else if (kind === 'for_intro')
      walk.children((part) => {
        if (part === 'identifier') names.push(walk.text());
        else if (part === 'expression') collection = readExpression(walk);
      });
  });
  const value = results.at(-1);
  const valueName = names.at(-1);
  if (value === undefined || valueName === undefined || collection === undefined) return bad(walk);
  const key = results.length > 1 ? results[0] : undefined;
  const keyName = names.length > 1 ? names[0] : undefined;
  return { kind: 'for', keyName, valueName, collection, key, value, condition, grouping, at };
}

function readOnlyChildExpression(walk: Walk): Expression {
  let value: Expression | undefined;
  walk.children((kind) => {
    if (kind === 'expression') value = readExpression(walk);
  });
  return value ?? bad(walk);
}

function readUnary(walk: Walk): Expression {
  const at = walk.at();
  if (!walk.cursor.gotoFirstChild()) return bad(walk);
  const op = walk.kind() === '!' ? '!' : '-';
  walk.cursor.gotoNextSibling();
  const operand = readTerm(walk).value ?? bad(walk);
  walk.cursor.gotoParent();
  if (op === '-' && operand.kind === 'literal' && typeof operand.value === 'number')
    return { kind: 'literal', value: -operand.value, at };
  if (op === '-' && operand.kind === 'literal' && isLongNumber(operand.value))
    return { kind: 'literal', value: exactNumber(`-${digitsOf(operand.value)}`), at };
  return { kind: 'unary', op, operand, at };
}

function readBinary(walk: Walk): Expression {
  const at = walk.at();
  if (!walk.cursor.gotoFirstChild()) return bad(walk);
  const { value: left, operator } = readTerm(walk);
  const right = walk.cursor.gotoNextSibling() ? readTerm(walk).value : undefined;
  walk.cursor.gotoParent();
  if (operator === undefined) return left ?? bad(walk);
  return { kind: 'binary', op: operator as BinaryOperator, left: left ?? bad(walk), right: right ?? bad(walk), at };
}

type Conditional = Extract<Expression, { kind: 'conditional' }>;

/**
 * On a `conditional` node. The grammar groups `a ? b : c ? d : e` from the left, HCL from the right: so when the condition is
 * itself a conditional without parentheses, this one belongs at the end of its chain.
 */
function readConditional(walk: Walk): Expression {
  const at = walk.at();
  const parts: Expression[] = [];
  walk.children((kind) => {
    if (kind === 'expression') parts.push(readExpression(walk));
    else if (kind === 'ERROR') walk.fail();
  });
  const [condition, then, otherwise] = parts;
  if (condition === undefined || then === undefined || otherwise === undefined) return bad(walk);
  const whole = appended(walk, condition, then, otherwise, at);
  walk.bareConditionals.add(whole);
  return whole;
}

function appended(walk: Walk, condition: Expression, then: Expression, otherwise: Expression, at: At): Conditional {
  if (condition.kind !== 'conditional' || !walk.bareConditionals.has(condition))
    return { kind: 'conditional', condition, then, otherwise, at };
  const rest = appended(walk, condition.otherwise, then, otherwise, condition.otherwise.at);
  walk.bareConditionals.add(rest);
  return { ...condition, otherwise: rest };
}

function readPostfix(walk: Walk, kind: string, into: Postfix[]): void {
  if (kind === 'get_attr') {
    const name = walk.text().slice(1).trim();
    into.push({ kind: 'step', step: { kind: 'attr', name }, dotted: true });
  } else if (kind === 'index') readIndex(walk, into);
  else
    walk.children((splat) => {
      into.push({ kind: splat === 'full_splat' ? 'full' : 'attributes' });
      walk.children((part) => {
        if (part === 'get_attr' || part === 'index') readPostfix(walk, part, into);
      });
    });
}

function readIndex(walk: Walk, into: Postfix[]): void {
  walk.children((kind) => {
    if (kind === 'legacy_index') {
      const key: Expression = { kind: 'literal', value: Number(walk.text().slice(1)), at: walk.at() };
      into.push({ kind: 'step', step: { kind: 'index', key }, dotted: true });
    } else if (kind === 'new_index')
      into.push({ kind: 'step', step: { kind: 'index', key: readOnlyChildExpression(walk) }, dotted: false });
  });
}
