import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commitAll, writeFiles } from '../support/estates.ts';
import { type Answer, git, karma, karmaOk } from '../support/karma.ts';
import { type Service, start } from '../support/service.ts';
import { terraform, withoutTerraform } from '../terraform/real-terraform.fixture.ts';

if (terraform === undefined) console.info('runs from afar were not tested: terraform is not on PATH');

const folder = mkdtempSync(join(tmpdir(), 'karma-afar-runs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

const module_ = (value: string) => `variable "size" { type = number }
resource "terraform_data" "it" { input = ${value} }
output "value" { value = terraform_data.it.output }
`;

/** What is another one each time: how long it took, what it is called, when it was, and where. */
function plain({ code, stdout }: Answer) {
  const text = stdout
    .replaceAll(/\b\d+(?:\.\d+)? (?:ms|s)\b/g, 'N s')
    .replaceAll(/\b[rdq][0-9a-f]{12}\b/g, 'ID')
    .replaceAll(/\b[0-9a-f]{10,64}\b/g, 'DIGEST')
    .replaceAll(/"seconds": [\d.]+/g, '"seconds": N')
    .replaceAll(/"label": "[^"]*"/g, '"label": "VIEW"')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replaceAll(/(?:work tree of|commit|HEAD)[^\n"]*/g, 'VIEW')
    .replaceAll(/[^\s"]*karma-afar-runs-[^\s"]*/g, 'PLACE');
  // Two that run at once end in either order.
  return { code, text: text.startsWith('{') ? text : text.split('\n').sort() };
}

describe.skipIf(withoutTerraform)('a run that is asked for from afar', { retry: 0 }, () => {
  let here: string;
  let there: Service;
  let env: Record<string, string>;

  beforeAll(async () => {
    here = join(folder, 'here');
    writeFiles(here, {
      'karma.yaml': 'estate: small\n',
      ...Object.fromEntries(['dev/a/one', 'dev/a/two'].map((id) => [`iac/${id}/config.json`, '{"size": 1}'])),
      'iac/dev/b/three/config.json': '{"size": 1}',
      'components/a/main.tf': module_('var.size'),
      'components/b/main.tf': module_('var.nothing'),
    });
    git(here, 'init', '-q', '-b', 'main');
    commitAll(here, 'one');
    const copy = join(folder, 'there');
    cpSync(here, copy, { recursive: true });
    const { stdout } = await karmaOk(['token', 'create', 'deployer', '--role', 'operator', '--json'], { cwd: copy });
    there = await start(copy, ['--no-follow']);
    env = { KARMA_URL: there.address, KARMA_TOKEN: (JSON.parse(stdout) as { token: string }).token };
  });

  const both = async (args: readonly string[]) => ({
    beside: await karma(args, { cwd: here }),
    afar: await karma(args, { cwd: folder, env }),
  });

  it('is told as one of here, whatever becomes of it', async () => {
    for (const args of [
      ['deploy', 'dev/a/one', 'dev/a/two', '--yes'],
      ['deploy', 'dev/a/one', '--yes'],
      ['deploy', 'dev/a/one', '--yes', '--quiet'],
      ['deploy', 'dev/b/three', '--yes'],
      ['deploy', 'no/such/component', '--yes'],
      ['deploy', 'dev/a/one'],
      ['destroy', 'dev/a/two', '--yes'],
      ['change', 'propose', 'dev/a/one', '--set', 'size=2', '--reason', 'more room'],
      ['change', 'plan', 'cr-1'],
      ['change', 'apply', 'cr-1', '--yes'],
      ['change', 'apply', 'cr-1', '--yes'],
      ['deploy', 'dev/a/one', '--yes', '--at', 'HEAD', '--json'],
    ]) {
      const { beside, afar } = await both(args);
      expect({ args, ...plain(afar) }, afar.stderr).toEqual({ args, ...plain(beside) });
    }
  }, 300_000);

  it('takes a token that may run it', async () => {
    const { stdout } = await karmaOk(['token', 'create', 'looker', '--json'], { cwd: there.place });
    const { token } = JSON.parse(stdout) as { token: string };
    for (const more of [{}, { KARMA_TOKEN: token }]) {
      const answer = await karma(['deploy', 'dev/a/one', '--yes'], {
        cwd: folder,
        env: { KARMA_URL: there.address, ...more },
      });
      expect(answer.stderr).toMatch(/KARMA_(UNKNOWN_CALLER|FORBIDDEN)/);
      expect(answer.stdout).toBe('');
    }
  });
});
