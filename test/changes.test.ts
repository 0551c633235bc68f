import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PolicyInput } from '../src/change/policy.ts';
import type {
  ChangeAnswer,
  DiffOfChange,
  ListedChange,
  ProposedAnswer,
  ShownChange,
} from '../src/engine/verbs/changes.ts';
import type { PolicyBacktest } from '../src/engine/verbs/policies.ts';
import { wrongInDocument } from './support/answers.ts';
import {
  adageFiles,
  commitAll,
  estateMaker,
  type Files,
  folderDigest,
  temporaryFolder,
  terraformFiles,
  terragruntFiles,
  writeFiles,
} from './support/estates.ts';
import { environment, git, karma, karmaJson, karmaOk, karmaRaw } from './support/karma.ts';

/** Changes proposed in every way, looked into, and ended: in a repository nobody notices any of it. */

const estates = estateMaker();
const beside = temporaryFolder();

const vpcConfig = 'iac/dev/vpc/main/config.json';
const wider: Files = { [vpcConfig]: '{ "cidr": "10.1.0.0/16" }\n' };

/** A branch that holds these files too; the work tree stays on `main`. */
function branch(place: string, name: string, files: Files, from = 'main'): void {
  git(place, 'switch', '-q', '-c', name, from);
  writeFiles(place, files);
  commitAll(place, name);
  git(place, 'switch', '-q', 'main');
}

const propose = (place: string, ...args: readonly string[]): Promise<ProposedAnswer> =>
  karmaJson<ProposedAnswer>(['change', 'propose', '--reason', 'because', ...args], { cwd: place });

const changedIn = ({ simulation }: Pick<ProposedAnswer, 'simulation'>): string[] =>
  simulation.comparison.changed.map(({ id }) => id);

/** Everything that a person sees of their repository: work tree, index, branches, where they stand. */
function whatPeopleSee(place: string): readonly string[] {
  return [
    folderDigest(place, (path) => path === '.git'),
    folderDigest(join(place, '.git'), (path) => /^(?:objects|karma|refs\/karma)(?:\/|$)/.test(path)),
  ];
}

