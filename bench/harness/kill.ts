import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { faultsOf, faultsUnlessOk } from './product.ts';
import { commit, deployable, git, type Harness, published, repository, type World, writeFiles } from './world.ts';

/**
 * `kill -9` at some point of whatever writes, with all that it started: build, publish, deploy, modules fetch, store rebuild. The
 * same command again must end well, the ledger and the store must hold, and what is left must be what an undisturbed one leaves.
 */
export const kill: Harness = async (world, rounds) => {
  const { product, random, folder, faults, say } = world;
  const wanted = await undisturbed(world);
  for (let round = 0; round < rounds; round += 1) {
    const { estate, at } = estateIn(world, `kill-${round}`);
    const done: string[] = [];
    for (const step of stepsOf(at).slice(0, wanted.steps)) {
      if (step.before !== undefined) faults.push(...faultsUnlessOk(await product.ask(step.before)));
      // Twice at most: a second kill meets what the first one left.
      for (let time = random.below(2); time >= 0; time -= 1) {
        const killAfter = 20 + random.below(random.below(3) === 0 ? wanted.longest : 700);
        const told = await product.ask(step.args, { killAfter });
        done.push(`${step.args[0]} ${told.code === 137 ? `killed after ${killAfter} ms` : 'ended'}`);
        if (told.code !== 137) faults.push(...faultsOf(told));
      }
      faults.push(...about(done, faultsUnlessOk(await product.ask(step.args))));
    }
    for (const args of [
      ['log', 'verify'],
      ['store', 'verify'],
    ])
      faults.push(...about(done, faultsUnlessOk(await product.askStaying([...args, ...at]))));
    const left = await leftBy(world, at);
    if (left !== wanted.left)
      faults.push(...about(done, [`left is not what is left undisturbed:\n${left}\n${wanted.left}`]));
    const litter = litterIn(join(estate, '.git'), join(folder, `kill-${round}-data`));
    if (litter.length > 0) faults.push(...about(done, [`is left behind: ${litter.join(', ')}`]));
    for (const place of [estate, join(folder, `kill-${round}-data`)])
      rmSync(place, { recursive: true, force: true, maxRetries: 3 });
    say(`kill ${round}: ${done.join('; ')}`);
  }
};

interface Step {
  readonly before?: readonly string[];
  readonly args: readonly string[];
}

/** In the order in which they make sense; the last ones need Terraform. */
function stepsOf(at: readonly string[]): readonly Step[] {
  return [
    { args: ['build', ...at] },
    { args: ['modules', 'fetch', ...at] },
    { args: ['config', 'publish', '--all', '--binding', 'acme-dev', ...at] },
    { before: ['build', ...at], args: ['store', 'rebuild', ...at] },
    { args: ['deploy', '--all', '--yes', ...at] },
  ];
}

function estateIn({ folder }: World, name: string): { readonly estate: string; readonly at: readonly string[] } {
  const remote = join(folder, 'module');
  if (!existsSync(remote)) {
    repository(remote, { 'main.tf': 'output "id" { value = 1 }\n' });
    git(remote, 'tag', 'v1');
  }
  const estate = repository(join(folder, name), deployable);
  // What is fetched is no part of a deploy.
  writeFiles(estate, {
    'roots/far/main.tf': `terraform {\n  backend "local" {}\n}\nmodule "m" {\n  source = "git::file://${remote}?ref=v1"\n}\n`,
  });
  commit(estate);
  return { estate, at: ['-C', estate, '--data', join(folder, `${name}-data`)] };
}

async function undisturbed(world: World): Promise<{ left: string; longest: number; steps: number }> {
  const { product, faults } = world;
  const { at } = estateIn(world, 'undisturbed');
  const hasTerraform = (process.env['PATH'] ?? '').split(':').some((place) => existsSync(join(place, 'terraform')));
  const steps = hasTerraform ? 5 : 4;
  let longest = 0;
  for (const { args } of stepsOf(at).slice(0, steps)) {
    const begun = performance.now();
    faults.push(...faultsUnlessOk(await product.ask(args)));
    longest = Math.max(longest, performance.now() - begun);
  }
  return { left: await leftBy(world, at), longest: Math.ceil(longest), steps };
}

/** The same wherever and whenever it was made. */
async function leftBy({ product, folder }: World, at: readonly string[]): Promise<string> {
  const rows = await product.askStaying(['export', ...at]);
  const modules = await product.askStaying(['modules', 'list', '--json', ...at]);
  const text = [rows.stdout, modules.stdout, await published(product, at)].join('\n');
  return text
    .replaceAll(folder, '')
    .replaceAll(/"(?:fetchedAt|LastModifiedDate)": "[^"]*"/g, '')
    .replaceAll(/[0-9a-f]{12}\.git/g, '');
}

/** What only those who were killed need: halves of files, checkouts, and files of variables. */
function litterIn(...folders: readonly string[]): string[] {
  return folders.flatMap((folder) =>
    existsSync(folder)
      ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
          (path) => /\.tmp$|\.tfvars(?:\.json)?$|(?:^|\/)checkouts\/[^/]+$/.test(path) && !path.includes('objects/'),
        )
      : [],
  );
}

function about(done: readonly string[], faults: readonly string[]): string[] {
  return faults.map((fault) => `${fault}\n  after ${done.join('; ')}`);
}
