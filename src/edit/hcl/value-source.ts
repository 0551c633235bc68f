import { innerExpressions } from '../../hcl/inner-expressions.ts';
import type { Body, Expression } from '../../hcl/tree.ts';
import type { ValueSource } from '../edit.ts';

/** What an expression takes its value from: the first name in it. With the line where this file says what that is. */
export function sourceOf(expression: Expression, file: Body): ValueSource {
  const found = firstName(expression);
  const name = found === undefined ? undefined : found.join('.');
  const line = found === undefined ? undefined : lineOf(found, file);
  const known = { ...(name === undefined ? {} : { name }), ...(line === undefined ? {} : { line }) };
  if (expression.kind === 'call')
    return { kind: 'call', name: expression.name, ...(line === undefined ? {} : { line }) };
  if (expression.kind === 'template') return { kind: 'template', ...known };
  if (expression.kind !== 'variable' && expression.kind !== 'access') return { kind: 'expression', ...known };
  const [root = ''] = found ?? [];
  return { kind: kinds[root] ?? 'expression', ...known };
}

const kinds: Readonly<Record<string, ValueSource['kind']>> = {
  local: 'local',
  var: 'variable',
  dependency: 'dependency',
  include: 'include',
};

/** The names of a reference: `local.region` as `['local', 'region']`. */
function firstName(expression: Expression): readonly string[] | undefined {
  switch (expression.kind) {
    case 'variable':
      return [expression.name];
    case 'access': {
      const on = firstName(expression.on);
      const { step } = expression;
      return on === undefined || step.kind !== 'attr' ? on : [...on, step.name];
    }
    default:
      return firstOf(innerExpressions(expression));
  }
}

function firstOf(parts: readonly Expression[]): readonly string[] | undefined {
  for (const part of parts) {
    const found = firstName(part);
    if (found !== undefined) return found;
  }
  return undefined;
}

function lineOf([root, name = '']: readonly string[], { blocks }: Body): number | undefined {
  if (root === 'local')
    return blocks.filter(({ type }) => type === 'locals').flatMap(({ body }) => body.attributes.get(name) ?? [])[0]?.at
      .line;
  const type = root === 'var' ? 'variable' : root;
  return blocks.find((block) => block.type === type && block.labels[0] === name)?.at.line;
}
