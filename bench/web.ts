/**
 * What the pages cost, in a Chromium without a GPU: script of the first screen, CPU time of the main thread to the first picture
 * of the estate map over a blank page and for a drawn frame while panning, and how long after an event of the ledger the page
 * shows it. Beside a frame stands how many frames of a page that moves one empty box it costs, measured in the same run: that
 * ratio means the same on a machine that is busy.
 *
 *   node bench/web.ts --estate ../adage-300
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../test/support/browser.ts';
import { serveEstate } from '../test/support/served-estate.ts';

const { values } = parseArgs({
  options: {
    estate: { type: 'string' },
    frames: { type: 'string', default: '60' },
    records: { type: 'string', default: '7' },
  },
});
if (values.estate === undefined) {
  console.error('usage: node bench/web.ts --estate FOLDER [--frames N] [--records N]');
  process.exit(64);
}
const [estate, frames, records] = [values.estate, Number(values.frames), Number(values.records)];
const folder = mkdtempSync(join(tmpdir(), 'karma-web-'));
const karma = ['src/faces/cli/main.ts'];

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly tdur?: number;
  readonly dur?: number;
  readonly args: { readonly name?: string };
}

/** CPU time, in milliseconds, of the page's main thread while something is done: wall time says little on a machine that others use. */
async function mainThread(browser: Browser, page: Page, work: () => Promise<unknown>): Promise<number> {
  const path = join(folder, 'trace.json');
  await browser.startTracing(page, {
    path,
    categories: ['devtools.timeline', 'disabled-by-default-devtools.timeline'],
  });
  await work();
  await browser.stopTracing();
  const { traceEvents } = JSON.parse(readFileSync(path, 'utf8')) as { readonly traceEvents: readonly TraceEvent[] };
  const threads = traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain');
  const isMain = ({ pid, tid }: TraceEvent): boolean => threads.some((one) => one.pid === pid && one.tid === tid);
  const tasks = traceEvents.filter((event) => event.ph === 'X' && event.name === 'RunTask' && isMain(event));
  return tasks.reduce((sum, { tdur = 0 }) => sum + tdur, 0) / 1000;
}

/** Frames follow each other as fast as the page draws them: the wheel is turned within it. */
async function pan(browser: Browser, page: Page, selector: string): Promise<number> {
  await page.locator(selector).hover();
  const turn = `(async () => {
    const frame = document.querySelector(${JSON.stringify(selector)});
    const { x, y, width, height } = frame.getBoundingClientRect();
    const at = { clientX: x + width / 2, clientY: y + height / 2, bubbles: true, cancelable: true };
    for (let turned = 0; turned < ${frames}; turned++) {
      frame.dispatchEvent(new WheelEvent('wheel', { deltaX: 3, deltaY: turned % 2 === 0 ? 9 : -5, ...at }));
      await new Promise((drawn) => requestAnimationFrame(drawn));
    }
  })()`;
  return (await mainThread(browser, page, () => page.evaluate(turn))) / frames;
}

/** A page that does what every picture must, and nothing else: one box is moved by the wheel. */
const nothing = `<div id="frame" style="position:absolute;inset:0;overflow:hidden">
  <div id="world" style="will-change:transform;width:300px;height:300px;background:#ccc"></div></div>`;

async function emptyFrame(browser: Browser, page: Page): Promise<number> {
  await page.goto('about:blank');
  await page.setContent(nothing);
  await page.evaluate(`(() => {
    let y = 0;
    document.querySelector('#frame').addEventListener('wheel', ({ deltaY }) => {
      y -= deltaY;
      document.querySelector('#world').style.transform = 'translate(0, ' + y + 'px)';
    });
  })()`);
  return pan(browser, page, '#frame');
}

