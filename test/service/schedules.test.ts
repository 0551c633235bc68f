import { expect, it } from 'vitest';
import { karma } from '../support/karma.ts';
import { estateOf, start, until } from '../support/service.ts';

interface Told {
  readonly subject: string;
  readonly door: string;
  readonly outcome: string;
  readonly details: Record<string, unknown>;
}

it('what karma.yaml wants done is done by one of several services, and again only when it is due', async () => {
  const estate = estateOf('three');
  const place = estate.root;
  estate.write({
    'karma.yaml': [
      'estate: three',
      'schedules:',
      '  - { name: nightly, do: check, every: 1d }',
      '  - { do: drift, select: env=dev, every: 1d }',
      '  - { do: build, cron: "0 0 30 2 *" }',
    ].join('\n'),
  });
  estate.commit('work that happens by itself');
  const told = async () => {
    const { stdout } = await karma(['log', 'list', '--action', 'schedule.done', '--json'], { cwd: place });
    return (JSON.parse(stdout) as { events: Told[] }).events;
  };
  const services = await Promise.all([start(place, []), start(place, [])]);
  await until(told, (events) => events.length > 0);
  const untrusted = 'drift env=dev is not done: it runs Terraform by itself, and nobody on this machine trusts that';
  for (const { talk } of services)
    await until(
      async () => talk(),
      (said) => said.includes(untrusted),
    );
  for (const { child } of services) child.kill('SIGTERM');
  await Promise.all(services.map(({ child }) => new Promise((left) => child.once('exit', left))));
  expect(await told()).toMatchObject([
    { subject: 'nightly', door: 'schedule', outcome: 'ok', details: { do: 'check', components: 3 } },
  ]);
  // Trusted, and due; what was done a moment ago is not.
  const trusting = await start(place, [], { KARMA_TRUST: 'all' });
  const after = await until(told, (events) => events.length > 1);
  trusting.child.kill('SIGTERM');
  await new Promise((left) => trusting.child.once('exit', left));
  expect(after.map(({ subject, outcome }) => `${subject} ${outcome}`).sort()).toEqual([
    'drift env=dev ok',
    'nightly ok',
  ]);
});
