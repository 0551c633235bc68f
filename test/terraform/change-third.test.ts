import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EngineContext } from '../../src/engine/context.ts';
import { ask } from '../../src/engine/verbs/table.ts';
import { findProgram } from '../../src/run/tool.ts';
import { yes } from '../support/applying.ts';
import { changingEstates, outputOf } from '../support/changing.ts';
import type { Files } from '../support/estates.ts';
import { git } from '../support/karma.ts';
import { withoutTerraform } from './real-terraform.fixture.ts';

/**
 * One change of five components, `a` before `b` before `c` before `d`, and `e` that needs `a` alone. The run of the third fails while
 * Terraform applies it, and leaves behind what it had begun. It is gone on with, and then taken back. The same in all layouts.
 */
const terragrunt = findProgram('terragrunt', process.env['PATH']);
const estates = changingEstates();
const names = ['a', 'b', 'c', 'd', 'e'] as const;
type Name = (typeof names)[number];
const below: Readonly<Partial<Record<Name, Name>>> = { b: 'a', c: 'b', d: 'c', e: 'a' };

/** @param sum what it comes to; made anew whenever that changes, which fails while somebody holds the gate shut */
const module = (given: string, sum: string): string => `variable "size" { type = number }
variable "gate" { type = string }
${given}resource "terraform_data" "this" {
  input            = ${sum}
  triggers_replace = ${sum}
  provisioner "local-exec" { command = "test ! -e '\${var.gate}'" }
}
output "total" { value = terraform_data.this.output }
`;
const gateOf = (folder: string, name: Name): string => join(folder, `${name}.shut`);

const common = {
  '.gitignore':
    '*.tfstate\n*.tfstate.backup\n.terraform/\n.terragrunt-cache/\n.state/\n.terraform.lock.hcl\n.terraform.tfstate.lock.info\n',
  'karma.yaml': 'estate: five\n',
};

interface Layout {
  readonly files: (gates: string) => Files;
  readonly id: (name: Name) => string;
  readonly total: (place: string, name: Name, context: EngineContext) => Promise<unknown>;
}

const layouts: Readonly<Record<string, Layout>> = {
  'plain Terraform': {
    files: (gates) =>
      Object.fromEntries(
        names.flatMap((name) => {
          const before = below[name];
          const read =
            before === undefined
              ? ''
              : `data "terraform_remote_state" "before" {\n  backend = "local"\n  config  = { path = "\${path.module}/../${before}/terraform.tfstate" }\n}\n`;
          const sum = before === undefined ? 'var.size' : 'var.size + data.terraform_remote_state.before.outputs.total';
          return [
            [`${name}/main.tf`, module(read, sum)],
            [`${name}/terraform.tfvars`, `size = 1\ngate = "${gateOf(gates, name)}"\n`],
          ];
        }),
      ),
    id: (name) => name,
    total: async (place, name) => outputOf(place, name),
  },
  Adage: {
    files: (gates) => ({
      'account_environments/five-dev.json': '{ "name": "five-dev", "environment": "dev", "config_branch": "main" }\n',
      ...Object.fromEntries(
        names.flatMap((name) => {
          const before = below[name];
          const given = before === undefined ? '' : `variable "${before}" {}\n`;
          const reads = before === undefined ? {} : { [`${before}_nickname`]: 'main' };
          const config = { size: 1, gate: gateOf(gates, name), ...reads };
          return [
            [
              `components/${name}/main.tf`,
              module(given, before === undefined ? 'var.size' : `var.size + var.${before}.total`),
            ],
            [`iac/dev/${name}/main/config.json`, `${JSON.stringify(config, undefined, 2)}\n`],
          ];
        }),
      ),
    }),
    id: (name) => `dev/${name}/main`,
    total: async (_, name, context) => {
      const { parameter } = await ask(context, 'parameter', { name: `/iac/${name}/main/runtime` });
      return (JSON.parse(parameter.value ?? '{}') as { readonly total?: unknown }).total;
    },
  },
  ...(terragrunt === undefined
    ? {}
    : {
        Terragrunt: {
          files: (gates: string) => ({
            'root.hcl':
              'remote_state {\n  backend  = "local"\n  generate = { path = "backend.tf", if_exists = "overwrite" }\n  config   = { path = "${get_parent_terragrunt_dir()}/.state/${path_relative_to_include()}.tfstate" }\n}\n',
            'modules/first/main.tf': module('', 'var.size'),
            'modules/next/main.tf': module('variable "below" { type = number }\n', 'var.size + var.below'),
            ...Object.fromEntries(
              names.map((name) => {
                const before = below[name];
                const reads = before === undefined ? '' : `dependency "before" {\n  config_path = "../${before}"\n}\n`;
                const input = before === undefined ? '' : '  below = dependency.before.outputs.total\n';
                return [
                  `live/${name}/terragrunt.hcl`,
                  `include "root" {\n  path = find_in_parent_folders("root.hcl")\n}\nterraform {\n  source = "../../modules/${before === undefined ? 'first' : 'next'}"\n}\n${reads}inputs = {\n  size = 1\n  gate = "${gateOf(gates, name)}"\n${input}}\n`,
                ];
              }),
            ),
          }),
          id: (name: Name) => `live/${name}`,
          total: async (place: string, name: Name) =>
            (
              JSON.parse(
                execFileSync(terragrunt, ['output', '--non-interactive', '--log-level', 'error', '-json'], {
                  cwd: join(place, 'live', name),
                  encoding: 'utf8',
                }),
              ) as { readonly total?: { readonly value: unknown } }
            ).total?.value,
        },
      }),
};

