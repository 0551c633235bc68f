import { digitsOf, exactNumber, isLongNumber } from '../model/exact-number.ts';
import { assemble, type Postfix } from './postfix.ts';
import { giveUp, type Scan, startsName } from './strict-scan.ts';
import { readForNames, readHeredoc, readQuoted } from './strict-template.ts';
import type { At, BinaryOperator, Expression } from './tree.ts';

/** An expression. `lines`: line breaks are white space, as inside parentheses and brackets. */
export function readStrict(scan: Scan, lines: boolean): Expression {
  scan.skip(lines);
  const start = scan.next;
  const expression = readWhole(scan, lines);
  scan.mark(expression, start);
  return expression;
}

function readWhole(scan: Scan, lines: boolean): Expression {
  const at = scan.at();
  const condition = readOperation(scan, lines, 0, at);
  scan.skip(lines);
  if (!scan.takes('?')) return condition;
  const then = readStrict(scan, lines);
  scan.skip(lines);
  scan.take(':');
  const otherwise = readStrict(scan, lines);
  return { kind: 'conditional', condition, then, otherwise, at };
}

const overLines = (scan: Scan): Expression => readStrict(scan, true);

/** Binary operators by how weakly they bind, HCL's six levels. */
const levels: readonly (readonly BinaryOperator[])[] = [
  ['||'],
  ['&&'],
  ['==', '!='],
  ['<=', '>=', '<', '>'],
  ['+', '-'],
  ['*', '/', '%'],
];

/** @param at where it starts, a parenthesis included */
function readOperation(scan: Scan, lines: boolean, level: number, at: At): Expression {
  const operators = levels[level];
  if (operators === undefined) return readTerm(scan, lines, at);
  let left = readOperation(scan, lines, level + 1, at);
  for (;;) {
    scan.skip(lines);
    const op = operatorAt(scan, operators);
    if (op === undefined) return left;
    scan.next += op.length;
    scan.skip(lines);
    left = { kind: 'binary', op, left, right: readOperation(scan, lines, level + 1, scan.at()), at };
  }
}

function operatorAt(scan: Scan, operators: readonly BinaryOperator[]): BinaryOperator | undefined {
  const code = scan.code();
  for (const op of operators) {
    if (op.charCodeAt(0) !== code || !scan.starts(op)) continue;
    // `=>` belongs to a loop, `%{` and `~}` to a template.
    if (op === '%' && scan.text.charCodeAt(scan.next + 1) === 0x7b) return undefined;
    return op;
  }
  return undefined;
}

function readTerm(scan: Scan, lines: boolean, at: At): Expression {
  const code = scan.code();
  if (code === 0x2d || code === 0x21) {
    scan.next += 1;
    scan.skip(lines);
    const operand = readTerm(scan, lines, scan.at());
    const op = code === 0x2d ? '-' : '!';
    if (op === '-' && operand.kind === 'literal' && typeof operand.value === 'number')
      return { kind: 'literal', value: -operand.value, at };
    if (op === '-' && operand.kind === 'literal' && isLongNumber(operand.value))
      return { kind: 'literal', value: exactNumber(`-${digitsOf(operand.value)}`), at };
    return { kind: 'unary', op, operand, at };
  }
  return readPostfixes(scan, lines, readPrimary(scan, lines, code, at));
}

function readPrimary(scan: Scan, lines: boolean, code: number, at: At): Expression {
  if (code === 0x22) return readQuoted(scan, overLines);
  if (startsName(code)) return readName(scan, lines, at);
  if (code === 0x5b) return readTuple(scan, at);
  if (code === 0x7b) return readObject(scan, at);
  if (code >= 0x30 && code <= 0x39) return { kind: 'literal', value: scan.number(), at };
  if (code === 0x3c && scan.starts('<<')) return readHeredoc(scan, overLines);
  if (code !== 0x28) giveUp();
  scan.next += 1;
  const inner = readStrict(scan, true);
  scan.skip(true);
  scan.take(')');
  return inner;
}

