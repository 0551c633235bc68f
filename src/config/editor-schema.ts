import { valueAt } from '../model/pointer.ts';
import { besideOwnKeys, embeddedSchema } from './embedded-schema.ts';
import { isJsonObject, type JsonObject } from './merge-patch.ts';

/** What is known of a key of a config without anybody having declared it. */
export interface KnownKey {
  readonly name: string;
  readonly default?: string;
  /** Values that make sense: nicknames of a type that a key refers to. */
  readonly examples?: readonly string[];
}

/**
 * The schema of `config.json` for editors: it lets pass exactly what `karma config validate` does. What is declared judges; what
 * the module's source shows is offered and judges nothing. A config that lies over another one is judged as a whole elsewhere, so
 * one with `$extends` is only helped with.
 */
export function editorSchema(
  title: string,
  declared: readonly unknown[],
  known: readonly KnownKey[],
): Readonly<Record<string, unknown>> {
  const parts = declared.map((schema, index) => embeddedSchema(schema, `#/$defs/declared${index}`));
  const $defs = Object.fromEntries(parts.map((part, index) => [`declared${index}`, part]));
  const resolve = (reference: string) =>
    reference.startsWith('#/') ? valueAt({ $defs }, reference.slice(1)) : undefined;
  const judged = parts.map((part) => besideOwnKeys(part, resolve));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title,
    type: 'object',
    properties: { ...ownKeys, ...Object.fromEntries(known.map((key) => [key.name, offered(key)])) },
    ...(parts.length === 0
      ? {}
      : {
          allOf: [
            { if: { required: ['$extends'] }, else: { allOf: judged } },
            { if: { not: { required: ['$extends'] } }, else: { properties: overlaid(parts) } },
          ],
          $defs,
        }),
  };
}

/** What Karma reads of itself in a config; how it is written the schema leaves open, as validation does. */
const ownKeys: JsonObject = {
  $schema: { description: 'The schema that editors check this file with.' },
  $extends: {
    description:
      'The component whose config lies under this one, or several, the last over the others: `dev/vpc/main`.',
  },
  $unset: { description: 'Keys of what lies under this one that are taken away: names at the top, or pointers.' },
  $depends_on: { description: 'Components that must come first, beside those that the config names.' },
};

function offered({ default: preset, examples = [] }: KnownKey): JsonObject {
  return {
    ...(preset === undefined ? {} : { description: `default: ${preset}` }),
    ...(examples.length === 0 ? {} : { examples: [...examples] }),
  };
}

/** Plain keys of a config that lies over another: as they are declared, or `null`, which takes them away. */
function overlaid(parts: readonly (JsonObject | boolean)[]): JsonObject {
  const made: Record<string, unknown> = {};
  for (const part of parts) {
    if (!isJsonObject(part) || !isJsonObject(part.properties)) continue;
    for (const [name, schema] of Object.entries(part.properties))
      if (isPlain(schema)) made[name] = { anyOf: [schema, { type: 'null' }] };
  }
  return made;
}

/** A value that is replaced as a whole: what lies over it says all of it. */
function isPlain(schema: unknown): boolean {
  if (!isJsonObject(schema) || schema.$ref !== undefined) return false;
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  return types.every((type) => ['string', 'number', 'integer', 'boolean', 'array'].includes(String(type)));
}
