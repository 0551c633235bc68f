/** A process of its own for the tests: appends to a ledger until it is stopped, and tells what it was told was kept. */
import { parseArgs } from 'node:util';
import { draft } from '../contract-place.ts';
import { openSqliteLedger } from './ledger.ts';

const { values } = parseArgs({
  options: { file: { type: 'string' }, name: { type: 'string' }, count: { type: 'string' }, move: { type: 'boolean' } },
});
const { file = '', name = '', count = 'Infinity', move = false } = values;
const ledger = openSqliteLedger({ file });

for (let n = 1; n <= Number(count); n += 1) {
  const drafts = [draft(`${name}-${n}`), draft(`${name}-${n}-second`)];
  if (!move) {
    const events = await ledger.append(drafts);
    if (events !== false) process.stdout.write(`${events.at(-1)?.id}\n`);
    continue;
  }
  const from = await ledger.counter('graph');
  const won = await ledger.append(drafts, { counter: 'graph', from, to: from + 1 });
  if (won === false) n -= 1;
  else process.stdout.write(`${from + 1}\n`);
}
