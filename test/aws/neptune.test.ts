import { graphContract } from '../../src/stores/graph/contract.ts';
import { NeptuneClient } from '../../src/stores/graph/neptune/client.ts';
import { openNeptuneGraphStore } from '../../src/stores/graph/neptune/graph-store.ts';
import { neptuneFaults } from './neptune-faults.ts';
import { neptuneHistories } from './neptune-histories.ts';
import { newName, servers, withServer } from './servers.ts';

withServer('Neptune', servers.gremlin, ({ endpoint }) => {
  const client = new NeptuneClient({ endpoint, language: 'gremlin-lang' });
  for (const records of [200, 12]) {
    graphContract({
      adapter: `Neptune on Gremlin Server, ${records} records a request`,
      histories: 8,
      newPlace: async () => {
        const estate = newName("o'neptune|estate");
        return { open: () => openNeptuneGraphStore({ client, estate, records }), remove: async () => {} };
      },
    });
  }
  neptuneFaults(endpoint);
  neptuneHistories(endpoint);
});
