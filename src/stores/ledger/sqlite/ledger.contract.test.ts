import { temporaryFolder } from '../../sqlite/temporary-folder.ts';
import { ledgerContract } from '../contract.ts';
import { openSqliteLedger } from './ledger.ts';

ledgerContract({
  adapter: 'SQLite',
  newPlace: async () => {
    const folder = temporaryFolder();
    const file = folder.file('ledger.db');
    return {
      open: (processes) => openSqliteLedger({ file, ...(processes === undefined ? {} : { processes }) }),
      remove: async () => folder.remove(),
    };
  },
});
