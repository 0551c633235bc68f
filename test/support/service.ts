import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { TemporaryRepository } from '../../src/observe/git/temporary-repository.ts';
import { entry, environment, root } from './karma.ts';

export interface Service {
  readonly address: string;
  readonly child: ChildProcess;
  readonly place: string;
  /** What it said so far on stderr. */
  talk(): string;
}

const folder = mkdtempSync(join(tmpdir(), 'karma-serve-'));
const services: Service[] = [];

afterAll(() => {
  for (const { child } of services) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** A copy of an example as a repository of its own. */
export function estateOf(example: string): TemporaryRepository {
  const repository = new TemporaryRepository(mkdtempSync(join(folder, 'estate-')));
  cpSync(join(root, 'examples', example), repository.root, { recursive: true });
  repository.commit('the estate');
  return repository;
}

/** The same, served on any free port. */
export async function serve(
  example: string,
  args: readonly string[] = [],
): Promise<Service & { repository: TemporaryRepository }> {
  const repository = estateOf(example);
  const service = await start(repository.root, args);
  return { ...service, repository };
}

export async function start(
  place: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Service> {
  const child = spawn(
    process.execPath,
    [entry, 'serve', '--json', ...(args.includes('--port') ? [] : ['--port', '0']), ...args],
    {
      cwd: place,
      env: environment(env),
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let said = '';
  child.stderr.on('data', (part: Buffer) => {
    said += part.toString();
  });
  const address = await new Promise<string>((ready, failed) => {
    let text = '';
    child.stdout.on('data', (part: Buffer) => {
      text += part.toString();
      const found = /"address": "([^"]+)"/.exec(text)?.[1];
      if (found !== undefined) ready(found);
    });
    child.once('exit', (code) => failed(new Error(`serve left with ${code}: ${said}`)));
  });
  const service = { address, child, place, talk: () => said };
  services.push(service);
  return service;
}

/** The same at every address of this machine, so that whoever asks must show a token. */
export async function startOpen(place: string, args: readonly string[]): Promise<Service> {
  const service = await start(place, ['--host', '0.0.0.0', ...args]);
  return { ...service, address: service.address.replace('0.0.0.0', '127.0.0.1') };
}

export async function text(
  service: Service,
  path: string,
  init: RequestInit = {},
): Promise<{ status: number; body: string; headers: Headers }> {
  const got = await fetch(service.address + path, init);
  return { status: got.status, body: await got.text(), headers: got.headers };
}

/** Asks until the answer is as it should be; the test's own limit ends what never becomes so. */
export async function until<T>(ask: () => Promise<T>, holds: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (holds(answer)) return answer;
    await new Promise((later) => setTimeout(later, 50));
  }
}
