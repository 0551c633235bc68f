import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Asked, Heard } from './staying.ts';

/**
 * The process in which {@link StayingProduct} asks: it loads the installed program anew for every question, as `karma` does, but
 * what stands behind its entry stays loaded. So a question costs what it asks and not the start of a process.
 */
const [program = ''] = process.argv.slice(2);
const entry = pathToFileURL(join(dirname(realpathSync(program)), '../dist/main.js')).href;
const told = { stdout: '', stderr: '' };
const listen = (name: keyof typeof told) =>
  ((text: string | Uint8Array): boolean => {
    told[name] += typeof text === 'string' ? text : Buffer.from(text).toString('utf8');
    return true;
  }) as NodeJS.WriteStream['write'];
process.stdout.write = listen('stdout');
process.stderr.write = listen('stderr');
let asked = 0;

process.on('message', async ({ args }: Asked) => {
  Object.assign(told, { stdout: '', stderr: '' });
  process.argv = [process.execPath, program, ...args];
  process.exitCode = undefined;
  asked += 1;
  const before = process.cpuUsage();
  try {
    await import(`${entry}?${asked}`);
  } catch (error) {
    // What Node would do with it.
    told.stderr += error instanceof Error ? (error.stack ?? '') : String(error);
    process.exitCode = 1;
  }
  const { user, system } = process.cpuUsage(before);
  const code = Number(process.exitCode ?? 0);
  const heard: Heard = { ...told, code, cpu: (user + system) / 1000, most: process.resourceUsage().maxRSS / 1024 };
  process.exitCode = undefined;
  process.send?.(heard);
});
process.once('disconnect', () => process.exit(0));
