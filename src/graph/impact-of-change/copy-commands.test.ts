import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { ComponentRow } from '../../model/component.ts';
import { copyCommands, type StateCopy } from './copy-commands.ts';

const row = (id: string, layout: ComponentRow['layout']): ComponentRow => ({
  id,
  kind: 'component',
  layout,
  external: false,
  type: 't',
  nickname: 'n',
  environment: '',
  path: id,
  module: id,
  configDigest: 'c',
  attributes: {},
  sites: {},
});

const copy = (layout: ComponentRow['layout'], more: Partial<StateCopy> = {}): StateCopy => ({
  from: 's3://b/old',
  to: 's3://b/new',
  deployment: '',
  rows: [row('live/old', layout), row('live/new', layout)],
  tools: {},
  ...more,
});

describe('what copies a state', () => {
  it('is the program that keeps it: Terragrunt of units', () => {
    expect(copyCommands(copy('terragrunt'), [undefined, undefined])).toEqual([
      '(cd live/old && terragrunt state pull) > moved-live-new.tfstate   # at the earlier revision',
      '(cd live/new && terragrunt state push "$OLDPWD/moved-live-new.tfstate")',
    ]);
  });

  it('is Terraform or OpenTofu of root modules, with the backend file and workspace of the deployment', () => {
    const run = (folder: string) => ({ varFiles: [], backendFiles: [`${folder}/prod.tfbackend`], workspace: 'prod' });
    const asked = copy('terraform', { deployment: 'prod', tools: { terraform: 'tofu' } });
    expect(copyCommands(asked, [run('live/old'), run('live/new')])).toEqual([
      'tofu -chdir=live/old init -reconfigure -backend-config="$PWD/"live/old/prod.tfbackend && TF_WORKSPACE=prod tofu -chdir=live/old state pull > moved-live-new-prod.tfstate   # at the earlier revision',
      'tofu -chdir=live/new init -reconfigure -backend-config="$PWD/"live/new/prod.tfbackend && TF_WORKSPACE=prod tofu -chdir=live/new state push "$PWD/moved-live-new-prod.tfstate"',
    ]);
  });

  it('is the bucket alone where nothing else can be asked, and only what is not there is written', () => {
    const lines = copyCommands(copy('adage'), [undefined, undefined]);
    const ran = (code: number) =>
      execFileSync('sh', ['-c', `aws() { echo "$2"; [ "$2" != ls ] || return ${code}; }\n${lines.join('\n')}\ntrue`], {
        encoding: 'utf8',
      });
    expect(ran(1)).toBe('cp\n');
    // It is there, or nobody can tell.
    expect([ran(0), ran(254)]).toEqual(['', '']);
    expect(copyCommands(copy('adage', { to: 'gs://b/new' }), [undefined, undefined])).toEqual([]);
  });

  it('leaves a name of the estate no way to be a command', () => {
    const rows = [row("a'; rm -rf b", 'terragrunt'), row('$(touch x)', 'terragrunt')] as const;
    const [pull, push] = copyCommands(copy('terragrunt', { rows }), [undefined, undefined]);
    expect(pull).toContain(`(cd 'a'\\''; rm -rf b' && `);
    expect(push).toContain(`(cd '$(touch x)' && `);
  });
});
