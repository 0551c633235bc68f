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
  /** Of all threads of the Node process in the run that took least of it, in milliseconds; of programs that it starts nothing. */
  readonly cpu: number;
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
  let cpu = Number.POSITIVE_INFINITY;
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
    const used = memory.read();
    peakMb = Math.max(peakMb, used.peakMb);
    cpu = Math.min(cpu, used.cpu);
  }
  times.sort((a, b) => a - b);
  return { min: times[0] ?? 0, median: times[times.length >> 1] ?? 0, runs, cpu, peakMb };
}

/** A file loaded before the program that tells on exit what it took of memory and CPU; costs about a millisecond. */
class MemoryReport {
  readonly #folder = mkdtempSync(join(tmpdir(), 'karma-bench-'));
  readonly environment = { KARMA_BENCH_MEMORY: join(this.#folder, 'peak') };

  get flags(): string[] {
    const hook = join(this.#folder, 'hook.mjs');
    writeFileSync(
      hook,
      `import { writeFileSync } from 'node:fs';
process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  writeFileSync(process.env.KARMA_BENCH_MEMORY, JSON.stringify([maxRSS, userCPUTime + systemCPUTime]));
});
`,
    );
    return ['--import', pathToFileURL(hook).href];
  }

  /** MB and milliseconds; Node counts in KiB and microseconds. */
  read(): Pick<Timing, 'cpu' | 'peakMb'> {
    try {
      const [size = 0, cpu = 0] = JSON.parse(readFileSync(this.environment.KARMA_BENCH_MEMORY, 'utf8')) as number[];
      return { peakMb: size / 1024, cpu: cpu / 1000 };
    } catch {
      return { peakMb: 0, cpu: 0 };
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
