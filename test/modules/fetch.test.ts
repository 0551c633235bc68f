import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { packTar } from 'modern-tar';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { karma } from '../support/karma.ts';

/** A Git server, a module registry and a shelf of archives, on this machine. */
const folder = mkdtempSync(join(tmpdir(), 'karma-modules-'));
const packages = join(folder, 'served');
const archives = new Map<string, Buffer>();
const asked: string[] = [];
let server: Server;
let host = '';

const network = 'output "id" {\n  value = "net"\n}\n';
const reader = (key: string): string =>
  `data "terraform_remote_state" "x" {\n  backend = "s3"\n  config = { bucket = "acme", key = "${key}" }\n}\noutput "x" {\n  value = data.terraform_remote_state.x.outputs.id\n}\n`;
const root = (key: string, more = ''): string =>
  `terraform {\n  backend "s3" {\n    bucket = "acme"\n    key    = "${key}"\n  }\n}\n${more}`;

beforeAll(async () => {
  gitPackage('net', { 'modules/reader/main.tf': reader('vpc'), 'main.tf': network }, 'v1.0.0');
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const module = { 'module/main.tf': Buffer.from(reader('vpc')), '../escape.tf': Buffer.from('') };
  const { '../escape.tf': outside, ...tame } = module;
  archives.set('/a/reader.zip', Buffer.from(zipSync(tame)));
  archives.set('/a/escape.zip', Buffer.from(zipSync({ ...tame, '../escape.tf': outside })));
  // A path too long for a tar's own field, as the archives of large hosts have them.
  const long = `reader-1.2.3/${'deep/'.repeat(30)}main.tf`;
  const tar = await packTar([
    { header: { name: 'reader-1.2.3/main.tf', size: Buffer.byteLength(reader('vpc')) }, body: reader('vpc') },
    { header: { name: long, size: Buffer.byteLength(network) }, body: network },
  ]);
  archives.set('/a/reader-1.2.3.tar.gz', gzipSync(tar));
});

afterAll(async () => {
  await new Promise((closed) => server.close(closed));
  rmSync(folder, { recursive: true, force: true });
});

function gitPackage(name: string, files: Readonly<Record<string, string>>, tag: string): void {
  const place = join(packages, `${name}.git`);
  mkdirSync(place, { recursive: true });
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', place, '-c', 'user.name=m', '-c', 'user.email=m@example.org', ...args], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  git('init', '-q', '-b', 'main');
  write(place, files);
  git('add', '-A');
  git('commit', '-qm', 'a module');
  git('tag', tag);
}

function write(place: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(place, path)), { recursive: true });
    writeFileSync(join(place, path), text);
  }
}

function estate(name: string, files: Readonly<Record<string, string>>): string {
  const place = join(folder, name);
  write(place, files);
  execFileSync('git', ['-C', place, 'init', '-q', '-b', 'main']);
  execFileSync('git', ['-C', place, 'add', '-A']);
  execFileSync('git', ['-C', place, '-c', 'user.name=m', '-c', 'user.email=m@example.org', 'commit', '-qm', 'all']);
  return place;
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', `http://${host}`);
  const send = (status: number, body: string | Buffer, headers: Record<string, string> = {}): void => {
    response.writeHead(status, headers);
    response.end(body);
  };
  const archive = archives.get(pathname);
  if (archive !== undefined) return send(200, archive);
  if (pathname.startsWith('/git/')) return gitBackend(request, response, pathname.slice('/git'.length));
  if (pathname === '/.well-known/terraform.json') return send(200, '{"modules.v1":"/v1/modules"}');
  if (pathname === '/v1/modules/acme/reader/aws/versions')
    return send(
      200,
      JSON.stringify({
        modules: [{ versions: ['0.9.0', '1.2.3', '1.10.0', '2.0.0', '1.11.0-beta'].map((version) => ({ version })) }],
      }),
    );
  if (pathname === '/v1/modules/acme/reader/aws/1.10.0/download')
    return send(204, '', { 'X-Terraform-Get': '/a/reader-1.2.3.tar.gz//*?archive=tar.gz' });
  return send(404, 'nothing here');
}

/** What git itself serves over HTTP. */
function gitBackend(request: IncomingMessage, response: ServerResponse, path: string): void {
  const child = spawn('git', ['http-backend'], {
    env: {
      ...process.env,
      GIT_PROJECT_ROOT: packages,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: path,
      REQUEST_METHOD: request.method ?? 'GET',
      QUERY_STRING: (request.url ?? '').split('?')[1] ?? '',
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      ...(request.headers['git-protocol'] === undefined
        ? {}
        : { GIT_PROTOCOL: String(request.headers['git-protocol']) }),
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
    },
  });
  request.pipe(child.stdin);
  const parts: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => parts.push(part));
  child.on('close', () => {
    const whole = Buffer.concat(parts);
    const end = whole.indexOf('\r\n\r\n');
    const headers = new Map(
      whole
        .subarray(0, end)
        .toString()
        .split('\r\n')
        .map(
          (line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()] as const,
        ),
    );
    const status = Number((headers.get('status') ?? '200').split(' ')[0]);
    headers.delete('status');
    response.writeHead(status, Object.fromEntries(headers));
    response.end(whole.subarray(end + 4));
  });
}

