/**
 * What the pages cost, in a Chromium without a GPU: script of the first screen, time of the main thread to the first picture
 * of a large estate over a blank page, and for a drawn frame while panning.
 *
 *   node bench/web.ts --estate ../adage-10k
 */
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { CDPSession, Page } from 'playwright-core';
import { openBrowser } from '../test/support/browser.ts';

const { values } = parseArgs({ options: { estate: { type: 'string' }, frames: { type: 'string', default: '60' } } });
if (values.estate === undefined) {
  console.error('usage: node bench/web.ts --estate FOLDER [--frames N]');
  process.exit(64);
}
const frames = Number(values.frames);

/** Time of the main thread, which Chromium counts: wall time says little on a machine that others use. */
async function metrics(session: CDPSession): Promise<Record<string, number>> {
  const { metrics: told } = (await session.send('Performance.getMetrics')) as {
    metrics: { name: string; value: number }[];
  };
  return Object.fromEntries(told.map(({ name, value }) => [name, value]));
}

async function pan(page: Page, session: CDPSession, selector: string): Promise<{ readonly mainThread: number }> {
  const box = await page.locator(selector).boundingBox();
  if (box === null) throw new Error(`${selector} is not there`);
  const before = await metrics(session);
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  for (let frame = 0; frame < frames; frame++) {
    await page.mouse.wheel(3, frame % 2 === 0 ? 9 : -5);
    await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => drawn(undefined)))');
  }
  const after = await metrics(session);
  return { mainThread: (((after['TaskDuration'] ?? 0) - (before['TaskDuration'] ?? 0)) / frames) * 1000 };
}

const service = spawn(
  process.execPath,
  ['src/faces/cli/main.ts', 'serve', '--port', '0', '--json', '-C', values.estate],
  {
    stdio: ['ignore', 'pipe', 'ignore'],
  },
);
const address = await new Promise<string>((ready) => {
  let said = '';
  service.stdout.on('data', (part: Buffer) => {
    said += part.toString();
    const found = /"address": "([^"]+)"/.exec(said)?.[1];
    if (found !== undefined) ready(found);
  });
});
const browser = await openBrowser();
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const scripts: number[] = [];
  page.on('response', async (response) => {
    if (response.headers()['content-type']?.includes('javascript'))
      scripts.push(gzipSync(await response.body()).length);
  });
  // Once for the service, which places the map for the first who asks.
  await page.goto(`${address}/?show=map`);
  await page.locator('.estate-map canvas').waitFor();
  await page.goto('about:blank');
  const blank = await metrics(session);
  await page.goto(`${address}/?show=map`);
  await page.locator('.estate-map canvas').waitFor();
  await page.evaluate(
    'new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn(undefined))))',
  );
  const first = await metrics(session);
  await page.locator('.estate-side [role="row"]').nth(3).waitFor();
  const map = await pan(page, session, '.estate-map-frame');
  await page.goto(`${address}/?show=graph`);
  await page.locator('.card').first().waitFor();
  const graph = await pan(page, session, '.picture-frame');
  console.log(
    JSON.stringify(
      {
        initialScriptKb: Math.round(Math.max(0, ...scripts) / 1024),
        firstPictureMs: Math.round(((first['TaskDuration'] ?? 0) - (blank['TaskDuration'] ?? 0)) * 1000),
        mapFrameMs: Number(map.mainThread.toFixed(1)),
        graphFrameMs: Number(graph.mainThread.toFixed(1)),
      },
      null,
      2,
    ),
  );
} finally {
  await browser.close();
  service.kill();
}
