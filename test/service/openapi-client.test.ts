import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';
import { expect, it } from 'vitest';
import { openApi } from '../../src/faces/api/openapi.ts';
import { routes } from '../../src/faces/api/routes.ts';
import { TemporaryFolder } from '../../src/observe/git/temporary-repository.ts';

const compiler = fileURLToPath(new URL('../../node_modules/tsgo/bin/tsc', import.meta.url));
const flags = ['--ignoreConfig', '--strict', '--noEmit', '--target', 'es2024', '--module', 'nodenext', '--types', ''];

/** Each route's answer under a name of its own: one that the description leaves open, or has not, does not compile. */
function usesOf(): readonly string[] {
  const own = routes.filter(({ alias }) => alias !== true);
  const asked = new Map(own.map((route) => [`${route.method} ${route.path}`, route]));
  return [...asked.values()].map(({ path, method, status = 200 }, number) => {
    const answer = `paths['${path}']['${method}']['responses'][${status}]['content']['application/json']`;
    return `export const a${number}: Told<${answer}> = true;`;
  });
}

const program = `
import type { paths } from './api.ts';
type IsAny<T> = 0 extends 1 & T ? true : false;
type Told<T> = IsAny<T> extends true ? never : [T] extends [never] ? never : [unknown] extends [T] ? never : true;
${usesOf().join('\n')}
type Answer<P extends keyof paths> = paths[P] extends { get: { responses: { 200: { content: { 'application/json': infer A } } } } } ? A : never;
export const idsOf = ({ components }: Answer<'/v1/components'>): readonly string[] => components.map(({ id }) => id);
type Asked = NonNullable<paths['/v1/component']['get']['parameters']['query']>;
export const asked: Asked = { id: 'prod/vpc/main', at: 'v1' };
`;

const mistakes = `
import type { paths } from './api.ts';
type Asked = NonNullable<paths['/v1/component']['get']['parameters']['query']>;
export const none: Asked = {};
export const other: Asked = { id: 'a', att: 'v1' };
export type Nowhere = paths['/v1/impackt'];
`;

it('is a client that another program makes of the description, with a type for each answer', async () => {
  using folder = new TemporaryFolder();
  for (const version of ['3.1.0', '3.2.0'] as const) {
    const described = JSON.parse(JSON.stringify(await openApi('test', version)));
    writeFileSync(join(folder.path, 'api.ts'), astToString(await openapiTS(described)));
    writeFileSync(join(folder.path, 'program.ts'), program);
    writeFileSync(join(folder.path, 'mistakes.ts'), mistakes);
    const compile = (file: string) =>
      spawnSync(process.execPath, [compiler, ...flags, '--allowImportingTsExtensions', join(folder.path, file)], {
        encoding: 'utf8',
        cwd: folder.path,
      });
    const { status, stdout } = compile('program.ts');
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    const wrong = compile('mistakes.ts').stdout.match(/error TS/g);
    expect(wrong).toHaveLength(3);
  }
});
