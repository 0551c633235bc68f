import { toBool, toNumber, toText } from '../../../hcl/convert.ts';
import type { Expression } from '../../../hcl/tree.ts';
import { isList, isObject, isUnknown, type Value } from '../../../hcl/value.ts';

const primitives: Readonly<Record<string, (value: Value) => unknown>> = {
  string: toText,
  number: toNumber,
  bool: toBool,
};

/** Whether Terraform takes a value under a type constraint. */
export function fits(type: Expression, value: Value): boolean {
  if (value === null) return true;
  if (isUnknown(value)) return false;
  if (type.kind === 'variable') {
    const convert = Object.hasOwn(primitives, type.name) ? primitives[type.name] : undefined;
    if (convert === undefined) return type.name === 'any';
    try {
      convert(value);
      return true;
    } catch {
      return false;
    }
  }
  if (type.kind !== 'call') return false;
  const [inner] = type.args;
  // Members of one type are made of members of several, if they can be: that is not followed.
  if (inner === undefined || (inner.kind === 'variable' && inner.name === 'any')) return false;
  if (type.name === 'list' || type.name === 'set') return isList(value) && value.every((one) => fits(inner, one));
  if (type.name === 'map')
    return isObject(value) && !isList(value) && Object.values(value).every((one) => fits(inner, one));
  if (type.name !== 'object' || inner.kind !== 'object' || !isObject(value)) return false;
  return inner.items.every(({ key, value: of }) => {
    const name = key.kind === 'literal' ? String(key.value) : undefined;
    if (name === undefined) return false;
    const optional = of.kind === 'call' && of.name === 'optional' ? of.args[0] : undefined;
    const member = Object.hasOwn(value, name) ? value[name] : undefined;
    if (member === undefined) return optional !== undefined;
    return fits(optional ?? of, member);
  });
}
