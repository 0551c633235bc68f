import { type ChildProcess, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { endGroup, type Product } from './product.ts';

/** A `karma serve` of the product, and what it said meanwhile. */
export interface Served {
  readonly address: string;
  readonly child: ChildProcess;
  said(): string;
  /** What it holds, in megabytes. */
  memory(): number;
  end(): Promise<void>;
}

/** Starts one, and waits until it says where it is; the address is empty where it ended before. */
export async function served(product: Product, at: readonly string[], more: readonly string[] = []): Promise<Served> {
  const child = product.start(['serve', '--port', '0', '--no-follow', ...more, ...at]);
  let said = '';
  const address = await new Promise<string>((found) => {
    const look = (bytes: Buffer) => {
      said += bytes.toString();
      const url = /http:\/\/[\d.]+:\d+/.exec(said)?.[0];
      if (url !== undefined) found(url);
    };
    child.stdout?.on('data', look);
    child.stderr?.on('data', look);
    child.on('exit', () => found(''));
  });
  return {
    address,
    child,
    said: () => said,
    memory: () => memoryOf(child),
    end: async () => {
      if (child.exitCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      const timer = setTimeout(() => endGroup(child), 60_000);
      await ended;
      clearTimeout(timer);
    },
  };
}

export function memoryOf({ pid }: ChildProcess): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    // Where there is no /proc.
    return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024;
  }
}
