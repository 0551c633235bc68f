import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { graphFrom } from '../../graph/graph.ts';
import type { Row } from '../../model/rows.ts';
import { noCache } from '../../observe/cache.ts';
import { TemporaryFolder, type TemporaryRepository } from '../../observe/temporary-repository.ts';
import { openContext } from '../../wiring/open.ts';
import { build } from '../build.ts';
import type { EngineContext } from '../context.ts';
import { loadView } from './load-view.ts';
import type { LoadedView } from './view.ts';

function contextOf(root: string, data: string, env: Readonly<Record<string, string>> = {}): EngineContext {
  return openContext({ options: { dir: root, data }, report: () => undefined, env, version: 'test' });
}

function shown({ graph, hash, readers }: LoadedView): unknown {
  const index = [...readers()].map(([place, ids]) => `${place}: ${[...ids].sort().join(' ')}`).sort();
  return { hash, ids: graph.ids, rows: [...graph.rows()], readers: index };
}

const module = (reads: string) => `variable "nickname" {}
data "aws_ssm_parameter" "config" {
  name = "/iac/\${var.component_name}/\${var.nickname}/config"
}
locals {
  config = jsondecode(data.aws_ssm_parameter.config.value)
}
${reads}
resource "aws_ssm_parameter" "runtime" {
  name  = "/iac/\${var.component_name}/\${var.nickname}/runtime"
  value = jsonencode({ id = 1, zone = data.aws_route53_zone.z.zone_id })
}
`;
const reading = (type: string, key = `local.config.${type}_nickname`) => `data "aws_ssm_parameter" "${type}" {
  name = "/iac/${type}/\${${key}}/runtime"
}
output "x" {
  value = jsondecode(data.aws_ssm_parameter.${type}.value).id
}`;
const unit = (more: string) => `include "root" {\n  path = find_in_parent_folders("root.hcl")\n}\n${more}`;
const dependency = (path: string) =>
  `dependency "d" {\n  config_path = "${path}"\n}\ninputs = { a = dependency.d.outputs.id }\n`;
const state = (key: string) => `terraform {\n  backend "s3" {\n    bucket = "b"\n    key = "${key}"\n  }\n}\n`;
const remote = (key: string) => `data "terraform_remote_state" "r" {
  backend = "s3"
  config = { bucket = "b", key = "${key}" }
}
output "o" {
  value = data.terraform_remote_state.r.outputs.vpc_id
}
`;

/** What may stand at each path; nothing is always one of the choices. */
const choices: Readonly<Record<string, readonly string[]>> = {
  'account_environments/dev.json': ['{"environment": "dev"}', '{"environment": "dev", "config_branch": "x"}'],
  'components/vpc/main.tf': [module(''), module('// a comment above\n'), module('resource "aws_vpc" "this" {}')],
  'components/app/main.tf': [module(reading('vpc')), module(`\n${reading('vpc')}`), module(reading('vpc', '"main"'))],
  'components/app/component.yaml': ['references: { vpc: { type: vpc, by: vpc_nickname } }\n'],
  'iac/dev/vpc/main/config.json': ['{}', '{"cidr": "10.0.0.0/8"}', '{"tags": {"owner": "net"}}'],
  'iac/dev/vpc/other/config.json': ['{}', '{"$extends": "dev/vpc/main"}'],
  'iac/dev/app/a/config.json': [
    '{"vpc_nickname": "main"}',
    '{"vpc_nickname": "other"}',
    '{"vpc_nickname": "nobody"}',
    '{',
  ],
  'iac/dev/app/b/config.json': ['{"vpc_nickname": "main", "size": 1}', '{"$depends_on": ["app/a"]}'],
  'iac/dev/some-api/c/config.json': ['{}', '{"a": 1}'],
  'iac/dev/some-api/d/config.json': ['{"openapi": "c"}'],
  'openapi/c/openapi.json': ['{"openapi": "3.0.0", "paths": {"/x": {"get": {"x-lambda-nickname": "a"}}}}'],
  'live/root.hcl': ['locals { e = get_env("STAGE", "none") }\n', 'inputs = { region = get_env("STAGE", "none") }\n'],
  'live/a/terragrunt.hcl': [unit(''), unit(dependency('../b')), unit(dependency('../c'))],
  'live/b/terragrunt.hcl': [unit(''), unit(dependency('../a')), 'terraform { source = "../../modules/m" }\n'],
  'live/terragrunt.stack.hcl': ['unit "s" {\n  source = "../catalog"\n  path = "s"\n}\n'],
  'catalog/terragrunt.hcl': [dependency('../../a'), ''],
  'modules/m/main.tf': ['output "id" { value = 1 }\n', 'variable "v" {}\n'],
  'roots/net/main.tf': [state('net'), `${state('net')}output "vpc_id" { value = 1 }\n`, state('other')],
  'roots/web/main.tf': [state('web') + remote('net'), state('web') + remote('other'), state('net') + remote('net')],
  CODEOWNERS: ['* @team\n', 'live/ @live\n'],
  'karma.yaml': [
    'estate: small\n',
    'estate: small\nreferences:\n  - { from: live/a, to: roots/net, reason: r }\n  - { from: live/a, to: live/b, deny: true, reason: r }\n',
    'estate: small\npolicies:\n  - { name: p, from: live/a, to: live/b, severity: error, reason: r }\n',
  ],
};
const paths = Object.keys(choices);
const edit = fc.record({
  files: fc.dictionary(fc.constantFrom(...paths), fc.option(fc.nat(3)), { minKeys: 1, maxKeys: 3 }),
  stage: fc.constantFrom('one', 'two', undefined),
  commit: fc.boolean(),
  parameter: fc.option(fc.constantFrom('/iac/vpc/main/runtime', '/iac/vpc/main/config', '/iac/queue/q/runtime'), {
    freq: 4,
  }),
});

