import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { commitAll, writeFiles } from './support/estates.ts';
import { git, karma, karmaOk } from './support/karma.ts';
import { terraform } from './terraform/real-terraform.fixture.ts';

/** A component of a type that extends the one that a config names stands in for it: in the graph and in a run. */
const folder = mkdtempSync(join(tmpdir(), 'karma-stands-'));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

describe.skipIf(terraform === undefined)('one of a type that extends another', () => {
  it('is handed to whom names the other, in order, and what it left is what is read', async () => {
    const where = writeFiles(join(folder, 'estate'), {
      'karma.yaml': 'estate: stands\n',
      'components/database/component.yaml': 'abstract: true\n',
      'components/postgres/component.yaml': 'extends: database\n',
      'components/postgres/main.tf': 'output "url" { value = "postgres://orders" }\n',
      'components/app/main.tf': 'variable "database" { type = any }\noutput "reads" { value = var.database.url }\n',
      'iac/dev/postgres/orders/config.json': '{}',
      'iac/dev/app/web/config.json': '{ "database_nickname": "orders" }',
    });
    git(where, 'init', '-q', '-b', 'main');
    commitAll(where, 'one');
    const order = JSON.parse((await karmaOk(['order', '--json'], { cwd: where })).stdout) as {
      waves: readonly string[][];
    };
    expect(JSON.stringify(order)).toMatch(/dev\/postgres\/orders.*dev\/app\/web/);
    const { code, stdout } = await karma(['deploy', '--all', '--yes', '--json'], { cwd: where });
    expect([code, (JSON.parse(stdout) as { outcome: string }).outcome]).toEqual([0, 'finished']);
    const { stdout: kept } = await karmaOk(['parameter', 'export', '/', '--binding', 'dev'], { cwd: where });
    const { Parameters } = JSON.parse(kept) as { Parameters: readonly { Name: string; Value: string }[] };
    const app = Parameters.find(({ Name }) => Name.endsWith('/app/web/runtime'));
    expect(JSON.parse(app?.Value ?? '{}')).toEqual({ reads: 'postgres://orders' });
  });
});
