/**
 * Whether a service grows: `node bench/service-memory.ts [--components 10000] [--requests 10000] [--builds 1000]`; the bundle must be
 * built. So many commits are published and so many questions asked, and it is looked how much memory the service takes, at rest and
 * meanwhile. Its own and that of processes beside it, which end.
 */
import { parseArgs } from 'node:util';
import { machineLine } from './machine.ts';
import { Asker } from './service/asker.ts';
import { committing, impactOf, makeEstate, memory, mustAnswer, started, stopped } from './service/served.ts';

const { values } = parseArgs({
  options: {
    components: { type: 'string', default: '10000' },
    requests: { type: 'string', default: '10000' },
    builds: { type: 'string', default: '1000' },
  },
});
const [requests, builds] = [Number(values.requests), Number(values.builds)];
const sleep = (milliseconds: number) => new Promise((later) => setTimeout(later, milliseconds));
const line = (what: string, told: string) => console.log(`${what.padEnd(44)} ${told}`);

console.log(machineLine());
makeEstate(Number(values.components));
const service = await started({ looksAtTurns: false });
const { address } = service;
await mustAnswer(address, '/v1/build', 'POST');
await mustAnswer(address, impactOf(0));
/** It gives memory back when nobody asked for a while. */
const atRest = async (after: string) => {
  const meanwhile = memory(service);
  await sleep(20_000);
  line(after, `${memory(service)} at rest; ${meanwhile} while it worked`);
};
await atRest('after a first build and a question');
const parts = 4;
let asked = 0;
let built = 0;
for (let part = 1; part <= parts; part += 1) {
  const asker = new Asker(address, 4);
  for (; built < (builds * part) / parts; built += 1) {
    await committing(built);
    await mustAnswer(address, '/v1/build', 'POST');
    for (; asked < (requests * (built + 1)) / builds; asked += 1) {
      const status = await asker.ask(impactOf(asked * 7919));
      if (status !== 200) throw new Error(`a question was answered with ${status}`);
    }
  }
  asker.end();
  await atRest(`after ${built} builds and ${asked} questions`);
}
await stopped(service);
