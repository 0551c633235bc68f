import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { commitAll } from '../support/estates.ts';
import { entry, environment, git, root } from '../support/karma.ts';

/** A command of a page, with what the page says that it prints. */
export interface Step {
  readonly command: string;
  readonly shown: readonly string[];
}

/** A fenced block of code, and the comment `session: <where>` above it. */
export interface Block {
  readonly language: string;
  readonly where: string | undefined;
  readonly text: string;
}

export function blocksOf(file: string): Block[] {
  const fence = /(?:<!-- session: (\w+) -->\n)?```(\w*)\n([\s\S]*?)```/g;
  return [...readFileSync(join(root, file), 'utf8').matchAll(fence)].map(([, where, language = '', text = '']) => ({
    language,
    where,
    text,
  }));
}

export function stepsOf({ text }: Block): Step[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [command = '', ...shown] = part.trimEnd().split('\n');
      return { command, shown };
    });
}

/**
 * A folder like the one that a reader sits in: an example as a repository of its own, with `karma` on the PATH. Gives what a
 * command printed.
 */
export function openSession(example: string, folder: string): (command: string) => string {
  const estate = join(folder, example);
  cpSync(join(root, 'examples', example), estate, { recursive: true });
  git(estate, 'init', '-q', '-b', 'main');
  commitAll(estate, 'one');
  commitAll(estate, 'two');
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'karma'), `#!/bin/sh\nexec '${process.execPath}' '${entry}' "$@"\n`);
  chmodSync(join(bin, 'karma'), 0o755);
  const env = environment({
    PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`,
    KARMA_DATA: join(folder, `${example}-data`),
    GIT_AUTHOR_NAME: 'A',
    GIT_AUTHOR_EMAIL: 'a@example.com',
    GIT_COMMITTER_NAME: 'A',
    GIT_COMMITTER_EMAIL: 'a@example.com',
  });
  return (command) =>
    execFileSync('sh', ['-ec', command], { cwd: estate, encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** What a page shows and a command did not print, in that order. `…` stands for anything, alone on a line for any lines. */
export function notPrinted(shown: readonly string[], printed: string): string[] {
  const lines = printed.split('\n').map((line) => line.trimEnd());
  const missing: string[] = [];
  let next = 0;
  for (const line of shown.map((one) => one.trimEnd())) {
    if (line.trim() === '…') continue;
    const pattern = new RegExp(`^${line.split('…').map(escaped).join('.*')}$`);
    const found = lines.findIndex((one, at) => at >= next && pattern.test(one));
    if (found < 0) missing.push(line);
    if (found >= 0) next = found + 1;
  }
  return missing;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
