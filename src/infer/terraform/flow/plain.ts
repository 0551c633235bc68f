import type { Body, Expression } from '../../../hcl/tree.ts';
import type { Module } from '../module.ts';

/**
 * A mention of something as such, an attribute of a block that is not repeated, or a collection of those: nothing in it can
 * fail. Whether a block has such an attribute is for its provider to say, and is taken from who wrote it.
 */
export function isPlain(expr: Expression, module: Module): boolean {
  if (expr.kind === 'literal' || isOfText(expr, module)) return true;
  if (expr.kind === 'tuple') return expr.items.every((item) => isPlain(item, module));
  if (expr.kind === 'object')
    return expr.items.every(({ key, value }) => key.kind === 'literal' && isPlain(value, module));
  const names = namesIn(expr);
  if (names === undefined) return false;
  const [first = '', second = ''] = names;
  if (first === 'var' || first === 'local') return names.length === 2;
  if (first === 'module') return names.length === 3 && isOnce(module.calls.get(second));
  const address = names.slice(0, -1).join('.');
  return isOnce(module.resources.get(address));
}

const ofAnyText: ReadonlySet<string> = new Set([
  ...['upper', 'lower', 'trimspace', 'md5', 'sha1', 'sha256', 'base64encode'],
]);

/** A text that is made of what tells which block it is, by what takes any text. */
function isOfText(expr: Expression, module: Module): boolean {
  if (expr.kind === 'literal') return typeof expr.value === 'string';
  if (expr.kind === 'template')
    return expr.parts.every(
      (part) => part.kind === 'text' || (part.kind === 'interpolation' && isOfText(part.value, module)),
    );
  if (expr.kind === 'call') {
    const [text, ...more] = expr.args;
    if (text === undefined || expr.expand || !isOfText(text, module)) return false;
    if (expr.name !== 'substr') return more.length === 0 && ofAnyText.has(expr.name);
    return more.length === 2 && more.every((one) => one.kind === 'literal' && Number.isInteger(one.value));
  }
  const names = namesIn(expr);
  if (names === undefined || names.length !== 3 || names[2] !== 'id') return false;
  return names[0] !== 'module' && isOnce(module.resources.get(names.slice(0, -1).join('.')));
}

/** `a`, `b`, `c` of `a.b.c`. */
function namesIn(expr: Expression): readonly string[] | undefined {
  const names: string[] = [];
  let at = expr;
  for (; at.kind === 'access'; at = at.on) {
    if (at.step.kind !== 'attr') return undefined;
    names.unshift(at.step.name);
  }
  return at.kind === 'variable' ? [at.name, ...names] : undefined;
}

function isOnce(block: { readonly body: Body } | undefined): boolean {
  return block !== undefined && !['count', 'for_each'].some((name) => block.body.attributes.has(name));
}
