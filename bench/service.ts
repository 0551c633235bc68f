/**
 * What a service costs: `node bench/service.ts [--components 10000] [--seconds 10] [--rate 1000] [--builds 0]`; the bundle must be
 * built. Makes an estate, serves it, and asks who is affected by components taken in turn, at a fixed rate, while a commit a second
 * is published. A waiting time is counted from when a question was due, so a service that stands still is not let off.
 *
 * A busy machine makes waiting times long, whatever a service does: those of a server that does nothing are told beside them, and
 * what counts is CPU: of a question, and of the longest turn of the loop, which is what another question waits for.
 */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, get, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { adageEstate } from './adage-estate.ts';
import { git, makeRepository } from './fast-import.ts';
import { machineLine } from './machine.ts';
import type { Turns } from './service/turns.ts';

const { values } = parseArgs({
  options: {
    components: { type: 'string', default: '10000' },
    seconds: { type: 'string', default: '10' },
    rate: { type: 'string', default: '1000' },
    /** Commits that are published, and ten times as many questions, between two looks at how much memory it takes at rest. */
    builds: { type: 'string', default: '0' },
  },
});
const place = mkdtempSync(join(tmpdir(), 'karma-bench-service-'));
const [root, data] = [join(place, 'estate'), join(place, 'data')];
const estate = adageEstate({
  seed: 1,
  components: Number(values.components),
  environments: 2,
  types: 40,
  references: 3,
});
makeRepository(root, estate.files, { bare: false });
for (const [key, value] of [
  ['user.name', 'Bench'],
  ['user.email', 'bench@example.org'],
] as const)
  git(root, ['config', key, value]);
const ids = idsOf([...estate.files.keys()]);
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const sleep = (milliseconds: number) => new Promise((later) => setTimeout(later, milliseconds));
const line = (what: string, told: string) => console.log(`${what.padEnd(44)} ${told}`);

interface Service {
  readonly child: ChildProcess;
  readonly address: string;
}

async function started(): Promise<Service> {
  const turns = new URL('service/turns.ts', import.meta.url).href;
  const entry = new URL('../dist/main.js', import.meta.url).pathname;
  const args = ['--import', turns, entry, 'serve', '-C', root, '--data', data, '--port', '0', '--json'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const address = await new Promise<string>((ready) => {
    let said = '';
    child.stdout?.on('data', (part: Buffer) => {
      said += part.toString();
      const found = /"address": "([^"]+)"/.exec(said)?.[1];
      if (found !== undefined) ready(found);
    });
  });
  return { child, address };
}

async function stopped({ child }: Service): Promise<void> {
  child.kill('SIGTERM');
  await new Promise((left) => child.once('exit', left));
}

/** Of the loop since it was asked last. */
function turnsOf({ child }: Service): Promise<Turns> {
  return new Promise((told) => {
    child.once('message', (turns) => told(turns as Turns));
    child.send('turns');
  });
}

function ask(address: string, path: string, method = 'GET'): Promise<{ status: number; body: string }> {
  return new Promise((answered, failed) => {
    const asked = request(address + path, { agent, method }, (got) => {
      let body = '';
      got.on('data', (part: Buffer) => {
        body += part.toString();
      });
      got.on('end', () => answered({ status: got.statusCode ?? 0, body }));
    });
    // One that was kept open may be closed by the service just as it is taken again.
    asked.on('error', (error) =>
      asked.reusedSocket ? ask(address, path, method).then(answered, failed) : failed(error),
    );
    asked.end();
  });
}

async function mustAnswer(address: string, path: string, method?: string): Promise<string> {
  const { status, body } = await ask(address, path, method);
  if (status !== 200) throw new Error(`${path} answered ${status}: ${body}`);
  return body;
}

const impactOf = (at: number) => `/v1/impact?of=${encodeURIComponent(ids[at % ids.length] ?? '')}`;

/** `iac/dev/site-3/n0/config.json` → `dev/site-3/n0`. */
function idsOf(files: readonly string[]): readonly string[] {
  return files.flatMap((file) => /^iac\/(.+)\/config\.json$/.exec(file)?.[1] ?? []);
}

/** Another value in one component, committed. */
function commit(round: number): void {
  const file = `iac/${ids[(round * 104_729) % ids.length]}/config.json`;
  const path = join(root, file);
  const config = JSON.parse(readFileSync(path, 'utf8')) as object;
  writeFileSync(path, `${JSON.stringify({ ...config, bench: `${Date.now()}-${round}` }, null, 2)}\n`);
  git(root, ['commit', '-q', '-m', `round ${round}`, '--only', file]);
}

/** Of it and all that it started. */
function processes(pid: number): readonly number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
  return [pid, ...children.flatMap(processes)];
}

function residentMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

function memory({ child: { pid = 0 } }: Service): string {
  const all = processes(pid).map(residentMb);
  const sum = all.reduce((one, other) => one + other, 0);
  return `${sum.toFixed(0)} MB${all.length > 1 ? ` (itself ${all[0]?.toFixed(0)}, ${all.length - 1} beside)` : ''}`;
}