describe.skipIf(withoutTerraform)('the third run of five fails (needs terraform on PATH)', { retry: 0 }, () => {
  it.each(Object.entries(layouts))('%s', async (layout, { files, id, total }) => {
    const gates = join(estates.folder, `gates-${layout.length}`);
    mkdirSync(gates);
    const { place, context } = estates.make({ ...common, ...files(gates) });
    const here = { here: { face: yes } };
    const totals = async () =>
      Object.fromEntries(await Promise.all(names.map(async (name) => [name, await total(place, name, context)])));
    const ran = ({ deploy }: Awaited<ReturnType<typeof applied>>) =>
      Object.fromEntries((deploy?.members ?? []).map(({ key, state }) => [key, state]));
    const applied = (change: string) => ask(context, 'change-apply', { id: change }, here);
    const said = (words: Readonly<Record<Name, string>>) =>
      Object.fromEntries(names.map((name) => [id(name), words[name]]));
    if (layout === 'Adage') await ask(context, 'config-publish', { all: true });
    await ask(context, 'deploy', { all: true }, here);
    const before = { a: 1, b: 2, c: 3, d: 4, e: 2 };
    expect(await totals()).toEqual(before);
    const began = git(place, 'rev-parse', 'main^{tree}');

    const edits = names.map((name) => ({ id: id(name), set: { size: 11 } }));
    const change = (await ask(context, 'change-propose', { reason: 'all larger', edits })).id ?? '';
    writeFileSync(gateOf(gates, 'c'), '');
    const failed = await applied(change);
    expect(failed.outcome).toBe('failed');
    const stopped = ran(failed);
    expect(stopped).toMatchObject({ [id('a')]: 'finished', [id('b')]: 'finished', [id('c')]: 'failed' });
    expect(stopped[id('e')]).toBe('finished');
    expect(stopped[id('d')]).not.toBe('finished');
    expect(failed.change).toMatchObject({ state: 'failed', apply: { committed: true } });
    expect(await totals()).toMatchObject({ a: 11, b: 22, d: 4, e: 22 });

    rmSync(gateOf(gates, 'c'));
    const resumed = await ask(context, 'change-resume', { id: change }, here);
    expect(resumed.outcome).toBe('applied');
    // What had finished is skipped with proof, or has nothing to do: a local state behind a unit of Terragrunt has a serial for each
    // resource, so nobody can tell whether somebody else wrote it since.
    const did = (resumed.deploy?.members ?? []).map((one) => {
      const isIdle = one.state === 'finished' && Object.values(one.changes ?? {}).every((count) => count === 0);
      return [one.key, one.state === 'skipped' || (layout === 'Terragrunt' && isIdle) ? 'nothing' : one.state];
    });
    expect(Object.fromEntries(did)).toEqual(
      said({ a: 'nothing', b: 'nothing', c: 'finished', d: 'finished', e: 'nothing' }),
    );
    expect(await totals()).toEqual({ a: 11, b: 22, c: 33, d: 44, e: 22 });

    const { id: back = '' } = await ask(context, 'change-revert', { id: change });
    expect((await applied(back)).outcome).toBe('applied');
    expect(await totals()).toEqual(before);
    expect(git(place, 'rev-parse', 'main^{tree}')).toBe(began);
    expect(git(place, 'status', '--porcelain')).toBe('');
    expect((await ask(context, 'change', { id: change })).change.state).toBe('reverted');
    const { components } = await ask(context, 'status', {});
    expect(components.map(({ component, drift }) => [component, drift.stale.state])).toEqual(
      names.map((name) => [id(name), 'no']),
    );
  });
});
