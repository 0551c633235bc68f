import { execFileSync } from 'node:child_process';
import { chmodSync, lstatSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Files, Written } from './written.ts';

/** A repository whose commits are whole states of its files. */
export class Checkout {
  readonly place: string;
  #files: Files = new Map();

  constructor(place: string) {
    this.place = place;
    mkdirSync(place, { recursive: true });
    this.#git('init', '-q', '-b', 'main');
  }

  #git(...args: string[]): string {
    const env = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1' };
    const who = ['-c', 'user.name=Oracle', '-c', 'user.email=oracle@example.org', '-c', 'gc.auto=0'];
    return execFileSync('git', ['-C', this.place, ...who, ...args], { encoding: 'utf8', env, stdio: 'pipe' });
  }

  differs(next: Files): boolean {
    return next.size !== this.#files.size || [...next].some(([path, one]) => !isSame(this.#files.get(path), one));
  }

  commit(next: Files): void {
    for (const path of this.#files.keys()) if (!next.has(path)) rmSync(join(this.place, path), { force: true });
    for (const [path, one] of next) if (!isSame(this.#files.get(path), one)) write(join(this.place, path), one);
    this.#files = next;
    this.#git('add', '-A');
    this.#git('commit', '-q', '--allow-empty', '-m', 'Edit');
  }
}

function isSame(one: Written | undefined, other: Written): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function write(path: string, one: Written): void {
  mkdirSync(dirname(path), { recursive: true });
  // What is written through a link changes what it leads to.
  if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) rmSync(path);
  if ('link' in one) symlinkSync(one.link, path);
  else {
    writeFileSync(path, one.text);
    chmodSync(path, one.executable ? 0o755 : 0o644);
  }
}
