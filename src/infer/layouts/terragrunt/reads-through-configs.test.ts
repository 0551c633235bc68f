import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammar } from '../../../hcl/parse.ts';
import { type Files, readEstate } from './small-estate.fixture.ts';

beforeAll(loadGrammar);

const base: Files = {
  'live/common.hcl':
    'dependency "vpc" {\n  config_path = "${get_terragrunt_dir()}/vpc"\n}\ninputs = {\n  vpc_id = dependency.vpc.outputs.id\n  env    = "live"\n}\n',
  'live/vpc/terragrunt.hcl': '',
};
const local = 'locals {\n  common = read_terragrunt_config(find_in_parent_folders("common.hcl"))\n}\n';
const edgesOf = (app: string, more: Files = {}) =>
  readEstate({ ...base, 'live/app/terragrunt.hcl': app, ...more }).edges;

describe('a dependency of a configuration that is read', () => {
  it.each([
    ['its outputs', `${local}inputs = {\n  x = local.common.dependency.vpc.outputs.subnets[0]\n}\n`, '/subnets/0'],
    ['an input that rests on them', `${local}inputs = {\n  x = local.common.inputs.vpc_id\n}\n`, '/id'],
    ['all inputs', `${local}inputs = merge(local.common.inputs, { a = 1 })\n`, '/id'],
    ['a local between', `${local}inputs = {\n  x = "\${local.common.dependency.vpc.outputs.id}-x"\n}\n`, '/id'],
    [
      'a generated file',
      `${local}generate "f" {\n  path = "f"\n  if_exists = "overwrite"\n  contents = local.common.dependency.vpc.outputs.id\n}\n`,
      '/id',
    ],
    ['inputs of that unit', `${local}inputs = {\n  x = local.common.dependency.vpc.inputs.cidr\n}\n`, '*'],
  ])('is consumed by %s', (_name, app, pointer) => {
    expect(edgesOf(app)).toEqual([`live/app -> live/vpc ${pointer}`]);
  });

  it('is not consumed by what does not rest on it', () => {
    expect(edgesOf(`${local}inputs = {\n  x = local.common.inputs.env\n}\n`)).toEqual([]);
  });

  it('is not ordered by Terragrunt, which is said unless the unit waits for it itself', () => {
    const app = `${local}inputs = {\n  x = local.common.dependency.vpc.outputs.id\n}\n`;
    const { findings } = readEstate({ ...base, 'live/app/terragrunt.hcl': app });
    expect(findings).toEqual(['dependency-unordered live/app unit:live/vpc']);
    const waits = readEstate({
      ...base,
      'live/app/terragrunt.hcl': `${app}dependencies {\n  paths = ["../vpc"]\n}\n`,
    });
    expect(waits.findings).toEqual([]);
  });

  it('starts from the folder of that configuration, also in another unit', () => {
    const other = {
      'live/db/terragrunt.hcl':
        'dependency "vpc" {\n  config_path = "../vpc"\n}\ninputs = {\n  id = dependency.vpc.outputs.id\n}\n',
    };
    const app =
      'locals {\n  db = read_terragrunt_config("../live/db/terragrunt.hcl")\n}\ninputs = {\n  x = local.db.inputs.id\n}\n';
    expect(readEstate({ ...base, ...other, 'other/terragrunt.hcl': app }).edges).toEqual([
      'live/db -> live/vpc /id',
      'other -> live/vpc /id',
    ]);
  });

  it('counts for an include that is exposed and not merged', () => {
    const app =
      'include "c" {\n  path = find_in_parent_folders("common.hcl")\n  expose = true\n  merge_strategy = "no_merge"\n}\ninputs = {\n  x = include.c.inputs.vpc_id\n}\n';
    const common = {
      'live/common.hcl': (base['live/common.hcl'] ?? '').replace('${get_terragrunt_dir()}/vpc', '../vpc'),
    };
    expect(edgesOf(app, common)).toEqual(['live/app -> live/vpc /id']);
  });

  it('may be any of them where the expression fails', () => {
    expect(edgesOf(`${local}inputs = {\n  x = merge(local.common.inputs, local.gone)\n}\n`)).toEqual([
      'live/app -> live/vpc *',
    ]);
  });
});

describe('configurations that read each other', () => {
  const reads = (...paths: readonly string[]) =>
    `locals {\n  o = get_original_terragrunt_dir()\n${paths.map((path, at) => `  a${at} = read_terragrunt_config("${path}")\n`).join('')}}\n`;
  const many = Array.from({ length: 40 }, (_one, at) => at);
  const unit = (path: string, inputs = '') => ({ 'live/a/terragrunt.hcl': `${reads(path)}${inputs}` });

  // Each would take longer than anybody waits, were a way through them gone twice.
  it.each<readonly [string, Files]>([
    ['itself, twice', unit('terragrunt.hcl', 'inputs = read_terragrunt_config("terragrunt.hcl")\n')],
    [
      'all of the others, in every circle there is',
      {
        ...unit('../../c0.hcl'),
        ...Object.fromEntries(many.map((at) => [`c${at}.hcl`, reads(...many.map((other) => `c${other}.hcl`))])),
      },
    ],
    [
      'the next one twice, which is shared and handed on',
      {
        ...unit('../../c0.hcl', 'inputs = { x = local.a0 }\n'),
        ...Object.fromEntries(many.map((at) => [`c${at}.hcl`, reads(`c${at + 1}.hcl`, `c${at + 1}.hcl`)])),
        'c40.hcl': 'locals {\n  x = 1\n}\n',
      },
    ],
  ])('take as much work as there are configurations: %s', (_what, files) => {
    const { edges, findings } = readEstate({
      ...files,
      'live/b/terragrunt.hcl': 'dependency "a" {\n  config_path = "../a"\n}\n',
    });
    expect(edges).toEqual(['live/b -> live/a']);
    expect(findings).not.toEqual([]);
  });

  it('once each, whatever is read first', () => {
    const files = {
      ...unit('../../x.hcl', 'inputs = { v = try(local.a0.locals.v, "none") }\n'),
      'live/b/terragrunt.hcl': `${reads('../../y.hcl')}inputs = { v = try(local.a0.locals.v, "none") }\n`,
      'x.hcl': 'locals {\n  v = 1\n  y = read_terragrunt_config("y.hcl")\n}\n',
      'y.hcl': 'locals {\n  v = 2\n  x = read_terragrunt_config("x.hcl")\n}\n',
    };
    const turned = Object.fromEntries(Object.entries(files).toReversed());
    expect(readEstate(turned)).toEqual(readEstate(files));
  });
});
