/**
 * What a service costs: `node bench/service.ts [--components 10000] [--seconds 10] [--rate 1000]`; the bundle must be
 * built. Makes an estate, serves it, and asks who is affected by components taken in turn, at a fixed rate, while a commit a second
 * is published. A waiting time is counted from when a question was due, so a service that stands still is not let off.
 *
 * A busy machine makes waiting times long, whatever a service does: those of a server that does nothing are told beside them, and
 * what counts is CPU: of a question, and of the longest turn of the loop, which is what another question waits for.
 */
import { fork } from 'node:child_process';
import { get } from 'node:http';
import { parseArgs } from 'node:util';
import { machineLine } from './machine.ts';
import { Asker } from './service/asker.ts';
import {
  committing,
  cpuSeconds,
  cpuSecondsOfAll,
  ends,
  impactOf,
  makeEstate,
  memory,
  mustAnswer,
  started,
  stopped,
  turnsOf,
} from './service/served.ts';

const { values } = parseArgs({
  options: {
    components: { type: 'string', default: '10000' },
    seconds: { type: 'string', default: '10' },
    rate: { type: 'string', default: '1000' },
  },
});
const files = makeEstate(Number(values.components));
const sleep = (milliseconds: number) => new Promise((later) => setTimeout(later, milliseconds));
const line = (what: string, told: string) => console.log(`${what.padEnd(44)} ${told}`);

/** A piece of work that is always the same, in milliseconds of CPU: on a quiet machine it takes what it takes, beside others more. */
function fixedWork(): number {
  const text = JSON.stringify(files.slice(0, 2_000));
  const before = process.cpuUsage();
  for (let round = 0; round < 50; round += 1) JSON.parse(text);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function shares(waits: number[]): string {
  waits.sort((a, b) => a - b);
  const at = (share: number) => (waits[Math.floor(waits.length * share)] ?? 0).toFixed(1);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(0.99999)} ms`;
}

console.log(machineLine());
fixedWork();
line('a fixed piece of work', `${fixedWork().toFixed(0)} ms of CPU just now`);
const first = await started();
await mustAnswer(first.address, '/v1/build', 'POST');
await stopped(first);

const before = performance.now();
const service = await started();
const { address } = service;
await mustAnswer(address, impactOf(17));
line('first answer of a service that starts again', `${(performance.now() - before).toFixed(0)} ms (goal 300)`);
line('', `${(cpuSeconds(service) * 1000).toFixed(0)} ms of CPU until then`);
await sleep(3_000);

const idle = fork(new URL('service/idle-server.ts', import.meta.url));
ends(idle);
const idleAddress = await new Promise<string>((ready) => {
  idle.once('message', (port) => ready(`http://127.0.0.1:${String(port)}`));
});
const asker = new Asker(address);
const idleAsker = new Asker(idleAddress, 2);
const [rate, seconds] = [Number(values.rate), Number(values.seconds)];
for (const [what, asks, seconds_] of [
  ['to warm up', Math.min(rate, 200), 3],
  [`${rate} questions a second`, rate, seconds],
] as const) {
  const waits: number[] = [];
  const nothing: number[] = [];
  const open: Promise<unknown>[] = [];
  await turnsOf(service);
  const [cpu, all, own] = [cpuSeconds(service), cpuSecondsOfAll(service), process.cpuUsage()];
  const versionBefore = (JSON.parse(await mustAnswer(address, '/v1/versions?limit=1')) as Versions).versions[0]
    ?.version;
  const began = performance.now();
  const timed = async (path: string, wanted: number) => {
    const status = await asker.ask(path);
    if (status !== 200) throw new Error(`${path} answered ${status}`);
    waits.push(performance.now() - wanted);
  };
  let sent = 0;
  while (sent < asks * seconds_) {
    const due = Math.min(asks * seconds_, Math.floor(((performance.now() - began) / 1000) * asks));
    for (; sent < due; sent += 1) {
      const wanted = began + (sent / asks) * 1000;
      open.push(timed(impactOf(sent * 7919), wanted));
      if (sent % 20 === 0) open.push(idleAsker.ask('/').then(() => nothing.push(performance.now() - wanted)));
      if (sent % asks === 0) open.push(committing(sent));
    }
    await sleep(1);
  }
  await Promise.all(open);
  const took = (performance.now() - began) / 1000;
  const [spent, spentByAll] = [cpuSeconds(service) - cpu, cpuSecondsOfAll(service) - all];
  const { user, system } = process.cpuUsage(own);
  const turns = await turnsOf(service);
  const { versions } = JSON.parse(await mustAnswer(address, '/v1/versions?limit=1')) as Versions;
  line(what, `${shares(waits)} (goal p99 10)`);
  line('  a server that does nothing, meanwhile', shares(nothing));
  line(
    '  answered',
    `${(sent / took).toFixed(0)} a second; ${(versions[0]?.version ?? 0) - (versionBefore ?? 0)} versions published`,
  );
  line(
    '  CPU of the service',
    `${((spent / sent) * 1000).toFixed(2)} ms a question; it was busy ${((spent / took) * 100).toFixed(0)} %, with builds beside it ${((spentByAll / took) * 100).toFixed(0)} %`,
  );
  line('  CPU of who asked', `${((user + system) / 1000 / sent).toFixed(2)} ms a question`);
  line(
    '  CPU of a turn of its loop',
    `p99 ${turns.p99.toFixed(1)} ms, longest ${turns.longest.toFixed(1)} ms (goal 20)`,
  );
  line('  a fixed piece of work', `${fixedWork().toFixed(0)} ms of CPU just now`);
  line('  memory', memory(service));
}
idle.disconnect();
asker.end();
idleAsker.end();

interface Versions {
  readonly versions: readonly { readonly version: number }[];
}

for (const path of [
  '/v1/status',
  '/v1/config/validate',
  '/v1/order',
  '/v1/diff?environments=dev,prod',
  '/v1/schemas',
  '/v1/export',
]) {
  await turnsOf(service);
  await mustAnswer(address, path);
  const { longest } = await turnsOf(service);
  line(`  longest turn while it answers ${path}`, `${longest.toFixed(1)} ms of CPU (goal 20)`);
}

const heard: number[] = [];
const listening = get(`${address}/v1/log/stream`, (stream) => {
  stream.on('data', (part: Buffer) => {
    for (const [, at = ''] of part.toString().matchAll(/"at": ?"([^"]+)"/g)) heard.push(Date.now() - Date.parse(at));
  });
}).on('error', () => undefined);
await sleep(200);
for (let told = 0; told < 10; told += 1) {
  const event = JSON.stringify({ id: `${Date.now()}`, source: 'bench', type: 'bench' });
  await fetch(`${address}/v1/events`, { method: 'POST', body: event, headers: { 'content-type': 'application/json' } });
  await sleep(130);
}
listening.destroy();
heard.sort((a, b) => a - b);
line('event to listener', `middle ${heard[heard.length >> 1] ?? '?'} ms, most ${heard.at(-1) ?? '?'} ms (goal 100)`);

// It gives memory back when nobody asked for a while.
await sleep(20_000);
line('at rest', `${memory(service)} (goal 250)`);
await stopped(service);
