import { temporaryFolder } from '../../sqlite/temporary-folder.ts';
import { graphContract } from '../contract.ts';
import { openSqliteGraphStore } from './graph-store.ts';

graphContract({
  adapter: 'SQLite',
  histories: 60,
  newPlace: async () => {
    const folder = temporaryFolder();
    return {
      open: () => openSqliteGraphStore({ file: folder.file('graph.db') }),
      remove: async () => folder.remove(),
    };
  },
});
