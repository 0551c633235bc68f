import { schemaChecker } from '../../config/schema-check.ts';
import { object, text } from '../../config/shape-parts.ts';
import { loadGrammar } from '../../hcl/parse.ts';
import { inputSchemaOf, type JsonSchema } from '../../infer/terraform/input-schema.ts';
import { ModuleLoader } from '../../infer/terraform/load-module.ts';
import type { ComponentId, ComponentRow, TypeRow } from '../../model/component.ts';
import { byCodeUnit } from '../../model/digest.ts';
import { KarmaError } from '../../model/errors.ts';
import type { EngineContext } from '../context.ts';
import { type EvaluatedView, evaluatedView } from '../objects/evaluated-view.ts';
import { inputsOf, isJudged, moduleAt } from '../objects/judged-inputs.ts';
import { schemaOfValues } from '../objects/schema-of-values.ts';
import { stampOf, type ViewStamp } from '../view/view.ts';
import { typesNamed } from './types.ts';
import { at, defineVerb } from './verb.ts';

export interface InferredType {
  readonly view: ViewStamp;
  readonly name: string;
  /** The module. */
  readonly module: string;
  /** Components that use it: no value of theirs is refused. */
  readonly users: number;
  /** What a `component.yaml` says of it. */
  readonly declaration: {
    readonly inputs: JsonSchema;
    readonly outputs?: Readonly<Record<string, JsonSchema>>;
    readonly sensitive?: readonly string[];
  };
  /** Inputs that take more than the module's types say, because a component gives more and Terraform converts it. */
  readonly widened: readonly { readonly input: string; readonly because: ComponentId }[];
  /** Inputs that the module asks for and no file gives a component: whoever runs it does, so they are not called required. */
  readonly elsewhere: readonly { readonly input: string; readonly because: ComponentId }[];
  /** Inputs whose validations no schema can say in full. */
  readonly beyond: readonly { readonly input: string; readonly file: string; readonly line: number }[];
}

/**
 * A first `component.yaml` of a type, from what its module's HCL shows and what its components are given.
 * @throws KARMA_NOT_FOUND with the nearest name; KARMA_USAGE where several modules are called so
 */
export async function inferType(context: EngineContext, name: string, when?: string): Promise<InferredType> {
  const evaluated = await evaluatedView(context, when);
  const { view } = evaluated;
  const [type, ...others] = typesNamed(view.graph, name);
  if (type === undefined || others.length > 0)
    throw new KarmaError('KARMA_USAGE', `${others.length + 1} modules are called \`${name}\``, {
      hint: `name one by its folder: ${[type, ...others].map((one) => one?.key).join(', ')}`,
    });
  await loadGrammar();
  const users = usersOf(evaluated, type);
  const inferred = users.some(({ layout }) => layout === 'adage')
    ? fromConfigs(evaluated, type, users)
    : fromVariables(evaluated, type, users);
  const { inputs, sensitive, widened, elsewhere, beyond } = inferred;
  return {
    view: stampOf(view),
    name: type.name,
    module: type.key,
    users: users.length,
    declaration: {
      inputs,
      ...(type.outputs.length > 0 ? { outputs: Object.fromEntries(type.outputs.map((one) => [one, {}])) } : {}),
      ...(sensitive.length > 0 ? { sensitive } : {}),
    },
    widened,
    elsewhere,
    beyond,
  };
}

interface Inferred extends Pick<InferredType, 'widened' | 'elsewhere' | 'beyond'> {
  readonly inputs: JsonSchema;
  readonly sensitive: readonly string[];
}

function usersOf({ view: { graph } }: EvaluatedView, type: TypeRow): ComponentRow[] {
  const users: ComponentRow[] = [];
  for (let node = 0; node < graph.size; node++) {
    const row = graph.component(node);
    if (row.module === type.key && row.kind === 'component' && !row.external) users.push(row);
  }
  return users;
}

