/**
 * Shows every page of an estate to whoever wants to look: a picture of each at each width and in both colours, and beneath it what a
 * machine can say by itself (faults of access, what goes over the edge, what is cut without a sign, errors of the page). How it
 * looks is for eyes: open the pictures.
 *
 *   node scripts/look.ts --estate ../adage-300 --out ../pictures
 *   node scripts/look.ts --estate ../adage-300 --out ../pictures --only estate,graph --widths 2560 --colours dark
 *   node scripts/look.ts --axe --estate ../empty --estate ../adage-300 --estate ../adage-10000    # no pictures; 1 where it found a fault
 */
import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../test/support/browser.ts';
import { serveEstate } from '../test/support/served-estate.ts';

const { values } = parseArgs({
  options: {
    estate: { type: 'string', multiple: true, default: [] },
    out: { type: 'string' },
    only: { type: 'string', default: '' },
    widths: { type: 'string', default: '1440,390' },
    colours: { type: 'string', default: 'light,dark' },
    /** No pictures: only what a machine can say. */
    axe: { type: 'boolean', default: false },
  },
});
const { estate: estates, out } = values;
if (estates.length === 0 || (out === undefined && !values.axe)) {
  console.error(
    'usage: node scripts/look.ts --estate FOLDER … (--out FOLDER | --axe) [--only NAME,…] [--widths N,…] [--colours light,dark]',
  );
  process.exit(64);
}
const widths = values.widths.split(',').map(Number);
const colours = values.colours.split(',') as readonly ('light' | 'dark')[];
const only = values.only === '' ? undefined : values.only.split(',');
const main = fileURLToPath(new URL('../src/faces/cli/main.ts', import.meta.url));

interface Told {
  readonly components?: readonly { readonly id: string; readonly usedBy: number; readonly external: boolean }[];
  readonly changes?: readonly { readonly id: string }[];
  readonly runs?: readonly { readonly id: string }[];
  readonly deploys?: readonly { readonly deploy: string }[];
  readonly versions?: readonly { readonly version: number }[];
  readonly requests?: readonly { readonly id: string }[];
  readonly environments?: readonly { readonly name: string }[];
}

/** The pages, each about something that the estate has. */
async function pagesOf(address: string): Promise<ReadonlyMap<string, string>> {
  const ask = async (path: string): Promise<Told> => {
    const response = await fetch(address + path);
    return response.ok ? ((await response.json()) as Told) : {};
  };
  const told: Told = Object.assign(
    {},
    ...(await Promise.all(
      ['/v1/components', '/v1/changes?all=true', '/v1/runs', '/v1/requests', '/v1/environments'].map(ask),
    )),
  );
  const { components = [], changes = [], runs = [], requests = [], environments = [] } = told;
  const own = components.filter(({ external }) => !external).sort((a, b) => b.usedBy - a.usedBy);
  const busiest = own[0]?.id;
  const leaf = own.findLast(({ id }) => id !== busiest)?.id;
  const pages = new Map<string, string>([
    ['estate', '/'],
    ['map', '/?show=map'],
    ['components', '/components'],
    ['components-grouped', '/components?group=kind'],
    ['graph', '/graph'],
    ['impact-empty', '/impact'],
    ['impact-tree', '/impact?since=HEAD'],
    ['why-empty', '/why'],
    ['changes', '/changes'],
    ['changes-all', '/changes?all=true'],
    ['scores', '/changes?scores=true'],
    ['new', '/new'],
    ['compose', '/compose'],
    ['compare', '/compare'],
    ['status', '/status'],
    ['findings', '/findings'],
    ['runs', '/runs'],
    ['requests', '/runs?asked=true'],
    ['ledger', '/ledger'],
    ['not-found', '/nowhere'],
    ['no-such-component', '/component?id=no/such'],
  ]);
  if (busiest !== undefined) {
    const of = encodeURIComponent(busiest);
    pages.set('component', `/component?id=${of}`);
    pages.set('graph-focus', `/graph?root=${of}`);
    pages.set('impact', `/impact?of=${of}`);
    pages.set('why', `/why?of=${of}`);
    pages.set('edit', `/edit?id=${of}`);
  }
  if (leaf !== undefined && busiest !== undefined) {
    pages.set('component-leaf', `/component?id=${encodeURIComponent(leaf)}`);
    pages.set('why-connected', `/why?from=${encodeURIComponent(leaf)}&to=${encodeURIComponent(busiest)}`);
  }
  const [one, other] = environments;
  if (one !== undefined && other !== undefined)
    pages.set('compare-environments', `/compare?environments=${one.name},${other.name}`);
  if (changes[0] !== undefined) {
    pages.set('change', `/changes?id=${changes[0].id}`);
    pages.set('plan', `/changes?id=${changes[0].id}&plan=true`);
    pages.set('revise', `/compose?revise=${changes[0].id}`);
  }
  if (runs[0] !== undefined) pages.set('run', `/runs?id=${runs[0].id}`);
  if (requests[0] !== undefined) pages.set('request', `/runs?request=${requests[0].id}`);
  return pages;
}

