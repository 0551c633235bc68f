import { CannotEdit, type Dialect } from './dialect.ts';
import { hclDialect } from './hcl/hcl-dialect.ts';
import { jsonDialect } from './json/json-dialect.ts';
import { templateJson } from './json/template-json.ts';
import { yamlDialect } from './yaml/yaml-dialect.ts';

const byEnding: readonly (readonly [RegExp, Dialect])[] = [
  [/\.(?:hcl|tf|tofu)\.json$/i, templateJson],
  [/\.json$/i, jsonDialect],
  [/\.(?:hcl|tf|tofu|tfvars|tfbackend)$/i, hclDialect],
  [/\.ya?ml$/i, yamlDialect],
];

/** How a file is read, by its ending. @throws CannotEdit */
export function dialectOf(path: string): Dialect {
  const found = byEnding.find(([ending]) => ending.test(path));
  if (found === undefined)
    throw new CannotEdit('unknown-format', 'files of this kind are not edited', {
      ways: ['edited are JSON, YAML, HCL and files of variables'],
    });
  return found[1];
}

/** Whether files called so are read at all. */
export function isEdited(path: string): boolean {
  return byEnding.some(([ending]) => ending.test(path));
}
