/**
 * What a selection says, once read. The language is Terragrunt's `--filter`; Karma adds attribute keys (`kind=`, `env=`,
 * `owner=` …) and ids, no operators.
 */
export type Expression =
  | { readonly is: 'path'; readonly text: string; readonly at: number; readonly braced: boolean }
  | {
      readonly is: 'attribute';
      readonly key: string;
      readonly value: string;
      readonly at: number;
      readonly bare: boolean;
    }
  | { readonly is: 'git'; readonly from: string; readonly to: string; readonly at: number }
  | { readonly is: 'not'; readonly of: Expression }
  | { readonly is: 'and'; readonly left: Expression; readonly right: Expression }
  | {
      readonly is: 'graph';
      readonly target: Expression;
      /** Steps towards dependents; undefined: not that way. */
      readonly dependents: Bound | undefined;
      readonly dependencies: Bound | undefined;
      /** `^`: the target itself is left out. */
      readonly withoutTarget: boolean;
    };

/** How far a traversal goes: so many steps, and only inside a folder. Both undefined: without limit. */
export interface Bound {
  readonly depth: number | undefined;
  readonly within: string | undefined;
}

/**
 * Whether a query only takes away: every operand of its chain is negated. Such queries are applied after all others;
 * `!a | b` is none, it selects what is `b` and not `a`.
 */
export function onlyExcludes(expression: Expression): boolean {
  if (expression.is === 'not') return true;
  return expression.is === 'and' && onlyExcludes(expression.left) && onlyExcludes(expression.right);
}