interface Impact {
  readonly affected: readonly { readonly id: string }[];
  readonly complete: boolean;
  readonly unread: readonly { readonly what: string }[];
}

async function impactOf(place: string, id: string): Promise<Impact> {
  const { stdout } = await karma(['impact', id, '--json'], { cwd: place });
  return JSON.parse(stdout) as Impact;
}

describe('modules that lie elsewhere, fetched because somebody asked', () => {
  it.each([
    ['a Git repository at a tag', () => `git::http://${host}/git/net.git//modules/reader?ref=v1.0.0`, ''],
    ['a registry, the newest version that fits', () => `${host}/acme/reader/aws`, '~> 1.2'],
    ['a zip', () => `http://${host}/a/reader.zip//module`, ''],
    ['a tar.gz', () => `http://${host}/a/reader-1.2.3.tar.gz//reader-1.2.3`, ''],
  ])('is read like any other: %s', async (name, source, version) => {
    const call = `module "r" {\n  source = "${source()}"\n${version === '' ? '' : `  version = "${version}"\n`}}\n`;
    const place = estate(name.replace(/\W+/g, '-'), {
      'vpc/main.tf': root('vpc', network),
      'app/main.tf': root('app', call),
    });
    asked.length = 0;
    const before = await impactOf(place, 'vpc');
    expect(before).toMatchObject({ affected: [], complete: false });
    expect(before.unread).toHaveLength(1);
    expect(asked, 'a question reaches no server').toEqual([]);

    const fetched = await karma(['modules', 'fetch', '--json'], { cwd: place });
    expect(fetched).toMatchObject({ code: 0 });
    expect(JSON.parse(fetched.stdout)).toMatchObject({ fetched: [expect.any(String)], failed: [] });

    asked.length = 0;
    expect(await impactOf(place, 'vpc')).toMatchObject({ affected: [{ id: 'app' }], complete: true, unread: [] });
    expect(asked, 'nor afterwards').toEqual([]);
  });

  it('goes on where one fails, says why without a password, and writes nothing of it', async () => {
    const place = estate('failing', {
      'a/main.tf': root('a', `module "m" {\n  source = "git::http://ann:hidden@${host}/git/net.git?ref=v9"\n}\n`),
      'b/main.tf': root('b', `module "m" {\n  source = "http://${host}/a/escape.zip"\n}\n`),
      'c/main.tf': root('c', `module "m" {\n  source = "git::http://${host}/git/net.git?ref=v1.0.0"\n}\n`),
      'd/main.tf': root('d', 'module "m" {\n  source = "git::ext::sh -c true"\n}\n'),
    });
    const { code, stdout, stderr } = await karma(['modules', 'fetch', '--json'], { cwd: place });
    expect(code).toBe(1);
    const { fetched, failed } = JSON.parse(stdout) as {
      fetched: string[];
      failed: { address: string; trouble: string }[];
    };
    expect(fetched).toEqual(['127.0.0.1/git/net@v1.0.0']);
    expect(failed.map(({ trouble }) => trouble).sort()).toEqual([
      expect.stringContaining('git said'),
      'it has no tag and no branch `v9`',
      'it holds a file that would lie outside of it: ../escape.tf',
    ]);
    expect(stdout + stderr).not.toContain('hidden');
  });

  it('says what a tag that moved is now, and only when asked to look again', async () => {
    gitPackage('moving', { 'main.tf': reader('vpc') }, 'v1.0.0');
    const place = estate('moved', {
      'vpc/main.tf': root('vpc', network),
      'app/main.tf': root('app', `module "m" {\n  source = "git::http://${host}/git/moving.git?ref=v1.0.0"\n}\n`),
    });
    await karma(['modules', 'fetch'], { cwd: place });
    const served = join(packages, 'moving.git');
    writeFileSync(join(served, 'main.tf'), reader('other'));
    for (const args of [
      ['add', '-A'],
      ['commit', '-qm', 'other'],
      ['tag', '-f', 'v1.0.0'],
    ])
      execFileSync('git', ['-C', served, '-c', 'user.name=m', '-c', 'user.email=m@example.org', ...args]);
    const again = await karma(['modules', 'fetch', '--json'], { cwd: place });
    expect(JSON.parse(again.stdout)).toMatchObject({ fetched: [], moved: [] });
    expect((await impactOf(place, 'vpc')).affected).toHaveLength(1);
    const updated = await karma(['modules', 'fetch', '--update', '--json'], { cwd: place });
    expect(JSON.parse(updated.stdout)).toMatchObject({ moved: [{ name: '127.0.0.1/git/moving@v1.0.0' }] });
    expect((await impactOf(place, 'vpc')).affected).toHaveLength(0);
    const lock = join(place, '.git', 'karma', 'modules', 'modules.lock.json');
    expect(JSON.parse(readFileSync(lock, 'utf8'))).toMatchObject({ version: 1, modules: [{ ref: 'v1.0.0' }] });
  });
});