/** From the moment that the ledger gives a run that was recorded to the one at which its component's page is another. */
async function eventToScreen(page: Page, address: string): Promise<number> {
  const { components } = (await (await fetch(`${address}/v1/components`)).json()) as {
    readonly components: readonly { readonly id: string }[];
  };
  const id = components[0]?.id ?? '';
  await page.goto(`${address}/component?id=${encodeURIComponent(id)}`);
  await page.locator('.now-word').first().waitFor();
  await page.getByText('live', { exact: true }).waitFor();
  const took: number[] = [];
  for (let record = 0; record < records; record++) {
    const changed = page.evaluate(`new Promise((seen) => {
      const panel = document.querySelector('.panel[aria-label="Now"]');
      // How long ago something was goes on by itself.
      const isNews = ({ target }) => (target.closest ? target : target.parentElement)?.closest('time') === null;
      new MutationObserver((changes, watch) => {
        if (!changes.some(isNews)) return;
        watch.disconnect();
        seen(Date.now());
      })
        .observe(panel, { subtree: true, childList: true, characterData: true });
    })`) as Promise<number>;
    const outputs = JSON.stringify({ id: { value: `${record}`, type: 'string', sensitive: false } });
    await run([...karma, 'record', '-', '--component', id, '-C', estate], outputs);
    const { events } = (await (await fetch(`${address}/v1/log?action=run.&limit=1`)).json()) as {
      readonly events: readonly { readonly at: string }[];
    };
    took.push((await changed) - Date.parse(events[0]?.at ?? ''));
  }
  return took.sort((a, b) => a - b)[Math.floor(took.length / 2)] ?? Number.NaN;
}

function run(args: readonly string[], input: string): Promise<void> {
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'ignore', 'inherit'] });
  child.stdin.end(input);
  return new Promise((done, failed) =>
    child.once('exit', (code) => (code === 0 ? done() : failed(new Error(`${args.join(' ')}: ${code}`)))),
  );
}

const { address, child: service } = await serveEstate(karma, estate);
const browser = await openBrowser();
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const scripts: number[] = [];
  page.on('response', async (response) => {
    if (response.headers()['content-type']?.includes('javascript'))
      scripts.push(gzipSync(await response.body()).length);
  });
  const show = async (path: string, selector: string): Promise<void> => {
    await page.goto(`${address}${path}`);
    await page.locator(selector).first().waitFor();
    await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))');
  };
  // Once for the service, which places the map for the first who asks.
  await show('/?show=map', '.estate-map canvas');
  const initialScriptKb = Math.round(scripts.reduce((sum, one) => sum + one, 0) / 1024);
  await page.goto('about:blank');
  const blank = await mainThread(browser, page, () => page.goto(`${address}/healthz`));
  await page.goto('about:blank');
  const first = await mainThread(browser, page, () => show('/?show=map', '.estate-map canvas'));
  await page.locator('.estate-side [role="row"]').nth(3).waitFor();
  const mapFrameMs = await pan(browser, page, '.estate-map-frame');
  const emptyFrameMs = await emptyFrame(browser, page);
  await show('/?show=graph', '.card');
  const graphFrameMs = await pan(browser, page, '.picture-frame');
  await show('/graph?group=none', '.card');
  const cards = await page.locator('.card').count();
  const cardsFrameMs = await pan(browser, page, '.picture-frame');
  const eventToScreenMs = await eventToScreen(page, address);
  const round = (value: number): number => Number(value.toFixed(1));
  console.log(
    JSON.stringify(
      {
        initialScriptKb,
        firstPictureMs: Math.round(first - blank),
        emptyFrameMs: round(emptyFrameMs),
        map: { frameMs: round(mapFrameMs), overEmpty: round(mapFrameMs / emptyFrameMs) },
        groups: { frameMs: round(graphFrameMs), overEmpty: round(graphFrameMs / emptyFrameMs) },
        oneByOne: { cards, frameMs: round(cardsFrameMs), overEmpty: round(cardsFrameMs / emptyFrameMs) },
        eventToScreenMs,
      },
      null,
      2,
    ),
  );
} finally {
  await browser.close();
  service.kill();
  rmSync(folder, { recursive: true, force: true });
}
