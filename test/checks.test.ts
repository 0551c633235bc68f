import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { commitAll, type Files, writeFiles } from './support/estates.ts';
import { git, karma, karmaOk } from './support/karma.ts';
import { terraform } from './terraform/real-terraform.fixture.ts';

/** Checks of a type after real runs: in events, records, `status` and `show`; what `--verify` stops; nothing secret told. */
const folder = mkdtempSync(join(tmpdir(), 'karma-checks-'));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

const secret = 'hunter2-in-a-check';

const adage: Files = {
  'karma.yaml': 'estate: checks\n',
  'iac/dev/network/main/config.json': '{ "size": 24 }',
  'iac/dev/database/main/config.json':
    '{ "network_nickname": "main", "password": "hunter2-in-a-check", "url": "postgres://shop:hunter2-in-a-check@db.internal/shop" }',
  'iac/dev/shop/main/config.json': '{ "database_nickname": "main" }',
  'components/network/main.tf': 'variable "size" { type = number }\noutput "size" { value = var.size }\n',
  'components/database/main.tf': `variable "network" { type = any }
variable "password" { type = string }
variable "url" { type = string }
output "port" { value = 5432 }
output "room" { value = var.network.size }
output "password" {
  value     = var.password
  sensitive = true
}
`,
  'components/database/component.yaml': `references: { network: network }
sensitive: password
checks:
  - outputs.port == 5432 && upstream.network.size == outputs.room
  - name: shape
    outputs: { port: { type: integer }, room: { minimum: 25 } }
    message: there is no room for more
  - { name: strong, cel: 'size(outputs.password) > 12' }
  - { name: addressed, cel: 'size(config.url) < 60' }
  - name: probe
    run: [sh, -c, 'echo "asked $KARMA_COMPONENT"; grep -q "\\"port\\":5432" "$KARMA_OUTPUTS"']
`,
  'components/shop/main.tf': 'variable "database" { type = any }\noutput "port" { value = var.database.port }\n',
};

const roots: Files = {
  'karma.yaml': 'estate: roots\n',
  'live/dev/app/main.tf': 'variable "size" { type = number }\noutput "size" { value = var.size }\n',
  'live/dev/app/terraform.tfvars': 'size = 3\n',
  'live/dev/app/component.yaml': 'extends: live/base\nchecks: [{ name: small, cel: outputs.size == config.size }]\n',
  'live/base/component.yaml': 'abstract: true\nchecks: [{ name: odd, cel: outputs.size % 2 == 0 }]\n',
};

function estate(name: string, files: Files): string {
  const made = writeFiles(mkdtempSync(join(folder, `${name}-`)), files);
  git(made, 'init', '-q', '-b', 'main');
  commitAll(made, 'one');
  return made;
}

interface Checked {
  readonly name: string;
  readonly outcome: string;
  readonly reasons: readonly string[];
}

async function json<T>(where: string, ...args: readonly string[]): Promise<T> {
  return JSON.parse((await karma([...args, '--json'], { cwd: where })).stdout) as T;
}

const inShort = (checks: readonly Checked[] = []) =>
  checks.map(({ name, outcome, reasons }) => [name, outcome, ...reasons]);

describe.skipIf(terraform === undefined)('checks after a run', () => {
  it('of a type in an Adage estate are told at every door, and `--verify` stops what is behind', async () => {
    const where = estate('adage', adage);
    type Answer = {
      outcome: string;
      members: readonly { key: string; state: string; checks?: readonly Checked[] }[];
    };
    const first = await karma(['deploy', '--all', '--yes', '--json', '--verify'], { cwd: where });
    expect(first.code).toBe(1);
    const answer = JSON.parse(first.stdout) as Answer;
    expect(answer.members.map(({ key, state }) => [key, state])).toEqual([
      ['dev/database/main', 'finished'],
      ['dev/network/main', 'finished'],
      ['dev/shop/main', 'discarded'],
    ]);
    const told = [
      ['outputs.port == 5432 && upstream.network.size == outputs.room', 'passed'],
      ['shape', 'failed', 'there is no room for more', 'output "room" must be >= 25'],
      ['strong', 'unknown', 'it rests on the output password, which is a secret'],
      ['addressed', 'unknown', 'it rests on a secret of the config'],
      ['probe', 'passed'],
    ];
    expect(inShort(answer.members[0]?.checks)).toEqual(told);

    type Status = { components: readonly { component: string; status: string; checks?: readonly Checked[] }[] };
    const status = await json<Status>(where, 'status', 'kind=database');
    expect(status.components[0]?.status).toBe('check failed');
    expect(inShort(status.components[0]?.checks)).toEqual(told);
    const shown = await json<{ checks: readonly { results: readonly Checked[] }[] }>(where, 'show', 'database/main');
    expect(inShort(shown.checks[0]?.results)).toEqual(told);
    expect((await karmaOk(['status', 'kind=database'], { cwd: where })).stdout).toContain(
      'the check shape failed: there is no room for more',
    );
    const { stdout } = await karma(['log', 'list', '--subject', 'dev/database/main', '--json'], { cwd: where });
    const actions = [...stdout.matchAll(/"action": ?"(check\.\w+)"/g)].map(([, action]) => action);
    expect(actions.sort()).toEqual([
      'check.failed',
      'check.passed',
      'check.passed',
      'check.started',
      'check.unknown',
      'check.unknown',
    ]);

    // Without it a check stops nothing; the run is skipped, and its checks still say what they said.
    const second = await json<Answer>(where, 'deploy', '--all', '--yes');
    expect(second.members.map(({ key, state }) => [key, state])).toEqual([
      ['dev/database/main', 'skipped'],
      ['dev/network/main', 'skipped'],
      ['dev/shop/main', 'finished'],
    ]);
    expect(inShort(second.members[0]?.checks)).toEqual(told);
    for (const file of filesUnder(where).filter((one) => !/config\.json$|tfstate/.test(one)))
      expect(readFileSync(file).includes(secret), file).toBe(false);
  });

  it('stand beside a root module as well, with those of its parent, which is named by its folder', async () => {
    const where = estate('roots', roots);
    type Answer = { outcome: string; members: readonly { checks?: readonly Checked[] }[] };
    const { outcome, members } = await json<Answer>(where, 'deploy', '--all', '--yes');
    expect(outcome).toBe('finished');
    expect(inShort(members[0]?.checks)).toEqual([
      ['odd', 'failed', 'outputs.size % 2 == 0 does not hold'],
      ['small', 'passed'],
    ]);
  });
});

function filesUnder(where: string): string[] {
  return readdirSync(where, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
