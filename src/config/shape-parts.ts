import type { ObjectShape, Shape } from './shape.ts';

/** Words to write shapes with. */

export const text = (about: string): Shape => ({ kind: 'string', about });
export const texts = (about: string): Shape => ({ kind: 'list', about, of: text('One of them.') });
export const flag = (about: string): Shape => ({ kind: 'boolean', about });
export const choice = (about: string, ...of: readonly string[]): Shape => ({ kind: 'choice', about, of });
export const oneOrMany = (about: string): Shape => ({ kind: 'either', about, of: [text('One.'), texts('Several.')] });
export const list = (about: string, of: Shape): Shape => ({ kind: 'list', about, of });
export const map = (about: string, of: Shape): Shape => ({ kind: 'map', about, of });
export const any = (about: string): Shape => ({ kind: 'any', about });

export function object(
  about: string,
  fields: Readonly<Record<string, Shape>>,
  ...required: readonly string[]
): ObjectShape {
  return { kind: 'object', about, fields, ...(required.length === 0 ? {} : { required }) };
}
