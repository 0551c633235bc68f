import { chmodSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../src/model/digest.ts';
import type { RunJob } from '../../src/run/port.ts';
import { startOf } from '../../src/run/process-mark.ts';
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

const secret = 'planted-secret-77aa';

function runner(grace = { interrupt: 20_000, terminate: 5000 }) {
  return terraformRunner({ tool: { name: 'terraform', program: terraform ?? 'terraform' }, seal, host: 'here', grace });
}

function estate(main: string, over: Partial<RunJob> = {}) {
  const root = temporaryFolder();
  writeFiles(root, { 'module/main.tf': main });
  return { root, job: jobIn(root, over) };
}

async function deploy(job: RunJob, control = listening()) {
  const one = runner();
  const plan = await one.plan(job, { mode: 'apply' }, control);
  const applied = plan.anyChange ? await one.apply(job, plan, control) : undefined;
  return { plan, applied, control };
}

/** Every file under a folder that is not Terraform's own state. */
function written(root: string): string {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  const files = entries.map((one) => join(one.parentPath, one.name));
  return files
    .filter((file) => !/terraform\.tfstate|main\.tf$/.test(file))
    .map((file) => readFileSync(file, 'latin1'))
    .join('\n');
}

describe.skipIf(withoutTerraform)('real terraform (needs the program on PATH)', () => {
  it('plans, applies exactly that plan, and then finds nothing to do', async () => {
    const { job, root } = estate(
      'variable "name" {}\nresource "terraform_data" "x" { input = var.name }\noutput "id" { value = terraform_data.x.output }\noutput "none" { value = null }',
      { variables: { name: 'n' } },
    );
    const first = await deploy(job);
    expect(first.plan).toMatchObject({
      changes: { add: 1, change: 0, destroy: 0 },
      anyChange: true,
      stateEmpty: true,
      unknownOutputs: ['id'],
      resources: [{ address: 'terraform_data.x', action: 'create' }],
    });
    expect(first.applied?.outputs['id']).toEqual({ sensitive: false, digest: digestOf('n'), value: 'n' });
    expect(first.applied?.state?.serial).toBeGreaterThan(0);
    const again = await deploy(job);
    expect(again.plan).toMatchObject({ anyChange: false, stateEmpty: false, unknownOutputs: [] });
    expect(again.plan.outputs['id']?.value).toBe('n');
    expect(existsSync(join(root, 'module', 'terraform.tfstate'))).toBe(false);
    expect(first.control.heard.filter((one) => one.kind === 'command').map((one) => one.command[1])).toEqual([
      'plan',
      'show',
      'apply',
    ]);
  });

  it('knows which state a plan was made of', async () => {
    const { job } = estate('resource "terraform_data" "x" { input = 1 }');
    const first = await deploy(job);
    expect(first.plan.madeOf).toEqual({ serial: 0, lineage: '' });
    const again = await deploy(job);
    expect(again.plan.madeOf).toEqual(first.applied?.state);
  });

  it('does not take what somebody else wrote right after an apply for what it left', async () => {
    const { job, root } = estate('resource "terraform_data" "x" { input = uuid() }');
    const again = `${terraform} apply -auto-approve -input=false -state="${job.state}" >/dev/null`;
    writeFiles(root, {
      terraform: `#!/bin/sh\n${terraform} "$@" || exit $?\nif [ "$1" = apply ]; then ${again}; fi\n`,
    });
    chmodSync(join(root, 'terraform'), 0o755);
    const program = join(root, 'terraform');
    const busy = terraformRunner({ tool: { name: 'terraform', program }, seal, host: 'here' });
    for (const _first of [true, false]) {
      const plan = await busy.plan(job, { mode: 'apply' }, listening());
      const { state } = await busy.apply(job, plan, listening());
      expect(state).toBeUndefined();
    }
  });

  it('works though TF_CLI_CONFIG_FILE names a file that is not there', async () => {
    const { job } = estate('output "a" { value = 1 }');
    const { applied } = await deploy({ ...job, environment: { ...job.environment, TF_CLI_CONFIG_FILE: '/not/there' } });
    expect(applied?.outputs['a']?.value).toBe(1);
  });

  it('lets no planted secret into a file, an event or an output', async () => {
    const { job, root } = estate(
      `variable "pw" { sensitive = true }
       resource "terraform_data" "x" { input = var.pw }
       resource "terraform_data" "loud" {
         provisioner "local-exec" { command = "echo the password is ${secret}" }
       }
       output "pw" {
         value = terraform_data.x.output
         sensitive = true
       }
       output "open" { value = "fine" }`,
      { variables: { pw: secret }, sensitive: ['pw'] },
    );
    const { applied, control } = await deploy(job);
    expect(applied?.outputs).toEqual({
      open: { sensitive: false, digest: digestOf('fine'), value: 'fine' },
      pw: { sensitive: true, digest: seal(secret) },
    });
    await runner().clean(job);
    expect(written(root)).not.toContain(secret);
    expect(written(root)).toContain('the password is (sensitive)');
    expect(JSON.stringify(control.heard)).not.toContain(secret);
    expect(statSync(join(job.runFolder, 'run.log')).mode & 0o077).toBe(0);
  });

  it('fails with what the module says, and a place', async () => {
    const { job } = estate('resource "terraform_data" "x" {\n  input = nowhere.at_all\n}');
    await expect(deploy(job)).rejects.toMatchObject({
      code: 'KARMA_RUN_FAILED',
      message: expect.stringMatching(/terraform plan ended with 1: /),
      details: { diagnostics: [expect.objectContaining({ severity: 'error', file: 'main.tf', line: 2 })] },
    });
  });

  it('does not wait for an answer that nobody gives', async () => {
    const { job } = estate('variable "name" {}\noutput "a" { value = var.name }', { variables: {} });
    await expect(deploy(job)).rejects.toMatchObject({
      code: 'KARMA_RUN_FAILED',
      hint: expect.stringContaining('asks for a variable'),
    });
  });

  it('gives a provisioner that reads its input the end of it', async () => {
    const { job } = estate(
      'resource "terraform_data" "x" {\n  provisioner "local-exec" { command = "read a; true" }\n}',
    );
    expect((await deploy(job)).applied?.changes.add).toBe(1);
  });

  it('interrupts a module that hangs, and keeps the state whole', async () => {
    const done = 'resource "terraform_data" "done" { input = "x" }\n';
    // As long as a run without the hang takes here and now, several times over.
    const begun = performance.now();
    await deploy(estate(done).job);
    const timeoutMs = 1500 + 5 * (performance.now() - begun);
    const { job } = estate(
      `${done}resource "terraform_data" "hang" {\n  depends_on = [terraform_data.done]\n  provisioner "local-exec" { command = "sleep 3600" }\n}`,
      { timeoutMs },
    );
    await expect(deploy(job)).rejects.toMatchObject({
      code: 'KARMA_RUN_FAILED',
      message: expect.stringContaining('did not end in time'),
    });
    expect(readFileSync(job.state ?? '', 'utf8')).toContain('"done"');
  });

  it('stops gracefully when asked to', async () => {
    const { job } = estate(
      'resource "terraform_data" "hang" {\n  provisioner "local-exec" { command = "sleep 60" }\n}',
    );
    const control = listening((progress) => {
      if (progress.kind === 'resource' && progress.phase === 'started') control.abort();
    });
    await expect(deploy(job, control)).rejects.toMatchObject({ code: 'KARMA_INTERRUPTED' });
  });

  /** What a script starts and waits for, or leaves behind, tells its number. */
  const startsAnother = (file: string, more: string) =>
    `resource "terraform_data" "x" {\n  provisioner "local-exec" { command = "sh -c 'echo $$ > ${file}; exec sleep 30' ${more} until test -s ${file}; do sleep 0.02; done" }\n}`;
  const numberIn = (file: string) => Number(readFileSync(file, 'utf8'));

  it('leaves nothing running that a stopped module had started', async () => {
    const file = join(temporaryFolder(), 'pid');
    const { job } = estate(startsAnother(file, ';'));
    const control = listening();
    const going = expect(deploy(job, control)).rejects.toMatchObject({ code: 'KARMA_INTERRUPTED' });
    while (!existsSync(file) || readFileSync(file, 'utf8') === '') await new Promise((tick) => setTimeout(tick, 10));
    control.abort();
    await going;
    expect(startOf(numberIn(file))).toBeUndefined();
  });

  it('leaves alone what a module that ended by itself left running', async () => {
    const file = join(temporaryFolder(), 'pid');
    const { job } = estate(startsAnother(file, '> /dev/null 2>&1 &'));
    await deploy(job);
    expect(startOf(numberIn(file))).toBeDefined();
    process.kill(numberIn(file), 'SIGKILL');
  });

  it('streams megabytes and keeps a bounded log', async () => {
    const { job } = estate(
      'resource "terraform_data" "x" {\n  provisioner "local-exec" { command = "yes 0123456789012345678901234567890123456789 | head -n 15000" }\n}\noutput "a" { value = 1 }',
    );
    const { applied } = await deploy(job);
    expect(applied?.outputs['a']?.value).toBe(1);
    expect(statSync(join(job.runFolder, 'run.log')).size).toBeLessThan(9 * 1024 * 1024);
  });

  it('runs a module without outputs, and one with only outputs', async () => {
    expect((await deploy(estate('resource "terraform_data" "x" {}').job)).applied?.outputs).toEqual({});
    expect((await deploy(estate('output "x" { value = [1, { a = null }] }').job)).applied?.outputs['x']?.value).toEqual(
      [1, { a: null }],
    );
  });

  it('inits when a module is called, also from a folder above, and not again', async () => {
    const { job, root } = estate('module "up" { source = "../shared" }\noutput "v" { value = module.up.v }', {
      init: true,
      initKey: 'k',
    });
    writeFiles(root, { 'shared/main.tf': 'output "v" { value = "above" }' });
    const first = await deploy(job);
    expect(first.applied?.outputs['v']?.value).toBe('above');
    const again = await deploy(job);
    const verbs = again.control.heard.filter((one) => one.kind === 'command').map((one) => one.command[1]);
    expect(verbs).toEqual(['plan', 'show']);
    expect(existsSync(join(root, 'module', '.terraform'))).toBe(false);
  });

  it('inits when Terraform says that it must, though nobody thought so', async () => {
    const { job, root } = estate('module "up" { source = "../shared" }\noutput "v" { value = module.up.v }');
    writeFiles(root, { 'shared/main.tf': 'output "v" { value = 1 }' });
    expect((await deploy(job)).applied?.outputs['v']?.value).toBe(1);
  });

  it('uses a backend where the module has one', async () => {
    const { job, root } = estate('terraform {\n  backend "local" {}\n}\noutput "v" { value = 1 }');
    const path = join(root, 'kept', 'x.tfstate');
    const { state: _, ...rest } = job;
    await deploy({ ...rest, init: true, backendConfig: { path } });
    expect(readFileSync(path, 'utf8')).toContain('"lineage"');
  });

  it('takes the backend as it is told now where that is safe, though the last init was told another', async () => {
    const { job, root } = estate(
      'terraform {\n  backend "local" {}\n}\nresource "terraform_data" "x" {}\noutput "v" { value = 1 }',
    );
    const { state: _, ...rest } = job;
    const [old, now] = [join(root, 'old.tfstate'), join(root, 'now.tfstate')];
    await deploy({ ...rest, init: true, initKey: 'old', backendConfig: { path: old } });
    renameSync(old, now);
    const moved = { ...rest, init: true, initKey: 'now', backendConfig: { path: now } };
    await expect(deploy(moved)).rejects.toMatchObject({
      code: 'KARMA_RUN_FAILED',
      message: expect.stringContaining('Backend configuration changed'),
      hint: expect.stringContaining('move the state'),
    });
    const { plan } = await deploy({ ...moved, reconfigure: true });
    expect(plan).toMatchObject({ anyChange: false, stateEmpty: false });
    // And where nobody moved it, the plan says that the state is empty, which a deploy refuses.
    const elsewhere = { ...moved, initKey: 'elsewhere', backendConfig: { path: join(root, 'x.tfstate') } };
    expect(await runner().plan({ ...elsewhere, reconfigure: true }, { mode: 'apply' }, listening())).toMatchObject({
      stateEmpty: true,
    });
  });

  it('hands credentials of a backend over in a file that goes, not in a command line that everybody can read', async () => {
    const [user, password] = ['karma', `${secret}-"\${path.module}-%{x}\\`];
    const heard = new Set<string | undefined>();
    const states = createServer((request, response) => {
      heard.add(request.headers.authorization);
      request.resume().on('end', () => response.writeHead(request.method === 'GET' ? 404 : 200).end());
    });
    await new Promise<void>((resolve) => states.listen(0, '127.0.0.1', resolve));
    const { job, root } = estate('terraform {\n  backend "http" {}\n}\noutput "v" { value = 1 }');
    const { state: _, ...rest } = job;
    const address = `http://127.0.0.1:${(states.address() as AddressInfo).port}/x`;
    const backendConfig = { address, username: user, password };
    const one = { ...rest, init: true, backendConfig };
    try {
      const { control } = await deploy(one);
      expect([...heard]).toEqual([`Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`]);
      const [init = []] = control.heard.flatMap((said) => (said.kind === 'command' ? [said.command] : []));
      const told = init.filter((word) => word.startsWith('-backend-config='));
      expect(told).toEqual([
        `-backend-config=address=${address}`,
        `-backend-config=username=${user}`,
        `-backend-config=${join(job.runFolder, 'backend.tfbackend')}`,
      ]);
      await runner().clean(one);
      // Terraform itself keeps them beside the module's providers.
      rmSync(job.dataFolder, { recursive: true });
      expect(written(root)).not.toContain(secret);
    } finally {
      states.close();
    }
  });

  it('destroys by a plan too', async () => {
    const { job } = estate('resource "terraform_data" "x" {}\noutput "v" { value = 1 }');
    await deploy(job);
    const plan = await runner().plan(job, { mode: 'destroy' }, listening());
    expect(plan).toMatchObject({ changes: { destroy: 1 }, droppedOutputs: ['v'] });
    const applied = await runner().apply(job, plan, listening());
    expect(applied).toMatchObject({ changes: { destroy: 1 }, outputs: {} });
  });

  it('refuses to apply a plan file that was exchanged', async () => {
    const { job } = estate('resource "terraform_data" "x" {}');
    const plan = await runner().plan(job, { mode: 'apply' }, listening());
    writeFileSync(plan.file, 'something else');
    await expect(runner().apply(job, plan, listening())).rejects.toMatchObject({ code: 'KARMA_REFUSED' });
  });

  it('sees what somebody changed outside, without changing anything', async () => {
    const { job } = estate('resource "terraform_data" "x" { input = 1 }');
    await deploy(job);
    const plan = await runner().plan(job, { mode: 'refresh-only' }, listening());
    expect(plan).toMatchObject({ drifted: [], anyChange: false });
  });

  it('puts back the state that a killed run tore', async () => {
    const { job } = estate('variable "n" {}\nresource "terraform_data" "x" { input = var.n }', { variables: { n: 1 } });
    await deploy(job);
    await deploy({ ...job, variables: { n: 2 } });
    writeFileSync(job.state ?? '', '');
    const { plan, control } = await deploy({ ...job, variables: { n: 2 } });
    expect(plan.stateEmpty).toBe(false);
    expect(control.heard).toContainEqual({ kind: 'note', text: expect.stringContaining('its backup was put back') });
  });
});
