import { afterAll } from 'vitest';
import { startMoto } from '../../scripts/stand-ins/moto.ts';
import { isMissing } from '../../scripts/stand-ins/server.ts';
import { estateKey } from '../../src/stores/estate-key.ts';
import { parameterContract } from '../../src/stores/parameters/contract.ts';
import { openSsmParameters } from '../../src/stores/parameters/ssm/parameter-store.ts';
import { motoClient, newName, withServer } from './servers.ts';

const server = await startMoto();
afterAll(async () => {
  if (!isMissing(server)) await server.stop();
});
const key = estateKey(new Uint8Array(32).fill(7));

withServer('Systems Manager', server, ({ endpoint }) => {
  for (const perSecond of [50, 4000]) {
    parameterContract({
      adapter: `Systems Manager on moto, ${perSecond} calls a second`,
      timeout: 60_000,
      skip: [{ reason: 'AWS keeps its own time and writer', cases: ['who and when are kept as they were given'] }],
      newPlace: async () => {
        const region = newName('region');
        return {
          open: (binding = 'prod') =>
            openSsmParameters({
              binding,
              client: motoClient(endpoint, binding === 'prod' ? region : `${region}-${binding}`),
              key: () => key,
              decrypt: true,
              quota: { perSecond, share: 1, describePerSecond: 1000 },
            }),
          remove: async () => {},
        };
      },
    });
  }
});
