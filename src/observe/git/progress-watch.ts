import { readFileSync } from 'node:fs';

export interface ProgressWatch {
  /** It went on: something came of it. */
  progress(): void;
  end(): void;
}

/**
 * Tells when a child process stands still: for so long nothing came of it, it used no processor and it read nothing. Where the
 * system does not say what a process does, four times as long without a word counts.
 */
export function watchProgress(pid: number | undefined, limit: number, onStill: () => void): ProgressWatch {
  let done = workOf(pid);
  let still = 0;
  const step = Math.max(50, limit / 4);
  const timer = setInterval(() => {
    const now = workOf(pid);
    still = now !== undefined && now !== done ? 0 : still + step;
    done = now;
    if (still < (now === undefined ? 4 * limit : limit)) return;
    clearInterval(timer);
    onStill();
  }, step);
  timer.unref();
  return {
    progress: () => {
      still = 0;
    },
    end: () => clearInterval(timer),
  };
}

/** What a child may hold, in bytes; what it only maps from files does not count. */
const mostHeld = 512 * 1024 * 1024;
const lookEveryMs = 200;

/** Tells when a child process holds more memory than its work can need. Where the system does not say, never. */
export function watchMemory(pid: number | undefined, onTooMuch: () => void): { end(): void } {
  const timer = setInterval(() => {
    if (heldBy(pid) < mostHeld) return;
    clearInterval(timer);
    onTooMuch();
  }, lookEveryMs);
  timer.unref();
  return { end: () => clearInterval(timer) };
}

function heldBy(pid: number | undefined): number {
  if (pid === undefined) return 0;
  try {
    return Number(/RssAnon:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** Something that grows while a process works: its ticks on a processor and the bytes it asked for. */
function workOf(pid: number | undefined): string | undefined {
  if (pid === undefined) return undefined;
  try {
    const [, times = ''] = /\) (.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    const fields = times.split(' ');
    return `${fields[11]} ${fields[12]} ${/rchar: (\d+)/.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1]}`;
  } catch {
    return undefined;
  }
}
