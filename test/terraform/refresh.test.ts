import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { estateMaker, folderDigest } from '../support/estates.ts';
import { karma, karmaJson, karmaOk } from '../support/karma.ts';
import { terraform, withoutTerraform } from './real-terraform.fixture.ts';

interface Status {
  readonly components: readonly {
    readonly component: string;
    readonly status: string;
    readonly reasons: readonly string[];
    readonly drift: { readonly drifted: { readonly state: string } };
  }[];
  readonly counts: Readonly<Record<string, number>>;
}

const secret = 'planted-secret-refresh';

const module = (name: string) => `
terraform {
  backend "local" {}
}
variable "password" {
  default   = "${secret}"
  sensitive = true
}
resource "terraform_data" "x" {
  input = { name = "${name}", password = var.password }
}
output "name" {
  value = "${name}"
}
`;

/**
 * Real Terraform, but for what its one built-in resource cannot do: be changed by somebody else, or be out of reach. The
 * stand-in tells of \`drift-<module>\` and \`fail-<module>\` beside it.
 */
const standIn = (folder: string) => `#!/bin/sh
name=$(basename "$(pwd)")
echo "$name $*" >> ${folder}/calls
if [ "$1" = plan ] && [ -e ${folder}/fail-$name ]; then
  echo '{"@level":"error","@message":"Error: out of reach","type":"diagnostic","diagnostic":{"severity":"error","summary":"out of reach","detail":""}}'
  exit 1
fi
if [ "$1" = show ] && [ -e ${folder}/drift-$name ]; then
  ${terraform} "$@" | sed 's/^{/{"resource_drift":[{"address":"terraform_data.x","mode":"managed","change":{"actions":["update"],"before":{"input":"${secret}"},"after":{"input":"other"}}}],/'
  exit
fi
exec ${terraform} "$@"
`;

describe.skipIf(withoutTerraform)('status --refresh (needs terraform on PATH)', () => {
  const estates = estateMaker();
  const tools = estates.plain({});
  const estate = estates.repository({
    'karma.yaml': `estate: refresh\nterraform:\n  binary: ${tools}/terraform\n`,
    '.gitignore': '*.tfstate*\n',
    'one/main.tf': module('one'),
    'two/main.tf': module('two'),
    'three/main.tf': module('three'),
  });
  const at = ['-C', estate, '--data', join(tools, 'data')];
  const words = ({ components }: Status) => components.map(({ component, status }) => `${component} ${status}`);
  const refreshes = () =>
    readFileSync(join(tools, 'calls'), 'utf8')
      .split('\n')
      .filter((line) => line.includes('-refresh-only'))
      .map((line) => line.split(' ')[0])
      .sort();

  beforeAll(async () => {
    writeFileSync(join(tools, 'terraform'), standIn(tools));
    chmodSync(join(tools, 'terraform'), 0o755);
    await karmaOk(['deploy', 'one', 'two', '--yes', ...at]);
  });

  it('runs only when asked, and for a selection', async () => {
    expect(words(await karmaJson<Status>(['status', ...at]))).toEqual([
      'one deployed',
      'three never run',
      'two deployed',
    ]);
    expect((await karmaOk(['status', ...at])).stdout).toContain('real resources: not looked at (--refresh)');
    const refused = await karma(['status', '--refresh', ...at]);
    expect([refused.code, refused.stderr]).toEqual([64, expect.stringContaining('--all')]);
    expect(refreshes()).toEqual([]);
    const one = await karmaJson<Status>(['status', 'one', '--refresh', ...at]);
    expect(one.components.map(({ drift }) => drift.drifted.state)).toEqual(['no']);
    expect(words(one)).toEqual(['one deployed']);
    expect(refreshes()).toEqual(['one']);
  });

  it('tells which resources drifted, what could not be looked at and why, and writes no state', async () => {
    writeFileSync(join(tools, 'drift-one'), '');
    writeFileSync(join(tools, 'fail-two'), '');
    const before = folderDigest(estate);
    const all = await karmaJson<Status>(['status', '--refresh', '--all', ...at]);
    expect(words(all)).toEqual(['one drifted', 'three never run', 'two unknown']);
    expect(all.components[0]?.reasons).toEqual(['terraform_data.x']);
    expect(all.components[2]?.reasons.join()).toMatch(
      /it could not be refreshed: terraform plan ended with 1: out of reach/,
    );
    expect(refreshes()).toEqual(['one', 'one', 'two']);
    expect(folderDigest(estate)).toBe(before);
    const again = await karma(['status', '--refresh', '--all', '--exit-code', ...at]);
    expect([again.code, again.stdout]).toEqual([
      2,
      expect.stringContaining('real resources: looked at for 1, 1 drifted'),
    ]);
  });

  it('keeps what was said as events, and no value of any resource', async () => {
    const { stdout } = await karmaOk(['log', 'export', ...at]);
    const told = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter(({ action }) => action === 'drift.refreshed');
    expect(told.map(({ subject, outcome }) => `${subject} ${outcome}`).sort()).toEqual([
      'one ok',
      'one ok',
      'one ok',
      'two failed',
      'two failed',
    ]);
    expect(told.at(-1).details.resources ?? told.at(-2).details.resources).toEqual(['terraform_data.x']);
    expect(stdout).not.toContain(secret);
  });

  it('sees that somebody else wrote a state elsewhere, which nobody but Terraform looks at', async () => {
    let held = '';
    const states = createServer((request, response) => {
      if (request.method === 'GET') response.writeHead(held === '' ? 404 : 200).end(held);
      else {
        const parts: Buffer[] = [];
        request.on('data', (part: Buffer) => parts.push(part));
        request.on('end', () => {
          held = Buffer.concat(parts).toString();
          response.end();
        });
      }
    });
    await new Promise<void>((resolve) => states.listen(0, '127.0.0.1', resolve));
    try {
      const address = `http://127.0.0.1:${(states.address() as AddressInfo).port}/four`;
      const four = module('four').replace('backend "local" {}', `backend "http" {\n    address = "${address}"\n  }`);
      mkdirSync(join(estate, 'four'));
      writeFileSync(join(estate, 'four/main.tf'), four);
      await karmaOk(['deploy', 'four', '--yes', ...at]);
      const told = async () =>
        (await karmaJson<Status>(['status', 'four', '--refresh', ...at])).components[0]?.reasons.join();
      expect(await told()).not.toMatch(/somebody else/);
      held = held.replace(/"serial": *(\d+)/, (_, serial: string) => `"serial": ${Number(serial) + 1}`);
      expect(await told()).toMatch(/somebody else wrote its state since/);
    } finally {
      states.close();
    }
  });

  it('stands beside what else is true of a deployment', async () => {
    writeFileSync(join(estate, 'one/main.tf'), `${module('one')}locals {\n  more = 1\n}\n`);
    const stale = await karmaJson<Status>(['status', 'one', '--refresh', ...at]);
    expect(words(stale)).toEqual(['one stale']);
    expect(stale.components[0]?.reasons).toEqual(['its module changed', 'drifted too: terraform_data.x']);
    rmSync(join(tools, 'drift-one'));
  });
});
