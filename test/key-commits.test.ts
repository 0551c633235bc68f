import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { commitAll, writeFiles } from './support/estates.ts';
import { git, karmaOk } from './support/karma.ts';

/** `config show --explain` says which commit each key comes from, in every layout, and runs nothing of the repository's for it. */
const folder = mkdtempSync(join(tmpdir(), 'karma-lines-'));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

const config = 'iac/dev/app/main/config.json';

function estate(): string {
  const where = writeFiles(mkdtempSync(join(folder, 'e-')), {
    'karma.yaml': 'estate: lines\n',
    [config]: '{\n  "$extends": "_base/app/main",\n  "size": 1,\n  "zones": [\n    "a"\n  ],\n  "kept": true\n}\n',
    'iac/_base/app/main/config.json': '{\n  "team": "web"\n}\n',
    'components/app/main.tf': 'output "id" { value = "x" }\n',
  });
  git(where, 'init', '-q', '-b', 'main');
  commitAll(where, 'first');
  return where;
}

interface Key {
  readonly pointer: string;
  readonly commit?: { readonly subject: string; readonly id: string };
  readonly uncommitted?: true;
}

async function said(where: string, id: string, ...more: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const { stdout } = await karmaOk(['config', 'show', id, '--explain', '--json', ...more], { cwd: where });
  const { keys } = JSON.parse(stdout) as { keys: readonly Key[] };
  return Object.fromEntries(
    keys.map(({ pointer, commit, uncommitted }) => [
      pointer,
      commit?.subject ?? (uncommitted === true ? 'not committed' : '-'),
    ]),
  );
}

describe('the commit of each key', () => {
  it('is the last one that changed what is said of it, in whichever file that is', async () => {
    const where = estate();
    writeFileSync(
      join(where, config),
      '{\n  "$extends": "_base/app/main",\n  "size": 2,\n  "zones": [\n    "a"\n  ],\n  "kept": true\n}\n',
    );
    commitAll(where, 'grow it');
    writeFileSync(
      join(where, config),
      '{\n    "$extends": "_base/app/main",\n    "size": 2,\n    "zones": [\n        "a",\n        "b"\n    ],\n    "kept": true\n}\n',
    );
    commitAll(where, 'a second zone, and another indentation');
    const committed = {
      '/kept': 'first',
      '/size': 'grow it',
      '/team': 'first',
      '/zones': 'a second zone, and another indentation',
    };
    expect(await said(where, 'app/main')).toEqual(committed);
    expect(await said(where, 'app/main', '--at', 'HEAD~1')).toEqual({ ...committed, '/zones': 'first' });
    writeFileSync(
      join(where, config),
      '{\n  "new": 1,\n  "$extends": "_base/app/main",\n  "size": 3,\n  "zones": [\n    "a",\n    "b"\n  ],\n  "kept": true\n}\n',
    );
    expect(await said(where, 'app/main')).toEqual({ ...committed, '/new': 'not committed', '/size': 'not committed' });
    const { stdout } = await karmaOk(['config', 'show', 'app/main', '--explain'], { cwd: where });
    expect(stdout).toMatch(/COMMIT/);
    expect(stdout).toMatch(/\/size .*not committed/);
  });

  it('runs no program that the repository names for its files', async () => {
    const where = estate();
    const mark = join(folder, 'was-run');
    writeFileSync(join(where, '.gitattributes'), '*.json diff=evil filter=evil\n');
    for (const [name, value] of [
      ['diff.evil.textconv', `sh -c 'touch ${mark}; cat "$0"'`],
      ['filter.evil.clean', `sh -c 'touch ${mark}; cat'`],
      ['filter.evil.smudge', `sh -c 'touch ${mark}; cat'`],
    ] as const)
      git(where, 'config', name, value);
    writeFileSync(join(where, config), '{\n  "size": 9\n}\n');
    expect(await said(where, 'app/main')).toEqual({ '/size': 'not committed' });
    expect(existsSync(mark)).toBe(false);
  });

  it('is not told where history begins later, or is not there', async () => {
    const where = estate();
    writeFileSync(join(where, config), '{\n  "size": 5\n}\n');
    commitAll(where, 'second');
    const shallow = join(folder, 'shallow');
    git(folder, 'clone', '-q', '--depth', '1', `file://${where}`, shallow);
    expect(await said(shallow, 'app/main')).toEqual({ '/size': '-' });
    rmSync(join(where, '.git'), { recursive: true });
    expect(await said(where, 'app/main')).toEqual({ '/size': '-' });
  });

  it('is told of units and of root modules as well', async () => {
    const where = writeFiles(mkdtempSync(join(folder, 'e-')), {
      'live/dev/app/terragrunt.hcl': 'terraform { source = "../../../modules/app" }\ninputs = {\n  size = 1\n}\n',
      'modules/app/main.tf': 'variable "size" { type = number }\noutput "id" { value = var.size }\n',
    });
    git(where, 'init', '-q', '-b', 'main');
    commitAll(where, 'a unit');
    expect(await said(where, 'live/dev/app')).toEqual({ '/size': 'a unit' });
    const roots = writeFiles(mkdtempSync(join(folder, 'e-')), {
      'app/main.tf':
        'terraform {\n  backend "local" {}\n}\nvariable "size" { type = number }\nvariable "zone" { default = "a" }\n',
      'app/terraform.tfvars': 'size = 1\n',
    });
    git(roots, 'init', '-q', '-b', 'main');
    commitAll(roots, 'a root');
    writeFileSync(join(roots, 'app/terraform.tfvars'), 'size = 2\n');
    commitAll(roots, 'grow it');
    expect(await said(roots, 'app')).toEqual({ '/size': 'grow it', '/zone': 'a root' });
  });
});
