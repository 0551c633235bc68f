import type { ComponentTypeDeclaration } from '../../config/component-type.ts';
import { isJsonObject, type JsonObject } from '../../config/merge-patch.ts';
import { byCodeUnit } from '../../model/digest.ts';
import type { Finding } from '../../model/finding.ts';
import { findingAt } from './findings.ts';
import { inputSchemaOf } from './input-schema.ts';
import type { Module } from './module.ts';

/** What a module's HCL shows of what its type may declare. */
export interface ShownModule {
  readonly module: Module;
  /** Whether anything takes an input of this name; undefined where that cannot be told. */
  readonly takes: (name: string) => boolean | undefined;
  /** The names of all outputs; undefined where they cannot be told. */
  readonly outputs: ReadonlySet<string> | undefined;
}

/**
 * Where a `component.yaml`, with what its parents declare, says something else than the module's HCL: an input that nothing takes, one
 * of a type that no value of the declared one converts to, an output that is not there. What HCL shows is the floor, so it is the
 * declaration that is wrong. O(keys declared).
 */
export function contradictions(
  { name, file, inputs, outputs, alsoWrittenBy }: ComponentTypeDeclaration,
  { module, takes, outputs: there }: ShownModule,
  { subject, lineOf }: { readonly subject: string; readonly lineOf: (pointer: string) => number },
): readonly Finding[] {
  const found: Finding[] = [];
  const tell = (pointers: readonly string[], message: string) => {
    const lines = pointers.map(lineOf);
    const [pointer = ''] = pointers;
    const place = { site: `component.yaml#${pointer}`, file, line: Math.max(...lines) };
    found.push(findingAt('type-contradicts', subject, pointer, message, place));
  };
  const typesInHcl = propertiesOf(inputSchemaOf(module, 'exactly').schema);
  for (const [key, schema] of Object.entries(propertiesOf(inputs))) {
    const pointers = [`/inputs/${key}`, `/inputs/properties/${key}`];
    if (takes(key) === false) tell(pointers, `${name} declares the input ${key}, which nothing in its module takes`);
    const [said, shown] = [typesOf(schema), typesOf(typesInHcl[key])];
    if (said !== undefined && shown !== undefined && !said.some((one) => shown.some((other) => converts(one, other))))
      tell(pointers, `${name} declares ${key} as ${said.join(' or ')}, and its variable is ${shown.join(' or ')}`);
  }
  const isOpen = there === undefined || alsoWrittenBy.some((other) => other.outputs === undefined);
  const written = new Set(alsoWrittenBy.flatMap((other) => other.outputs ?? []));
  for (const key of isOpen ? [] : Object.keys(propertiesOf(outputs)))
    if (there?.has(key) !== true && !written.has(key))
      tell(
        [`/outputs/${key}`, `/outputs/properties/${key}`],
        `${name} declares the output ${key}, which its module has not`,
      );
  return found.sort((a, b) => byCodeUnit(a.key, b.key));
}

function propertiesOf(schema: JsonObject | { readonly [keyword: string]: unknown } | undefined): JsonObject {
  const properties = schema?.['properties'];
  return isJsonObject(properties) ? properties : {};
}

function typesOf(schema: unknown): readonly string[] | undefined {
  if (!isJsonObject(schema)) return undefined;
  const { type } = schema;
  const types = (Array.isArray(type) ? type : [type]).filter((one) => typeof one === 'string' && one !== 'null');
  return types.length === 0 ? undefined : (types as string[]);
}

/** Whether every value of one JSON type is taken by a variable of another: Terraform makes a text of numbers and bools. */
function converts(said: string, shown: string): boolean {
  return said === shown || (said === 'integer' && shown === 'number') || (shown === 'string' && !isDeep(said));
}

function isDeep(type: string): boolean {
  return type === 'object' || type === 'array';
}
