import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { beforeAll, describe, expect, it } from 'vitest';
import { routes } from '../../src/faces/api/routes.ts';
import { tools } from '../../src/faces/mcp/tools.ts';
import { adageFiles, commitAll, estateMaker, type Files, terragruntFiles, writeFiles } from '../support/estates.ts';
import { type Answer, entry, environment, git, karma, karmaOk, karmaSeveral } from '../support/karma.ts';
import { start, text } from '../support/service.ts';
import { type Planting, plantings } from './secrets.fixture.ts';

/**
 * Secrets planted at every door, asked for through every other one. Each planting is a way to write one down; what is found
 * again, in an answer or in anything that is kept, in whatever form, is a leak.
 */

const { folder, repository } = estateMaker();

const before: Files = { ...adageFiles, ...terragruntFiles, 'roots/lookup/terraform.tfvars': 'nowhere = "x"\n' };

function filesOf(which: (planting: Planting) => string): Record<string, string> {
  const files: Record<string, string> = {};
  for (const planting of plantings) {
    const text = planting.write(which(planting));
    files[planting.file] = `${files[planting.file] ?? String(before[planting.file] ?? '')}${text}`;
  }
  return files;
}

/** As it is, and as somebody would write it who wants it to pass. */
function formsOf(secret: string): Readonly<Record<string, string>> {
  const digests = (text: string) =>
    (['md5', 'sha1', 'sha256', 'sha512'] as const).flatMap((name) => [
      [`${name} in hex`, createHash(name).update(text).digest('hex')] as const,
      [`${name} in base64`, createHash(name).update(text).digest('base64').replace(/=+$/, '')] as const,
    ]);
  return {
    raw: secret,
    reversed: [...secret].reverse().join(''),
    // Without the ends, which depend on what stands beside it.
    base64: Buffer.from(`${secret}`).toString('base64').slice(0, 20),
    hex: Buffer.from(secret).toString('hex'),
    encoded: encodeURIComponent(`${secret}`),
    ...Object.fromEntries([...digests(secret), ...digests(JSON.stringify(secret))].map(([name, text]) => [name, text])),
  };
}

function leaksIn(where: string, text: string, folded: string, secrets: readonly string[]): string[] {
  return secrets.flatMap((secret) =>
    Object.entries(formsOf(secret)).flatMap(([form, needle]) =>
      text.includes(needle) || folded.includes(needle.toLowerCase()) ? [`${secret} ${form} in ${where}`] : [],
    ),
  );
}

