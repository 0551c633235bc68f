import { type SchemaChecker, type SchemaIssue, schemaChecker } from '../../config/schema-check.ts';
import { inputSchemaOf } from '../../infer/terraform/input-schema.ts';
import { ModuleLoader } from '../../infer/terraform/load-module.ts';
import { typeText } from '../../infer/terraform/variable-type.ts';
import type { Claim } from '../../model/claim.ts';
import type { ComponentRow } from '../../model/component.ts';
import type { EstateView } from '../../model/estate.ts';
import { isUnknownValue } from '../../model/evaluated.ts';
import type { Finding } from '../../model/finding.ts';
import { holdsKeyedDigest } from '../../model/secrets/keyed-digest.ts';
import { DeclaredBeside } from './declared-beside.ts';

/** What a component is given, by deployment; `''` where there is only the one. */
export type GivenInputs = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/**
 * Judges what components are given against their modules' variables: types as Terraform converts them, and validations that a
 * schema can say. What only a run knows, and what is a secret, is not judged. Needs `await loadGrammar()` once before.
 */
export class InputJudge {
  readonly #estate: EstateView;
  readonly #loader = new ModuleLoader();
  readonly #checkers = new Map<string, ReadonlyMap<string, Taken> | undefined>();
  readonly #declared: DeclaredBeside;
  readonly #schemas = new Map<string, DeclaredInputs | undefined>();

  constructor(estate: EstateView) {
    this.#estate = estate;
    this.#declared = new DeclaredBeside(estate);
  }

  /** What is wrong with the `component.yaml` beside a component's module. */
  declarationOf(row: ComponentRow): readonly Finding[] {
    return this.#declared.of(row).findings;
  }

  /** Undefined where there is nothing to judge by: no module that was read, or nothing that was evaluated. */
  judge(row: ComponentRow, claim: Claim | undefined): readonly Finding[] | undefined {
    const given = inputsOf(row, claim);
    const checkers = this.#checkersOf(row);
    const declared = this.#declaredInputs(row);
    if (given.size === 0 || (checkers === undefined && declared === undefined)) return undefined;
    const findings: Finding[] = [];
    for (const [deployment, inputs] of given) {
      if (declared !== undefined) findings.push(...beyondDeclared(row, deployment, inputs, declared));
      for (const [name, value] of Object.entries(inputs)) {
        const taken = checkers?.get(name);
        if (taken === undefined || !isJudged(value)) continue;
        for (const { pointer, message } of inWords(taken, taken.checker.check(value)))
          findings.push(finding(row, { deployment, name, pointer, message }));
      }
    }
    return findings;
  }

  #declaredInputs(row: ComponentRow): DeclaredInputs | undefined {
    if (this.#schemas.has(row.module)) return this.#schemas.get(row.module);
    const { declaration } = this.#declared.of(row);
    const checker = declaration?.inputs === undefined ? undefined : schemaChecker(declaration.inputs);
    const isUseless = declaration === undefined || checker === undefined || checker.broken !== undefined;
    const found = isUseless ? undefined : { checker, file: declaration.file };
    this.#schemas.set(row.module, found);
    return found;
  }

