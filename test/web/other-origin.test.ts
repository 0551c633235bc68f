import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath } from '../support/browser.ts';
import { karmaJson } from '../support/karma.ts';
import { type Service, serve } from '../support/service.ts';

const executablePath = chromiumPath();
if (executablePath === undefined) console.info('pages of other sites were not tried: there is no Chromium');

/** Everything that a page can try on an address that is not its own; told by what it saw. */
const attack = `async (target) => {
  const said = {};
  const attempt = async (name, work) => {
    try { said[name] = await work(); } catch (error) { said[name] = 'refused'; }
  };
  const json = { 'content-type': 'application/json' };
  const event = JSON.stringify({ id: 'evil', source: 'evil', type: 'evil' });
  await attempt('read', async () => (await fetch(target + '/v1/components')).text());
  await attempt('read blind', async () => (await fetch(target + '/v1/components', { mode: 'no-cors' })).text());
  await attempt('build', async () => (await fetch(target + '/v1/build', { method: 'POST' })).text());
  await attempt('build blind', async () => (await fetch(target + '/v1/build', { method: 'POST', mode: 'no-cors' })).text());
  await attempt('event', async () => (await fetch(target + '/v1/events', { method: 'POST', body: event, headers: json })).text());
  await attempt('event as text', async () => (await fetch(target + '/v1/events', { method: 'POST', body: event, mode: 'no-cors' })).text());
  await attempt('agent', async () => (await fetch(target + '/mcp', { method: 'POST', body: '{}', mode: 'no-cors' })).text());
  await attempt('beacon', async () => { navigator.sendBeacon(target + '/v1/events', event); return ''; });
  await attempt('stream', () => new Promise((done) => {
    const stream = new EventSource(target + '/v1/log/stream');
    stream.onmessage = (message) => done(message.data);
    stream.onerror = () => { stream.close(); done('refused'); };
  }));
  await attempt('script', () => new Promise((done) => {
    const script = document.createElement('script');
    script.src = target + '/v1/openapi.json';
    script.onload = () => done('loaded');
    script.onerror = () => done('refused');
    document.body.append(script);
  }));
  await attempt('picture', () => new Promise((done) => {
    const picture = new Image();
    picture.onload = () => done('loaded');
    picture.onerror = () => done('refused');
    picture.src = target + '/v1/graph.svg';
  }));
  await attempt('frame', () => new Promise((done) => {
    const frame = document.createElement('iframe');
    frame.onload = () => { try { done(frame.contentDocument.body.innerText); } catch { done('refused'); } };
    frame.src = target + '/v1/components';
    document.body.append(frame);
  }));
  return said;
}`;

describe.skipIf(executablePath === undefined)('a page of another site', () => {
  let service: Service;
  let site: Server;
  let browser: Browser;

  beforeAll(async () => {
    service = await serve('twelve', ['--no-follow']);
    site = createServer((_, response) => response.setHeader('content-type', 'text/html').end('<body>harmless</body>'));
    await new Promise<void>((ready) => site.listen(0, '127.0.0.1', ready));
    browser = await chromium.launch({
      ...(executablePath === undefined ? {} : { executablePath }),
      // A name server of somebody else may say of its own name whatever it likes.
      args: ['--no-sandbox', '--disable-dev-shm-usage', '--host-resolver-rules=MAP evil.example 127.0.0.1'],
    });
  });
  afterAll(async () => {
    await browser?.close();
    site?.close();
  });

  const nothingOf = async (said: Readonly<Record<string, string>>) => {
    for (const [how, saw] of Object.entries(said)) {
      expect({ how, saw }).not.toMatchObject({ saw: expect.stringMatching(/checkout|"components"|event:|loaded/) });
    }
    const { events } = await karmaJson<{ events: { action: string }[] }>(['log', 'list'], { cwd: service.place });
    expect(events.filter(({ action }) => action !== 'access.denied')).toEqual([]);
  };

  it('reads nothing and writes nothing', async () => {
    const page = await browser.newPage();
    await page.goto(`http://evil.example:${(site.address() as AddressInfo).port}/`);
    const said = await page.evaluate<Record<string, string>>(`(${attack})(${JSON.stringify(service.address)})`);
    expect(Object.keys(said)).toHaveLength(12);
    await nothingOf(said);
    await page.close();
  });

  it('is no other when its name leads here', async () => {
    const { port } = new URL(service.address);
    const page = await browser.newPage();
    const first = await page.goto(`http://evil.example:${port}/`);
    expect(first?.status()).toBe(403);
    // Now it is of the same origin as the service, for the browser.
    const said = await page.evaluate<Record<string, string>>(
      `(${attack})(${JSON.stringify(`http://evil.example:${port}`)})`,
    );
    await nothingOf(said);
    await page.close();
  });
});
