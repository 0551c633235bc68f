import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { type Schema, SchemaOfType } from './schema-of-type.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The schema of each verb's document, made of the type of its answer. @throws Error where an answer is no plain data */
export function answerSchemas(versionOf: (verb: string) => number): ReadonlyMap<string, Schema> {
  const file = fileURLToPath(new URL('answers.ts', import.meta.url));
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [file], include: [] }, ts.sys, root);
  const program = ts.createProgram([file], options);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const alias = source?.statements.find(ts.isTypeAliasDeclaration);
  if (alias === undefined) throw new Error('answers.ts says nothing');
  const verbs = checker.getPropertiesOfType(checker.getTypeAtLocation(alias));
  return new Map(
    verbs
      .map(({ name }) => name)
      .sort()
      .map((name) => {
        const property = verbs.find((one) => one.name === name);
        if (property === undefined) throw new Error(name);
        return [name, documentSchema(checker, name, checker.getTypeOfSymbol(property), versionOf(name))];
      }),
  );
}

/** An answer as it is printed: with the version of its schema, which only grows where something is not as it was. */
function documentSchema(checker: ts.TypeChecker, verb: string, type: ts.Type, version: number): Schema {
  const writer = new SchemaOfType(checker, `${root}src/`);
  const answer = writer.of(type, verb);
  const name = String(answer['$ref'] ?? '').replace('#/$defs/', '');
  const { [name]: own = answer, ...defs } = writer.defs;
  const {
    properties = {},
    required = [],
    ...rest
  } = own as {
    properties?: Schema;
    required?: readonly string[];
  };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `The answer of ${verb}`,
    ...rest,
    properties: { schemaVersion: { const: version }, ...properties },
    required: ['schemaVersion', ...required],
    ...(Object.keys(defs).length === 0 ? {} : { $defs: sorted(defs) }),
  };
}

function sorted(record: Readonly<Record<string, Schema>>): Readonly<Record<string, Schema>> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
