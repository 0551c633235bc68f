import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { endGroup, faultsOf, faultsUnlessOk } from './product.ts';
import { commit, deployable, type Harness, mixed, published, repository, writeFiles } from './world.ts';

/**
 * Several processes at once on one data folder: builds, publications, deploys, a service that stays and one who asks. Each ends
 * well or says that another one was first; afterwards ledger and store hold, and one more of each finds nothing to do.
 */
export const race: Harness = async (world, rounds) => {
  const { product, random, folder, faults, say } = world;
  for (let round = 0; round < rounds; round += 1) {
    const estate = repository(join(folder, `race-${round}`), { ...mixed, ...deployable });
    const at = ['-C', estate, '--data', join(folder, `race-${round}-data`)];
    const publish = ['config', 'publish', '--all', '--binding', 'acme-dev', ...at];
    const several: readonly (readonly string[])[] = [
      ['build', ...at],
      publish,
      ['deploy', 'dev/a/x', '--yes', ...at],
      ['store', 'rebuild', ...at],
      ['impact', 'dev/a/x', ...at],
      ['parameter', 'put', '/iac/extra', 'x', '--binding', 'acme-dev', ...at],
    ];
    const service = product.start(['serve', '--port', '0', ...at]);
    service.stdout?.resume();
    service.stderr?.resume();
    const running = Array.from({ length: 6 + random.below(5) }, () => several[random.below(several.length)] ?? publish);
    const answers = await Promise.all(
      [['build', ...at], ['build', ...at], ...running].map((args) => product.ask(args)),
    );
    // A commit while the service follows, and another build beside it.
    writeFiles(estate, { 'iac/dev/b/x/config.json': JSON.stringify({ size: 2, a_nickname: 'x' }) });
    commit(estate);
    answers.push(
      ...(await Promise.all([product.ask(['build', ...at]), product.ask(publish), product.ask(['check', ...at])])),
    );
    endGroup(service);
    for (const told of answers) faults.push(...faultsOf(told));
    const sums = answers.map(({ code }) => code).sort();
    const last = [['build', ...at], publish, ['log', 'verify', ...at], ['store', 'verify', ...at]];
    for (const args of last) faults.push(...faultsUnlessOk(await product.ask(args)));
    const again = await product.ask(['build', ...at]);
    if (!again.stdout.includes('nothing changed'))
      faults.push(`a last build finds changes: ${again.stdout}${again.stderr}`);
    if (!(await published(product, at)).includes('config')) faults.push('nothing was published');
    for (const place of [estate, join(folder, `race-${round}-data`)])
      rmSync(place, { recursive: true, force: true, maxRetries: 3 });
    say(`race ${round}: ${answers.length} at once, ended with ${[...new Set(sums)].join(', ')}`);
  }
};