  #checkersOf(row: ComponentRow): ReadonlyMap<string, Taken> | undefined {
    const passing = row.layout === 'terragrunt' ? 'environment' : 'converts';
    const key = `${passing} ${row.module}`;
    if (this.#checkers.has(key)) return this.#checkers.get(key);
    const module = moduleAt(this.#estate, this.#loader, row.module);
    const properties = module === undefined ? undefined : inputSchemaOf(module, passing).schema['properties'];
    const typeOf = (name: string) => {
      const type = module?.variables.get(name)?.type;
      return type === undefined ? 'any' : typeText(type);
    };
    const checkers = isRecord(properties)
      ? new Map(
          Object.entries(properties).map(([name, schema]) => [
            name,
            { checker: schemaChecker(schema), type: typeOf(name) },
          ]),
        )
      : undefined;
    this.#checkers.set(key, checkers);
    return checkers;
  }
}

/** What a `component.yaml` beside the module says of its inputs. */
interface DeclaredInputs {
  readonly checker: SchemaChecker;
  readonly file: string;
}

/** What is not known is left out: that it is missing there says nothing. */
function beyondDeclared(
  row: ComponentRow,
  deployment: string,
  inputs: Readonly<Record<string, unknown>>,
  { checker, file }: DeclaredInputs,
): Finding[] {
  const known = Object.fromEntries(Object.entries(inputs).filter(([, value]) => isJudged(value)));
  const hides = Object.keys(known).length < Object.keys(inputs).length;
  return checker.check(known).flatMap(({ pointer, message }) => {
    if (pointer === '' && hides) return [];
    const [name = '', ...rest] = pointer.split('/').slice(1);
    const beneath = rest.length === 0 ? '' : `/${rest.join('/')}`;
    const said = `${message.replace(/^the config /, 'the inputs ')} (${file})`;
    return [finding(row, { deployment, name, pointer: beneath, message: said, by: file })];
  });
}

/** What a variable takes. */
interface Taken {
  readonly checker: SchemaChecker;
  readonly type: string;
}

/** What is no value of a type fails in each of the ways in which that type may be written: said once, by the type. */
function inWords({ type }: Taken, issues: readonly SchemaIssue[]): readonly SchemaIssue[] {
  const untyped = issues.find(({ message }) =>
    /anyOf|must be (?:string|number|boolean|array|object|null)/.test(message),
  );
  return untyped === undefined ? issues : [{ pointer: untyped.pointer, message: `it is no ${type}` }];
}

/** The module that a type's key names, read anew: what its variables say is in no row. */
export function moduleAt(estate: EstateView, loader: ModuleLoader, key: string) {
  const colon = key.indexOf(':');
  const repository = colon > 0 ? estate.repos.get(key.slice(0, colon)) : undefined;
  const view = repository ?? estate.main;
  return key === '' ? undefined : loader.load(view, repository === undefined ? key : key.slice(colon + 1));
}

export function inputsOf({ layout }: Pick<ComponentRow, 'layout'>, claim: Claim | undefined): GivenInputs {
  const evaluated = claim?.evaluated;
  const given = new Map<string, Readonly<Record<string, unknown>>>();
  const add = (deployment: string, inputs: unknown) => {
    if (isRecord(inputs)) given.set(deployment, inputs);
  };
  if (evaluated === undefined) return given;
  if (layout === 'adage') add('', evaluated);
  else if (layout === 'terragrunt') add('', evaluated['inputs']);
  else if (isRecord(evaluated['variables']) && evaluated['backend'] !== undefined) add('', evaluated['variables']);
  else for (const [name, part] of Object.entries(evaluated)) if (isRecord(part)) add(name, part['variables']);
  return given;
}

/** Known through and through, and no digest of a secret in it. */
export function isJudged(value: unknown): boolean {
  if (typeof value === 'string') return !holdsKeyedDigest(value);
  if (value === null || typeof value !== 'object') return true;
  return !isUnknownValue(value) && Object.values(value).every(isJudged);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value) && !isUnknownValue(value);
}

function finding(
  row: ComponentRow,
  issue: {
    readonly deployment: string;
    readonly name: string;
    readonly pointer: string;
    readonly message: string;
    /** The declaration that says so. */
    readonly by?: string;
  },
): Finding {
  const { deployment, name, pointer, message, by } = issue;
  const where = deployment === '' ? '' : ` in ${deployment}`;
  const [file, line] = row.sites[`inputs.${name}`] ?? row.sites[name] ?? Object.values(row.sites)[0] ?? [row.path, 1];
  return {
    code: 'schema-violation',
    severity: 'error',
    subject: row.id,
    key: `${deployment}/${name}${pointer}${by === undefined ? '' : ' declared'}`,
    message:
      by !== undefined
        ? `${message}${where}`
        : `the variable ${JSON.stringify(name)}${where}: ${message.replace(/^the config /, 'it ')}`,
    hint: by === undefined ? `what it takes says \`variable "${name}"\` of ${row.module}` : `what it takes says ${by}`,
    evidence: [{ rule: 'schema', site: `variable.${name}`, file, line }],
  };
}
