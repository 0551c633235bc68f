import { componentJsonSchema } from '../../config/component-type-shape.ts';
import { karmaFileNames } from '../../config/karma-file.ts';
import { karmaJsonSchema } from '../../config/karma-shape.ts';
import { object, text } from '../../config/shape-parts.ts';
import { loadGrammar } from '../../hcl/parse.ts';
import { sha256 } from '../../model/digest.ts';
import { KarmaError } from '../../model/errors.ts';
import { nearest } from '../../model/nearest.ts';
import type { EngineContext } from '../context.ts';
import { type TypeSchema, typeSchemas } from '../objects/type-schema.ts';
import { readingOf } from '../reading.ts';
import { loadView } from '../view/load-view.ts';
import { stampOf, type ViewStamp } from '../view/view.ts';
import { at, defineVerb } from './verb.ts';

export interface TypeSchemaAnswer extends TypeSchema {
  readonly view: ViewStamp;
}

export interface SchemaFile {
  /** Where it belongs, in a folder of schemas. */
  readonly path: string;
  /** Files that it is about, as globs from the estate's root. */
  readonly fits: readonly string[];
  readonly schema: Readonly<Record<string, unknown>>;
}

export interface SchemasAnswer {
  readonly view: ViewStamp;
  /** Sorted by path. */
  readonly files: readonly SchemaFile[];
}

async function schemasAt(context: EngineContext, when: string | undefined) {
  const view = await loadView(context, when, { needsEstate: true });
  if (view.estate === undefined)
    throw new KarmaError('KARMA_USAGE', `${view.label} holds no files`, { hint: 'ask at a Git revision' });
  const { estate } = view;
  // Under all that they are made of: files, parameters and settings, and what inference made of the environment.
  const key = sha256(JSON.stringify([readingOf(context), estate.identity, view.hash]));
  const kept = parsed(context.cache.get(kind, key));
  if (kept !== undefined) return { view, schemas: kept };
  await loadGrammar();
  const schemas = typeSchemas(view, estate.view);
  context.cache.put(kind, key, Buffer.from(JSON.stringify(schemas)));
  context.cache.flush();
  return { view, schemas };
}

const kind = 'schemas';

/** What is damaged reads as absent. */
function parsed(bytes: Uint8Array | undefined): readonly TypeSchema[] | undefined {
  if (bytes === undefined) return undefined;
  try {
    const kept: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    return Array.isArray(kept) ? (kept as TypeSchema[]) : undefined;
  } catch {
    return undefined;
  }
}

/** @throws KARMA_NOT_FOUND with the nearest name; KARMA_USAGE where several modules are called so */
async function typeSchema(context: EngineContext, name: string, when?: string): Promise<TypeSchemaAnswer> {
  const { view, schemas } = await schemasAt(context, when);
  const found = schemas.filter((one) => one.name === name || (one.module === name && name !== ''));
  const [only, ...others] = found;
  if (only === undefined) {
    const [near] = nearest(
      name,
      schemas.map((one) => one.name),
    );
    throw new KarmaError('KARMA_NOT_FOUND', `no component type whose inputs were read is called \`${name}\``, {
      hint: near === undefined ? '`karma type list` shows all' : `did you mean \`${near}\`?`,
    });
  }
  if (others.length > 0)
    throw new KarmaError('KARMA_USAGE', `${found.length} modules are called \`${name}\``, {
      hint: `name one by its folder: ${found.map(({ module }) => module).join(', ')}`,
    });
  return { view: stampOf(view), ...only };
}

async function allSchemas(context: EngineContext, when?: string): Promise<SchemasAnswer> {
  const { view, schemas } = await schemasAt(context, when);
  const isAlone = (name: string) => schemas.filter((one) => one.name === name).length === 1;
  const files: SchemaFile[] = [
    { path: 'karma.schema.json', fits: [...karmaFileNames], schema: karmaJsonSchema() },
    { path: 'component.schema.json', fits: ['**/component.yaml'], schema: componentJsonSchema() },
    ...schemas.map(({ name, module, fits, schema }) => ({
      path: `types/${inPath(isAlone(name) ? name : module)}.schema.json`,
      fits,
      schema,
    })),
  ];
  return { view: stampOf(view), files: files.sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

/** A name as one step of a path, whatever it holds. */
function inPath(name: string): string {
  const step = name.replaceAll(/[^\w.-]+/g, '.').replace(/^\.+/, '');
  return step === '' ? 'root' : step;
}

export const typeSchemaVerb = defineVerb({
  about: 'The JSON Schema of what components of a type are given, for editors.',
  query: object('Which.', { name: text('A type, or its module folder.'), at }, 'name'),
  writes: 'nothing',
  run: (context, { name, at: when }) => typeSchema(context, name, when),
});

export const schemasVerb = defineVerb({
  about: 'JSON Schemas for editors: of karma.yaml, component.yaml and what components of each type are given.',
  query: object('When.', { at }),
  writes: 'nothing',
  run: (context, query) => allSchemas(context, query.at),
});
