import { type ChildProcess, spawn } from 'node:child_process';

export interface ServedEstate {
  readonly address: string;
  readonly child: ChildProcess;
}

/** Starts a service of an estate on a port of its own, and waits until it says where it is. */
export async function serveEstate(program: readonly string[], estate: string): Promise<ServedEstate> {
  const child = spawn(process.execPath, [...program, 'serve', '--port', '0', '--json', '-C', estate], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const address = await new Promise<string>((ready, failed) => {
    let said = '';
    child.stdout.on('data', (part: Buffer) => {
      said += part.toString();
      const found = /"address": "([^"]+)"/.exec(said)?.[1];
      if (found !== undefined) ready(found);
    });
    child.once('exit', (code) => failed(new Error(`the service ended with ${code}`)));
  });
  return { address, child };
}
