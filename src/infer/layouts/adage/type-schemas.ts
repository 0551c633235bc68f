import type { ComponentTypeDeclaration } from '../../../config/component-type.ts';
import { readJson } from '../../../config/json-document.ts';
import { pointerStep } from '../../../config/json-scan.ts';
import { isJsonObject } from '../../../config/merge-patch.ts';
import { problemFindings } from '../../../config/problem-findings.ts';
import { type SchemaChecker, schemaChecker } from '../../../config/schema-check.ts';
import { type FileView, filePlace } from '../../../model/file-view.ts';
import type { Finding } from '../../../model/finding.ts';
import type { AdageEstate } from './estate.ts';

/** The input schemas of a type: one that the estate keeps, and what `component.yaml` declares. */
export interface TypeSchemas {
  readonly schemas: readonly { readonly file: string; readonly checker: SchemaChecker }[];
  /** Pointers whose values are secrets. */
  readonly sensitive: readonly string[];
  readonly findings: readonly Finding[];
}

export function readSchemas(
  estate: AdageEstate,
  views: readonly FileView[],
  name: string,
  declaration: ComponentTypeDeclaration | undefined,
): TypeSchemas {
  const schemas: { file: string; checker: SchemaChecker }[] = [];
  const findings: Finding[] = [];
  const sensitive: string[] = [];
  const subject = `type ${name}`;
  const enter = (schema: unknown, file: string): void => {
    sensitive.push(...sensitiveIn(schema));
    const checker = lazyChecker(schema);
    schemas.push({ file, checker });
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
  return { schemas, findings, sensitive };
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

/** Pointers that a schema marks `sensitive` or `writeOnly`. */
function sensitiveIn(schema: unknown, pointer = ''): string[] {
  if (!isJsonObject(schema)) return [];
  if (schema.sensitive === true || schema.writeOnly === true) return [pointer];
  const properties = isJsonObject(schema.properties) ? schema.properties : {};
  return Object.entries(properties).flatMap(([key, member]) => sensitiveIn(member, pointer + pointerStep(key)));
}
