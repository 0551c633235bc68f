import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fetchAwsProvider } from '../../scripts/stand-ins/aws-provider.ts';
import { isMissing, type Missing } from '../../scripts/stand-ins/server.ts';
import { findProgram } from '../../src/run/tool.ts';
import { commitAll, temporaryFolder } from '../support/estates.ts';
import { git, karma, root } from '../support/karma.ts';
import { type EstateOnAws, estateOnAws } from './estate-on-aws.ts';
import { servers, withServer } from './servers.ts';

/**
 * Powered by Adage, shown: modules that read their config from Parameter Store and write their runtime there, deployed with
 * HashiCorp's own AWS provider against moto, state in S3 and all. Karma hands them nothing; it knows the order from their HCL.
 */

const account = '123456789012';
const region = 'eu-west-1';
const bucket = `${account}-terraform-state`;

const types = ['vpc', 's3-bucket', 'service'];

/** Terraform, and a mirror to take the provider from. */
function provider(): { readonly endpoint: string } | Missing {
  if (findProgram('terraform', process.env['PATH']) === undefined)
    return { missing: 'terraform is not on PATH: install it from https://developer.hashicorp.com/terraform/install' };
  const mirror = fetchAwsProvider();
  return isMissing(mirror) ? mirror : { endpoint: mirror };
}

/** Where the provider finds AWS: an override file next to each module. Version 3 asks ec2, sts and iam who it is. */
function endpoints(moto: string): string {
  const services = ['ssm', 'sts', 'iam', 'ec2'].map((name) => `    ${name} = "${moto}"`).join('\n');
  const skipped = ['credentials_validation', 'metadata_api_check', 'region_validation', 'requesting_account_id'];
  return `provider "aws" {
  region = var.region
${skipped.map((name) => `  skip_${name} = true`).join('\n')}
  endpoints {
${services}
  }
}
`;
}

/** `examples/adage` without what moto cannot be, and with its state where moto is. */
function estateFor(folder: string, moto: string, settings: string): string {
  cpSync(join(root, 'examples/adage'), folder, { recursive: true });
  for (const type of ['site', 'route53-zone'])
    for (const place of ['components', 'iac/dev']) rmSync(join(folder, place, type), { recursive: true });
  for (const type of types) writeFileSync(join(folder, 'components', type, 'endpoints_override.tf'), endpoints(moto));
  const lockFile = lockedProvider(settings);
  for (const type of types) writeFileSync(join(folder, 'components', type, '.terraform.lock.hcl'), lockFile);
  edit(join(folder, 'account_environments/shop-dev.json'), (text) =>
    text.replace('{', `{\n  "account_id": "${account}",`),
  );
  // The endpoint stands in the unit file alone, as an object: only what reaches `init` finds the bucket.
  const forMoto = [
    ...['use_path_style', 'skip_s3_checksum', 'skip_credentials_validation', 'skip_requesting_account_id'].map(
      (name) => `${name} = true`,
    ),
    `endpoints = { s3 = "${moto}", sts = "${moto}", iam = "${moto}" }`,
    'skip_bucket_versioning = true',
  ];
  edit(join(folder, 'terragrunt.hcl'), (text) =>
    text.replace(/\n(\s*)encrypt .*\n/, (line, indent: string) =>
      [line.trimEnd(), ...forMoto.map((setting) => `${indent}${setting}`), ''].join('\n'),
    ),
  );
  git(folder, 'init', '-q', '-b', 'main');
  commitAll(folder, 'one');
  return folder;
}

/** Without a lock file nothing is skipped: another provider could do something else. */
function lockedProvider(settings: string): string {
  const folder = join(settings, '..', 'lock');
  mkdirSync(folder);
  writeFileSync(join(folder, 'main.tf'), 'provider "aws" {}\n');
  const env = { ...process.env, TF_CLI_CONFIG_FILE: settings };
  execFileSync('terraform', ['init', '-backend=false', '-input=false'], { cwd: folder, env, stdio: 'pipe' });
  return readFileSync(join(folder, '.terraform.lock.hcl'), 'utf8');
}

