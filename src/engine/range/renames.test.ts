import { beforeAll, describe, expect, it } from 'vitest';
import { end, type SmallClaim } from '../../graph/testing/range.ts';
import { loadGrammar } from '../../hcl/parse.ts';
import { viewOf } from '../../infer/terraform/memory-view.fixture.ts';
import { renamesIn } from './renames.ts';

beforeAll(async () => void (await loadGrammar()));

/** Components by path: their files, the state they keep, and what they evaluate to. */
interface Small {
  readonly files?: Readonly<Record<string, string>>;
  readonly evaluated?: Readonly<Record<string, unknown>>;
  readonly state?: string;
  readonly environment?: string;
  readonly layout?: 'terraform' | 'terragrunt' | 'adage';
}

function moves(before: Readonly<Record<string, Small>>, after: Readonly<Record<string, Small>>) {
  const ends = [before, after].map((components) => ({
    end: end(
      Object.fromEntries(
        Object.entries(components).map(([path, small]): [string, SmallClaim] => [
          path,
          {
            row: { layout: small.layout ?? 'terraform', path, environment: small.environment ?? '' },
            ...(small.evaluated === undefined ? {} : { evaluated: small.evaluated }),
            ...(small.state === undefined ? {} : { state: small.state }),
          },
        ]),
      ),
    ),
    view: viewOf(
      Object.fromEntries(
        Object.entries(components).flatMap(([path, { files = {} }]) =>
          Object.entries(files).map(([name, text]) => [`${path}/${name}`, text]),
        ),
      ),
    ),
  }));
  const [was, is] = ends;
  if (was === undefined || is === undefined) throw new Error('two ends');
  return [...renamesIn(was, is)].map((pair) => pair.join(' → '));
}

const queue = (input: string) => ({
  'main.tf': `resource "aws_sqs_queue" "q" { name = "${input}" }\noutput "o" { value = 1 }`,
});
const boiler = { 'remote.tf': 'variable "bucket" {}\nprovider "aws" { region = "r" }' };

describe('a component that is gone and one that is new are the same', () => {
  it('where they keep one state, whatever else changed', () => {
    const old = { 'a/net': { state: 's3://b/k', files: queue('1') } };
    expect(moves(old, { 'b/network': { state: 's3://b/k', files: { 'x.tf': 'resource "r" "s" {}' } } })).toEqual([
      'a/net → b/network',
    ]);
  });

  it('where they say the same: comments, layout, files and the folder are nothing of it', () => {
    const after = { 'other.tf': `# new\noutput "o" {\n  value = 1\n}\n\nresource "aws_sqs_queue" "q" { name = "1" }` };
    expect(moves({ net: { files: queue('1') } }, { network: { files: after } })).toEqual(['net → network']);
  });

  it('where they are called the same and say mostly the same', () => {
    const before = { 'old/a': { files: queue('a 1') }, 'old/b': { files: queue('b 1') } };
    const after = { 'new/a': { files: queue('a 2') }, 'new/b': { files: queue('b 2') } };
    expect(moves(before, after)).toEqual(['old/a → new/a', 'old/b → new/b']);
  });

  it('also where a module of the estate lies at another distance', () => {
    const call = (source: string) => ({ files: { 'main.tf': `module "m" { source = "${source}" }` } });
    expect(moves({ a: call('../modules/m') }, { 'live/b': call('../../modules/m') })).toEqual(['a → live/b']);
    expect(moves({ a: call('../modules/m') }, { b: call('../modules/n') })).toEqual([]);
  });

  it('as units, by what they evaluate to; a dependency that moved along lies where it lay', () => {
    const unit = (folder: string): Small => ({
      layout: 'terragrunt',
      evaluated: {
        source: 'modules/app',
        inputs: { size: 1 },
        dependency: { vpc: { config_path: `${folder}/vpc` } },
        state: { key: folder },
      },
    });
    expect(moves({ 'old/app': unit('old') }, { 'new/web': unit('new') })).toEqual(['old/app → new/web']);
  });

  it('as an environment that is renamed as a whole', () => {
    const one = (environment: string): Small => ({ environment, files: queue('1') });
    expect(moves({ 'prod/net': one('prod') }, { 'production/net': one('production') })).toEqual([
      'prod/net → production/net',
    ]);
  });
});

describe('and are not', () => {
  it('because one file of theirs is equal, which all of an estate may hold', () => {
    const old = { gatling: { files: { ...boiler, 'main.tf': 'resource "aws_instance" "a" {}' } } };
    expect(moves(old, { wafs: { files: { ...boiler, 'main.tf': 'resource "aws_waf" "b" {}' } } })).toEqual([]);
    expect(moves(old, { 'new/gatling': { files: { ...boiler, 'main.tf': 'resource "aws_waf" "b" {}' } } })).toEqual([]);
  });

  it('because they call one module with other values', () => {
    const service = (name: string) => ({
      files: { 'main.tf': `module "s" {\n  source = "../modules/s"\n  name = "${name}"\n  size = 1\n  zone = "z"\n}` },
    });
    expect(moves({ orders: service('orders') }, { billing: service('billing') })).toEqual([]);
  });

  it('from one environment to another that stays', () => {
    const one = (environment: string): Small => ({ environment, files: queue('1') });
    const rest = { 'dev/db': { environment: 'dev' }, 'prod/db': { environment: 'prod' } };
    expect(moves({ ...rest, 'dev/net': one('dev') }, { ...rest, 'prod/net': one('prod') })).toEqual([]);
  });

  it('where several could be the one', () => {
    expect(moves({ a: { files: queue('1') } }, { b: { files: queue('1') }, c: { files: queue('1') } })).toEqual([]);
  });

  it('of two layouts', () => {
    expect(moves({ a: { files: queue('1') } }, { b: { files: queue('1'), layout: 'terragrunt' } })).toEqual([]);
  });
});
