import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import axe from 'axe-core';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, openBrowser } from '../support/browser.ts';
import { outputOf, runningFiles } from '../support/changing.ts';
import { estateMaker } from '../support/estates.ts';
import { karmaJson, karmaOk } from '../support/karma.ts';
import { estateOf, type Service, serve, start } from '../support/service.ts';
import { withoutTerraform } from '../terraform/real-terraform.fixture.ts';

const there = chromiumPath() !== undefined;
if (!there)
  console.log('– chromium is missing: the pages are not looked at. `apt-get install chromium`, or any Chrome');

const pages = [
  ['estate', '/', 'Estate'],
  ['estate as a map', '/?show=map', 'Estate'],
  ['components', '/components?group=kind', 'Components'],
  ['a component', '/component?id=prod/ecs-service/checkout', /checkout/],
  ['the graph', '/graph?root=prod/ecs-service/checkout', 'Graph'],
  ['impact of an output', '/impact?of=prod/vpc/main%23/vpc_id', 'Impact'],
  ['impact of the work tree', '/impact?since=HEAD', 'Impact'],
  ['why it is so', '/why?of=prod/ecs-service/checkout', 'Why'],
  ['why they are connected', '/why?from=prod/serverless-site/shop&to=prod/vpc/main', 'Why'],
  ['changes', '/changes', 'Changes'],
  ['another configuration', '/edit?id=prod/rds-postgres/orders', /orders/],
  ['a new component', '/new?type=vpc&environment=dev&name=second', 'New component'],
  ['several components at once', '/compose', 'Compose'],
  ['two environments', '/compare?environments=dev,prod', 'Compare'],
  ['status', '/status', 'Status'],
  ['findings', '/findings', 'Findings'],
  ['runs', '/runs', 'Runs'],
  ['runs that were asked for', '/runs?asked=true', 'Runs'],
  ['the ledger', '/ledger', 'Ledger'],
  ['a page that is not there', '/nowhere', undefined],
] as const;

/** Beyond this a page hangs: what it waits for is not judged by the clock. */
const patience = { timeout: 10 * 60_000 };

const estates = estateMaker();
let browser: Browser;
let service: Awaited<ReturnType<typeof serve>>;

