import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Karma as whoever installs it gets it. */
export interface Installed {
  /** Everything of this packing; to be removed. */
  readonly folder: string;
  /** The folder that it was installed in. */
  readonly place: string;
  /** What `karma` on the PATH would run. */
  readonly program: string;
  /** What npm says of the archive. */
  readonly packed: Packed;
  /** Whether packing left package.json as it was. */
  readonly restored: boolean;
}

export interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

const published = [
  ...['bin', 'schemas', 'examples', 'src', 'scripts', 'web'],
  ...['LICENSE', 'NOTICE', 'README.md', 'package.json', 'tsconfig.json'],
];

/** Packs a copy, because packing rewrites package.json for a moment, and installs the archive in an empty folder. */
export function packAndInstall(): Installed {
  const folder = mkdtempSync(join(tmpdir(), 'karma-package-'));
  // Some of who asks is another user of the machine.
  chmodSync(folder, 0o755);
  const copy = join(folder, 'copy');
  for (const name of published) cpSync(join(root, name), join(copy, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  const left = join(copy, 'examples/terraform/network');
  mkdirSync(join(left, '.terraform'));
  writeFileSync(join(left, '.terraform/environment'), 'dev');
  writeFileSync(join(left, 'terraform.tfstate'), '{}');
  const before = readFileSync(join(copy, 'package.json'), 'utf8');
  const answer = npm(folder, ['pack', '--json', '--pack-destination', folder], copy);
  const packed = (JSON.parse(answer.slice(answer.lastIndexOf('\n[') + 1)) as Packed[])[0] as Packed;
  const restored = readFileSync(join(copy, 'package.json'), 'utf8') === before;
  const place = join(folder, 'installed');
  mkdirSync(place);
  const quietly = ['--ignore-scripts', '--offline', '--no-audit', '--no-fund'];
  npm(folder, ['install', ...quietly, join(folder, packed.filename)], place);
  return { folder, place, program: join(place, 'node_modules/.bin/karma'), packed, restored };
}

export function remove({ folder }: Installed): void {
  rmSync(folder, { recursive: true, force: true });
}

function npm(home: string, args: readonly string[], cwd: string): string {
  return execFileSync('npm', [...args], {
    cwd,
    encoding: 'utf8',
    env: {
      PATH: process.env['PATH'],
      HOME: home,
      NPM_CONFIG_CACHE: process.env['NPM_CONFIG_CACHE'] ?? join(home, 'npm-cache'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
