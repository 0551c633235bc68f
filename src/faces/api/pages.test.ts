import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Engine, type OpenedEngine } from '../../engine/engine.ts';
import { webFiles } from '../service/web-files.ts';
import { makeApi } from './app.ts';

const folder = mkdtempSync(join(tmpdir(), 'karma-web-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
mkdirSync(join(folder, 'web/assets'), { recursive: true });
writeFileSync(join(folder, 'web/index.html'), '<!doctype html><title>the UI</title>');
writeFileSync(join(folder, 'web/assets/main-a1b2c3d4.js'), 'export const answer = 42;');
writeFileSync(join(folder, 'web/notes.exe'), 'of no known type');
writeFileSync(join(folder, 'secret.txt'), 'outside');

const engine = new Engine({ version: 'test' } as OpenedEngine);
const about = { engine, loopback: { port: 7575 }, clock: () => 0 };
const { app: built } = makeApi({ ...about, web: webFiles(join(folder, 'web')) });
const { app: bare } = makeApi(about);

const asBrowser = { host: 'localhost:7575', accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const ask = (app: typeof built, path: string, headers: Record<string, string> = asBrowser, method = 'GET') =>
  app.request(`http://localhost:7575${path}`, { method, headers: { host: 'localhost:7575', ...headers } });

describe('the pages of a service', () => {
  it('are its first page wherever a browser goes, and files by their name', async () => {
    for (const path of ['/', '/graph?root=a', '/component/prod/vpc/main', '/log'])
      expect(await (await ask(built, path)).text(), path).toContain('the UI');
    const script = await ask(built, '/assets/main-a1b2c3d4.js', { accept: '*/*' });
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(script.headers.get('cache-control')).toContain('immutable');
    const first = await ask(built, '/');
    expect(first.headers.get('cache-control')).toBe('no-cache');
    const tag = first.headers.get('etag') ?? '';
    expect((await ask(built, '/', { ...asBrowser, 'if-none-match': `W/${tag}` })).status).toBe(304);
  });

  it('let nothing in from elsewhere', async () => {
    const policy = (await ask(built, '/')).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|\*|http/);
  });

  it.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/notes.exe',
    '/assets/gone-00000000.js',
  ])('lead nowhere else: %s', async (path) => {
    expect((await ask(built, path, { accept: '*/*' })).status).toBe(404);
  });

  it('leave to programs what programs ask', async () => {
    expect((await ask(built, '/healthz')).headers.get('content-type')).toContain('text/plain');
    expect((await ask(built, '/v1/nothing')).headers.get('content-type')).toBe('application/problem+json');
  });

  it('say what to do where they were not built', async () => {
    const page = await ask(bare, '/');
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(await page.text()).toContain('were not built');
    expect((await ask(bare, '/anything')).status).toBe(404);
  });

  it('open by a link on another site, which reads nothing', async () => {
    const link = {
      ...asBrowser,
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    };
    expect((await ask(built, '/', link)).status).toBe(200);
    expect((await ask(built, '/v1/explain?code=cycle', link)).status).toBe(403);
    expect((await ask(built, '/', { ...link, 'sec-fetch-dest': 'iframe' })).status).toBe(403);
    expect((await ask(built, '/', { ...link, host: 'evil.example' })).status).toBe(403);
    expect((await ask(built, '/', link, 'POST')).status).toBe(403);
  });
});