describe('a change', () => {
  it('is blocked for who looks, once the followed ref says something else of the same line', async () => {
    const place = estates.repository(adageFiles);
    await propose(place, 'dev/vpc/main', '--set', 'cidr=10.2.0.0/16');
    writeFiles(place, wider);
    commitAll(place, 'wider');
    // A list looks nobody's change through anew, and says of which it did not.
    const listed = await karma(['change', 'list'], { cwd: place });
    expect(listed.stderr).toContain('the branch moved since the state of cr-1 was found out');
    const looked = await karmaJson<ShownChange>(['change', 'show', 'cr-1'], { cwd: place });
    expect(looked.blockers.map(({ code }) => code)).toEqual(['conflict']);
    expect(looked.change.state).toBe('blocked');
  });

  it('is a commit that nobody sees, with what it would do', async () => {
    const place = estates.repository(adageFiles);
    branch(place, 'wider', wider);
    const before = whatPeopleSee(place);
    const main = git(place, 'rev-parse', 'main');
    const made = await propose(place, '--from', 'wider');
    expect(made).toMatchObject({ id: 'cr-1', state: 'simulated', blockers: [], others: [] });
    expect(made.change).toMatchObject({ base: main, revision: 1, proposer: 'tester', ways: ['range'], files: 1 });
    expect(changedIn(made)).toEqual(['dev/vpc/main']);
    expect(made.simulation.comparison.affected.map(({ id }) => id)).toEqual(['dev/app/web']);
    expect(made.simulation.order.waves).toEqual([['dev/vpc/main'], ['dev/app/web']]);
    expect(git(place, 'rev-parse', 'refs/karma/changes/cr-1')).toBe(made.change?.head);
    expect(git(place, 'log', '-1', '--format=%an %P %s', 'refs/karma/changes/cr-1')).toBe(`tester ${main} because`);
    expect(whatPeopleSee(place)).toEqual(before);
    const { changes } = await karmaJson<{ changes: readonly ListedChange[] }>(['change', 'list'], { cwd: place });
    expect(changes.map(({ id, state }) => [id, state])).toEqual([['cr-1', 'simulated']]);
    const shown = await karmaJson<ShownChange>(['change', 'show', '1'], { cwd: place });
    expect(shown.events.map(({ action }) => action)).toEqual(['change.proposed', 'change.simulated']);
    expect(shown.events[0]?.id).toBe(made.log_entry_id);
    expect((await karmaOk(['change', 'diff', 'cr-1'], { cwd: place })).stdout).toContain('+{ "cidr": "10.1.0.0/16" }');
    expect((await karmaOk(['log', 'verify'], { cwd: place })).stdout).toContain('the chain holds');
    await karmaOk(['change', 'cancel', 'cr-1', '--reason', 'done by hand'], { cwd: place });
    expect((await karma(['change', 'cancel', 'cr-1'], { cwd: place })).code).toBe(3);
    expect((await karmaJson<{ changes: readonly unknown[] }>(['change', 'list'], { cwd: place })).changes).toEqual([]);
    expect(whatPeopleSee(place)).toEqual(before);
  });

  it.each<[string, Files, Files, string]>([
    ['Adage', adageFiles, wider, 'dev/vpc/main'],
    [
      'Terragrunt',
      terragruntFiles,
      { 'live/dev/vpc/terragrunt.hcl': String(terragruntFiles['live/dev/vpc/terragrunt.hcl']).replace('10.0', '10.1') },
      'live/dev/vpc',
    ],
    [
      'Terraform',
      terraformFiles,
      { 'network/main.tf': `${terraformFiles['network/main.tf']}output "x" { value = 1 }\n` },
      'network',
    ],
  ])('comes from the work tree as it is, of %s', async (_, files, over, id) => {
    const place = estates.repository(files);
    writeFiles(place, { ...over, 'notes.txt': 'new\n' });
    const before = whatPeopleSee(place);
    const made = await propose(place, '--from-worktree');
    expect(changedIn(made)).toEqual([id]);
    expect(made.change).toMatchObject({ ways: ['worktree'], files: 2 });
    expect(whatPeopleSee(place)).toEqual(before);
    expect(git(place, 'show', 'refs/karma/changes/cr-1:notes.txt')).toBe('new');
  });

  it('takes the work tree with links, modes and what went, and no file that a filter handles', async () => {
    const place = estates.repository({ ...adageFiles, 'run.sh': '#!/bin/sh\n', 'gone.txt': 'x\n', 'a.bin': '1\n' });
    chmodSync(join(place, 'run.sh'), 0o755);
    symlinkSync('run.sh', join(place, 'link'));
    git(place, 'rm', '-q', '--cached', 'gone.txt');
    writeFileSync(join(place, 'gone.txt'), '');
    git(place, 'rm', '-qf', '--ignore-unmatch', 'gone.txt');
    await karmaOk(['change', 'propose', '--from-worktree', '--reason', 'r'], { cwd: place });
    const tree = git(place, 'ls-tree', 'refs/karma/changes/cr-1');
    expect(tree).toMatch(/^120000 .*\tlink$/m);
    expect(tree).toMatch(/^100755 .*\trun\.sh$/m);
    writeFiles(place, { '.gitattributes': '*.bin filter=evil\n', 'a.bin': '2\n' });
    git(place, 'config', 'filter.evil.clean', `touch ${join(beside, 'ran')}`);
    const refused = await karma(['change', 'propose', '--from-worktree', '--reason', 'r'], { cwd: place });
    expect(refused.stderr).toMatch(/KARMA_INPUT_INVALID {2}a\.bin .*the filter evil, which is a program/);
    expect(git(place, 'for-each-ref', 'refs/karma')).not.toContain('cr-2');
  });

  it('comes as a patch, laid over the base', async () => {
    const place = estates.repository(adageFiles);
    branch(place, 'wider', wider);
    const patch = git(place, 'diff', 'main', 'wider');
    const made = await karmaJson<ProposedAnswer>(['change', 'propose', '--patch', '-', '--reason', 'r'], {
      cwd: place,
      input: `${patch}\n`,
    });
    expect(changedIn(made)).toEqual(['dev/vpc/main']);
    const again = await karma(['change', 'propose', '--patch', '-', '--reason', 'r', '--base', 'wider'], {
      cwd: place,
      input: `${patch}\n`,
    });
    expect(again.stderr).toMatch(/KARMA_INPUT_INVALID {2}the patch does not fit/);
  });

  it('is only tried out where that is asked for: no event, no ref', async () => {
    const place = estates.repository(adageFiles);
    branch(place, 'wider', wider);
    const tried = await propose(place, '--from', 'wider', '--dry-run');
    expect(changedIn(tried)).toEqual(['dev/vpc/main']);
    expect(tried.id).toBeUndefined();
    expect(git(place, 'for-each-ref', 'refs/karma')).toBe('');
    expect((await karmaJson<{ events: readonly unknown[] }>(['log', 'list'], { cwd: place })).events).toEqual([]);
  });

  it('gets another content, and what it was stays in its history', async () => {
    const place = estates.repository(adageFiles);
    branch(place, 'wider', wider);
    branch(place, 'larger', { 'iac/dev/app/web/config.json': '{ "vpc_nickname": "main", "size": 3 }\n' });
    const first = await propose(place, '--from', 'wider');
    const second = await propose(place, '--from', 'larger', '--revise', 'cr-1');
    expect(second).toMatchObject({ id: 'cr-1', state: 'simulated', change: { revision: 2 } });
    expect(changedIn(second)).toEqual(['dev/app/web']);
    expect(git(place, 'rev-parse', 'refs/karma/changes/cr-1^2')).toBe(first.change?.head);
  });
});

