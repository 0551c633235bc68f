import { afterAll, expect, it } from 'vitest';
import { adageFiles, estateMaker } from '../support/estates.ts';
import { karmaJson } from '../support/karma.ts';
import { credentials, type EstateOnAws, estateOnAws } from './estate-on-aws.ts';
import { servers, withServer } from './servers.ts';

interface Doctor {
  readonly trials: readonly { readonly store: string; readonly name: string; readonly state: string }[];
}

withServer('each store', servers.gremlin, ({ endpoint: gremlin }) => {
  withServer('on AWS', servers.moto, ({ endpoint: moto }) => {
    const make = estateMaker();
    const opened: EstateOnAws[] = [];
    afterAll(() => Promise.all(opened.map((aws) => aws.close())));

    it('takes a role or signs what it sends, where it is told to', async () => {
      const role = 'arn:aws:iam::123456789012:role/karma';
      const aws = await estateOnAws({ gremlin, moto }, ['acme-dev'], {
        bindings: { 'acme-dev': { region: 'eu-west-1', role } },
        quota: 4000,
      });
      opened.push(aws);
      const graph = { ...(JSON.parse(aws.env['KARMA_GRAPH'] ?? '') as { neptune: object }).neptune, iam: true };
      const env = {
        ...aws.env,
        ...credentials,
        KARMA_GRAPH: JSON.stringify({ neptune: { ...graph, region: 'eu-west-1' } }),
      };
      const cwd = make.repository({ ...adageFiles, 'karma.yaml': `estate: ${aws.regionOf('signed')}\n` });
      const { trials } = await karmaJson<Doctor>(['doctor'], { cwd, env });
      expect(trials.filter(({ state }) => state === 'failed')).toEqual([]);
      const stores = new Set(trials.map(({ store }) => store.split(' ')[0]));
      expect([...stores].sort()).toEqual(['graph', 'ledger', 'parameters']);
    });
  });
});
