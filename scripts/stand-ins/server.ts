import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A server that runs until it is stopped or the process that started it is gone. */
export interface StandIn {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** Why a stand-in cannot be had here, and how to get it. */
export interface Missing {
  readonly missing: string;
}

export function isMissing(answer: unknown): answer is Missing {
  return answer !== null && typeof answer === 'object' && 'missing' in answer;
}

export const cacheFolder = fileURLToPath(new URL('../../.cache/stand-ins/', import.meta.url));

/**
 * A folder in the cache, made by `make` in a draft beside it and then renamed: two that fetch at once do not meet, and what is
 * there is whole.
 */
export function cached(name: string, make: (draft: string) => Missing | undefined): string | Missing {
  const folder = join(cacheFolder, name);
  if (existsSync(folder)) return folder;
  const draft = `${folder}.draft-${process.pid}`;
  mkdirSync(draft, { recursive: true });
  try {
    const missing = make(draft);
    if (missing !== undefined) return missing;
    if (!existsSync(folder)) renameSync(draft, folder);
    return folder;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('the probe has no port');
  return address.port;
}

export interface ServerCommand {
  readonly name: string;
  readonly command: readonly string[];
  readonly endpoint: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Asked until it answers true. */
  ready(): Promise<boolean>;
}

/** Starts a server and waits until it answers. Its output goes to a log in the cache. */
export async function startServer({ name, command, endpoint, environment, ready }: ServerCommand): Promise<StandIn> {
  const log = join(cacheFolder, `${name}-${new URL(endpoint).port}.log`);
  const output = openSync(log, 'w');
  // The shell stops the server when its own input ends: so it ends with whoever started it, however that one died.
  const script = '"$@" </dev/null & server=$!; cat >/dev/null; kill $server; wait $server';
  const child = spawn('/bin/sh', ['-c', script, name, ...command], {
    stdio: ['pipe', output, output],
    env: { ...process.env, ...environment },
  });
  closeSync(output);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async () => {
    child.stdin?.end();
    await ended;
    rmSync(log, { force: true });
  };
  const patience = 60_000;
  for (const start = Date.now(); Date.now() - start < patience; ) {
    if (await ready().catch(() => false)) return { endpoint, stop };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const said = readFileSync(log, 'utf8').slice(-2000);
  await stop();
  throw new Error(`${name} did not answer within ${patience / 1000} s:\n${said}`);
}