function cpuSeconds({ child: { pid = 0 } }: Service): number {
  const [, rest = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const fields = rest.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** A piece of work that is always the same, in milliseconds of CPU: on a quiet machine it takes what it takes, beside others more. */
function fixedWork(): number {
  const text = JSON.stringify([...estate.files.keys()].slice(0, 2_000));
  const before = process.cpuUsage();
  for (let round = 0; round < 50; round += 1) JSON.parse(text);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function shares(waits: number[]): string {
  waits.sort((a, b) => a - b);
  const at = (share: number) => (waits[Math.floor(waits.length * share)] ?? 0).toFixed(1);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(0.99999)} ms`;
}

console.log(machineLine());
fixedWork();
line('a fixed piece of work', `${fixedWork().toFixed(0)} ms of CPU just now`);
const first = await started();
await mustAnswer(first.address, '/v1/build', 'POST');
await stopped(first);

const before = performance.now();
const service = await started();
const { address } = service;
await mustAnswer(address, impactOf(17));
line('first answer of a service that starts again', `${(performance.now() - before).toFixed(0)} ms (goal 300)`);
line('', `${(cpuSeconds(service) * 1000).toFixed(0)} ms of CPU until then`);
await sleep(3_000);

const idle = fork(new URL('service/idle-server.ts', import.meta.url));
const idleAddress = await new Promise<string>((ready) => {
  idle.once('message', (port) => ready(`http://127.0.0.1:${String(port)}`));
});
const [rate, seconds] = [Number(values.rate), Number(values.seconds)];
for (const [what, asks, seconds_] of [
  ['to warm up', Math.min(rate, 200), 3],
  [`${rate} questions a second`, rate, seconds],
] as const) {
  const waits: number[] = [];
  const nothing: number[] = [];
  const open: Promise<unknown>[] = [];
  await turnsOf(service);
  const cpu = cpuSeconds(service);
  const versionBefore = (JSON.parse(await mustAnswer(address, '/v1/versions?limit=1')) as Versions).versions[0]
    ?.version;
  const began = performance.now();
  const timed = (from: string, path: string, wanted: number, into: number[]) =>
    mustAnswer(from, path).then(() => into.push(performance.now() - wanted));
  let sent = 0;
  while (sent < asks * seconds_) {
    const due = Math.min(asks * seconds_, Math.floor(((performance.now() - began) / 1000) * asks));
    for (; sent < due; sent += 1) {
      const wanted = began + (sent / asks) * 1000;
      open.push(timed(address, impactOf(sent * 7919), wanted, waits));
      if (sent % 20 === 0) open.push(ask(idleAddress, '/').then(() => nothing.push(performance.now() - wanted)));
      if (sent % asks === 0) open.push(committing(sent));
    }
    await sleep(1);
  }
  await Promise.all(open);
  const took = (performance.now() - began) / 1000;
  const spent = cpuSeconds(service) - cpu;
  const turns = await turnsOf(service);
  const { versions } = JSON.parse(await mustAnswer(address, '/v1/versions?limit=1')) as Versions;
  line(what, `${shares(waits)} (goal p99 10)`);
  line('  a server that does nothing, meanwhile', shares(nothing));
  line(
    '  answered',
    `${(sent / took).toFixed(0)} a second; ${(versions[0]?.version ?? 0) - (versionBefore ?? 0)} versions published`,
  );
  line(
    '  CPU of the service',
    `${((spent / sent) * 1000).toFixed(2)} ms a question; it was busy ${((spent / took) * 100).toFixed(0)} %`,
  );
  line(
    '  CPU of a turn of its loop',
    `p99 ${turns.p99.toFixed(1)} ms, longest ${turns.longest.toFixed(1)} ms (goal 20)`,
  );
  line('  a fixed piece of work', `${fixedWork().toFixed(0)} ms of CPU just now`);
  line('  memory', memory(service));
}
idle.disconnect();

interface Versions {
  readonly versions: readonly { readonly version: number }[];
}

/** In a process of its own, so that whoever counts time here does not wait for Git. */
function committing(round: number): Promise<void> {
  const file = `iac/${ids[(round * 104_729) % ids.length]}/config.json`;
  const path = join(root, file);
  const config = JSON.parse(readFileSync(path, 'utf8')) as object;
  writeFileSync(path, `${JSON.stringify({ ...config, bench: `${Date.now()}-${round}` }, null, 2)}\n`);
  const child = spawn('git', ['-C', root, 'commit', '-q', '-m', `round ${round}`, '--only', file], { stdio: 'ignore' });
  return new Promise((done) => child.once('exit', () => done()));
}

for (const path of ['/v1/status', '/v1/config/validate', '/v1/order', '/v1/diff?environments=dev,prod', '/v1/export']) {
  await turnsOf(service);
  await mustAnswer(address, path);
  const { longest } = await turnsOf(service);
  line(`  longest turn while it answers ${path}`, `${longest.toFixed(1)} ms of CPU (goal 20)`);
}

const heard: number[] = [];
const listening = get(`${address}/v1/log/stream`, (stream) => {
  stream.on('data', (part: Buffer) => {
    for (const [, at = ''] of part.toString().matchAll(/"at": ?"([^"]+)"/g)) heard.push(Date.now() - Date.parse(at));
  });
}).on('error', () => undefined);
await sleep(200);
for (let told = 0; told < 10; told += 1) {
  const event = JSON.stringify({ id: `${Date.now()}`, source: 'bench', type: 'bench' });
  await fetch(`${address}/v1/events`, { method: 'POST', body: event, headers: { 'content-type': 'application/json' } });
  await sleep(130);
}
listening.destroy();
heard.sort((a, b) => a - b);
line('event to listener', `middle ${heard[heard.length >> 1] ?? '?'} ms, most ${heard.at(-1) ?? '?'} ms (goal 100)`);

// It gives memory back when nobody asked for a while.
await sleep(20_000);
line('at rest', `${memory(service)} (goal 250)`);
const builds = Number(values.builds);
for (let round = 0; round < builds; round += 1) {
  commit(round);
  await mustAnswer(address, '/v1/build', 'POST');
  for (let asked = 0; asked < 10; asked += 1) await mustAnswer(address, impactOf(round * 10 + asked));
}
if (builds > 0) {
  await sleep(20_000);
  line(`at rest after ${builds} builds, ${builds * 10} questions`, memory(service));
}
await stopped(service);
agent.destroy();
rmSync(place, { recursive: true, force: true });
