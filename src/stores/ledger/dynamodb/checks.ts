import { type StoreCheck, tryCheck } from '../../aws/check.ts';
import { readHeadItem } from './append.ts';
import { connect, type DynamoLedgerOptions } from './ledger.ts';
import { isLost, onTable, partition } from './table.ts';

/** Whether the table is there and may be used; nothing is written. */
export async function checkDynamoLedger(options: DynamoLedgerOptions): Promise<readonly StoreCheck[]> {
  const table = await connect(options);
  const checks = [
    await tryCheck('read', async () => {
      const { head } = await readHeadItem(table);
      return `holds ${head.seq} events of ${table.estate}`;
    }),
    await tryCheck('write', async () => {
      // A write whose condition cannot hold needs the same right as one that does.
      const put = new table.commands.PutCommand({
        TableName: table.name,
        Item: { pk: partition(table, 'check'), sk: 'check' },
        ConditionExpression: 'attribute_exists(pk)',
      });
      await onTable(table, () => table.client.send(put)).catch((error: unknown) => {
        if (!isLost(error)) throw error;
      });
      return 'may write';
    }),
  ];
  table.client.destroy();
  return checks;
}
