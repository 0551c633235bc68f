import { placesOfVariables, type ValuePlace } from '../../infer/layouts/terraform/places-of-variables.ts';
import { placesOfInputs } from '../../infer/layouts/terragrunt/places-of-inputs.ts';
import { constantOf } from '../../infer/terraform/constant.ts';
import { ModuleLoader } from '../../infer/terraform/load-module.ts';
import type { Claim } from '../../model/claim.ts';
import type { ComponentRow } from '../../model/component.ts';
import type { EstateView } from '../../model/estate.ts';
import { withoutKeyedDigests } from '../../model/secrets/keyed-digest.ts';
import { redact } from '../../model/secrets/values.ts';
import { inputsOf, moduleAt } from './judged-inputs.ts';

/** One thing that a component is given: its value as evaluated, where that is said, and what is said under it. */
export interface ExplainedInput {
  /** The deployment, of a root module that has several. */
  readonly deployment?: string;
  readonly name: string;
  readonly pointer: string;
  /** Redacted; what only a run knows is `{ $unknown: why }`. */
  readonly value: unknown;
  readonly file: string;
  readonly line: number;
  /** It is the variable's default. */
  readonly preset?: true;
  /** Places that say it too and do not count, the next to count first. */
  readonly over: readonly ValuePlace[];
}

/**
 * What a Terragrunt unit or a root module is given, key by key, after includes, locals, files of variables and defaults. Needs
 * `await loadGrammar()` once before.
 */
export function explainInputs(estate: EstateView, row: ComponentRow, claim: Claim | undefined): ExplainedInput[] {
  const given = inputsOf(row, claim);
  return row.layout === 'terragrunt'
    ? explainUnit(estate, row, { claim, inputs: given.get('') ?? {} })
    : explainRoot(estate, row, given);
}

function explainUnit(
  { main }: EstateView,
  row: ComponentRow,
  { claim, inputs }: { readonly claim: Claim | undefined; readonly inputs: Readonly<Record<string, unknown>> },
): ExplainedInput[] {
  const files = Object.entries(claim?.readSet.files ?? {})
    .filter(([file, digest]) => digest !== null && /\.(?:hcl|hcl\.json|ya?ml|json)$/.test(file) && !/:/.test(file))
    .map(([file]) => file)
    .filter((file) => !file.endsWith('.terraform.lock.hcl'));
  const own = files.filter((file) => folderOf(file) === row.path && file.endsWith('.hcl'));
  const unit = own.find((file) => file.endsWith('/terragrunt.hcl') || file === 'terragrunt.hcl') ?? own[0] ?? row.path;
  const places = placesOfInputs(main, { unit, files });
  return Object.entries(inputs).map(([name, value]) => {
    const [first = places.inputs, ...over] = places.of(name);
    return { name, pointer: pointerTo(name), value: shown(name, value), ...first, over };
  });
}

function explainRoot(
  estate: EstateView,
  row: ComponentRow,
  given: ReadonlyMap<string, Readonly<Record<string, unknown>>>,
): ExplainedInput[] {
  const module = moduleAt(estate, new ModuleLoader(), row.path);
  if (module === undefined) return [];
  const view = estate.repos.get(module.repo) ?? estate.main;
  return [...given].flatMap(([deployment, inputs]) => {
    const places = placesOfVariables(view, module, { deployment, patterns: estate.settings.varFiles });
    return [...module.variables.values()].flatMap((variable): ExplainedInput[] => {
      const { name } = variable;
      const isSet = Object.hasOwn(inputs, name);
      if (!isSet && variable.default === undefined) return [];
      const [first = { file: variable.file, line: variable.at.line }, ...over] = places.get(name) ?? [];
      const preset = variable.default === undefined ? undefined : constantOf(variable.default);
      const value = isSet ? inputs[name] : (preset ?? null);
      return [
        {
          ...(deployment === '' ? {} : { deployment }),
          name,
          pointer: pointerTo(name),
          value: variable.sensitive && value !== null ? '(redacted)' : shown(name, value),
          ...first,
          ...(isSet ? {} : { preset: true as const }),
          over,
        },
      ];
    });
  });
}

/** A digest of a secret is no value to show. */
function shown(name: string, value: unknown): unknown {
  const hide = (one: unknown): unknown => {
    if (typeof one === 'string') return withoutKeyedDigests(one, '(redacted)');
    if (Array.isArray(one)) return one.map(hide);
    if (one === null || typeof one !== 'object') return one;
    return Object.fromEntries(Object.entries(one).map(([key, member]) => [key, hide(member)]));
  };
  return (redact({ [name]: hide(value) }) as Readonly<Record<string, unknown>>)[name];
}

function pointerTo(name: string): string {
  return `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

function folderOf(file: string): string {
  return file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '';
}
