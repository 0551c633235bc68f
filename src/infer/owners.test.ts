import { expect, it } from 'vitest';
import { readOwners } from './owners.ts';
import { viewOf } from './terraform/memory-view.fixture.ts';

const owners = readOwners(
  viewOf({
    CODEOWNERS: `# who
*            @platform
/live/prod/  @prod @oncall
modules      @modules
*.tfvars     @config
/docs/*      @writers
/live/**/vpc/ @network # inline
[Section]
/live/lab/
`,
  }),
);

it.each([
  ['a/b.hcl', '@platform'],
  ['live/prod/app/terragrunt.hcl', '@prod @oncall'],
  ['x/modules/vpc/main.tf', '@modules'],
  ['live/dev/x.tfvars', '@config'],
  ['docs/a.md', '@writers'],
  ['docs/deep/a.md', '@platform'],
  ['live/prod/eu/vpc/terragrunt.hcl', '@network'],
  ['live/vpc/terragrunt.hcl', '@network'],
  ['live/lab/x/terragrunt.hcl', ''],
])('%s belongs to %j', (path, expected) => {
  expect(owners.of(path)).toBe(expected);
});

it('nobody owns anything without a file', () => {
  expect(readOwners(viewOf({})).of('a')).toBe('');
});