describe('values', () => {
  it('are changed at the literal, of several components in one change, and nothing else of a file is', async () => {
    const config = '{\n  "vpc_nickname" : "main",\n  "size": 2, "tags": {"a": 1 }\n}\n';
    const place = estates.repository({ ...adageFiles, 'iac/dev/app/web/config.json': config });
    const made = await propose(
      place,
      ...['dev/app/web', '--set', 'size=3', '--set', 'tags.b="x"', '--unset', '/tags/a'],
      ...['--set', 'dev/vpc/main#cidr=10.1.0.0/16'],
    );
    expect(changedIn(made)).toEqual(['dev/app/web', 'dev/vpc/main']);
    expect(made.change).toMatchObject({ ways: ['edit'], files: 2 });
    expect(git(place, 'show', 'refs/karma/changes/cr-1:iac/dev/app/web/config.json')).toMatch(
      /^\{\n {2}"vpc_nickname" : "main",\n {2}"size": 3, "tags": \{ ?"b": "x" ?\}\n\}$/,
    );
  });

  it('are changed in a unit, and where it does not say them itself that is refused with the ways out', async () => {
    const unit = 'live/dev/vpc/terragrunt.hcl';
    const place = estates.repository({
      ...terragruntFiles,
      [unit]: String(terragruntFiles[unit]).replace(
        'inputs = { cidr = "10.0.0.0/16" }',
        'inputs = {\n  cidr = "10.0.0.0/16" # ours\n}',
      ),
      'root.hcl': 'locals { region = "eu-west-1" }\ninputs = { zone = "a" }\n',
    });
    const made = await propose(place, 'live/dev/vpc', '--set', 'cidr=10.1.0.0/16');
    expect(changedIn(made)).toEqual(['live/dev/vpc']);
    expect(git(place, 'show', `refs/karma/changes/cr-1:${unit}`)).toContain('  cidr = "10.1.0.0/16" # ours\n');
    const set = ['change', 'propose', 'live/dev/vpc', '--set', 'zone=b', '--reason', 'r'];
    const refused = await karma(set, { cwd: place });
    expect(refused).toMatchObject({ code: 3, stderr: expect.stringMatching(/KARMA_REFUSED .*zone.*root\.hcl/) });
    expect(refused.stderr).toMatch(/--there.*--override/);
    await karmaOk([...set, '--override'], { cwd: place });
    expect(git(place, 'show', `refs/karma/changes/cr-2:${unit}`)).toContain('zone = "b"');
  });

  it('come as a merge patch', async () => {
    const place = estates.repository(adageFiles);
    const args = ['change', 'propose', 'dev/app/web', '--input', '-', '--reason', 'r'];
    const input = '{"size": null, "tags": {"team": "web"}}';
    await karmaOk(args, { cwd: place, input });
    expect(JSON.parse(git(place, 'show', 'refs/karma/changes/cr-1:iac/dev/app/web/config.json'))).toEqual({
      vpc_nickname: 'main',
      tags: { team: 'web' },
    });
  });

  it.each([
    [['--set', 'size=3'], 'of which component?'],
    [['dev/app/web', '--set', 'size'], 'takes path=value'],
    [['dev/app/web', '--set', 'size=2'], 'changes nothing'],
    [['dev/app/wob', '--set', 'size=2'], 'dev/app/web'],
  ])('%j is refused in words', async (args, message) => {
    const place = estates.repository(adageFiles);
    const { stderr, code } = await karma(['change', 'propose', '--reason', 'r', ...args], { cwd: place });
    expect(stderr).toContain(message);
    expect(code).not.toBe(0);
  });
});

