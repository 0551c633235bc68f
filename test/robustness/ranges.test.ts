import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { adageFiles, commitAll, estateMaker, terraformFiles, terragruntFiles, writeFiles } from '../support/estates.ts';
import { git, karma, karmaJson, karmaOk, karmaSeveral } from '../support/karma.ts';

/** Ranges as histories really have them. */

const { folder, repository } = estateMaker();

interface Since {
  readonly comparison: {
    readonly changed: readonly {
      readonly id: string;
      readonly was?: string;
      readonly keys: readonly { pointer: string }[];
    }[];
    readonly undecided: readonly { readonly id: string }[];
    readonly added: readonly string[];
    readonly removed: readonly string[];
    readonly moved: readonly { readonly was: string; readonly id: string }[];
    readonly affected: readonly { readonly id: string }[];
    readonly files: { readonly unread: readonly string[] };
  };
  readonly summary: readonly [string, string];
}

const since = (estate: string, range: string) => karmaJson<Since>(['impact', '--since', range, '-C', estate]);

const app = 'live/dev/app/terragrunt.hcl';
const vpc = 'live/dev/vpc/terragrunt.hcl';

/** Every form of an answer about a range, and each ends well. */
async function everyForm(estate: string, range: string): Promise<void> {
  const forms = [
    ['impact', '--since', range],
    ['impact', '--since', range, '--output', 'markdown'],
    ['impact', '--since', range, '--output', 'matrix'],
    ['impact', '--since', range, '--output', 'paths0'],
    ['order', '--since', range],
    ['check', '--since', range, '--fail-on', 'never'],
  ];
  const answers = await karmaSeveral(forms.map((args) => [...args, '-C', estate]));
  expect(answers.map(({ code }) => code)).toEqual(forms.map(() => 0));
}

