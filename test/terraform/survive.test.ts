import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ChildProcessMark } from '../../src/model/run.ts';
import { sweepRunFolders } from '../../src/run/sweep.ts';
import { terraformRunner } from '../../src/run/terraform.ts';
import {
  jobIn,
  listening,
  seal,
  temporaryFolder,
  terraform,
  withoutTerraform,
  writeFiles,
} from './real-terraform.fixture.ts';

/** Karma is killed for real here: a process of its own runs an apply, prints the mark of its child, and gets SIGKILL. */
const program = `
import { terraformRunner } from ${JSON.stringify(join(import.meta.dirname, '../../src/run/terraform.ts'))};
const [job, terraform] = JSON.parse(process.argv[2]);
const runner = terraformRunner({ tool: { name: 'terraform', program: terraform }, seal: () => 'k:x', host: 'here' });
const control = {
  signal: new AbortController().signal,
  listen: (one) => {
    if (one.kind === 'child') console.log(JSON.stringify(one.mark));
    if (one.kind === 'resource' && one.phase === 'started') console.log('begun');
  },
};
const plan = await runner.plan(job, { mode: 'apply' }, control);
await runner.apply(job, plan, control);
`;

async function killedInApply(root: string, script: string) {
  writeFiles(root, {
    'module/main.tf': `resource "terraform_data" "x" {\n  input = "made"\n  provisioner "local-exec" { command = "${script}" }\n}\noutput "v" { value = terraform_data.x.output }`,
    'karma.ts': program,
  });
  const job = jobIn(root);
  const karma = spawn(process.execPath, [join(root, 'karma.ts'), JSON.stringify([job, terraform])], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  const mark = await new Promise<ChildProcessMark>((resolve, reject) => {
    karma.once('exit', () => reject(new Error(`ended by itself: ${text}`)));
    karma.stdout.on('data', (chunk) => {
      text += String(chunk);
      if (!text.includes('begun')) return;
      const marks = text.split('\n').filter((line) => line.startsWith('{'));
      resolve(JSON.parse(marks.at(-1) ?? '') as ChildProcessMark);
    });
  });
  karma.removeAllListeners('exit');
  karma.kill('SIGKILL');
  return { job, mark };
}

describe.skipIf(withoutTerraform)('a Karma that is killed while Terraform applies', () => {
  const runner = terraformRunner({
    tool: { name: 'terraform', program: terraform ?? '' },
    seal,
    host: 'here',
    grace: { interrupt: 20_000, terminate: 5000 },
  });

  it('leaves a Terraform that goes on to the end, also past a full pipe, and is waited for', async () => {
    const { job, mark } = await killedInApply(
      temporaryFolder(),
      'sleep 1; yes 01234567890123456789012345678901234567890123456789 | head -n 4000; sleep 1',
    );
    // Nothing is swept away under a program that lives; then the plan, which holds values in clear, goes.
    expect(sweepRunFolders(dirname(job.runFolder), 'here')).toEqual([]);
    expect(await runner.rejoin(mark, 'wait', listening())).toBe('ended');
    expect(sweepRunFolders(dirname(job.runFolder), 'here')).toEqual([job.runFolder]);
    expect(existsSync(join(job.runFolder, 'plan'))).toBe(false);
    expect(readFileSync(job.state ?? '', 'utf8')).toContain('"made"');
    expect((await runner.outputs(job, listening()))['v']?.value).toBe('made');
    expect(await runner.rejoin(mark, 'wait', listening())).toBe('was gone');
  });

  it('leaves a Terraform that can be interrupted', async () => {
    const { mark } = await killedInApply(temporaryFolder(), 'sleep 50');
    expect(await runner.rejoin(mark, 'interrupt', listening())).toBe('ended');
  });

  it('takes no stranger for its child: number and start must agree', async () => {
    const stranger = { host: 'here', pid: process.pid, started: '1', folder: temporaryFolder() };
    expect(await runner.rejoin(stranger, 'interrupt', listening())).toBe('was gone');
  });
});