/** Line ends, blanks and case taken out: a secret that was broken into lines is still one. */
function fold(text: string): string {
  return text.replaceAll(/\\n|[\s"'+\\]+/g, '').toLowerCase();
}

const components = ['dev/app/web', 'live/dev/app', 'live/dev/planted', 'roots/db', 'roots/lookup'];
const general = [
  ...['overview', 'list', 'check', 'status', 'doctor', 'order', 'export'],
  ...['list --json --columns source,region,owner,account,state', 'check --json', 'check --output sarif'],
  ...['check --output junit', 'check --output table', 'status --json', 'doctor --json', 'order --json'],
  ...['export --json', 'export --hints', 'export --format dot', 'export --format mermaid', 'graph draw'],
  ...['graph draw --format dot', 'graph draw --format mermaid', 'graph versions --json'],
  ...['type list', 'type list --json', 'type show app --json', 'diff HEAD~1..HEAD', 'diff HEAD~1..HEAD --json'],
  ...['impact --since HEAD~1', 'impact --since HEAD~1 --json', 'impact --since HEAD~1 --output markdown'],
  ...['impact --since HEAD~1 --output matrix', 'impact --since HEAD~1 --output gitlab'],
  ...['impact --since HEAD~1 --output atlantis', 'impact --since HEAD~1 --output paths0', 'check --since HEAD~1'],
  ...['check --since HEAD~1 --json', 'log list', 'log list --json', 'log export', 'log grep a', 'log verify'],
  ...['store verify', 'parameter list --json', 'parameter export', 'config validate', 'config validate --json'],
  ...['parameter get /iac/plain/x/config', 'parameter get /iac/plain/x/config --json'],
  ...['parameter history /iac/plain/x/config --json', 'parameter get /iac/db_password'],
  ...['parameter history /iac/db_password --json', 'parameter history /iac/db_password'],
].map((line) => line.split(' '));
const each = ['show', 'show --json', 'outputs', 'outputs --json', 'impact', 'impact --json', 'why', 'why --json'].map(
  (line) => line.split(' '),
);

/** Parameters in the words of all routes and tools: each takes those that it knows, or says that it does not. */
const askedByName: readonly Readonly<Record<string, string>>[] = [
  {},
  ...['live/dev/planted', 'roots/db', 'dev/app/web'].flatMap((id) => [{ id }, { of: id }]),
  { from: 'live/dev/app', to: 'live/dev/vpc' },
  { since: 'HEAD~1' },
  { range: 'HEAD~1..HEAD' },
  { from: 'HEAD~1', to: 'HEAD' },
  ...['markdown', 'gitlab', 'atlantis'].map((format) => ({ since: 'HEAD~1', format })),
  { environments: 'dev,live' },
  { id: 'app' },
];

describe('a secret', () => {
  let estate: string;
  let data: string;
  let heard: readonly { readonly asked: string; readonly answer: Answer }[];
  const old = (planting: Planting) => `${planting.secret}Old`;
  const now = (planting: Planting) => `${planting.secret}New`;
  const inStores = ['pl4ntedS3cretParameterA', 'pl4ntedS3cretParameterB'] as const;
  const secrets = [...plantings.flatMap((one) => [old(one), now(one)]), ...inStores];

  beforeAll(async () => {
    estate = repository({ ...before, ...filesOf(old) });
    data = join(folder, 'secrets-data');
    writeFiles(estate, filesOf(now));
    commitAll(estate, `rotate: password=${now(plantings[0] as Planting)}`);
    git(estate, 'remote', 'add', 'origin', `https://me:${now(plantings[0] as Planting)}@example.com/x.git`);
    const at = ['-C', estate, '--data', data];
    const put = (name: string, value: string) =>
      karmaOk(['parameter', 'put', name, '-', '--binding', 'acme-dev', ...at], { input: value });
    await put('/iac/plain/x/config', JSON.stringify({ user: 'me', password: inStores[0] }));
    await put('/iac/db_password', inStores[1]);
    await karmaOk(['build', ...at]);
    const questions = [
      ...general,
      ...components.flatMap((id) => each.map(([verb = '', ...more]) => [verb, id, ...more])),
    ];
    const answers = await karmaSeveral(questions.map((words) => [...words, ...at]));
    heard = answers.map((answer, index) => ({ asked: (questions[index] ?? []).join(' '), answer }));
  });

  it('is planted in what is read: every question finds its estate', () => {
    expect(
      heard
        .filter(({ answer }) => ![0, 2, 3].includes(answer.code))
        .map(({ asked, answer }) => `${asked}: ${answer.stderr}`),
    ).toEqual([]);
    const listed = heard.find(({ asked }) => asked === 'list')?.answer.stdout ?? '';
    for (const id of components) expect(listed).toContain(id);
  });

  it('is in no answer, in no form', () => {
    const leaks = heard.flatMap(({ asked, answer: { stdout, stderr } }) =>
      leaksIn(`karma ${asked}`, stdout + stderr, fold(stdout + stderr), secrets),
    );
    expect([...new Set(leaks)]).toEqual([]);
  });

  it('is in no answer over HTTP, in no form', async () => {
    const service = await start(estate, ['--no-follow', '--data', data]);
    const paths = askedByName.flatMap((given) =>
      routes
        .filter(({ method, given: needed = [] }) => method === 'get' && needed.every((name) => name in given))
        .map(({ path }) => `${path}?${new URLSearchParams(given).toString()}`),
    );
    let answered = 0;
    const leaks: string[] = [];
    for (const path of [...new Set(paths), '/metrics']) {
      const { status, body } = await text(service, path);
      if (status === 200) answered += 1;
      leaks.push(...leaksIn(path, body, fold(body), secrets));
    }
    leaks.push(...leaksIn('what serve says', service.talk(), fold(service.talk()), secrets));
    service.child.kill();
    expect([...new Set(leaks)]).toEqual([]);
    expect(answered).toBeGreaterThan(routes.length / 2);
  });

  it('is in nothing that comes in over HTTP: no event, stream, problem, or answer that is kept', async () => {
    const told = join(folder, 'secrets-told');
    const service = await start(estate, ['--no-follow', '--verbose', '--data', told]);
    const post = async (path: string, body: unknown, key: string) => {
      const headers = { 'content-type': 'application/json', 'idempotency-key': JSON.stringify(key) };
      return (await text(service, path, { method: 'POST', body: JSON.stringify(body), headers })).body;
    };
    const leaks: string[] = [];
    for (const secret of inStores) {
      const spelt = [`password=${secret}`, `https://me:${secret}@example.com/x`, `--token ${secret}`];
      const asked: [string, unknown][] = [
        ['/v1/events', { id: secret.slice(-1), source: 'ci', type: 'said', data: { password: secret, spelt } }],
        ['/v1/events', { id: `${secret.slice(-1)} again`, source: spelt[1], type: spelt[0], subject: spelt[2] }],
        ['/v1/config/validate', { id: 'dev/app/web', config: { db: { password: secret }, spelt } }],
        ...['show', 'impact', 'why', 'list', 'log'].flatMap((verb): [string, unknown][] =>
          spelt.map((word) => ['/v1/ask', { verb, query: { id: word, of: [word], select: [word], contains: word } }]),
        ),
        ...spelt.map((word): [string, unknown] => ['/v1/graph/query', { select: [word] }]),
        ...spelt.map((word): [string, unknown] => ['/v1/ask', { verb: word, query: {} }]),
      ];
      for (const [path, body] of asked) {
        const answer = await post(path, body, `${secret.slice(-1)} ${JSON.stringify(body).length} ${path}`);
        leaks.push(...leaksIn(`${path} ${JSON.stringify(body)}`, answer, fold(answer), inStores));
      }
    }
    const stop = new AbortController();
    const stream = await fetch(`${service.address}/v1/log/stream?after=0`, { signal: stop.signal });
    let heard = '';
    const decoder = new TextDecoder();
    for await (const part of stream.body ?? []) {
      heard += decoder.decode(part, { stream: true });
      if (heard.includes('id: 4\n')) break;
    }
    stop.abort();
    const log = (await text(service, '/v1/log')).body + service.talk();
    leaks.push(...leaksIn('the stream', heard, fold(heard), inStores), ...leaksIn('the log', log, fold(log), inStores));
    service.child.kill();
    await new Promise((left) => service.child.once('exit', left));
    const files = readdirSync(told, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile());
    for (const { parentPath, name } of files) {
      const kept = readFileSync(join(parentPath, name), 'latin1');
      leaks.push(...leaksIn(name, kept, fold(kept), inStores));
    }
    expect([...new Set(leaks)]).toEqual([]);
  });

  it('is in no answer to an agent, in no form', async () => {
    const client = new Client({ name: 'test', version: '1' });
    const args = [entry, 'mcp', '-C', estate, '--data', data];
    await client.connect(
      new StdioClientTransport({ command: process.execPath, args, env: environment(), stderr: 'ignore' }),
    );
    const leaks: string[] = [];
    let answered = 0;
    for (const { name } of tools)
      for (const given of askedByName) {
        const answer = await client.callTool({ name, arguments: { ...given } });
        if (answer.isError !== true) answered += 1;
        const text = JSON.stringify(answer);
        leaks.push(...leaksIn(`${name} ${JSON.stringify(given)}`, text, fold(text), secrets));
      }
    await client.close();
    expect([...new Set(leaks)]).toEqual([]);
    expect(answered).toBeGreaterThan(tools.length);
  });

  it('is in nothing that is kept but the parameters themselves, in no form', () => {
    const files = readdirSync(data, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && !entry.name.startsWith('parameters'))
      .map((entry) => join(entry.parentPath, entry.name));
    expect(files).not.toEqual([]);
    const leaks = files.flatMap((file) => {
      const text = readFileSync(file, 'latin1');
      return leaksIn(file, text, fold(text), secrets);
    });
    expect(leaks).toEqual([]);
  });

  it('is shown where somebody asks to see it', async () => {
    const asked = ['parameter', 'get', '/iac/db_password', '--reveal', '-C', estate, '--data', data];
    expect((await karma(asked)).stdout).toBe(`${inStores[1]}\n`);
  });
});
