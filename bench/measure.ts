import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Whole processes, from spawn to exit, in milliseconds. */
export interface Timing {
  readonly min: number;
  readonly median: number;
  readonly runs: number;
  /** The largest resident size any of the runs reached, in MB. */
  readonly peakMb: number;
}

export interface Command {
  readonly args: readonly string[];
  readonly cwd: string;
  /** Undone work before each run, outside the clock. */
  readonly prepare?: () => void;
}

/** Runs a Node program so often and takes the least: what is above it is the machine's other work. */
export function measure(program: string, { args, cwd, prepare }: Command, runs: number): Timing {
  using memory = new MemoryReport();
  const times: number[] = [];
  let peakMb = 0;
  for (let run = 0; run < runs; run += 1) {
    prepare?.();
    const start = performance.now();
    const child = spawnSync(process.execPath, [...memory.flags, program, ...args], {
      cwd,
      env: { ...process.env, ...memory.environment, NO_COLOR: '1' },
      maxBuffer: Number.POSITIVE_INFINITY,
    });
    times.push(performance.now() - start);
    if (child.status !== 0) throw new Error(`${args.join(' ')} ended with ${child.status}: ${child.stderr}`);
    peakMb = Math.max(peakMb, memory.read());
  }
  times.sort((a, b) => a - b);
  return { min: times[0] ?? 0, median: times[times.length >> 1] ?? 0, runs, peakMb };
}

/** A file loaded before the program that tells its peak memory on exit; costs about a millisecond. */
class MemoryReport {
  readonly #folder = mkdtempSync(join(tmpdir(), 'karma-bench-'));
  readonly environment = { KARMA_BENCH_MEMORY: join(this.#folder, 'peak') };

  get flags(): string[] {
    const hook = join(this.#folder, 'hook.mjs');
    writeFileSync(
      hook,
      `import { writeFileSync } from 'node:fs';
process.on('exit', () => writeFileSync(process.env.KARMA_BENCH_MEMORY, String(process.resourceUsage().maxRSS)));
`,
    );
    return ['--import', pathToFileURL(hook).href];
  }

  /** MB; Node counts in KiB. */
  read(): number {
    try {
      return Number(readFileSync(this.environment.KARMA_BENCH_MEMORY, 'utf8')) / 1024;
    } catch {
      return 0;
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