describe('whole components', () => {
  it.each<[string, Files, readonly string[], { added?: string[]; removed?: string[]; moved?: string[] }]>([
    ['a new one', adageFiles, ['--new', 'vpc/edge', '--in', 'dev'], { added: ['dev/vpc/edge'] }],
    [
      'one like another',
      adageFiles,
      ['--new', 'app/api', '--in', 'dev', '--from', 'dev/app/web'],
      { added: ['dev/app/api'] },
    ],
    ['one that goes', adageFiles, ['--remove', 'dev/app/web'], { removed: ['dev/app/web'] }],
    ['one that moves', adageFiles, ['--rename', 'dev/app/web=app/shop'], { moved: ['dev/app/shop'] }],
    [
      'a unit like another',
      terragruntFiles,
      ['--new', 'live/prod/vpc', '--from', 'live/dev/vpc'],
      { added: ['live/prod/vpc'] },
    ],
    ['a unit that goes', terragruntFiles, ['--remove', 'live/dev/app'], { removed: ['live/dev/app'] }],
    ['a root module like another', terraformFiles, ['--new', 'edge', '--from', 'app'], { added: ['edge'] }],
  ])('%s', async (_, files, args, { added = [], removed = [], moved = [] }) => {
    const place = estates.repository(files);
    const { simulation } = await propose(place, '--dry-run', ...args);
    const { comparison } = simulation;
    expect(comparison.added).toEqual(added);
    expect(comparison.removed).toEqual(removed);
    expect(comparison.moved.map(({ id }) => id)).toEqual(moved);
  });

  it.each([
    [['--new', 'vpc/edge', '--in', 'prod'], 'KARMA_NOT_FOUND', 'there is no environment prod'],
    [['--new', 'vpc/main', '--in', 'dev'], 'KARMA_REFUSED', 'there is something at'],
    [['--new', '../../etc/passwd', '--in', 'dev'], 'KARMA_USAGE', ''],
    [['--new', 'vpc/.git', '--in', 'dev'], 'KARMA_USAGE', 'is no name for a component'],
    [['--rename', 'dev/app/web=../x'], 'KARMA_USAGE', ''],
    [['--remove', 'dev/app/wob'], 'KARMA_NOT_FOUND', ''],
    [[], 'KARMA_USAGE', 'nothing is proposed'],
  ])('%j is refused in words', async (args, code, message) => {
    const place = estates.repository(adageFiles);
    const { stderr, code: exit } = await karma(['change', 'propose', '--reason', 'r', ...args], { cwd: place });
    expect(stderr).toContain(code);
    expect(stderr).toContain(message);
    expect(exit).not.toBe(0);
    expect(git(place, 'for-each-ref', 'refs/karma')).toBe('');
  });
});

/** A patch that makes a file of a mode. */
const making = (path: string, text = 'x', mode = '100644'): string =>
  `diff --git a/${path} b/${path}\nnew file mode ${mode}\n--- /dev/null\n+++ b/${path}\n@@ -0,0 +1 @@\n+${text}\n`;