function readName(scan: Scan, lines: boolean, at: At): Expression {
  const name = scan.identifier();
  const behind = scan.next;
  scan.skip(false);
  if (scan.code() === 0x28) return readCall(scan, name, at);
  if (lines && scan.code() === 0x0a && /^\s*\(/.test(scan.text.slice(scan.next, scan.next + 100))) giveUp();
  scan.moveBack(behind);
  if (name === 'true' || name === 'false') return { kind: 'literal', value: name === 'true', at };
  if (name === 'null') return { kind: 'literal', value: null, at };
  return { kind: 'variable', name, at };
}

/** On the opening parenthesis. */
function readCall(scan: Scan, name: string, at: At): Expression {
  scan.next += 1;
  const args: Expression[] = [];
  let expand = false;
  for (;;) {
    scan.skip(true);
    if (scan.takes(')')) break;
    if (expand) giveUp();
    args.push(readStrict(scan, true));
    scan.skip(true);
    if (scan.takes('...')) expand = true;
    else if (!scan.takes(',') && scan.code() !== 0x29) giveUp();
  }
  return { kind: 'call', name, args, expand, at };
}

function readPostfixes(scan: Scan, lines: boolean, term: Expression): Expression {
  const behind: Postfix[] = [];
  for (;;) {
    const before = scan.next;
    scan.skip(false);
    const code = scan.code();
    if (code === 0x2e && scan.text.charCodeAt(scan.next + 1) !== 0x2e) readDotted(scan, behind);
    else if (code === 0x5b) readBracket(scan, behind);
    else {
      if (lines && code === 0x0a && continuesBelow(scan)) giveUp();
      scan.moveBack(before);
      return behind.length === 0 ? term : assemble(term, behind);
    }
  }
}

/** A chain that goes on in the next line is rare; the grammar may have it. */
function continuesBelow(scan: Scan): boolean {
  return /^\s*[.[](?!\.)/.test(scan.text.slice(scan.next, scan.next + 200));
}

function readDotted(scan: Scan, behind: Postfix[]): void {
  scan.next += 1;
  const code = scan.code();
  if (code === 0x2a) {
    scan.next += 1;
    behind.push({ kind: 'attributes' });
  } else if (code >= 0x30 && code <= 0x39) {
    const at = scan.at();
    let end = scan.next;
    while (scan.text.charCodeAt(end) >= 0x30 && scan.text.charCodeAt(end) <= 0x39) end += 1;
    const key: Expression = {
      kind: 'literal',
      value: Number(scan.text.slice(scan.next, end)),
      at: { line: at.line, column: at.column - 1 },
    };
    scan.next = end;
    behind.push({ kind: 'step', step: { kind: 'index', key }, dotted: true });
  } else {
    scan.skip(false);
    const name = scan.identifier();
    if (name === '') giveUp();
    behind.push({ kind: 'step', step: { kind: 'attr', name }, dotted: true });
  }
}

function readBracket(scan: Scan, behind: Postfix[]): void {
  if (scan.takes('[*]')) {
    behind.push({ kind: 'full' });
    return;
  }
  scan.next += 1;
  const key = readStrict(scan, true);
  scan.skip(true);
  scan.take(']');
  behind.push({ kind: 'step', step: { kind: 'index', key }, dotted: false });
}

function isFor(scan: Scan): boolean {
  return scan.starts('for') && /^for[\s#/]/.test(scan.text.slice(scan.next, scan.next + 4));
}

function readTuple(scan: Scan, at: At): Expression {
  scan.next += 1;
  scan.skip(true);
  if (isFor(scan)) return readFor(scan, at, ']');
  const items: Expression[] = [];
  for (;;) {
    scan.skip(true);
    if (scan.takes(']')) return { kind: 'tuple', items, at };
    items.push(readStrict(scan, true));
    scan.skip(true);
    if (!scan.takes(',') && scan.code() !== 0x5d) giveUp();
  }
}

function readObject(scan: Scan, at: At): Expression {
  scan.next += 1;
  scan.skip(true);
  if (isFor(scan)) return readFor(scan, at, '}');
  const items: { key: Expression; value: Expression }[] = [];
  for (;;) {
    scan.skip(true);
    if (scan.takes('}')) return { kind: 'object', items, at };
    const start = scan.next;
    const key = readKey(scan);
    scan.mark(key, start);
    scan.skip(false);
    if (!scan.takes('=') && !scan.takes(':')) giveUp();
    items.push({ key, value: readStrict(scan, false) });
    scan.skip(false);
    const code = scan.code();
    if (code === 0x2c) scan.next += 1;
    else if (code !== 0x0a && code !== 0x7d) giveUp();
  }
}

/** A bare word as key is that word; in parentheses it is an expression. */
function readKey(scan: Scan): Expression {
  const start = scan.next;
  const code = scan.code();
  const key = readStrict(scan, false);
  if (code === 0x28) return key;
  if (key.kind === 'variable') return { kind: 'literal', value: key.name, at: key.at };
  if (key.kind === 'literal' && (key.value === null || typeof key.value === 'boolean'))
    return { kind: 'literal', value: scan.text.slice(start, scan.next).trim(), at: key.at };
  return key;
}

/** Behind the opening bracket, on `for`. */
function readFor(scan: Scan, at: At, close: ']' | '}'): Expression {
  scan.take('for');
  const names = readForNames(scan);
  const collection = readStrict(scan, true);
  scan.skip(true);
  scan.take(':');
  let value = readStrict(scan, true);
  let key: Expression | undefined;
  scan.skip(true);
  if (close === '}') {
    scan.take('=>');
    key = value;
    value = readStrict(scan, true);
    scan.skip(true);
  }
  const grouping = close === '}' && scan.takes('...');
  scan.skip(true);
  const condition = scan.takes('if') ? readStrict(scan, true) : undefined;
  scan.skip(true);
  scan.take(close);
  const valueName = names.at(-1) ?? giveUp();
  const keyName = names.length > 1 ? names[0] : undefined;
  return { kind: 'for', keyName, valueName, collection, key, value, condition, grouping, at };
}
