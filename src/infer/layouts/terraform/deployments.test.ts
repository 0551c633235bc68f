import { describe, expect, it } from 'vitest';
import { viewOf } from '../../terraform/memory-view.fixture.ts';
import { deploymentFiles, sharedFiles } from './deployments.ts';

/** `name: var-files | backend files`. */
function shown(paths: readonly string[], patterns?: readonly string[]): readonly string[] {
  const view = viewOf(Object.fromEntries(paths.map((path) => [path, ''])));
  return deploymentFiles(view, 'app', patterns).map(
    ({ name, varFiles, backendFiles }) => `${name}: ${varFiles.join(' ')} | ${backendFiles.join(' ')}`,
  );
}

describe('the deployments of a root module', () => {
  it.each<[what: string, paths: readonly string[], expected: readonly string[]]>([
    ['only one', ['app/main.tf'], [':  | ']],
    [
      'files that Terraform loads by itself, in its order',
      ['app/z.auto.tfvars', 'app/a.auto.tfvars', 'app/terraform.tfvars'],
      [': app/terraform.tfvars app/a.auto.tfvars app/z.auto.tfvars | '],
    ],
    [
      'a var-file an environment',
      ['app/dev.tfvars', 'app/prod.tfvars'],
      ['dev: app/dev.tfvars | ', 'prod: app/prod.tfvars | '],
    ],
    [
      'in a folder for them',
      ['app/envs/dev.tfvars', 'app/vars/prod.tfvars.json'],
      ['dev: app/envs/dev.tfvars | ', 'prod: app/vars/prod.tfvars.json | '],
    ],
    [
      'a folder an environment',
      ['app/env/dev/terraform.tfvars', 'app/env/dev/backend.hcl'],
      ['dev: app/env/dev/terraform.tfvars | app/env/dev/backend.hcl'],
    ],
    ['but no folder that is a module', ['app/env/dev/terraform.tfvars', 'app/env/dev/main.tf'], [':  | ']],
    ['what all share', ['app/common.tfvars', 'app/prod.tfvars'], ['prod: app/common.tfvars app/prod.tfvars | ']],
    [
      'backend files by name',
      ['app/prod.tfbackend', 'app/backend-dev.hcl', 'app/blue.test.backend', 'app/config/backend.tfvars'],
      [
        'blue.test:  | app/config/backend.tfvars app/blue.test.backend',
        'dev:  | app/config/backend.tfvars app/backend-dev.hcl',
        'prod:  | app/config/backend.tfvars app/prod.tfbackend',
      ],
    ],
  ])('%s', (_what, paths, expected) => {
    expect(shown(paths)).toEqual(expected);
  });

  it.each<[pattern: string, expected: readonly string[]]>([
    ['{environment}.tfvars', ['prod: app/prod.tfvars | ']],
    ['vars/{environment}/app.tfvars', ['dev: vars/dev/app.tfvars | ']],
    ['**/{environment}.tfvars', ['app: vars/dev/app.tfvars | ', 'prod: app/prod.tfvars | ']],
  ])('by the pattern %s', (pattern, expected) => {
    expect(shown(['app/prod.tfvars', 'vars/dev/app.tfvars'], [pattern])).toEqual(expected);
  });

  it('may share files of a config folder above', () => {
    const view = viewOf({
      'acme/config/backend.tfvars': '',
      'config/common.tfvars': '',
      'config/prod.tfvars': '',
      'acme/eu/app/main.tf': '',
    });
    expect(sharedFiles(view, 'acme/eu/app')).toEqual(['acme/config/backend.tfvars', 'config/common.tfvars']);
  });
});