describe('a hostile patch', () => {
  it.each([
    ['that leads out', making('../../outside.txt')],
    ['with an absolute path', making('/etc/passwd')],
    ["into Git's own folder", making('.git/hooks/post-commit')],
    ['into that of a repository within', making('sub/.git/config')],
    ['spelt as other file systems have it', making('.GIT/config')],
    ['with a link', making('link', '/etc/passwd', '120000')],
    ['with a repository', making('sub', 'Subproject commit 1111111111111111111111111111111111111111', '160000')],
    ['that points to other repositories', making('.gitmodules')],
    ['spelt with a mark that is not seen', making('.g\u206ait/config')],
    ['that leads elsewhere on other systems', making('a\\..\\..\\x')],
    ['of ten megabytes', making('large.txt', 'x'.repeat(10 * 1024 * 1024))],
    [
      'that is binary',
      'diff --git a/x b/x\nnew file mode 100644\nindex 0000000..1111111\nGIT binary patch\nliteral 1\nIcmZ\n\n',
    ],
    ['that is no patch', 'rm -rf /\n'],
    ['with nothing in it', ''],
    ['that does not fit', making(vpcConfig)],
  ])('%s is refused, and nothing is left of it', async (_, patch) => {
    const place = estates.repository(adageFiles);
    const before = whatPeopleSee(place);
    const answer = await karma(['change', 'propose', '--patch', '-', '--reason', 'r'], { cwd: place, input: patch });
    expect(answer.stderr).toMatch(/error (?:KARMA_INPUT_INVALID|KARMA_REFUSED) /);
    expect(answer.code).not.toBe(0);
    expect(whatPeopleSee(place)).toEqual(before);
    expect(git(place, 'for-each-ref', 'refs/karma')).toBe('');
  });

  it.each([
    ['edits of a person', ['dev/vpc/main', '--set', 'cidr=10.5.0.0/16']],
    ['a branch', ['--from', 'feature']],
    ['the work tree', ['--from-worktree']],
  ])('is held to the same beside %s', async (_, more) => {
    const place = estates.repository(adageFiles);
    branch(place, 'feature', { 'links.txt': 'x' });
    writeFiles(place, { 'notes.txt': 'mine' });
    for (const input of [making('.gitmodules'), making('link', '/etc/passwd', '120000')]) {
      const words = ['change', 'propose', ...more, '--patch', '-', '--reason', 'r'];
      const answer = await karma(words, { cwd: place, input });
      expect(answer.stderr).toMatch(/error KARMA_REFUSED .*may not be written by a change/);
    }
    expect(git(place, 'for-each-ref', 'refs/karma')).toBe('');
  });

  it('writes nothing outside of the estate where that is a folder of its repository', async () => {
    const place = estates.repository(
      Object.fromEntries(Object.entries(adageFiles).map(([path, text]) => [`infra/${path}`, text])),
    );
    const cwd = join(place, 'infra');
    const inside = await karma(['change', 'propose', '--patch', '-', '--reason', 'r'], {
      cwd,
      input: making('iac/dev/vpc/new/config.json', '{}'),
    });
    expect(inside.code).toBe(0);
    expect(git(place, 'show', 'refs/karma/changes/cr-1:infra/iac/dev/vpc/new/config.json')).toBe('{}');
    const outside = await karma(['change', 'propose', '--patch', '-', '--reason', 'r'], {
      cwd,
      input: making('../app/x.txt'),
    });
    expect(outside.stderr).toMatch(/error KARMA_/);
  });
});

