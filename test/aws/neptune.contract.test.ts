import { afterAll } from 'vitest';
import { startGremlinServer } from '../../scripts/stand-ins/gremlin-server.ts';
import { isMissing } from '../../scripts/stand-ins/server.ts';
import { graphContract } from '../../src/stores/graph/contract.ts';
import { NeptuneClient } from '../../src/stores/graph/neptune/client.ts';
import { openNeptuneGraphStore } from '../../src/stores/graph/neptune/graph-store.ts';
import { newName, withServer } from './servers.ts';

const server = await startGremlinServer();
afterAll(async () => {
  if (!isMissing(server)) await server.stop();
});

withServer('Neptune', server, ({ endpoint }) => {
  graphContract({
    adapter: 'Neptune on Gremlin Server',
    histories: 8,
    timeout: 60_000,
    newPlace: async () => {
      const estate = newName("o'neptune|estate");
      return {
        open: () =>
          openNeptuneGraphStore({ client: new NeptuneClient({ endpoint, language: 'gremlin-lang' }), estate }),
        remove: async () => {},
      };
    },
  });
});
