/**
 * Karma's own small tree of an HCL file: what Terraform and Terragrunt mean, without trivia. Made by `parse.ts` (native
 * syntax) and `json.ts` (JSON syntax); never changed afterwards, so it can be cached by content.
 */

/** A place in a file; lines and columns from 1. */
export interface At {
  readonly line: number;
  readonly column: number;
}

export interface HclFile {
  readonly body: Body;
  /** Syntax errors; what could still be read is in `body`. */
  readonly errors: readonly { readonly at: At; readonly message: string }[];
}

export interface Body {
  /** In the order written. A name that stands twice is in `duplicates` with its later places. */
  readonly attributes: ReadonlyMap<string, Attribute>;
  readonly blocks: readonly Block[];
  readonly duplicates: readonly { readonly name: string; readonly at: At }[];
}

export interface Attribute {
  readonly name: string;
  readonly value: Expression;
  readonly at: At;
}

export interface Block {
  readonly type: string;
  readonly labels: readonly string[];
  readonly body: Body;
  readonly at: At;
}

/** One step behind a value: `.name` or `[key]`. */
export type Step =
  | { readonly kind: 'attr'; readonly name: string }
  | { readonly kind: 'index'; readonly key: Expression };

export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null; readonly at: At }
  | { readonly kind: 'template'; readonly parts: readonly TemplatePart[]; readonly at: At }
  /** A root name: `var`, `local`, `data`, `each`, `dependency`, a resource type, or a `for` variable. */
  | { readonly kind: 'variable'; readonly name: string; readonly at: At }
  /** `on.name` (also the legacy `on.0`, as an index) or `on[key]`. */
  | { readonly kind: 'access'; readonly on: Expression; readonly step: Step; readonly at: At }
  /** `on[*].a.b` (full) or `on.*.a.b` (attribute splat, which takes only attributes). */
  | { readonly kind: 'splat'; readonly on: Expression; readonly steps: readonly Step[]; readonly at: At }
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly args: readonly Expression[];
      readonly expand: boolean;
      readonly at: At;
    }
  | { readonly kind: 'unary'; readonly op: '-' | '!'; readonly operand: Expression; readonly at: At }
  | {
      readonly kind: 'binary';
      readonly op: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
      readonly at: At;
    }
  | {
      readonly kind: 'conditional';
      readonly condition: Expression;
      readonly then: Expression;
      readonly otherwise: Expression;
      readonly at: At;
    }
  | { readonly kind: 'tuple'; readonly items: readonly Expression[]; readonly at: At }
  /** A bare identifier as key is a literal string; `(expr)` and templates are evaluated. */
  | {
      readonly kind: 'object';
      readonly items: readonly { readonly key: Expression; readonly value: Expression }[];
      readonly at: At;
    }
  | ForExpression
  /** What does not parse: evaluates to unknown. */
  | { readonly kind: 'bad'; readonly text: string; readonly at: At };

export type BinaryOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | '+' | '-' | '*' | '/' | '%' | '&&' | '||';

export interface ForExpression {
  readonly kind: 'for';
  readonly keyName: string | undefined;
  readonly valueName: string;
  readonly collection: Expression;
  /** With a key it makes an object, without one a tuple. */
  readonly key: Expression | undefined;
  readonly value: Expression;
  readonly condition: Expression | undefined;
  /** `...` behind the value: values of equal keys are grouped in a list. */
  readonly grouping: boolean;
  readonly at: At;
}

export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'interpolation'; readonly value: Expression }
  | {
      readonly kind: 'if';
      readonly condition: Expression;
      readonly then: readonly TemplatePart[];
      readonly otherwise: readonly TemplatePart[];
    }
  | {
      readonly kind: 'for';
      readonly keyName: string | undefined;
      readonly valueName: string;
      readonly collection: Expression;
      readonly body: readonly TemplatePart[];
    };