/** A module that is given variables: their types, and where a component gives what Terraform converts, that too. */
function fromVariables({ estate, claim }: EvaluatedView, type: TypeRow, users: readonly ComponentRow[]): Inferred {
  const module = moduleAt(estate.view, new ModuleLoader(), type.key);
  if (module === undefined)
    throw new KarmaError('KARMA_NOT_FOUND', `the module ${type.key} was not read`, {
      hint: '`karma modules fetch` brings modules from elsewhere',
    });
  const exact = inputSchemaOf(module, 'exactly');
  const passing = users.some(({ layout }) => layout === 'terragrunt') ? 'environment' : 'converts';
  const wide = propertiesOf(inputSchemaOf(module, passing).schema);
  const widened = new Map<string, ComponentId>();
  const properties: Record<string, JsonSchema> = {};
  for (const [name, schema] of Object.entries(propertiesOf(exact.schema))) {
    const checker = schemaChecker(schema);
    const beyondIt = users.find((row) =>
      [...inputsOf(row, claim(row.id)).values()].some(
        (inputs) => Object.hasOwn(inputs, name) && isJudged(inputs[name]) && checker.check(inputs[name]).length > 0,
      ),
    );
    if (beyondIt !== undefined) widened.set(name, beyondIt.id);
    properties[name] = (beyondIt === undefined ? schema : wide[name]) ?? {};
  }
  const { required: asked, ...schema } = exact.schema;
  const elsewhere = new Map<string, ComponentId>();
  const required = (Array.isArray(asked) ? (asked as string[]) : []).filter((name) => {
    const without = users.find((row) =>
      [...inputsOf(row, claim(row.id)).values()].some((inputs) => !Object.hasOwn(inputs, name)),
    );
    if (without !== undefined) elsewhere.set(name, without.id);
    return without === undefined;
  });
  return {
    inputs: { ...schema, properties, ...(required.length > 0 ? { required } : {}) },
    elsewhere: [...elsewhere].map(([input, because]) => ({ input, because })),
    sensitive: exact.sensitive,
    widened: [...widened].map(([input, because]) => ({ input, because })),
    beyond: exact.beyond.map(({ variable, file, line }) => ({ input: variable, file, line })),
  };
}

/** A module that reads its config: the keys that it reads, with what the configs hold under them. */
function fromConfigs({ claim }: EvaluatedView, type: TypeRow, users: readonly ComponentRow[]): Inferred {
  const configs = users.map((row) => claim(row.id)?.evaluated ?? {});
  const keys = new Set(type.configKeys.map(({ pointer }) => pointer.split('/')[1] ?? ''));
  for (const config of configs) for (const key of Object.keys(config)) keys.add(key);
  const presets = new Map(type.configKeys.map((key) => [key.pointer, key.default]));
  const properties: Record<string, JsonSchema> = {};
  const required: string[] = [];
  for (const key of [...keys].filter((one) => one !== '' && one !== '*').sort(byCodeUnit)) {
    const held = configs.filter((config) => Object.hasOwn(config, key));
    const preset = presets.get(`/${key}`);
    properties[key] = {
      ...schemaOfValues(held.map((config) => config[key])),
      ...(preset === undefined ? {} : { description: `default: ${preset}` }),
    };
    // Read outright and given by all: without it nothing works.
    if (presets.has(`/${key}`) && preset === undefined && held.length === configs.length && configs.length > 0)
      required.push(key);
  }
  const inputs = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties,
    ...(required.length > 0 ? { required } : {}),
  };
  return { inputs, sensitive: [], widened: [], elsewhere: [], beyond: [] };
}

function propertiesOf(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  return (schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>;
}

export const typeInferVerb = defineVerb({
  about: 'A first component.yaml of a type, from what its module shows and what its components are given.',
  query: object('Which.', { name: text('A type, or its module folder.'), at }, 'name'),
  writes: 'nothing',
  run: (context, { name, at: when }) => inferType(context, name, when),
});
