import { estateKey } from '../../estate-key.ts';
import { temporaryFolder } from '../../sqlite/temporary-folder.ts';
import { parameterContract } from '../contract.ts';
import { openSqliteParameters } from './parameter-store.ts';

const key = estateKey(new Uint8Array(32).fill(7));

parameterContract({
  adapter: 'SQLite',
  newPlace: async () => {
    const folder = temporaryFolder();
    return {
      open: (binding = 'prod') => openSqliteParameters({ file: folder.file('parameters.db'), binding, key: () => key }),
      remove: async () => folder.remove(),
    };
  },
});
