import { holeOf } from '../../../hcl/places.ts';
import type { Expression } from '../../../hcl/tree.ts';
import { emptyObject, isUnknown, Unknown, type Value } from '../../../hcl/value.ts';
import type { DataQuery } from '../../terraform/instance.ts';
import { bodyValue } from './backend-config.ts';

/**
 * The `config` of a block that reads a state, part by part: a variable without a value that a function refuses takes its own
 * place in the address with it, not the whole of it.
 */
export function readConfig(query: DataQuery): Value {
  const { resource, module } = query;
  const whole = query.argument('config');
  const block = resource.body.blocks.find(({ type }) => type === 'config');
  if (whole === undefined) return block === undefined ? {} : bodyValue(module, block.body);
  const set = resource.body.attributes.get('config');
  if (!isUnknown(whole) || set === undefined || set.value.kind !== 'object') return whole;
  const config = emptyObject();
  for (const { key, value } of set.value.items) {
    const name = query.module.attempt(key, query.scope);
    if (typeof name !== 'string') return whole;
    config[name] = partsOf(value, query);
  }
  return config;
}

function partsOf(expr: Expression, { module, scope }: DataQuery): Value {
  const whole = module.attempt(expr, scope);
  if (!isUnknown(whole) || whole.text !== undefined || expr.kind !== 'template') return whole;
  let text = '';
  for (const part of expr.parts) {
    if (part.kind === 'text') text += part.text;
    else if (part.kind === 'interpolation') text += textOf(module.attempt(part.value, scope));
    else return whole;
  }
  return new Unknown(whole.reason, whole.places, undefined, { text, exact: false });
}

function textOf(value: Value): string {
  return isUnknown(value)
    ? holeOf(value)
    : typeof value === 'string' || typeof value === 'number'
      ? String(value)
      : '${?}';
}