function edit(file: string, change: (text: string) => string): void {
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}

async function makeBucket(moto: string): Promise<void> {
  const scope = `Credential=test/20260101/${region}/s3/aws4_request, SignedHeaders=host, Signature=0`;
  const headers = { authorization: `AWS4-HMAC-SHA256 ${scope}` };
  const body = `<CreateBucketConfiguration><LocationConstraint>${region}</LocationConstraint></CreateBucketConfiguration>`;
  const answer = await fetch(`${moto}/${bucket}`, { method: 'PUT', headers, body });
  if (!answer.ok) throw new Error(`no bucket: ${answer.status} ${await answer.text()}`);
}

interface Deployed {
  readonly outcome: string;
  readonly members: readonly {
    readonly key: string;
    readonly state: string;
    readonly reason?: string;
    readonly proof?: { readonly consumed: readonly unknown[] };
  }[];
}

withServer('Powered by Adage', servers.gremlin, ({ endpoint: gremlin }) => {
  withServer('on AWS', servers.moto, ({ endpoint: moto }) => {
    withServer('with a real AWS provider', provider(), ({ endpoint: mirror }) => {
      const folder = temporaryFolder();
      let aws: EstateOnAws;
      let estate: string;
      const env = () => ({
        ...aws.env,
        TF_CLI_CONFIG_FILE: join(folder, 'terraformrc'),
        CHECKPOINT_DISABLE: '1',
        HOME: folder,
      });
      const ask = async (...words: readonly string[]) => {
        const answer = await karma(words, { cwd: estate, env: env() });
        expect(answer.code, `karma ${words.join(' ')}\n${answer.stdout}\n${answer.stderr}`).toBe(0);
        return answer.stdout;
      };
      const deploy = async (selection: string) =>
        JSON.parse(await ask('deploy', selection, '--yes', '--json')) as Deployed;
      const states = ({ members }: Deployed) => Object.fromEntries(members.map(({ key, state }) => [key, state]));
      const runtime = async (name: string) =>
        JSON.parse(await ask('parameter', 'get', `/iac/${name}/runtime`, '--binding', 'shop-dev')) as unknown;

      beforeAll(async () => {
        const mirrored = `provider_installation {\n  filesystem_mirror { path = "${mirror}" }\n}\n`;
        writeFileSync(join(folder, 'terraformrc'), mirrored);
        aws = await estateOnAws({ gremlin, moto }, [], { bindings: { 'shop-dev': { region } }, quota: 4000 });
        estate = estateFor(join(folder, 'estate'), moto, join(folder, 'terraformrc'));
        await makeBucket(moto);
      });
      afterAll(() => aws.close());

      it('deploys what reads one another through parameters, and afterwards only what a change reaches', async () => {
        await ask('config', 'publish', '--all');
        const first = await deploy('env=dev');
        expect(states(first)).toEqual({
          'dev/vpc/main': 'finished',
          'dev/s3-bucket/shop': 'finished',
          'dev/service/catalog': 'finished',
          'dev/service/shop': 'finished',
        });
        expect(await runtime('service/catalog')).toMatchObject({ url: 'https://catalog.shop.example' });
        const shop = await runtime('service/shop');

        edit(join(estate, 'iac/dev/service/catalog/config.json'), (text) => text.replace('0.9.0', '0.9.1'));
        commitAll(estate, 'a newer catalog');
        await ask('config', 'publish', 'dev/service/catalog');
        const second = await deploy('...dev/service/catalog');
        // Its revision is another and its address is not, and the address is all that the shop reads.
        expect(states(second)).toEqual({ 'dev/service/catalog': 'finished', 'dev/service/shop': 'skipped' });
        expect(second.members.find(({ key }) => key === 'dev/service/shop')?.proof?.consumed).not.toEqual([]);
        expect(await runtime('service/shop')).toEqual(shop);
        expect(await ask('status', '--json')).toContain('dev/service/shop');
      });
    });
  });
});