describe.runIf(there)('pages in a real browser', () => {
  beforeAll(async () => {
    [browser, service] = await Promise.all([openBrowser(), serve('twelve')]);
  });
  afterAll(async () => browser?.close());

  it.each(pages)(
    '%s: no fault of access, nothing over the edge, nothing that the policy forbids',
    async (_, path, title) => {
      const page = await opened(service, path);
      if (title !== undefined) await page.page.getByRole('heading', { level: 1, name: title }).waitFor();
      await settled(page.page);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        // Of all that is looked at only contrast hangs on the colours.
        const only = colorScheme === 'dark' ? ['color-contrast'] : undefined;
        expect(await faultsOf(page.page, only), colorScheme).toEqual([]);
      }
      for (const width of [390, 768, 1440, 2560]) {
        await page.page.setViewportSize({ width, height: 900 });
        expect(await overTheEdge(page.page), `${width}`).toBeLessThanOrEqual(0);
      }
      expect(page.said).toEqual([]);
      await page.page.close();
    },
  );

  it('loads no more than 250 KB of script for the first screen, all of it from the service', async () => {
    const page = await browser.newPage();
    const scripts: Buffer[] = [];
    const origins = new Set<string>();
    page.on('response', async (response) => {
      origins.add(new URL(response.url()).origin);
      if (response.headers()['content-type']?.includes('javascript')) scripts.push(await response.body());
    });
    await page.goto(service.address);
    await page.getByRole('heading', { level: 1, name: 'Estate' }).waitFor();
    await settled(page);
    expect(scripts.reduce((sum, one) => sum + gzipSync(one).length, 0)).toBeLessThanOrEqual(250 * 1024);
    expect(scripts.length).toBeGreaterThan(0);
    expect([...origins]).toEqual([new URL(service.address).origin]);
    await page.close();
  });

  it('can be used by the keyboard alone', async () => {
    const { page, said } = await opened(service, '/');
    await page.getByRole('row', { name: /prod\/vpc/ }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('orders prod');
    await page.getByRole('option', { name: /rds-postgres.*orders/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: /rds-postgres.*orders/ }).waitFor();
    await page.keyboard.press('i');
    await page.getByText('affected').first().waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('g');
    await page.getByRole('heading', { level: 1, name: 'Graph' }).waitFor();
    const card = page.locator('[data-box="prod/vpc/main"] .card-main');
    await card.focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => focusedBox(page), patience).toBe('prod/ecs-cluster/main');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => focusedBox(page), patience).toBe('prod/vpc/main');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: /vpc.*main/ }).waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor({ state: 'detached' });
    expect(said).toEqual([]);
    await page.close();
  });

  it('edits a component with what follows drawn beside it, and ends as a change that people agree to or refuse', async () => {
    const { page, said } = await opened(service, '/component?id=prod/rds-postgres/orders');
    await page.getByRole('heading', { level: 1, name: /orders/ }).waitFor();
    await page.keyboard.press('e');
    const port = page.getByLabel('port', { exact: true });
    await port.fill('80');
    await page.getByText('must be >= 1024').first().waitFor();
    await port.fill('6432');
    await page.getByText('must be >= 1024').first().waitFor({ state: 'detached' });
    await page.locator('.diff-added', { hasText: '"port": 6432' }).waitFor();
    await page
      .getByRole('link', { name: /serverless-site.*shop/ })
      .first()
      .waitFor();
    expect(await page.getByText('Complete: everything beyond this is proved untouched.').count()).toBe(1);
    // The same as text: what is no JSON changes nothing.
    await page.getByRole('button', { name: 'Text' }).click();
    const text = page.getByLabel('The configuration as JSON');
    expect(JSON.parse(await text.inputValue())).toMatchObject({ port: 6432 });
    await text.fill('{ "port": ');
    await page.getByText('This is no JSON object yet').waitFor();
    await page.getByRole('button', { name: 'Form' }).click();
    expect(await port.inputValue()).toBe('6432');
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      expect(await faultsOf(page), colorScheme).toEqual([]);
    }
    const propose = page.getByRole('button', { name: 'Propose' });
    expect(await propose.isDisabled()).toBe(true);
    await page.getByLabel('Why').fill('<b>another</b> port');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: /cr-1/ }).waitFor();
    await page.getByText('<b>another</b> port').first().waitFor();
    const told = await fetch(`${service.address}/v1/log?action=change.&limit=1`);
    expect(await told.json()).toMatchObject({ events: [{ door: 'ui' }] });
    await page.locator('.diff-removed', { hasText: '"port": 5432' }).waitFor();
    for (const width of [390, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      expect(await overTheEdge(page)).toBeLessThanOrEqual(0);
    }
    expect(await faultsOf(page)).toEqual([]);
    await page.getByRole('button', { name: 'Approve …' }).click();
    expect(await page.getByRole('dialog').textContent()).toMatch(/revision 1.*1 changed.*2 affected/s);
    expect(await faultsOf(page)).toEqual([]);
    await page.getByRole('button', { name: 'Approve exactly this' }).click();
    // Who decides says who they are, also on this machine.
    const { token } = await karmaJson<{ token: string }>(['token', 'create', 'ana', '--role', 'approver'], {
      cwd: service.place,
    });
    await page.getByLabel('Your token').fill(token);
    await page.keyboard.press('Enter');
    await page.locator('.status', { hasText: 'approved' }).first().waitFor();
    await page.getByText('agreed', { exact: true }).waitFor();
    // Now the tab is somebody else than who proposed it, who may not take it back, and may say no.
    await page.getByRole('button', { name: 'Cancel this change …' }).click();
    await page.getByRole('button', { name: 'Cancel the change' }).click();
    await page.getByRole('alert').getByText('KARMA_FORBIDDEN').waitFor();
    await page.getByRole('button', { name: 'Not now' }).click();
    await page.getByRole('button', { name: 'Reject …' }).click();
    await page.getByRole('button', { name: 'Reject the change' }).click();
    await page.locator('.status', { hasText: 'rejected' }).first().waitFor();
    await page.keyboard.press('u');
    await page.getByText('No change is open').waitFor();
    await page.getByRole('button', { name: 'all', exact: true }).click();
    await page.getByRole('row', { name: /cr-1.*rejected/ }).waitFor();
    expect(said).toEqual([]);
    await page.close();
  });

  it('composes a new component of a type, by the keyboard, with what must be given and what would follow', async () => {
    const { page, said } = await opened(service, '/new');
    await page.getByLabel('Type').selectOption('rds-postgres');
    await page.getByLabel('Environment').selectOption('prod');
    await page.getByLabel('Nickname, then Enter').fill('billing');
    await page.keyboard.press('Enter');
    await page.getByLabel('vpc_nickname', { exact: true }).fill('main');
    await page.getByLabel('database_name', { exact: true }).fill('billing');
    const size = page.getByLabel('instance_class', { exact: true });
    await size.fill('large');
    await page.getByText('must match pattern').first().waitFor();
    await size.fill('db.t4g.medium');
    await page.locator('.diff-added', { hasText: '"database_name": "billing"' }).waitFor();
    await page.getByText('prod/rds-postgres/billing').first().waitFor();
    await page.getByText('Complete: everything beyond this is proved untouched.').waitFor();
    await page.getByLabel('Why').fill('invoices have a database of their own');
    await page.keyboard.press('Enter');
    await page.locator('.page-about', { hasText: 'by new, edit' }).waitFor();
    expect(said).toEqual([]);
    await page.close();
  });

  it('puts several components on a canvas, connects what fits and says why the rest does not, and revises what came of it', async () => {
    const { page, said } = await opened(service, '/compose');
    const canvas = page.locator('.compose-canvas');
    await page.getByRole('button', { name: 'rds-postgres', exact: true }).dragTo(canvas);
    await page.getByLabel('Environment').selectOption('prod');
    await page.getByLabel('Nickname, then Enter').fill('ledger');
    await page.keyboard.press('Enter');
    for (const id of ['prod/vpc/main', 'prod/ecs-service/checkout']) {
      await page.getByRole('combobox', { name: 'A component that is there' }).fill(id);
      await page.getByRole('option', { name: id.slice(id.lastIndexOf('/') + 1) }).waitFor();
      await page.keyboard.press('Enter');
      await page.getByLabel(`Connect ${id} with what needs it`).waitFor();
    }
    const from = await page.getByLabel('Connect prod/vpc/main with what needs it').boundingBox();
    const input = page.locator('[data-part="prod/rds-postgres/ledger"][data-input="vpc_nickname"]');
    const to = await input.boundingBox();
    if (from === null || to === null) throw new Error('nothing is there to be connected');
    await page.mouse.move(from.x + 11, from.y + 11);
    await page.mouse.down();
    await page.mouse.move(from.x + 60, from.y + 20, { steps: 3 });
    await page.getByText('it wants one of type ecs-cluster, and this is a vpc').first().waitFor();
    await page.mouse.move(to.x + 30, to.y + 10, { steps: 3 });
    await page.mouse.up();
    await input.getByText('main').waitFor();
    // The same by the keyboard: what fits is pressed already.
    await page.getByLabel('Connect prod/rds-postgres/ledger with what needs it').press('Enter');
    await page.getByRole('button', { name: 'prod/ecs-service/checkout database_nickname' }).press('Enter');
    await page.locator('[data-input="database_nickname"]').getByText('ledger').waitFor();
    await page.locator('.compose-name', { hasText: 'ledger' }).first().click();
    await page.getByLabel('database_name', { exact: true }).fill('ledger');
    await page.getByLabel('instance_class', { exact: true }).fill('db.t4g.medium');
    await page.locator('.diff-added', { hasText: '"database_nickname": "ledger"' }).waitFor();
    await page.locator('.diff-added', { hasText: '"instance_class": "db.t4g.medium"' }).waitFor();
    expect(await faultsOf(page)).toEqual([]);
    for (const width of [390, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      expect(await overTheEdge(page)).toBeLessThanOrEqual(0);
    }
    await page.getByLabel('Why').fill('a database of its own for the books');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Revise …' }).click();
    await page.locator('.compose-name', { hasText: 'ledger' }).first().click();
    await page.getByLabel('database_name', { exact: true }).fill('books');
    await page.locator('.diff-added', { hasText: '"database_name": "books"' }).waitFor();
    await page.getByRole('button', { name: /^Revise cr-/ }).click();
    await page.locator('.page-about', { hasText: 'revision 2' }).waitFor();
    expect(said).toEqual([]);
    await page.close();
  });

  it.skipIf(withoutTerraform).each(['the mouse', 'the keyboard'] as const)(
    'goes from a type on the canvas to what is deployed, with Terraform underneath, by %s',
    async (by) => {
      const { root: place } = estateOf('twelve');
      await karmaOk(['deploy', 'prod/vpc/main', '--yes'], { cwd: place });
      const { token } = await karmaJson<{ token: string }>(['token', 'create', 'ops', '--role', 'operator'], {
        cwd: place,
      });
      const own = await start(place, ['--no-follow']);
      const { page, said } = await opened(own, '/compose');
      const take = (one: Locator) => (by === 'the mouse' ? one.click() : one.press('Enter'));
      const fill = async (label: string, value: string) => {
        const field = page.getByLabel(label, { exact: true });
        if (by === 'the mouse') return field.fill(value);
        // As who comes by the Tab key: over what stands there.
        await field.press('Control+a');
        await page.keyboard.type(value);
      };
      const type = page.getByRole('button', { name: 'rds-postgres', exact: true });
      await (by === 'the mouse' ? type.dragTo(page.locator('.compose-canvas')) : type.press('Enter'));
      if (by === 'the mouse') await page.getByLabel('Environment').selectOption('prod');
      else await fill('Environment', 'prod');
      await fill('Nickname, then Enter', 'ledger');
      await page.keyboard.press('Enter');
      await fill('A component that is there', 'prod/vpc/main');
      await page.getByRole('option', { name: 'main' }).first().waitFor();
      await page.keyboard.press('Enter');
      const vpc = page.getByLabel('Connect prod/vpc/main with what needs it');
      const input = page.locator('[data-part="prod/rds-postgres/ledger"][data-input="vpc_nickname"]');
      await vpc.waitFor();
      if (by === 'the mouse') {
        const [from, to] = [await vpc.boundingBox(), await input.boundingBox()];
        if (from === null || to === null) throw new Error('nothing is there to be connected');
        await page.mouse.move(from.x + 11, from.y + 11);
        await page.mouse.down();
        await page.mouse.move(to.x + 30, to.y + 10, { steps: 3 });
        await page.mouse.up();
      } else {
        await vpc.press('Enter');
        await page.getByRole('button', { name: 'prod/rds-postgres/ledger vpc_nickname' }).press('Enter');
      }
      await input.getByText('main').waitFor();
      await take(page.locator('.compose-name', { hasText: 'ledger' }).first());
      await fill('database_name', 'ledger');
      await fill('instance_class', 'db.t4g.medium');
      await page.locator('.diff-added', { hasText: '"instance_class": "db.t4g.medium"' }).waitFor();
      await fill('Why', 'a database of its own for the books');
      await page.keyboard.press('Enter');
      await take(page.getByRole('button', { name: 'Apply …' }));
      await take(page.getByRole('button', { name: 'Apply exactly this' }));
      await fill('Your token', token);
      await page.keyboard.press('Enter');
      await page.locator('.component-status', { hasText: 'applied' }).waitFor();
      const deployed = ['status', 'prod/rds-postgres/ledger'];
      expect(await karmaJson(deployed, { cwd: place })).toMatchObject({ counts: { deployed: 1 } });
      const config = readFileSync(join(place, 'iac/prod/rds-postgres/ledger/config.json'), 'utf8');
      expect(JSON.parse(config)).toMatchObject({ vpc_nickname: 'main', database_name: 'ledger' });
      expect(said).toEqual([]);
      await page.close();
    },
  );

  it.skipIf(withoutTerraform)('goes from a form to what is deployed, with Terraform underneath, and back', async () => {
    const place = estates.repository(runningFiles);
    const own = await start(place, ['--no-follow']);
    const { token } = await karmaJson<{ token: string }>(['token', 'create', 'ops', '--role', 'operator'], {
      cwd: place,
    });
    const { page, said } = await opened(own, '/edit?id=base');
    await page.getByLabel('size', { exact: true }).fill('2');
    await page.locator('.diff-added', { hasText: '2' }).waitFor();
    await page.getByLabel('Why').fill('larger');
    await page.getByRole('button', { name: 'Propose' }).click();
    await page.getByRole('button', { name: 'Plan …' }).click();
    await page.getByRole('button', { name: 'Plan it' }).click();
    await page.getByLabel('Your token').fill(token);
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Resource by resource' }).click();
    await page.locator('.planned-address', { hasText: 'terraform_data.this' }).waitFor();
    await page.locator('.planned-member', { hasText: 'was never deployed' }).getByText('middle').waitFor();
    expect(await faultsOf(page)).toEqual([]);
    for (const width of [390, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      expect(await overTheEdge(page)).toBeLessThanOrEqual(0);
    }
    await page.keyboard.press('u');
    await page.getByRole('button', { name: 'Apply …' }).click();
    await page.getByRole('button', { name: 'Apply exactly this' }).click();
    await page.locator('.component-status', { hasText: 'applied' }).waitFor();
    expect(outputOf(place, 'base')).toBe(2);
    await page.locator('.request-run', { hasText: 'base' }).click();
    await page.getByText('Apply complete').first().waitFor();
    await page.getByText('1 as predicted').waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await page.getByRole('button', { name: 'Take it back …' }).click();
    await page.getByRole('button', { name: 'Propose what takes it back' }).click();
    await page.getByText('takes cr-1 back').waitFor();
    await page.goto(`${own.address}/changes?scores=true`);
    await page.getByText('1 as predicted').first().waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await page.goto(`${own.address}/runs?asked=true`);
    await page.getByRole('button', { name: 'Ask for a run …' }).click();
    await page.getByLabel('Of what: components, or a selection').fill('side');
    await page.keyboard.press('Enter');
    // A page that was loaded anew knows no token any more.
    await page.getByLabel('Your token').fill(token);
    await page.keyboard.press('Enter');
    await page.getByRole('row', { name: /finished.*deploy side/ }).waitFor();
    expect(outputOf(place, 'side')).toBe(5);
    await page.getByRole('row', { name: /finished.*apply cr-1/ }).waitFor();
    expect(await faultsOf(page)).toEqual([]);
    expect(said).toEqual([]);
    await page.close();
  });

  it('shows names as texts, whatever they hold and however long they are', async () => {
    const hostile = [
      '<img src=x onerror=document.title=1>/a',
      `dev/\u202Egnp.exe\u202C/b`,
      `${'n'.repeat(1000)}/${'m'.repeat(1000)}`,
    ];
    const change = await fetch(`${service.address}/v1/changes`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ reason: hostile[0], patches: [{ id: 'prod/vpc/main', patch: { az_count: 2 } }] }),
    });
    const { id: proposed } = (await change.json()) as { readonly id: string };
    const { page } = await opened(service, '/nowhere');
    await page.route(/\/v1\/(components|graph|component|outputs|map|changes|config|environments)\b/, async (route) => {
      const response = await route.fetch();
      let text = await response.text();
      for (const [place, id] of ['dev/lambda/orders', 'dev/lambda/stock', 'prod/vpc/main'].entries())
        text = text.replaceAll(JSON.stringify(id), JSON.stringify(hostile[place]));
      text = text.replaceAll('"name": "stock"', `"name": ${JSON.stringify(hostile[2])}`);
      for (const [place, key] of ['vpc_nickname', 'cidr', 'database_name'].entries())
        text = text.replaceAll(JSON.stringify(key), JSON.stringify(hostile[place]));
      await route.fulfill({ response, body: text });
    });
    const [markup = '', turned = '', long = ''] = hostile;
    const values = hostile.map((path, place) => ({ path, before: hostile[(place + 1) % 3], after: long }));
    const counts = { add: 1, change: 0, destroy: 2 };
    const noted = { notes: [markup], decision: { skip: false, reasons: [{ code: 'selected', text: turned }] } };
    const would = { digest: 'd', changes: counts, anyChange: true, outputChanges: values, unknownOutputs: hostile };
    const resources = hostile.map((address) => ({ address, action: markup, values }));
    await page.route(/\/v1\/changes\/[^/]+\/plan/, (route) =>
      route.fulfill({
        json: {
          ...{ schemaVersion: 1, change: proposed, revision: 2, outdated: turned },
          plan: {
            ...{ revision: 1, head: markup, on: long, at: '2026-01-01T00:00:00Z', by: markup, door: 'cli' },
            ...{ view: {}, notRun: [{ component: long, reason: markup }], asTheyAre: [long], seconds: 1 },
            plans: [
              {
                ...{ key: long, state: 'planned', ...noted },
                plan: { ...would, resources, drifted: hostile, droppedOutputs: hostile },
              },
              { key: markup, state: 'waiting', unknown: hostile },
              { key: turned, state: 'failed', reason: long, error: { name: 'x', code: 'KARMA_BUG', hint: markup } },
            ],
          },
        },
      }),
    );
    for (const path of [
      '/',
      '/components',
      '/component?id=prod/ecs-cluster/main',
      '/graph?root=prod/ecs-cluster/main',
      '/compare?environments=dev,prod',
      '/changes',
      `/changes?id=${proposed}`,
      `/changes?id=${proposed}&plan=true`,
      '/edit?id=prod/rds-postgres/orders',
    ]) {
      await page.goto(service.address + path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await settled(page);
      expect(await page.title()).not.toBe('1');
      expect(await page.locator('img').count()).toBe(0);
      for (const width of [390, 1440]) {
        await page.setViewportSize({ width, height: 900 });
        expect(await overTheEdge(page), path).toBeLessThanOrEqual(0);
      }
    }
    // What is still asked when the page goes is nobody's fault.
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await page.close();
  });

  it('tells of a service that fails, with its code and the way to try again, and goes on when it is well', async () => {
    const { page } = await opened(service, '/nowhere');
    const problem = {
      code: 'KARMA_LOCK_HELD',
      title: 'somebody holds the lock',
      detail: 'ana builds',
      hint: 'wait',
      retryable: false,
    };
    await page.route(/\/v1\/findings/, (route) =>
      route.fulfill({ status: 423, contentType: 'application/problem+json', body: JSON.stringify(problem) }),
    );
    await page.goto(`${service.address}/findings`);
    const alert = page.getByRole('alert');
    await alert.waitFor();
    expect(await alert.textContent()).toBe('somebody holds the lockana buildswaitKARMA_LOCK_HELDAsk again');
    await page.unroute(/\/v1\/findings/);
    await page.getByRole('button', { name: 'Ask again' }).click();
    await alert.waitFor({ state: 'detached' });
    await page.close();
  });

  it('says on every page that asks something what is wrong, once, with the way to try again', async () => {
    const { page } = await opened(service, '/nowhere');
    const problem = { code: 'KARMA_LOCK_HELD', title: 'held', detail: 'ana builds', hint: 'wait', retryable: false };
    await page.route(/\/v1(?!\/log\/stream)/, (route) =>
      route.fulfill({ status: 423, contentType: 'application/problem+json', body: JSON.stringify(problem) }),
    );
    const asking = pages.filter(([name]) => name !== 'a page that is not there');
    for (const [name, path] of asking) {
      await page.goto(service.address + path);
      await page.getByRole('alert').waitFor();
      expect(await page.getByRole('button', { name: 'Ask again' }).count(), name).toBe(1);
      expect(await page.locator('.skeleton, .picture-waiting').count(), name).toBe(0);
    }
    await page.close();
  });

  it('keeps what it shows while the service is away, says so, and hears again by itself', async () => {
    const own = await serve('terraform');
    const { page } = await opened(own, '/components');
    await page
      .getByRole('row', { name: /network/ })
      .first()
      .waitFor();
    await page.getByText('live', { exact: true }).waitFor();
    own.child.kill('SIGKILL');
    await page.getByText('not connected', { exact: true }).waitFor();
    expect(await page.getByRole('row', { name: /network/ }).count()).toBeGreaterThan(0);
    await start(own.place, ['--port', new URL(own.address).port]);
    await page.getByText('live', { exact: true }).waitFor();
    await page.close();
  });

  it('stands as files without a service: the same first screen, a component with its picture, and what is not in it said', async () => {
    const folder = join(service.place, '..', 'site');
    await fetch(`${service.address}/v1/changes`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ reason: 'smaller', patches: [{ id: 'prod/vpc/main', patch: { az_count: 1 } }] }),
    });
    await karmaOk(['export', '--format', 'site', '--out', folder], { cwd: service.place });
    const files = createServer((request, response) => {
      const name = (request.url ?? '/').split('?')[0] ?? '/';
      const path = join(folder, name === '/' ? 'index.html' : name);
      if (!existsSync(path)) return void response.writeHead(404).end();
      const type = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }[extname(path)];
      response.writeHead(200, type === undefined ? {} : { 'content-type': type }).end(readFileSync(path));
    });
    await new Promise<void>((ready) => files.listen(0, '127.0.0.1', ready));
    const address = `http://127.0.0.1:${(files.address() as AddressInfo).port}`;
    const { page, said } = await opened({ ...service, address }, '/');
    await page.locator('[data-box="prod/vpc/main"]').waitFor();
    await page.getByText('snapshot', { exact: true }).waitFor();
    await page.goto(`${address}/#/component?id=prod/ecs-cluster/main`);
    await page.getByText('security_group_id').first().waitFor();
    await page.goto(`${address}/#/changes?all=true`);
    await page
      .getByRole('row', { name: /smaller/ })
      .first()
      .click();
    await page.locator('.diff-added', { hasText: '"az_count": 1' }).waitFor();
    expect(await page.getByRole('button', { name: 'Approve …' }).count()).toBe(0);
    await page.goto(`${address}/#/why?of=prod/ecs-cluster/main`);
    await page.getByRole('alert').getByText('not in this snapshot').waitFor();
    expect(said).toEqual([]);
    await page.close();
    files.close();
  });

  it('lets nothing jump when a version is published while somebody looks', async () => {
    const { page } = await opened(service, '/');
    const { page: list } = await opened(service, '/components');
    await list.setViewportSize({ width: 1440, height: 400 });
    const scrolled = () => list.evaluate(`document.querySelector('.rows').scrollTop`);
    await list.locator('[role="row"]').nth(3).waitFor();
    await list.mouse.move(700, 300);
    await list.mouse.wheel(0, 90);
    await expect.poll(scrolled, patience).toBe(90);
    const card = page.locator('[data-box="prod/vpc/main"]');
    await card.click();
    const glance = page.getByRole('region', { name: 'At a glance: prod/vpc/main' });
    await glance.waitFor();
    await page.getByText('live', { exact: true }).waitFor();
    await list.getByText('live', { exact: true }).waitFor();
    const before = await card.boundingBox();
    const shown = await page.locator('.as-of-label').textContent();
    const { repository } = service;
    const config = readFileSync(join(repository.root, 'iac/dev/lambda/orders/config.json'));
    repository.write({ 'iac/dev/lambda/returns/config.json': config }).commit('another function');
    await page.locator('[data-box="dev/lambda/returns"]').waitFor();
    await expect.poll(() => page.locator('.as-of-label').textContent(), patience).not.toBe(shown);
    expect(await card.boundingBox()).toEqual(before);
    expect(await glance.count()).toBe(1);
    await expect.poll(() => list.locator('.as-of-label').textContent(), patience).not.toBe(shown);
    expect(await scrolled()).toBe(90);
    // What changed since is two clicks away.
    await page.getByRole('link', { name: 'Compare' }).click();
    await page.getByRole('button', { name: 'since the first' }).click();
    await page
      .getByRole('link', { name: /lambda.*returns/ })
      .first()
      .waitFor();
    await Promise.all([page.close(), list.close()]);
  });

  it('answers in three clicks at most: what an output breaks, why two are connected, who must be asked', async () => {
    const { page } = await opened(service, '/');
    const card = (id: string) => page.locator(`[data-box="${id}"] .card-main`);
    await card('prod/vpc/main').click();
    await page.getByRole('link', { name: 'Open', exact: true }).click();
    await page.locator('.output', { hasText: 'vpc_id' }).getByRole('link', { name: 'impact' }).click();
    await page.getByText('Wave 1').waitFor();

    await page.goto(service.address);
    const [vpc, cluster] = [
      await card('prod/vpc/main').boundingBox(),
      await card('prod/ecs-cluster/main').boundingBox(),
    ];
    if (vpc === null || cluster === null) throw new Error('they are not shown');
    const middle = (one: typeof vpc) => one.y + one.height / 2;
    await page.mouse.click((vpc.x + vpc.width + cluster.x) / 2, (middle(vpc) + middle(cluster)) / 2);
    await page
      .getByText(/config\.json:\d+/)
      .first()
      .waitFor();

    await page.goto(service.address);
    await card('dev/s3-bucket/shop').click();
    await page.locator('.glance').getByRole('link', { name: 'Impact' }).click();
    await page.getByRole('button', { name: 'By owner' }).click();
    await page.getByRole('heading', { level: 3, name: /^orders/ }).waitFor();
    await page.close();
  });
});

