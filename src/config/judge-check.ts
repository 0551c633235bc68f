import type { CheckOutcome, DeclaredCheck } from '../model/check.ts';
import { stepsOf } from '../model/pointer.ts';
import { checkNames } from './check-declaration.ts';
import { Hidden, readExpression } from './expression.ts';
import { isJsonObject } from './merge-patch.ts';
import { schemaChecker } from './schema-check.ts';

/** What a check looks at; {@link Hidden} where a value is a secret or not known. */
export interface CheckInput {
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly config: unknown;
  /** Outputs of what it depends on, by reference and by object. */
  readonly upstream: Readonly<Record<string, unknown>>;
}

export interface Verdict {
  readonly outcome: CheckOutcome;
  readonly reasons: readonly string[];
}

/** Judges what needs no program. What rests on a hidden value is not known, even where it would hold with any. */
export function judgeCheck(check: DeclaredCheck, input: CheckInput): Verdict {
  if (check.kind === 'cel') return judgeCondition(check.text, input, check.message);
  if (check.kind === 'outputs') return judgeOutputs(check.schema, input.outputs, check.message);
  return { outcome: 'unknown', reasons: [check.kind === 'broken' ? check.why : 'a program says it'] };
}

function judgeCondition(text: string, input: CheckInput, message: string | undefined): Verdict {
  const truth = readExpression(text, checkNames).holds({ ...input });
  if (truth === true) return { outcome: 'passed', reasons: [] };
  if (truth !== false) return { outcome: 'unknown', reasons: [truth.unknown] };
  return { outcome: 'failed', reasons: [message ?? `${text} does not hold`] };
}

/**
 * Secrets are judged by their presence alone: what else a schema says of one, nobody can say. Where its parts cannot be told
 * from each other (`allOf`, `if`), any of them may be about the secret.
 */
function judgeOutputs(
  schema: unknown,
  outputs: Readonly<Record<string, unknown>>,
  message: string | undefined,
): Verdict {
  const hidden = Object.keys(outputs).filter((name) => outputs[name] instanceof Hidden);
  const shown = Object.entries(outputs).map(([name, value]) => [name, value instanceof Hidden ? '' : value] as const);
  const issues = schemaChecker(schema).check(Object.fromEntries(shown));
  const [first] = hidden;
  const parts = partsOf(schema);
  if (first !== undefined && parts === undefined)
    return { outcome: 'unknown', reasons: [`its schema may be about the output ${first}, which is a secret`] };
  const isAboutHidden = ({ pointer }: { readonly pointer: string }) =>
    hidden.includes(stepsOf(pointer === '' ? '/' : pointer)[0] ?? '');
  const certain = issues.filter((issue) => !isAboutHidden(issue));
  if (certain.length > 0) return { outcome: 'failed', reasons: [...said(message), ...certain.map(inWords)] };
  const asked = hidden.find((name) => Object.hasOwn(parts ?? {}, name) || issues.some(isAboutHidden));
  if (asked === undefined) return { outcome: 'passed', reasons: [] };
  return { outcome: 'unknown', reasons: [`the output ${asked} is a secret: leave it out of the schema`] };
}

const plainKeywords: ReadonlySet<string> = new Set(
  '$schema $id title description type properties required additionalProperties minProperties maxProperties'.split(' '),
);

/** What a schema says of each output; undefined where it says more than that. */
function partsOf(schema: unknown): Readonly<Record<string, unknown>> | undefined {
  if (!isJsonObject(schema) || !Object.keys(schema).every((key) => plainKeywords.has(key))) return undefined;
  const { properties } = schema;
  return isJsonObject(properties) ? properties : {};
}

function said(message: string | undefined): readonly string[] {
  return message === undefined ? [] : [message];
}

function inWords({ message }: { readonly message: string }): string {
  return message.replace(/^the config /, 'the runtime ').replace(/^"/, 'output "');
}
