/** A generated estate and its service, which end with the program that measures them, however that ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adageEstate } from '../adage-estate.ts';
import { git, makeRepository } from '../fast-import.ts';
import type { Turns } from './turns.ts';

export interface Service {
  readonly child: ChildProcess;
  readonly address: string;
}

const place = mkdtempSync(join(tmpdir(), 'karma-bench-service-'));
const [root, data] = [join(place, 'estate'), join(place, 'data')];
const running = new Set<ChildProcess>();
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
let ids: readonly string[] = [];

process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(place, { recursive: true, force: true });
});
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)
  process.once(signal, () => process.exit(code));

/** Ends with the program. */
export function ends(child: ChildProcess): void {
  running.add(child);
  child.once('exit', () => running.delete(child));
}

export function makeEstate(components: number): readonly string[] {
  const { files } = adageEstate({ seed: 1, components, environments: 2, types: 40, references: 3 });
  makeRepository(root, files, { bare: false });
  git(root, ['config', 'user.name', 'Bench']);
  git(root, ['config', 'user.email', 'bench@example.org']);
  // `iac/dev/site-3/n0/config.json` → `dev/site-3/n0`
  ids = [...files.keys()].flatMap((file) => /^iac\/(.+)\/config\.json$/.exec(file)?.[1] ?? []);
  return [...files.keys()];
}

/** @param looksAtTurns for a while: each turn of the loop is remembered until it is asked for */
export async function started({ looksAtTurns = true } = {}): Promise<Service> {
  // As JavaScript: what strips types costs a process that is measured more than what it measures.
  const turns = join(place, 'turns.mjs');
  writeFileSync(turns, stripTypeScriptTypes(readFileSync(new URL('turns.ts', import.meta.url), 'utf8')));
  const entry = new URL('../../dist/main.js', import.meta.url).pathname;
  const args = [
    ...(looksAtTurns ? ['--import', turns] : []),
    entry,
    'serve',
    '-C',
    root,
    '--data',
    data,
    '--port',
    '0',
    '--json',
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  ends(child);
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

export async function stopped({ child }: Service): Promise<void> {
  agent.destroy();
  child.kill('SIGTERM');
  await new Promise((left) => child.once('exit', left));
}

/** Of the loop since it was asked last. */
export function turnsOf({ child }: Service): Promise<Turns> {
  return new Promise((told) => {
    child.once('message', (turns) => told(turns as Turns));
    child.send('turns');
  });
}

export function ask(address: string, path: string, method = 'GET'): Promise<{ status: number; body: string }> {
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

export async function mustAnswer(address: string, path: string, method?: string): Promise<string> {
  const { status, body } = await ask(address, path, method);
  if (status !== 200) throw new Error(`${path} answered ${status}: ${body}`);
  return body;
}

export function impactOf(at: number): string {
  return `/v1/impact?of=${encodeURIComponent(ids[at % ids.length] ?? '')}`;
}

/** Another value in one component, committed; in a process of its own, so that whoever counts time here does not wait for Git. */
export function committing(round: number): Promise<void> {
  const file = `iac/${ids[(round * 104_729) % ids.length]}/config.json`;
  const path = join(root, file);
  const config = JSON.parse(readFileSync(path, 'utf8')) as object;
  writeFileSync(path, `${JSON.stringify({ ...config, bench: `${Date.now()}-${round}` }, null, 2)}\n`);
  const child = spawn('git', ['-C', root, 'commit', '-q', '-m', `round ${round}`, '--only', file], { stdio: 'ignore' });
  return new Promise((done) => child.once('exit', () => done()));
}

/** Of it and all that it started. */
function processes(pid: number): readonly number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
  return [pid, ...children.flatMap(processes)];
}

function residentMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
}

export function memory({ child: { pid = 0 } }: Service): string {
  const all = processes(pid).map(residentMb);
  const sum = all.reduce((one, other) => one + other, 0);
  return `${sum.toFixed(0)} MB${all.length > 1 ? ` (itself ${all[0]?.toFixed(0)}, ${all.length - 1} beside)` : ''}`;
}

export function cpuSeconds({ child: { pid = 0 } }: Service): number {
  return cpuOf(pid).own;
}

/** With all that it started, those that ended included. */
export function cpuSecondsOfAll({ child: { pid = 0 } }: Service): number {
  return processes(pid).reduce((sum, one) => {
    const { own, ended } = cpuOf(one);
    return sum + own + ended;
  }, 0);
}

function cpuOf(pid: number): { readonly own: number; readonly ended: number } {
  const [, rest = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = rest.split(' ').slice(11, 15).map(Number);
  return { own: (user + system) / 100, ended: (endedUser + endedSystem) / 100 };
}