describe('a change that somebody is killed in', () => {
  /** A git in front of git that kills whoever called it with a word, before or after it did what it was asked. */
  function deadlyGit(word: string, when: 'before' | 'after'): string {
    const folder = join(beside, `git-${word}-${when}`);
    mkdirSync(folder, { recursive: true });
    const real = git(beside, '--exec-path');
    const run = `"${join(real, 'git')}" "$@"`;
    const kill = 'kill -9 $PPID; exit 1';
    const body = when === 'before' ? kill : `${run}; ${kill}`;
    writeFileSync(join(folder, 'git'), `#!/bin/sh\ncase " $* " in *" ${word} "*) ${body};; esac\nexec ${run}\n`, {
      mode: 0o755,
    });
    return `${folder}:${environment()['PATH']}`;
  }

  it.each([
    ['read-tree', 'after'],
    ['hash-object', 'before'],
    ['write-tree', 'after'],
    ['for-each-ref', 'after'],
    ['update-ref', 'before'],
    ['update-ref', 'after'],
  ] as const)('at `git %s` (%s) is all or nothing, and the next command completes it', async (word, when) => {
    const place = estates.repository(adageFiles);
    writeFiles(place, wider);
    const before = whatPeopleSee(place);
    const killed = await karmaRaw(['change', 'propose', '--from-worktree', '--reason', 'first'], {
      cwd: place,
      env: { PATH: deadlyGit(word, when) },
    });
    expect(killed.code).toBe(137);
    expect(whatPeopleSee(place)).toEqual(before);
    const made = await propose(place, '--from-worktree');
    const { changes } = await karmaJson<{ changes: readonly ListedChange[] }>(['change', 'list', '--all'], {
      cwd: place,
    });
    const refs = git(place, 'for-each-ref', '--format=%(refname:lstrip=3) %(objectname)', 'refs/karma').split('\n');
    expect(refs).toEqual(changes.map(({ id, head }) => `${id} ${head}`).toReversed());
    expect(changes).toHaveLength(word === 'update-ref' ? 2 : 1);
    expect(changes.map(({ id }) => id)).toContain(made.id);
    const again = await karmaJson<ChangeAnswer>(['change', 'simulate', '1'], { cwd: place });
    expect(again.change.state).toBe('simulated');
    expect((await karmaOk(['log', 'verify'], { cwd: place })).stdout).toContain('the chain holds');
    expect(whatPeopleSee(place)).toEqual(before);
  });

  it('leaves numbers alone that another ledger keeps in the same repository', async () => {
    const place = estates.repository(adageFiles);
    writeFiles(place, wider);
    const mine = await propose(place, '--from-worktree');
    const other = join(beside, 'another-ledger');
    const theirs = await propose(place, '--from-worktree', '--data', other);
    expect([mine.id, theirs.id]).toEqual(['cr-1', 'cr-2']);
    await karmaOk(['change', 'simulate', 'cr-2', '--data', other], { cwd: place });
    expect(git(place, 'rev-parse', 'refs/karma/changes/cr-1')).toBe(mine.change?.head);
  });
});

describe('what is secret', () => {
  it('stands in no diff, no event and no document', async () => {
    const secret = 'Tr0ub4dor-and-3';
    const place = estates.repository(adageFiles);
    writeFiles(place, { [vpcConfig]: `{ "cidr": "10.1.0.0/16", "admin_password": "${secret}" }\n` });
    await karmaOk(['change', 'propose', '--from-worktree', '--reason', `password=${secret}`], { cwd: place });
    const shown = await karmaJson<DiffOfChange>(['change', 'diff', 'cr-1'], { cwd: place });
    expect(shown.diff).toContain('"admin_password": "(redacted)"');
    const all = await Promise.all(
      [
        ['change', 'show', 'cr-1', '--json'],
        ['change', 'show', 'cr-1'],
        ['change', 'list', '--json'],
        ['log', 'export'],
      ].map(async (args) => (await karmaOk(args, { cwd: place })).stdout),
    );
    expect(all.join('\n')).not.toContain(secret);
  });

  it('stands in no diff as what a module gives a sensitive variable, whichever of its files says that it is', async () => {
    const variable = (value: string) => `variable "door" {\n  default = ${value}\n}\n`;
    const place = estates.repository({
      ...terraformFiles,
      'network/door.tf': variable('"plumtree"'),
      'network/door_override.tf': 'variable "door" {\n  sensitive = true\n}\n',
      'app/door.tf': 'variable "gate" {\n  sensitive = true\n  default   = { a = ["quincejam"] }\n}\n',
    });
    writeFiles(place, {
      'network/door.tf': variable('<<EOT\ngreengage\nEOT\n'),
      'app/door.tf': 'variable "gate" {\n  sensitive = true\n  default   = { a = ["medlarwine"] }\n}\n',
    });
    await karmaOk(['change', 'propose', '--from-worktree', '--reason', 'because'], { cwd: place });
    const { stdout } = await karmaOk(['change', 'diff', 'cr-1'], { cwd: place });
    expect(stdout).toContain('variable "gate"');
    for (const secret of ['plumtree', 'greengage', 'quincejam', 'medlarwine']) expect(stdout).not.toContain(secret);
  });
});

