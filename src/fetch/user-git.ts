import { spawn } from 'node:child_process';
import { KarmaError } from '../model/errors.ts';

export interface UserGitAnswer {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** What a module's address may be fetched over; `ext::` would be a program that the estate names. */
const protocols = 'https:http:ssh:git:file';

/**
 * The person's own git, with their credentials and settings, because they asked for something over the network. It asks
 * nobody for a password, runs no hook, and takes no protocol that is a program.
 * @throws KARMA_TOOL_MISSING
 */
export function userGit(
  folder: string,
  args: readonly string[],
  { input, signal }: { readonly input?: Buffer; readonly signal?: AbortSignal } = {},
): Promise<UserGitAnswer> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', ['--no-pager', '-c', 'core.hooksPath=/dev/null', '-C', folder, ...args], {
      env: { ...process.env, LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_ALLOW_PROTOCOL: protocols, GIT_DIR: folder },
      windowsHide: true,
      ...(signal === undefined ? {} : { signal }),
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', (cause) => {
      if (signal?.reason instanceof DOMException && signal.reason.name === 'TimeoutError')
        return resolve({ code: 128, stdout: Buffer.alloc(0), stderr: 'fatal: it took longer than anything may' });
      reject(
        new KarmaError('KARMA_TOOL_MISSING', `git could not be started: ${cause.message}`, {
          hint: 'install Git 2.30 or newer',
          cause,
        }),
      );
    });
    child.on('close', (code) =>
      resolve({ code: code ?? 128, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString('utf8') }),
    );
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
  });
}
