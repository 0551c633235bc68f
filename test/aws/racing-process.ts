/**
 * One of several processes that build at once: publishes versions in the ledger, each with a delta against the newest one, and
 * projects whatever is committed into the graph store. Killed at any moment by the test.
 */
import { parseArgs } from 'node:util';
import { canonicalJson } from '../../src/model/digest.ts';
import { type Delta, makeRow } from '../../src/model/rows.ts';
import { NeptuneClient } from '../../src/stores/graph/neptune/client.ts';
import { openNeptuneGraphStore } from '../../src/stores/graph/neptune/graph-store.ts';
import { draft } from '../../src/stores/ledger/contract-place.ts';
import { openDynamoLedger } from '../../src/stores/ledger/dynamodb/ledger.ts';
import { motoClient } from './moto-client.ts';

const option = { type: 'string', default: '' } as const;
const { values } = parseArgs({
  options: { gremlin: option, moto: option, estate: option, name: option, count: option },
});

const ledger = await openDynamoLedger({ table: 'karma', estate: values.estate, client: motoClient(values.moto) });
const client = new NeptuneClient({ endpoint: values.gremlin, language: 'gremlin-lang' });
const store = openNeptuneGraphStore({ client, estate: values.estate, records: 60 });

for (let done = 0; done < Number(values.count); ) {
  const version = (await ledger.counter('graph')) + 1;
  const delta = deltaOf(version);
  const object = await ledger.putObject(new TextEncoder().encode(canonicalJson(delta)));
  const event = draft(`v${version}`, {
    action: 'graph.published',
    details: { version, delta: object, by: values.name },
  });
  const won = await ledger.append([event], { counter: 'graph', from: version - 1, to: version });
  if (won !== false) {
    done += 1;
    process.stdout.write(`${version}\n`);
  }
  await rollForward();
}

/** What this process would change: a component of its own, and one that all of them change. */
function deltaOf(version: number): Delta {
  const own = Array.from({ length: 8 }, (_, n) => makeRow('component', `${values.name}/${version}/${n}`, { version }));
  const edges = own.map((row) => makeRow('reference', `${row.key}|shared`, { consumes: [`/v${version}`] }));
  return { put: [...own, makeRow('component', 'shared', { version }), ...edges], remove: [] };
}

async function rollForward(): Promise<void> {
  const newest = await ledger.counter('graph');
  for (let head = await store.head(); head < newest; head = await store.head()) {
    const subject = `v${head + 1}`;
    const [event] = await ledger.read({ limit: 1, action: 'graph.published', subject });
    const bytes = await ledger.getObject(String(event?.details['delta']));
    const delta = JSON.parse(new TextDecoder().decode(bytes)) as Delta;
    await store.apply(head + 1, delta, event?.hash ?? '');
  }
}
