/**
 * Loaded before the service that is measured (`node --import`): how much CPU each turn of its loop took, which is what a question
 * that comes meanwhile waits for. CPU and not time: whatever else the machine does is not counted.
 */
import { isMainThread } from 'node:worker_threads';

/** What is told when it is asked for, of the time since then. */
export interface Turns {
  /** Milliseconds of CPU. */
  readonly longest: number;
  readonly p99: number;
  /** All turns together. */
  readonly cpu: number;
}

let turns: number[] = [];
let before = process.threadCpuUsage();

function look(): void {
  const now = process.threadCpuUsage();
  turns.push((now.user - before.user + now.system - before.system) / 1000);
  before = now;
}

function next(): void {
  look();
  setTimeout(next, 1).unref();
}

if (isMainThread && process.send !== undefined) {
  next();
  process.on('message', () => {
    look();
    turns.sort((a, b) => a - b);
    const told: Turns = {
      longest: turns.at(-1) ?? 0,
      p99: turns[Math.floor(turns.length * 0.99)] ?? 0,
      cpu: turns.reduce((sum, turn) => sum + turn, 0),
    };
    process.send?.(told);
    turns = [];
  });
  process.channel?.unref();
}
