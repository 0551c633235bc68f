import type { Shape } from './shape.ts';
import type { ObjectOf } from './shape-parts.ts';

/**
 * The type of what a shape accepts: a query is typed by the shape that validates it, so the two cannot disagree. Of any shape
 * at all nothing is known, and the type of a list of any shapes would have no end.
 */
export type ValueOf<S> = [Shape] extends [S]
  ? unknown
  : S extends ObjectOf<infer Fields, infer Required>
    ? ObjectValue<Fields, Required[number]>
    : S extends { readonly kind: 'string' }
      ? string
      : S extends { readonly kind: 'boolean' }
        ? boolean
        : S extends { readonly kind: 'number' | 'integer' }
          ? number
          : S extends { readonly kind: 'choice'; readonly of: readonly (infer Choice)[] }
            ? Choice
            : S extends { readonly kind: 'list'; readonly of: infer Item }
              ? readonly ValueOf<Item>[]
              : S extends { readonly kind: 'map'; readonly of: infer Item }
                ? Readonly<Record<string, ValueOf<Item>>>
                : S extends { readonly kind: 'either'; readonly of: readonly (infer Alternative)[] }
                  ? ValueOf<Alternative>
                  : unknown;

type ObjectValue<Fields extends Readonly<Record<string, Shape>>, Required extends string> = {
  readonly [Key in keyof Fields as Key extends Required ? Key : never]: ValueOf<Fields[Key]>;
} & {
  readonly [Key in keyof Fields as Key extends Required ? never : Key]?: ValueOf<Fields[Key]>;
};
