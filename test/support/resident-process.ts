import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * The program of the command line, started anew for each question in one process: its entry runs with the arguments, folder and
 * environment of the question, and a question is over when nothing is left to do, as a process is. Only Node itself and what
 * the program has loaded stay.
 */
export interface ResidentQuestion {
  readonly entry: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Ends what is said on either stream. */
  readonly mark: string;
}

let asked = 0;
let open: ResidentQuestion | undefined;

process.on('message', (question: ResidentQuestion) => {
  open = question;
  asked += 1;
  // Nothing but the question keeps the process now.
  process.channel?.unref();
  process.chdir(question.cwd);
  for (const name of Object.keys(process.env)) if (question.env[name] === undefined) delete process.env[name];
  Object.assign(process.env, question.env);
  process.argv = [process.execPath, question.entry, ...question.args];
  process.exitCode = undefined;
  void import(`${pathToFileURL(mainOf(question.entry)).href}?question=${asked}`);
});

/** What an installed command starts: it would load that once only. */
function mainOf(entry: string): string {
  const program = realpathSync(entry);
  return program.endsWith('/bin/karma.js') ? join(dirname(program), '../dist/main.js') : program;
}

process.on('beforeExit', () => {
  if (open === undefined) return;
  const { mark } = open;
  open = undefined;
  const code = process.exitCode ?? 0;
  process.exitCode = 0;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.removeAllListeners(signal);
  process.stdout.write(mark);
  process.stderr.write(mark);
  process.channel?.ref();
  process.send?.(code);
});

process.on('disconnect', () => process.exit());