/** Texts that end where their box ends without a sign of it, and what stands outside of the page. */
const cut = `(() => {
  const found = [];
  for (const element of document.querySelectorAll('#root *')) {
    const style = getComputedStyle(element);
    if (element.closest('.hidden-visually, .skip, svg, .rows-head')) continue;
    const clips = style.overflowX === 'hidden' || style.overflowX === 'clip';
    if (clips && style.textOverflow !== 'ellipsis' && element.clientWidth > 1 && element.scrollWidth > element.clientWidth + 1
      && [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== ''))
      found.push('cut: ' + element.className + ': ' + element.textContent.slice(0, 60));
  }
  return [...new Set(found)].slice(0, 5);
})()`;

async function faultsOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate(`axe.run(document, { resultTypes: ['violations'] })`)) as {
    readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
  };
  return violations.map(({ id, nodes }) => `${id} (${nodes.length}): ${nodes[0]?.html.slice(0, 160)}`);
}

let found = 0;

function fault(text: string): void {
  found++;
  console.log(text);
}

async function look(page: Page, estate: string, name: string): Promise<void> {
  const faults = new Set<string>();
  for (const width of widths) {
    const height = width < 640 ? 844 : width > 2000 ? 1300 : 900;
    await page.setViewportSize({ width, height });
    await page.waitForTimeout(250);
    // A page that scrolls is shown down to its end, up to a length that somebody would look at.
    const inner = Number(
      await page.evaluate(
        `document.querySelector('.main').scrollHeight - document.querySelector('.main').clientHeight`,
      ),
    );
    if (inner > 0) await page.setViewportSize({ width, height: height + Math.min(inner, 1600) });
    for (const colorScheme of colours) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.waitForTimeout(150);
      const picture = `${estates.length > 1 ? `${estate}-` : ''}${name}-${width}-${colorScheme}.png`;
      if (out !== undefined && !values.axe) await page.screenshot({ path: join(out, picture) });
      for (const fault of await faultsOf(page)) faults.add(`${width} ${colorScheme} ${fault}`);
    }
    const over = Number(await page.evaluate('document.documentElement.scrollWidth - innerWidth'));
    const overMain = Number(
      await page.evaluate(`document.querySelector('.main').scrollWidth - document.querySelector('.main').clientWidth`),
    );
    if (over > 0 || overMain > 0) faults.add(`${width} over the edge by ${Math.max(over, overMain)} px`);
    for (const fault of (await page.evaluate(cut)) as readonly string[]) faults.add(`${width} ${fault}`);
  }
  for (const one of faults) fault(`${estate} ${name}: ${one}`);
}

async function lookAt(browser: Browser, folder: string): Promise<void> {
  const estate = basename(folder);
  const { address, child: service } = await serveEstate([main], folder);
  const page = await browser.newPage();
  page.setDefaultTimeout(120_000);
  let now = '';
  page.on('pageerror', (error) => fault(`${now}: error of the page: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      fault(`${now}: ${message.text()}`);
  });
  const pages = [...(await pagesOf(address))].filter(([name]) => only === undefined || only.includes(name));
  for (const [name, path] of pages) {
    now = `${estate} ${name}`;
    await page.setViewportSize({ width: widths[0] ?? 1440, height: 900 });
    await page.goto(address + path);
    await page.locator('.skeleton, .picture-waiting').first().waitFor({ state: 'detached' });
    await page.waitForLoadState('load');
    await page.waitForTimeout(600);
    await look(page, estate, name);
  }
  console.log(`${estate}: ${pages.length} pages`);
  await page.close();
  service.kill();
}

const browser = await openBrowser();
try {
  if (out !== undefined) mkdirSync(out, { recursive: true });
  for (const folder of estates) await lookAt(browser, folder);
} finally {
  await browser.close();
}
process.exitCode = found > 0 ? 1 : 0;
