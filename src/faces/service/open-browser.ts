import { spawn } from 'node:child_process';

/** Opens an address in the person's browser. Where there is none nothing happens: the address was printed. */
export function openBrowser(address: string, env: Readonly<Record<string, string | undefined>>): void {
  const [program = '', ...args] = commandFor(process.platform, env['BROWSER']);
  if (program === '') return;
  const child = spawn(program, [...args, address], { stdio: 'ignore', detached: true });
  child.once('error', () => undefined);
  child.unref();
}

function commandFor(platform: NodeJS.Platform, browser: string | undefined): readonly string[] {
  if (browser !== undefined) return browser === '' || browser === 'none' ? [] : [browser];
  if (platform === 'darwin') return ['open'];
  return platform === 'win32' ? ['rundll32', 'url.dll,FileProtocolHandler'] : ['xdg-open'];
}
