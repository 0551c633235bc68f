import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammar } from '../../../hcl/parse.ts';
import type { Claim } from '../../../model/claim.ts';
import type { EstateView } from '../../../model/estate.ts';
import { readSetHolds } from '../../record-reads.ts';
import { viewOf } from '../../terraform/memory-view.fixture.ts';
import { terragruntLayout } from './layout.ts';
import { estateOf, type Files, readEstate } from './small-estate.fixture.ts';

beforeAll(loadGrammar);

const base: Files = {
  'root.hcl': `locals {
  env = read_terragrunt_config(find_in_parent_folders("env.hcl", "none.hcl"), { locals = { name = "none" } })
}
inputs = {
  env = local.env.locals.name
}
`,
  'live/env.hcl': 'locals {\n  name = "live"\n}\n',
  'live/vpc/terragrunt.hcl': 'include {\n  path = find_in_parent_folders("root.hcl")\n}\n',
  'live/app/terragrunt.hcl': `include "root" {
  path   = find_in_parent_folders("root.hcl")
  expose = true
}
dependency "vpc" {
  config_path = fileexists("\${get_terragrunt_dir()}/other") ? "../db" : "../vpc"
}
inputs = {
  id   = dependency.vpc.outputs.id
  zone = get_env("ZONE", "a")
}
`,
  'live/db/terragrunt.hcl': 'terraform {\n  source = "../../modules//db"\n}\n',
  'modules/db/main.tf': 'output "id" {\n  value = 1\n}\n',
  'units/u/terragrunt.hcl': 'inputs = values\n',
  'stacks/terragrunt.stack.hcl': `unit "u" {
  source = "../units/u"
  path   = "u"
  values = { x = 1 }
}
`,
};

function claimsOf(view: EstateView): Map<string, Claim> {
  const open = terragruntLayout.open(view);
  return new Map(open.discover().candidates.map((candidate) => [candidate.id, open.claim(candidate)]));
}

/** Edits that touch, create and remove files which somebody may have read. */
const edit = fc.record({
  path: fc.constantFrom(
    ...Object.keys(base),
    'live/app/env.hcl',
    'live/vpc/env.hcl',
    'live/app/other',
    'live/app/terragrunt.values.hcl',
    'units/u/main.tf',
    'modules/db/more.tf',
    'live/db/terragrunt.stack.hcl',
    '.github/CODEOWNERS',
  ),
  text: fc.constantFrom(
    undefined,
    '',
    'locals {\n  name = "changed"\n}\n',
    'output "x" {\n  value = 1\n}\n',
    '* @me\n',
  ),
});

function edited(files: Files, edits: readonly { readonly path: string; readonly text: string | undefined }[]): Files {
  const result = new Map(Object.entries(files));
  for (const { path, text } of edits) {
    if (text === undefined) result.delete(path);
    else result.set(path, text);
  }
  return Object.fromEntries(result);
}

describe('claims', () => {
  it('are the same for every order in which they are asked for', () => {
    const forward = claimsOf(estateOf(base));
    const open = terragruntLayout.open(estateOf(base));
    const backward = open.discover().candidates.toReversed();
    for (const candidate of backward) expect(open.claim(candidate)).toEqual(forward.get(candidate.id));
  });

  it('hold as long as nothing that they read has changed', () => {
    const before = claimsOf(estateOf(base));
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
        const view = estateOf(edited(base, edits));
        const after = claimsOf(view);
        for (const [id, claim] of before)
          if (readSetHolds(claim.readSet, view.repos)) expect(after.get(id)).toEqual(claim);
      }),
      { numRuns: 150 },
    );
  });

  it('remember what they asked of the environment', () => {
    expect(claimsOf(estateOf(base)).get('live/app')?.readSet.environment).toEqual({ ZONE: null });
    const other = claimsOf(estateOf(base, { environment: { ZONE: 'b' } })).get('live/app');
    // A value may be a secret: its digest tells as well whether it changed.
    expect(other?.readSet.environment.ZONE).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('odd estates', () => {
  it('with links: the unit that a path really leads to', () => {
    const files = {
      'real/vpc/terragrunt.hcl': '',
      'app/terragrunt.hcl': 'dependency "vpc" {\n  config_path = "../linked"\n}\n',
    };
    const main = { ...viewOf(files), repoRoot: '', realPath: (path: string) => path.replace(/^linked/, 'real/vpc') };
    const open = terragruntLayout.open({ ...estateOf(files), main, repos: new Map([['', main]]) });
    const app = open.discover().candidates.find(({ id }) => id === 'app');
    expect(app && open.claim(app).needs.map(({ key }) => key)).toEqual(['unit:real/vpc']);
  });

  it('below their repository: paths lead up to its root', () => {
    const files = { 'app/terragrunt.hcl': 'dependency "x" {\n  config_path = "${get_repo_root()}/other"\n}\n' };
    const main = { ...viewOf(files), repoRoot: '..' };
    const open = terragruntLayout.open({ ...estateOf(files), main, repos: new Map([['', main]]) });
    const [app] = open.discover().candidates;
    expect(app && open.claim(app).needs.map(({ key }) => key)).toEqual(['unit:../other']);
  });

  it('without a unit, or without anything', () => {
    expect(readEstate({ 'README.md': '' })).toMatchObject({ edges: [], findings: [] });
    expect(readEstate({})).toMatchObject({ edges: [], findings: [] });
  });

  it('with units of another name', () => {
    const files = {
      'a/unit.hcl': '',
      'b/unit.hcl': 'dependency "a" {\n  config_path = "../a"\n}\n',
      'c/terragrunt.hcl': 'dependency "a" {\n  config_path = "../a"\n}\n',
    };
    expect(readEstate(files, { settings: { terragruntFile: 'unit.hcl' } }).edges).toEqual(['b -> a']);
  });

  it('never throw, whatever stands in their files', () => {
    const piece = fc.constantFrom(
      ...[
        'include {\n',
        'path = ',
        '"../b"\n',
        '}\n',
        'dependency "b" {\n',
        'config_path = ',
        'locals {\n',
        'a = local.a\n',
      ],
      ...[
        'b = run_cmd("x")\n',
        'inputs = ',
        '{',
        '[',
        '(',
        'dependency.b.outputs',
        '\n',
        'unit "u" {\n',
        'source = "."\n',
      ],
      ...[
        'find_in_parent_folders()',
        'read_terragrunt_config("terragrunt.hcl")',
        '${',
        '"',
        'values.x',
        '0[',
        'null\n',
      ],
    );
    const text = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(text, text, text, (a, b, stack) => {
        const { findings } = readEstate({
          'a/terragrunt.hcl': a,
          'b/terragrunt.hcl': b,
          'c/terragrunt.stack.hcl': stack,
        });
        // That a unit's claim could not be made at all is caught, and told under this key.
        expect(findings.filter((one) => one.endsWith(' unit'))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
