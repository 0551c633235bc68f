import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { askUntyped, type VerbName } from '../../src/engine/verbs/table.ts';
import { openEngine } from '../../src/wiring/open.ts';
import { adageFiles, estateMaker, type Files, terraformFiles, terragruntFiles } from '../support/estates.ts';
import { environment, git } from '../support/karma.ts';

/**
 * A secret without any form that tells it, repeated by somebody who says why: nobody could know it for one but by what the estate
 * gives its components at that moment.
 */

const { folder, repository } = estateMaker();

const given = {
  config: 'plumtree of autumn',
  declared: 'quincejam',
  unit: 'MEDLAR+sloe',
  variable: 'damsonwine',
  brought: 'greengages',
} as const;

const files: Files = {
  ...adageFiles,
  ...terragruntFiles,
  ...terraformFiles,
  'iac/dev/app/web/config.json': JSON.stringify({ vpc_nickname: 'main', db_password: given.config }),
  'iac/dev/vpc/main/config.json': JSON.stringify({ cidr: '10.0.0.0/16', opening: given.declared }),
  'components/vpc/component.yaml': 'sensitive: opening\n',
  'live/dev/vpc/terragrunt.hcl': `${terragruntFiles['live/dev/vpc/terragrunt.hcl']}`.replace(
    'inputs = {',
    `inputs = { api_token = "${given.unit}", `,
  ),
  'network/main.tf': `${terraformFiles['network/main.tf']}variable "door" {\n  sensitive = true\n}\n`,
  'network/terraform.tfvars': `door = "${given.variable}"\n`,
};

describe('a secret that somebody says', () => {
  const said = `rotated after ${given.config}, "${given.declared}" and ${given.unit}; ${Buffer.from(given.variable).toString('base64')} follows ${given.brought}`;
  const told = 'rotated after (redacted), "(redacted)" and (redacted); (redacted) follows (redacted)';

  /** What Git and the data folder hold of words that people said. */
  function kept(estate: string, data: string): string {
    const objects = git(estate, 'cat-file', '--batch-check', '--batch-all-objects').split('\n');
    const commits = objects.flatMap((line) => (line.includes(' commit ') ? [line.split(' ')[0] ?? ''] : []));
    const inData = readdirSync(data, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return [
      ...commits.map((commit) => git(estate, 'cat-file', 'commit', commit)),
      ...inData.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1')),
    ].join('\n');
  }

  const contextOf = (dir: string, data: string) =>
    openEngine({ options: { dir, data }, env: environment(), version: 'test' }).as({ door: 'cli' });

  it('is in no commit, event, document or answer, whoever brings it and whenever it is said', async () => {
    const estate = repository(files);
    const data = join(folder, 'said');
    const context = contextOf(estate, data);
    const ask = (name: VerbName, query: object) => askUntyped(context, name, { ...query, reason: said });
    const edits = [{ id: 'dev/app/web', set: { new_password: given.brought } }];
    const tried = await ask('change-propose', { edits, dryRun: true });
    const proposed = await ask('change-propose', { edits });
    expect(proposed).toMatchObject({ change: { reason: told } });
    expect(git(estate, 'log', '-1', '--format=%s', 'refs/karma/changes/cr-1')).toBe(told);
    const ended = await ask('change-cancel', { id: 'cr-1' });
    const asked = await ask('run-ask', { action: 'deploy', all: true });
    // What no component is given any more is a word like any other.
    expect(asked).toMatchObject({ request: { reason: told.replace(/\(redacted\)$/, given.brought) } });
    await context.stores.close();
    const answers = JSON.stringify([tried, proposed, ended]);
    for (const secret of [given.config, given.declared, given.unit, given.variable])
      expect([kept(estate, data), answers, JSON.stringify(asked)].filter((text) => text.includes(secret))).toEqual([]);
    expect(answers).not.toContain(given.brought);
  });

  it('is left where the estate gives it to nobody', async () => {
    const plain = repository(adageFiles);
    const context = contextOf(plain, join(folder, 'plain'));
    const edits = [{ id: 'dev/app/web', set: { size: 4 } }];
    const proposed = await askUntyped(context, 'change-propose', { edits, reason: said });
    await context.stores.close();
    expect(proposed).toMatchObject({ change: { reason: said } });
  });
});