describe('several changes', () => {
  const files: Files = {
    ...adageFiles,
    'iac/dev/vpc/other/config.json': '{ "cidr": "10.9.0.0/16" }\n',
  };

  it('say how they stand to each other, and the later of two that clash is blocked until the earlier is gone', async () => {
    const place = estates.repository(files);
    branch(place, 'wider', wider);
    branch(place, 'narrower', { [vpcConfig]: '{ "cidr": "10.0.0.0/24" }\n' });
    branch(place, 'elsewhere', { 'iac/dev/vpc/other/config.json': '{ "cidr": "10.8.0.0/16" }\n' });
    branch(place, 'reader', { 'iac/dev/app/web/config.json': '{ "vpc_nickname": "main", "size": 5 }\n' });
    await propose(place, '--from', 'wider');
    const narrower = await propose(place, '--from', 'narrower');
    expect(narrower.others).toMatchObject([{ change: 'cr-1', is: 'clashes', first: 'cr-1' }]);
    expect(narrower.state).toBe('blocked');
    expect(narrower.unblocking.sets.map((set) => set.map(({ say }) => say))).toEqual([
      ['cr-1 is cancelled'],
      ['cr-1 is applied first, and this one is revised on top of it'],
    ]);
    const elsewhere = await propose(place, '--from', 'elsewhere');
    expect(elsewhere.others.map(({ change, is }) => [change, is])).toEqual([
      ['cr-1', 'commutes'],
      ['cr-2', 'commutes'],
    ]);
    const reader = await propose(place, '--from', 'reader');
    expect(reader.others).toMatchObject([
      { change: 'cr-1', is: 'waits', first: 'cr-1' },
      { change: 'cr-2', is: 'waits', first: 'cr-2' },
      { change: 'cr-3', is: 'commutes' },
    ]);
    await karmaOk(['change', 'cancel', 'cr-1'], { cwd: place });
    const { change } = await karmaJson<ChangeAnswer>(['change', 'simulate', 'cr-2'], { cwd: place });
    expect(change.state).toBe('simulated');
  });

  it('are looked at again where the followed ref moved, and not where it did not', async () => {
    const place = estates.repository(files);
    branch(place, 'wider', wider);
    const first = await propose(place, '--from', 'wider');
    await karmaOk(['change', 'simulate', 'cr-1'], { cwd: place });
    const events = async () => (await karmaJson<ShownChange>(['change', 'show', 'cr-1'], { cwd: place })).events.length;
    expect(await events()).toBe(2);
    writeFiles(place, { 'iac/dev/app/web/config.json': '{ "vpc_nickname": "other", "size": 2 }\n' });
    commitAll(place, 'moved on');
    const shown = await karmaJson<ShownChange>(['change', 'show', 'cr-1'], { cwd: place });
    // Nobody reads it there any more.
    expect(first.simulation.comparison.affected.map(({ id }) => id)).toEqual(['dev/app/web']);
    expect(shown.simulation.comparison.affected).toEqual([]);
    expect(shown.simulation.base).toBe(git(place, 'rev-parse', 'main'));
    await karmaOk(['change', 'simulate', 'cr-1'], { cwd: place });
    expect(await events()).toBe(3);
    writeFiles(place, { [vpcConfig]: '{ "cidr": "192.168.0.0/16" }\n' });
    commitAll(place, 'the same in another way');
    const blocked = await karmaJson<ChangeAnswer>(['change', 'simulate', 'cr-1'], { cwd: place });
    expect(blocked.change.state).toBe('blocked');
    expect(blocked.blockers).toMatchObject([{ code: 'conflict', subject: vpcConfig }]);
  });
});