async function opened(at: Service, path: string): Promise<{ page: Page; said: string[] }> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(patience.timeout);
  const said: string[] = [];
  page.on('console', (message) => {
    // A question that is answered by a problem is no fault of the page.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) said.push(message.text());
  });
  page.on('pageerror', (error) => said.push(error.message));
  await page.goto(at.address + path);
  return { page, said };
}

/** No outline of something that is still to come. */
async function settled(page: Page): Promise<void> {
  await page.locator('.skeleton, .picture-waiting').first().waitFor({ state: 'detached' });
}

/** By how much a page is wider than the window: what it scrolls within counts, because nobody scrolls a page sideways. */
function overTheEdge(page: Page): Promise<number> {
  return page.evaluate(
    `Math.max(...[document.documentElement, document.querySelector('.main')].map((one) => one.scrollWidth - one.clientWidth))`,
  ) as Promise<number>;
}

async function faultsOf(page: Page, only?: readonly string[]): Promise<string[]> {
  // What a page may not do by its own policy, the one who looks at it may.
  await page.evaluate(axe.source);
  const options = { resultTypes: ['violations'], ...(only === undefined ? {} : { runOnly: only }) };
  const found = (await page.evaluate(`axe.run(document, ${JSON.stringify(options)})`)) as {
    readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
  };
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.slice(0, 3).map(({ html }) => `${id}: ${html.slice(0, 200)}`),
  );
}

function focusedBox(page: Page): Promise<string | undefined> {
  return page.evaluate('document.activeElement?.closest("[data-box]")?.dataset.box') as Promise<string | undefined>;
}
