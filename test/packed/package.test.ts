import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { version } from '../../src/faces/cli/version.ts';
import { environment, root } from '../support/karma.ts';
import type { Installed } from './packing.ts';

const { place: installed, program, packed, restored } = inject('installed') as Installed;
const paths = packed.files.map(({ path }) => path);

describe('what is published', () => {
  it('holds the program, the grammar, the schema, the examples and the licences', () => {
    expect(paths).toEqual(
      expect.arrayContaining([
        ...['LICENSE', 'NOTICE', 'README.md', 'package.json', 'bin/karma.js', 'dist/main.js'],
        ...['dist/tree-sitter-terraform.wasm', 'dist/web-tree-sitter.wasm', 'dist/THIRD-PARTY-LICENSES.txt'],
        ...['schemas/karma.schema.json', 'examples/twelve/karma.yaml'],
      ]),
    );
  });

  it('holds no sources, no tests and no state that a run left in an example', () => {
    const odd =
      /^(?!bin\/|dist\/|schemas\/|examples\/|LICENSE$|NOTICE$|README\.md$|package\.json$)|\.test\.|\.terraform\/|tfstate/;
    expect(paths.filter((path) => odd.test(path))).toEqual([]);
  });

  it('leaves package.json as it was', () => expect(restored).toBe(true));

  it('is small', () => expect(packed.size).toBeLessThan(3_000_000));

  it('needs no other package', () => {
    const published = JSON.parse(
      readFileSync(join(installed, 'node_modules/@usekarma/karma/package.json'), 'utf8'),
    ) as object;
    expect(published).toMatchObject({ name: '@usekarma/karma', version });
    expect(Object.keys(published).filter((key) => /dependencies/i.test(key))).toEqual([]);
  });

  it('carries the licence of each package in the bundle', () => {
    const text = readFileSync(join(installed, 'node_modules/@usekarma/karma/dist/THIRD-PARTY-LICENSES.txt'), 'utf8');
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { dependencies: object };
    for (const name of Object.keys(dependencies)) expect(text).toContain(`${name} `);
  });
});

describe('installed in an empty folder', () => {
  const run = (node: string, args: readonly string[]) =>
    spawnSync(node, [program, ...args], { cwd: installed, encoding: 'utf8', env: environment() });

  it('tells its version', () => expect(run(process.execPath, ['--version']).stdout).toBe(`${version}\n`));

  it('answers as the sources do', () => {
    const question = ['export', '--format', 'jsonl', '-C', join(root, 'examples/twelve')];
    const sources = spawnSync(process.execPath, [join(root, 'bin/karma.js'), ...question], { env: environment() });
    expect(sources.stdout.toString()).toContain('prod/rds-postgres/orders');
    expect(run(process.execPath, question).stdout).toBe(sources.stdout.toString());
  });

  it('tells the whole demo, and leaves nothing behind', () => {
    const { status, stdout, stderr } = run(process.execPath, ['demo']);
    expect(status, stderr).toBe(0);
    expect(stdout).toContain('prod/rds-postgres/orders  affects 2 components');
    expect(existsSync(join(installed, '.git'))).toBe(false);
  });

  const old = oldNode();
  it.skipIf(old === undefined)(
    `on an older Node${old === undefined ? ' (none is on this machine)' : ''} names the one command that works`,
    () => {
      const { status, stdout, stderr } = run(old ?? '', ['list', '--json']);
      expect(status).toBe(1);
      expect(stdout).toBe('');
      expect(stderr).toMatch(/npx -y -p node@24 node \S*karma\.js list --json/);
    },
  );
});

/** Some `node` on the PATH that is older than Karma needs. */
function oldNode(): string | undefined {
  const places = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin', '/usr/local/bin'];
  return places
    .map((place) => join(place, 'node'))
    .filter((path) => existsSync(path) && statSync(path).isFile())
    .find(
      (path) => Number(/^v(\d+)/.exec(spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout)?.[1] ?? 99) < 24,
    );
}
