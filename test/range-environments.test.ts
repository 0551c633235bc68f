import { afterAll, describe, expect, it } from 'vitest';
import { compareRange } from '../src/engine/range/compare-range.ts';
import { impactSince, writeSince } from '../src/engine/verbs/impact-since.ts';
import { list } from '../src/engine/verbs/list.ts';
import { TemporaryFolder } from '../src/observe/git/temporary-repository.ts';
import { openEngine } from '../src/wiring/open.ts';

/** A root module with a var-file for each environment is one component in several deployments; answers name those concerned. */

const folder = new TemporaryFolder();
afterAll(() => folder[Symbol.dispose]());
let made = 0;

type Files = Readonly<Record<string, string>>;

const root = (name: string, more: string): Files => ({
  [`${name}/main.tf`]: `terraform {\n  backend "s3" {}\n}\nvariable "env" {}\nvariable "size" { default = 1 }\n${more}`,
  ...Object.fromEntries(
    ['dev', 'prod'].flatMap((env) => [
      [`${name}/env/${env}.tfvars`, `env = "${env}"\n`],
      [`${name}/env/${env}.tfbackend`, `bucket = "b"\nregion = "r"\nkey = "${env}/${name}"\n`],
    ]),
  ),
});
const reads = (address: string) =>
  `data "terraform_remote_state" "n" {\n  backend = "s3"\n  config = { bucket = "b", region = "r", key = ${address} }\n}\noutput "id" { value = data.terraform_remote_state.n.outputs.id }\n`;
const estate: Files = {
  ...root('net', 'output "id" { value = var.size }\n'),
  ...root('app', reads('"${var.env}/net"')),
  'only-dev/main.tf': `terraform {\n  backend "s3" {\n    bucket = "b"\n    region = "r"\n    key = "only-dev"\n  }\n}\n${reads('"dev/net"')}`,
};

async function range(change: Files) {
  made += 1;
  const repository = folder.repository(`estate-${made}`).write(estate);
  repository.commit('before');
  repository.write(change).commit('after');
  const context = openEngine({
    options: { dir: repository.root, data: folder.at(`data-${made}`) },
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1' },
    version: 'test',
  }).as({ door: 'cli' });
  const { comparison } = await compareRange(context, 'HEAD~1..HEAD');
  const told = (list: readonly { readonly id: string; readonly deployments?: readonly string[] }[]) =>
    list.map(({ id, deployments }) => `${id} ${deployments?.join(' ') ?? ''}`.trim());
  return { context, changed: told(comparison.changed), affected: told(comparison.affected), comparison };
}

describe('which environment a range concerns', () => {
  it('the one whose var-file changed, and whoever reads its state; a root that reads another one is untouched', async () => {
    const { changed, affected, context } = await range({ 'net/env/prod.tfvars': 'env = "prod"\nsize = 2\n' });
    expect({ changed, affected }).toEqual({ changed: ['net prod'], affected: ['app prod'] });
    const { compared } = await impactSince(context, 'HEAD~1..HEAD');
    const { matrix } = JSON.parse(writeSince(compared, 'HEAD~1..HEAD', 'matrix')) as {
      matrix: readonly { readonly include: readonly unknown[] }[];
    };
    expect(matrix.flatMap(({ include }) => include)).toEqual([
      { component: 'net', path: 'net', environment: 'prod', account: '', deployment: 'prod' },
      { component: 'app', path: 'app', environment: 'prod', account: '', deployment: 'prod' },
    ]);
    expect(writeSince(compared, 'HEAD~1..HEAD', 'gitlab')).toContain('KARMA_DEPLOYMENT: "prod"');
    expect(writeSince(compared, 'HEAD~1..HEAD', 'atlantis')).toContain('app-prod');
  });

  it('all of them, where the module changed', async () => {
    const { changed, affected } = await range({
      'net/size.tf': 'output "more" { value = 1 }\nresource "terraform_data" "x" {}\n',
    });
    expect(changed).toEqual(['net dev prod']);
    expect(affected.filter((one) => one.startsWith('app'))).toEqual(affected.length === 0 ? [] : ['app dev prod']);
  });

  it('a root is found by the environments of its deployments', async () => {
    const { context } = await range({});
    const { components } = await list(context, { selection: ['env=prod'], columns: [] });
    expect(components.map(({ id }) => id)).toEqual(['app', 'net']);
  });
});
