import type { Expression } from '../../hcl/tree.ts';
import type { Value } from '../../hcl/value.ts';
import { isUnknown } from '../../hcl/value.ts';
import type { DataQuery, ModuleInstance } from './instance.ts';
import { jsonWritten, keysIn } from './json-keys.ts';
import { queriesOf } from './queries.ts';

/** An `aws_ssm_parameter` resource: a parameter that a module writes. */
export interface ParameterWrite {
  readonly query: DataQuery;
  readonly name: Value | undefined;
  /** The JSON written, unknowns inside; undefined when the value is no JSON that can be seen. */
  readonly json: Value | undefined;
  readonly keys: readonly string[] | undefined;
  /** `ignore_changes` names the value: something else fills it. */
  readonly alsoWritten: boolean;
  /** `type = "SecureString"`, or what only a run could tell. */
  readonly secure: boolean;
}

/** Data blocks that read one parameter by name, and those that read a subtree by path. */
export const parameterReads: ReadonlySet<string> = new Set(['aws_ssm_parameter', 'aws_ssm_parameters_by_path']);

export function parameterWrites(root: ModuleInstance): readonly ParameterWrite[] {
  return queriesOf(root, writesParameter).map((query) => {
    const { resource, scope, module } = query;
    const expr =
      resource.body.attributes.get('value')?.value ??
      resource.body.attributes.get('insecure_value')?.value ??
      resource.body.attributes.get('value_wo')?.value;
    const json = expr === undefined ? undefined : jsonWritten(module, expr, scope);
    const type = query.argument('type');
    return {
      query,
      name: query.argument('name'),
      json,
      keys: keysIn(json),
      alsoWritten: ignoresValue(query),
      secure: type === 'SecureString' || isUnknown(type ?? null),
    };
  });
}

function writesParameter({ mode, type }: DataQuery['resource']): boolean {
  return mode === 'managed' && type === 'aws_ssm_parameter';
}

function ignoresValue({ resource }: DataQuery): boolean {
  return resource.body.blocks
    .filter((block) => block.type === 'lifecycle')
    .some((block) =>
      namesOf(block.body.attributes.get('ignore_changes')?.value).some((name) =>
        /^(all|value|insecure_value)$/.test(name),
      ),
    );
}

/** `ignore_changes = all` or `[value, tags]`: words, in JSON syntax texts. */
function namesOf(expr: Expression | undefined): readonly string[] {
  if (expr === undefined) return [];
  if (expr.kind === 'tuple') return expr.items.flatMap(namesOf);
  if (expr.kind === 'variable') return [expr.name];
  return expr.kind === 'literal' && typeof expr.value === 'string' ? [expr.value] : [];
}

/** A value as a template for people and type rows: what is not known stands as `${var.name}`. */
export function templateOf(value: Value | undefined): string | undefined {
  if (typeof value === 'string') return value;
  if (value === undefined || !isUnknown(value)) return undefined;
  if (value.text !== undefined) return value.text;
  return value.place === undefined ? undefined : `\${${[value.place.source, ...value.place.steps].join('.')}}`;
}
