import type { Expression } from './tree.ts';
import { isList, isObject, isUnknown, type Value } from './value.ts';

type Kind = 'tuple' | 'object' | 'text' | 'number' | 'bool';

/**
 * Whether a value and what is written in the other branch of a conditional can be of one type. HCL refuses a list beside a
 * text whichever branch is chosen. Looks only at what is written out: of all else it is not told, and may be right.
 */
export function isConsistent(value: Value, other: Expression): boolean {
  const [here, there] = [kindOf(value), kindWritten(other)];
  if (here === undefined || there === undefined) return true;
  if (here !== there) return !(isStructure(here) || isStructure(there)) && (here === 'text' || there === 'text');
  return partsOf(value, other).every(([part, written]) => {
    const [one, two] = [kindOf(part), kindWritten(written)];
    if (one === undefined || two === undefined) return true;
    return isStructure(one) || isStructure(two) ? isConsistent(part, written) : true;
  });
}

/** Members of one name, and items of lists of one length. */
function partsOf(value: Value, other: Expression): (readonly [Value, Expression])[] {
  if (isList(value) && other.kind === 'tuple' && value.length === other.items.length)
    return other.items.map((item, at) => [value[at] ?? null, item] as const);
  if (!isObject(value) || other.kind !== 'object') return [];
  return other.items.flatMap(({ key, value: written }) => {
    const name = key.kind === 'literal' ? String(key.value) : undefined;
    return name !== undefined && Object.hasOwn(value, name) ? [[value[name] ?? null, written] as const] : [];
  });
}

function isStructure(kind: Kind): boolean {
  return kind === 'tuple' || kind === 'object';
}

function kindOf(value: Value): Kind | undefined {
  if (value === null || isUnknown(value)) return undefined;
  if (isList(value)) return 'tuple';
  if (isObject(value)) return 'object';
  return typeof value === 'string' ? 'text' : typeof value === 'boolean' ? 'bool' : 'number';
}

function kindWritten(expression: Expression): Kind | undefined {
  if (expression.kind === 'tuple') return 'tuple';
  if (expression.kind === 'object') return 'object';
  if (expression.kind === 'template')
    return expression.parts.length === 1 && expression.parts[0]?.kind === 'interpolation' ? undefined : 'text';
  return expression.kind === 'literal'
    ? kindOf(typeof expression.value === 'object' ? null : expression.value)
    : undefined;
}
