import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { environment, root } from '../support/karma.ts';
import { serve } from '../support/service.ts';
import type { Installed } from './packing.ts';

const { place: installed } = inject('installed') as Installed;

/** A program of somebody else, beside the installed package. */
const program = `
import { KarmaClient, KarmaError } from '@usekarma/karma/client';
const client = new KarmaClient({ url: process.argv[2] ?? '' });
const { affected, complete } = await client.ask('impact', { of: ['prod/vpc/main'] });
const ids: readonly string[] = affected.map(({ id }) => id);
const { version }: { readonly version: number } = await client.ask('build', {}, { idempotencyKey: 'once' });
const stop = new AbortController();
let first = '';
for await (const event of client.events({ after: 0, signal: stop.signal })) {
  first = event.action;
  stop.abort();
}
const code = await client.ask('show', { id: 'nobody' }).catch((error: unknown) => (error instanceof KarmaError ? error.code : ''));
console.log(JSON.stringify({ ids, complete, version, first, code }));
`;

const mistakes: readonly [string, string][] = [
  ['a verb that is none', "await client.ask('impackt', {});"],
  ['a member that is none', "await client.ask('impact', { off: [] });"],
  ['a member of another type', "await client.ask('impact', { depth: 'deep' });"],
  ['an answer that has no such member', "(await client.ask('list', {})).nothing;"],
  ['a verb that is asked beside the estate', "await client.ask('parameter-put', {});"],
];

describe('the client of the installed package', () => {
  const folder = join(installed, 'client');

  beforeAll(() => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
    writeFileSync(join(folder, 'program.ts'), program);
  });

  const compiled = (file: string) =>
    spawnSync(
      process.execPath,
      [
        join(root, 'node_modules/tsgo/bin/tsc'),
        ...['--ignoreConfig', '--strict', '--noEmit', '--target', 'es2024', '--module', 'nodenext'],
        ...['--lib', 'es2024,dom', '--typeRoots', join(root, 'node_modules/@types'), '--types', 'node'],
        join(folder, file),
      ],
      { cwd: folder, encoding: 'utf8' },
    );

  it('brings types that a program compiles with', () => {
    const { status, stdout } = compiled('program.ts');
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  });

  it.each(mistakes)('lets nobody compile %s', (name, line) => {
    const file = `${name.replaceAll(' ', '-')}.ts`;
    const text = `import { KarmaClient } from '@usekarma/karma/client';\nconst client = new KarmaClient({ url: '' });\n${line}\n`;
    writeFileSync(join(folder, file), text);
    const { status, stdout } = compiled(file);
    expect(status, stdout).not.toBe(0);
    expect(stdout).toContain(`${file}(3,`);
  });

  it('asks a service, from a folder where nothing else is installed', async () => {
    const service = await serve('twelve', ['--no-follow']);
    const said = execFileSync(process.execPath, [join(folder, 'program.ts'), service.address], {
      ...{ cwd: folder, encoding: 'utf8' as const, env: environment() },
    });
    expect(JSON.parse(said)).toMatchObject({
      ...{ ids: expect.arrayContaining(['prod/rds-postgres/orders']), complete: expect.any(Boolean) },
      ...{ version: 1, first: expect.any(String), code: 'KARMA_NOT_FOUND' },
    });
  });
});
