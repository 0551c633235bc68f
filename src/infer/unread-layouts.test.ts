import { describe, expect, it } from 'vitest';
import { viewOf } from './terraform/memory-view.fixture.ts';
import { unreadLayoutsIn } from './unread-layouts.ts';

const found = (...files: string[]) =>
  unreadLayoutsIn([viewOf(Object.fromEntries(files.map((file) => [file, ''])))]).map(({ key, evidence }) => [
    key,
    evidence[0]?.site,
    evidence[0]?.file,
  ]);

describe('layouts that are recognised and not read', () => {
  it.each([
    [
      ['net/components.tfcomponent.hcl', 'net/deployments.tfdeploy.hcl'],
      ['stacks', 'net', 'net/components.tfcomponent.hcl'],
    ],
    [['old.tfstack.hcl'], ['stacks', '', 'old.tfstack.hcl']],
    [
      ['stacks/a/stack.tm.hcl', 'terramate.tm.hcl'],
      ['terramate', '', 'stacks/a/stack.tm.hcl'],
    ],
    [
      ['atmos.yaml', 'stacks/dev.yaml'],
      ['atmos', '', 'atmos.yaml'],
    ],
    [
      ['app/stacks/net/main.tf', 'app/stacks/net/tfvars/dev.tfvars'],
      ['terraspace', '', 'app/stacks/net/main.tf'],
    ],
    [
      ['infra/cdktf.json', 'infra/main.ts'],
      ['cdktf', 'infra', 'infra/cdktf.json'],
    ],
  ])('%j', (files, expected) => {
    expect(found(...files)).toEqual([expected]);
  });

  it('tells a layout once, however many files it has', () => {
    expect(found('a/cdktf.json', 'b/cdktf.json')).toEqual([['cdktf', '', 'a/cdktf.json']]);
  });

  it('leaves out what was downloaded and what is an example', () => {
    expect(found('node_modules/x/cdktf.json', 'examples/atmos.yaml', '.terraform/modules/x/stack.tm.hcl')).toEqual([]);
  });

  it('takes no root module for another layout because of its folder', () => {
    expect(found('app/stacks/main.tf', 'app/stacks/net/main.tf', 'net/main.tf')).toEqual([]);
  });
});
