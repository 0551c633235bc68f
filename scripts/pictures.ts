/**
 * Makes the pictures of the README: the pages as they are, on the example, light and dark. Needs Terraform, so that there is
 * something to show of what is deployed, and a Chromium.
 *
 *   node scripts/pictures.ts
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openBrowser } from '../test/support/browser.ts';
import { serveEstate } from '../test/support/served-estate.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'karma-pictures-'));
const estate = join(folder, 'shop');
const main = join(root, 'src/faces/cli/main.ts');

function karma(...words: string[]): void {
  execFileSync(process.execPath, [main, ...words, '-C', estate], { stdio: 'inherit' });
}

function commit(message: string): void {
  const git = (...words: string[]) =>
    execFileSync('git', ['-C', estate, '-c', 'user.name=Ana Ruiz', '-c', 'user.email=ana@shop.example', ...words], {
      stdio: 'pipe',
    });
  git('add', '-A');
  git('commit', '-q', '-m', message);
  karma('build');
}

function edit(file: string, from: RegExp, to: string): void {
  const path = join(estate, file);
  writeFileSync(path, readFileSync(path, 'utf8').replace(from, to));
}

/** The story of the demo, stopped where something needs somebody. */
function tellStory(): void {
  cpSync(join(root, 'examples/twelve'), estate, { recursive: true });
  execFileSync('git', ['init', '-q', '-b', 'main', estate]);
  commit('The shop as it is');
  karma('deploy', '--all', '--yes');
  edit('iac/prod/rds-postgres/orders/config.json', /"port":\s*\d+/, '"port": 6432');
  commit('Move the orders database to port 6432');
  karma('deploy', 'prod/rds-postgres/orders', '--yes');
  edit('iac/dev/lambda/stock/config.json', /"timeout":\s*\d+/, '"timeout": 60');
  commit('More time for stock');
}

const shots = [
  ['estate', '/'],
  ['impact', '/impact?of=prod/vpc/main'],
] as const;

async function shoot(address: string): Promise<void> {
  const browser = await openBrowser();
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await browser.newPage({
      viewport: { width: 1280, height: 720 },
      colorScheme,
      reducedMotion: 'reduce',
    });
    for (const [name, path] of shots) {
      await page.goto(address + path, { waitUntil: 'networkidle' }).catch(() => undefined);
      await page.locator('.skeleton, .picture-waiting').first().waitFor({ state: 'detached' });
      if (name === 'estate') await page.locator('.card .status').first().waitFor();
      await page.screenshot({ path: join(root, `docs/img/${name}-${colorScheme}.png`) });
    }
    await page.close();
  }
  await browser.close();
}

tellStory();
const { address, child: service } = await serveEstate([main], estate);
try {
  await shoot(address);
} finally {
  service.kill();
  rmSync(folder, { recursive: true, force: true });
}