describe('what would break', () => {
  it('blocks, with the smallest thing that would unblock it, another change among them', async () => {
    const place = estates.repository(adageFiles);
    const module = String(adageFiles['components/vpc/main.tf']).replace('vpc_id = aws_vpc.this.id, ', '');
    branch(place, 'drop', { 'components/vpc/main.tf': module });
    branch(place, 'free', {
      'components/app/main.tf': String(adageFiles['components/app/main.tf']).replace('local.vpc.vpc_id', '"subnet-1"'),
    });
    const free = await propose(place, '--from', 'free');
    expect(free.state).toBe('simulated');
    const drop = await propose(place, '--from', 'drop', '--exit-code').catch(() => undefined);
    expect(drop).toBeUndefined();
    const shown = await karmaJson<ShownChange>(['change', 'show', 'cr-2'], { cwd: place });
    expect(shown.change.state).toBe('blocked');
    expect(shown.blockers).toMatchObject([{ code: 'contract-mismatch', subject: 'dev/app/web' }]);
    expect(shown.unblocking).toMatchObject({ smallest: true });
    expect(shown.unblocking.sets.map((set) => set.map(({ say }) => say).join())).toEqual([
      'dev/vpc/main goes on publishing vpc_id',
      'dev/app/web reads vpc_id no more',
      'cr-1 is applied first',
    ]);
  });
});

describe('policies over changes', () => {
  const policies = `policies:
  - name: small
    when: size(delta.changed) + size(affected) > 1
    then: refuse
    reason: change one thing at a time
    examples:
      - { name: two, input: { delta: { changed: [a, b] } }, holds: true }
      - { name: none, input: {}, holds: false }
`;
  const files: Files = { ...adageFiles, 'karma.yaml': `estate: acme\n${policies}` };

  it('block, as the followed ref has them: no change takes away what guards it', async () => {
    const place = estates.repository(files);
    branch(place, 'wider', { ...wider, 'karma.yaml': 'estate: acme\n' });
    const made = await propose(place, '--from', 'wider');
    expect(made).toMatchObject({ state: 'blocked', policies: [{ policy: 'small', outcome: 'refuse', is: 'holds' }] });
    expect(made.blockers.map(({ code }) => code)).toContain('policy-refuse');
    const { stdout } = await karmaOk(['change', 'show', 'cr-1', '--output', 'policy-input'], { cwd: place });
    expect(wrongInDocument(['change', 'show', 'cr-1'], stdout)).toEqual([]);
    const { input } = JSON.parse(stdout) as { readonly input: PolicyInput };
    expect(input).toMatchObject({
      change: { id: 'cr-1', proposer: 'tester', files: [vpcConfig, 'karma.yaml'] },
      components: [{ id: 'dev/vpc/main', kind: 'vpc', environment: 'dev' }],
      affected: [{ id: 'dev/app/web', distance: 1 }],
      environments: ['dev'],
    });
  });

  it('are tried by their examples, and by the past', async () => {
    const place = estates.repository(files);
    writeFiles(place, wider);
    commitAll(place, 'wider');
    writeFiles(place, { 'README.md': 'x\n' });
    commitAll(place, 'words');
    expect((await karmaOk(['policy', 'test'], { cwd: place })).stdout).toMatch(
      /passed {2}small: two\npassed {2}small: none/,
    );
    const past = await karmaJson<PolicyBacktest>(['policy', 'backtest'], { cwd: place });
    expect(past).toMatchObject({ commits: 2, unread: 0, counts: { small: 1 } });
    expect(past.tripped).toMatchObject([
      { subject: 'wider', summary: [expect.stringContaining('changed'), expect.any(String)] },
    ]);
    writeFiles(place, { 'karma.yaml': `estate: acme\n${policies.replace('holds: false', 'holds: true')}` });
    const failed = await karma(['policy', 'test'], { cwd: place });
    expect(failed).toMatchObject({ code: 2, stdout: expect.stringContaining('failed  small: none') });
  });
});