/** A finding's text may name the commit that was read; another commit of the same tree publishes nothing. */
function withoutCommit(row: Row): Row {
  return row.key.startsWith('ref-not-followed|') ? { ...row, note: '' } : row;
}

function pick(texts: readonly string[], choice: number): string | undefined {
  return texts[choice % texts.length];
}

function apply(repository: TemporaryRepository, files: Readonly<Record<string, number | null>>): void {
  for (const [path, choice] of Object.entries(files)) {
    const text = choice === null ? undefined : pick(choices[path] ?? [], choice);
    if (text === undefined) repository.remove(path);
    else repository.write({ [path]: text });
  }
}

describe('a view made from an earlier one', () => {
  it('equals one that is inferred in full, after any edits of files, environment, settings and parameters', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.constantFrom(...paths), fc.nat(3), { minKeys: 10, maxKeys: paths.length }),
        fc.array(edit, { minLength: 1, maxLength: 4 }),
        async (files, edits) => {
          using folder = new TemporaryFolder();
          const repository = folder.repository('estate').write({ 'README.md': 'x' });
          const data = join(folder.path, 'data');
          apply(repository, files);
          repository.commit('begin');
          await loadView(contextOf(repository.root, data), undefined);
          for (const { files: changed, stage, commit, parameter } of edits) {
            apply(repository, changed);
            if (commit) repository.commit();
            const env: Record<string, string> = stage === undefined ? {} : { STAGE: stage };
            const context = contextOf(repository.root, data, env);
            if (parameter !== null) {
              const store = await context.stores.parameters('dev');
              await store.put({
                name: parameter,
                value: '{"id": 1}',
                type: 'String',
                at: '2026-01-01T00:00:00Z',
                by: 'test',
              });
            }
            const fresh = shown(await loadView({ ...context, cache: noCache }, undefined));
            expect(shown(await loadView(context, undefined))).toEqual(fresh);
            // Kept by the line above, read by another process.
            expect(shown(await loadView(contextOf(repository.root, data, env), undefined))).toEqual(fresh);
            await context.stores.close();
          }
        },
      ),
      { numRuns: 20 },
    );
  }, 300_000);

  it('keeps only what a change makes different', async () => {
    using folder = new TemporaryFolder();
    const repository = folder.repository('estate');
    const data = join(folder.path, 'data');
    for (const path of paths) if (path !== 'karma.yaml') apply(repository, { [path]: 0 });
    repository.commit('begin');
    await loadView(contextOf(repository.root, data), undefined);
    apply(repository, { 'iac/dev/app/a/config.json': 1 });
    await loadView(contextOf(repository.root, data), undefined);
    const kinds = readdirSync(join(data, 'views')).map((name) => name.split('.')[1]);
    expect(kinds.sort()).toEqual(['patch', 'view']);
  });

  it('is published as the change it is: the store holds what a full inference gives', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 2, maxLength: 4 }), async (edits) => {
        using folder = new TemporaryFolder();
        const repository = folder.repository('estate').write({ 'README.md': 'x' });
        const data = join(folder.path, 'data');
        for (const path of paths) if (path !== 'karma.yaml') apply(repository, { [path]: 0 });
        for (const { files } of edits) {
          apply(repository, files);
          repository.commit();
          const context = contextOf(repository.root, data);
          const { version } = await build(context);
          const fresh = await loadView({ ...context, cache: noCache }, undefined, { committed: true });
          const store = await context.stores.graph();
          expect(graphFrom(await store.load(version)).ids).toEqual(fresh.graph.ids);
          expect([...graphFrom(await store.load(version)).rows()].map(withoutCommit)).toEqual(
            [...fresh.graph.rows()].map(withoutCommit),
          );
          expect(await store.hash(version)).toBe(fresh.hash);
          await context.stores.close();
        }
      }),
      { numRuns: 10 },
    );
  }, 300_000);
});