describe.concurrent('a range', () => {
  it('over a merge takes what the branch did, not what happened beside it', async () => {
    const estate = repository(terragruntFiles);
    git(estate, 'checkout', '-q', '-b', 'topic');
    writeFiles(estate, { [vpc]: String(terragruntFiles[vpc]).replace('10.0.0.0', '10.5.0.0') });
    commitAll(estate, 'topic');
    git(estate, 'checkout', '-q', 'main');
    writeFiles(estate, {
      'modules/app/main.tf': `${terragruntFiles['modules/app/main.tf']}output "more" { value = 1 }\n`,
    });
    commitAll(estate, 'beside');
    const branch = await since(estate, 'main...topic');
    expect(branch.comparison.changed.map(({ id }) => id)).toEqual(['live/dev/vpc']);
    expect(branch.comparison.changed[0]?.keys.map(({ pointer }) => pointer).join()).toContain('cidr');
    git(estate, 'merge', '-q', '--no-edit', 'topic');
    const merge = await since(estate, 'HEAD^1..HEAD');
    expect(merge.comparison.changed.map(({ id }) => id)).toEqual(['live/dev/vpc']);
    const other = await since(estate, 'HEAD^2..HEAD');
    expect(other.comparison.changed.map(({ id }) => id)).toEqual(['live/dev/app']);
    await everyForm(estate, 'HEAD^1..HEAD');
  });

  it('over a rename keeps the component, and everything that reads it follows', async () => {
    const estate = repository(terragruntFiles);
    git(estate, 'mv', 'live/dev/vpc', 'live/dev/network');
    writeFiles(estate, { [app]: String(terragruntFiles[app]).replace('../vpc', '../network') });
    commitAll(estate, 'rename');
    const { comparison } = await since(estate, 'HEAD~1');
    expect(comparison.moved).toEqual([{ was: 'live/dev/vpc', id: 'live/dev/network' }]);
    expect([...comparison.added, ...comparison.removed]).toEqual([]);
    expect((await karmaOk(['diff', 'HEAD~1..HEAD', '-C', estate])).stdout).toMatch(
      /live\/dev\/vpc.*live\/dev\/network/,
    );
    await everyForm(estate, 'HEAD~1');
  });

  it('over a deletion names the component that is gone, and who still needs it', async () => {
    const estate = repository(terragruntFiles);
    rmSync(join(estate, 'live/dev/vpc'), { recursive: true });
    commitAll(estate, 'gone');
    const { comparison } = await since(estate, 'HEAD~1');
    expect(comparison.removed).toEqual(['live/dev/vpc']);
    const { stdout, code } = await karma(['check', '--since', 'HEAD~1', '-C', estate]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: expect.stringMatching(/dangling-reference/) as string });
    await everyForm(estate, 'HEAD~1');
  });

  it('over all being deleted, and all being new', async () => {
    const estate = repository(terragruntFiles);
    git(estate, 'rm', '-rq', '.');
    commitAll(estate, 'nothing');
    expect((await since(estate, 'HEAD~1')).comparison.removed).toEqual(['live/dev/app', 'live/dev/vpc']);
    await everyForm(estate, 'HEAD~1');
    expect((await since(estate, 'HEAD..HEAD~1')).comparison.added).toEqual(['live/dev/app', 'live/dev/vpc']);
    await everyForm(estate, 'HEAD..HEAD~1');
  });

  it('over a file that leaves for another repository', async () => {
    const elsewhere = repository({ 'modules/vpc/main.tf': String(terragruntFiles['modules/vpc/main.tf']) });
    const estate = repository(terragruntFiles);
    rmSync(join(estate, 'modules/vpc'), { recursive: true });
    writeFiles(estate, {
      [vpc]: String(terragruntFiles[vpc]).replace(
        /source = ".*"/,
        `source = "git::file://${elsewhere}//modules/vpc?ref=main"`,
      ),
    });
    commitAll(estate, 'moved out');
    const { comparison } = await since(estate, 'HEAD~1');
    const named = [...comparison.changed, ...comparison.undecided].map(({ id }) => id);
    expect(named).toContain('live/dev/vpc');
    await everyForm(estate, 'HEAD~1');
  });

  it('over a change of layout', async () => {
    const estate = repository(terragruntFiles);
    git(estate, 'rm', '-rq', '.');
    writeFiles(estate, terraformFiles);
    commitAll(estate, 'plain terraform');
    const { comparison } = await since(estate, 'HEAD~1');
    expect(comparison.added).toEqual(['app', 'network']);
    expect(comparison.removed).toEqual(['live/dev/app', 'live/dev/vpc']);
    await everyForm(estate, 'HEAD~1');
    git(estate, 'rm', '-rq', '.');
    writeFiles(estate, adageFiles);
    commitAll(estate, 'adage');
    expect((await since(estate, 'HEAD~2')).comparison.added).toEqual(['dev/app/web', 'dev/vpc/main']);
    await everyForm(estate, 'HEAD~2');
  });

  it('between histories that share nothing is refused with three dots, and answered with two', async () => {
    const estate = repository(terragruntFiles);
    git(estate, 'checkout', '-q', '--orphan', 'other');
    writeFiles(estate, { [vpc]: String(terragruntFiles[vpc]).replace('10.0.0.0', '10.5.0.0') });
    commitAll(estate, 'other');
    const { code, stderr } = await karma(['impact', '--since', 'main...other', '-C', estate]);
    expect({ code, stderr }).toEqual({
      code: 64,
      stderr: expect.stringMatching(/KARMA_UNRELATED[\s\S]*main\.\.other/) as string,
    });
    expect((await since(estate, 'main..other')).comparison.changed.map(({ id }) => id)).toEqual(['live/dev/vpc']);
  });

  it('that changes only comments and layout changes nothing', async () => {
    const estate = repository(terragruntFiles);
    writeFiles(estate, {
      [vpc]: `# a comment\n\n${terragruntFiles[vpc]}`,
      'root.hcl': '/* more */\nlocals {\n  region = "eu-west-1"\n}\n',
      'modules/vpc/main.tf': `# above\n${terragruntFiles['modules/vpc/main.tf']}`,
      'README.md': '# new\n',
    });
    commitAll(estate, 'comments');
    const { comparison, summary } = await since(estate, 'HEAD~1');
    expect([...comparison.added, ...comparison.removed, ...comparison.affected]).toEqual([]);
    expect(comparison.files.unread).toEqual(['README.md']);
    expect(summary[0]).toMatch(/4 files/);
  });

  it('may be of files that are not committed, not even added', async () => {
    const estate = repository(terragruntFiles);
    writeFiles(estate, { 'live/dev/new/terragrunt.hcl': 'dependency "vpc" { config_path = "../vpc" }\n' });
    expect((await since(estate, 'HEAD')).comparison.added).toEqual(['live/dev/new']);
    expect((await since(estate, 'HEAD..')).comparison.added).toEqual(['live/dev/new']);
    expect((await since(estate, 'HEAD..HEAD')).comparison.added).toEqual([]);
  });

  it('that breaks a file counts it as not proved', async () => {
    const estate = repository(terragruntFiles);
    writeFiles(estate, { 'root.hcl': 'locals {\n  region = \n' });
    commitAll(estate, 'broken');
    const { comparison } = await since(estate, 'HEAD~1');
    const named = [...comparison.changed, ...comparison.undecided].map(({ id }) => id).sort();
    expect(named).toEqual(['live/dev/app', 'live/dev/vpc']);
    await everyForm(estate, 'HEAD~1');
    const back = await since(estate, 'HEAD..HEAD~1');
    expect([...back.comparison.changed, ...back.comparison.undecided].map(({ id }) => id).sort()).toEqual(named);
  });

  it('is asked of a bare clone too', async () => {
    const estate = repository(terragruntFiles);
    writeFiles(estate, { [vpc]: String(terragruntFiles[vpc]).replace('10.0.0.0', '10.5.0.0') });
    commitAll(estate, 'two');
    const bare = join(folder, 'range.git');
    git(folder, 'clone', '-q', '--bare', estate, bare);
    expect((await since(bare, 'HEAD~1..HEAD')).comparison.changed.map(({ id }) => id)).toEqual(['live/dev/vpc']);
    expect((await since(bare, 'HEAD~1')).comparison.changed.map(({ id }) => id)).toEqual(['live/dev/vpc']);
  });
});
