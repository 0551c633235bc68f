import type { ComponentTypeDeclaration } from '../../../config/component-type.ts';
import { readJson } from '../../../config/json-document.ts';
import { problemFindings } from '../../../config/problem-findings.ts';
import { type SchemaChecker, schemaChecker } from '../../../config/schema-check.ts';
import { secretsBySchema } from '../../../config/schema-secrets.ts';
import { type FileView, filePlace } from '../../../model/file-view.ts';
import type { Finding } from '../../../model/finding.ts';
import type { AdageEstate } from './estate.ts';

/** The input schemas of a type: one that the estate keeps, and what `component.yaml` declares. */
export interface TypeSchemas {
  readonly schemas: readonly { readonly file: string; readonly schema: unknown; readonly checker: SchemaChecker }[];
  /** Pointers into a config whose values are secrets. */
  readonly secretsIn: (config: unknown) => readonly string[];
  readonly findings: readonly Finding[];
}

export function readSchemas(
  estate: AdageEstate,
  views: readonly FileView[],
  name: string,
  declaration: ComponentTypeDeclaration | undefined,
): TypeSchemas {
  const schemas: { file: string; schema: unknown; checker: SchemaChecker }[] = [];
  const findings: Finding[] = [];
  const written: unknown[] = [];
  const subject = `type ${name}`;
  const enter = (schema: unknown, file: string): void => {
    written.push(schema);
    const checker = lazyChecker(schema);
    schemas.push({ file, schema, checker });
  };
  for (const view of views) {
    const path = `${estate.schemaFolder(view)}/${name}.schema.json`;
    const text = view.read(path);
    if (text === undefined) continue;
    const file = filePlace(view.repo, path);
    const document = readJson(text);
    findings.push(...problemFindings(document, file, subject));
    if (document.value !== undefined) enter(document.value, file);
    break;
  }
  if (declaration?.inputs !== undefined) enter(declaration.inputs, declaration.file);
  const secretsIn = (config: unknown) => written.flatMap((schema) => secretsBySchema(schema, config));
  return { schemas, findings, secretsIn };
}

/** Compiling costs milliseconds: only when a config is checked. */
function lazyChecker(schema: unknown): SchemaChecker {
  let checker: SchemaChecker | undefined;
  const ready = (): SchemaChecker => {
    checker ??= schemaChecker(schema);
    return checker;
  };
  return {
    get broken() {
      return ready().broken;
    },
    check: (value) => ready().check(value),
  };
}
