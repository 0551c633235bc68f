/**
 * What the first call of a function costs: `node bench/lambda.ts --estate FOLDER [--data FOLDER] [--file FILE]`, with an estate of
 * `bench/generate.ts` of which a version is published. CPU time of a process of its own, from its start to its answer; the least
 * of several, because it alone says nothing of what else the machine does.
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    estate: { type: 'string', default: '.' },
    data: { type: 'string', default: '/tmp/karma-bench-lambda' },
    rounds: { type: 'string', default: '7' },
    /** The function as one file, of `scripts/build-function.ts`; default: the entry of the bundle. */
    file: { type: 'string' },
  },
});
const entry = (name: string) => new URL(`../dist/${name}.js`, import.meta.url).pathname;
const karma = (...words: readonly string[]) =>
  spawnSync(process.execPath, [entry('main'), ...words, '-C', values.estate, '--data', values.data], {
    encoding: 'utf8',
  });

karma('build');
const { token } = JSON.parse(karma('token', 'create', 'bench', '--json').stdout) as { token: string };
const { components } = JSON.parse(karma('list', '--json').stdout) as { components: { id: string }[] };
const id = components[0]?.id ?? '';

const program = `
const { handler } = await import(${JSON.stringify(values.file === undefined ? entry('lambda') : resolve(values.file))});
const event = (rawPath, rawQueryString) => ({ version: '2.0', rawPath, rawQueryString, headers: { authorization: ${JSON.stringify(`Bearer ${token}`)} },
  requestContext: { domainName: 'bench', http: { method: 'GET' } } });
const { statusCode } = await handler(event(process.argv[1], process.argv[2]));
const { user, system } = process.cpuUsage();
console.log(statusCode, (user + system) / 1000);
process.exit(0);
`;

for (const [path, query] of [
  ['/healthz', ''],
  ['/v1/impact', `of=${encodeURIComponent(id)}`],
  ['/v1/components', 'limit=100'],
] as const) {
  const spent: number[] = [];
  let status = '';
  for (let round = 0; round < Number(values.rounds); round++) {
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program, path, query], {
      ...{ encoding: 'utf8' as const },
      env: { ...process.env, KARMA_DIR: values.estate, KARMA_DATA: values.data },
    });
    const [answered = stderr, milliseconds = 'NaN'] = stdout.trim().split(' ');
    status = answered;
    spent.push(Number(milliseconds));
  }
  console.log(`${path.padEnd(16)} ${status}  ${Math.min(...spent).toFixed(0)} ms of CPU`);
}
