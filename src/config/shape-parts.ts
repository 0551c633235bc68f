import type { ObjectShape, Shape } from './shape.ts';

/** Words to write shapes with. Each keeps its own type, so that the value of a shape is typed: see `shape-value.ts`. */

export const text = (about: string) => ({ kind: 'string', about }) as const;
export const texts = (about: string) => ({ kind: 'list', about, of: text('One of them.') }) as const;
export const flag = (about: string) => ({ kind: 'boolean', about }) as const;
export const choice = <const T extends string>(about: string, ...of: readonly T[]) =>
  ({ kind: 'choice', about, of }) as const;
export const oneOrMany = (about: string) => ({ kind: 'either', about, of: [text('One.'), texts('Several.')] }) as const;
export const list = <const S extends Shape>(about: string, of: S) => ({ kind: 'list', about, of }) as const;
export const map = <const S extends Shape>(about: string, of: S) => ({ kind: 'map', about, of }) as const;
export const any = (about: string) => ({ kind: 'any', about }) as const;

export const count = (about: string, least: number, most: number) =>
  ({ kind: 'number', about, least, most, whole: true }) as const;

export function object<
  const Fields extends Readonly<Record<string, Shape>>,
  const Required extends readonly (keyof Fields & string)[],
>(about: string, fields: Fields, ...required: Required): ObjectOf<Fields, Required> {
  return { kind: 'object', about, fields, required };
}

/** An object whose fields are told apart by type. */
export interface ObjectOf<
  Fields extends Readonly<Record<string, Shape>>,
  Required extends readonly (keyof Fields & string)[],
> extends ObjectShape {
  readonly fields: Fields;
  readonly required: Required;
}
