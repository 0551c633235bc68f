/**
 * What a service costs: `node bench/service.ts --estate FOLDER [--seconds 10] [--rate 1000]`, with an estate of `bench/generate.ts`.
 * Asks who is affected by components taken in turn, at a fixed rate, while a build is asked for each second; the waiting is counted
 * from when a question was due, so a service that stands still is not let off.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Agent, get, request } from 'node:http';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    estate: { type: 'string' },
    seconds: { type: 'string', default: '10' },
    rate: { type: 'string', default: '1000' },
    data: { type: 'string', default: '/tmp/karma-bench-service' },
  },
});
const entry = new URL('../dist/main.js', import.meta.url).pathname;
const agent = new Agent({ keepAlive: true, maxSockets: 32 });

async function started(): Promise<{ child: ChildProcess; address: string }> {
  const args = [entry, 'serve', '-C', values.estate ?? '.', '--data', values.data, '--port', '0', '--json'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const address = await new Promise<string>((ready) => {
    let said = '';
    child.stdout?.on('data', (part: Buffer) => {
      said += part.toString();
      const found = /"address": "([^"]+)"/.exec(said)?.[1];
      if (found !== undefined) ready(found);
    });
  });
  return { child, address };
}

function ask(address: string, path: string, method = 'GET'): Promise<{ status: number; body: string }> {
  return new Promise((answered, failed) => {
    const asked = request(address + path, { agent, method }, (got) => {
      let body = '';
      got.on('data', (part: Buffer) => {
        body += part.toString();
      });
      got.on('end', () => answered({ status: got.statusCode ?? 0, body }));
    });
    asked.on('error', failed);
    asked.end();
  });
}

const residentMb = (pid = 0) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
const cpuSeconds = (pid = 0) => {
  const [, rest = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const fields = rest.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
};

const first = await started();
await ask(first.address, '/v1/build', 'POST');
first.child.kill('SIGTERM');
await new Promise((left) => first.child.once('exit', left));

const before = performance.now();
const { child, address } = await started();
const { body } = await ask(address, '/v1/components');
const firstAnswer = performance.now() - before;
const ids = (JSON.parse(body) as { components: { id: string }[] }).components.map(({ id }) => id);

const heard: number[] = [];
get(`${address}/v1/log/stream`, (stream) => {
  stream.on('data', (part: Buffer) => {
    for (const [, at = ''] of part.toString().matchAll(/"at": ?"([^"]+)"/g)) heard.push(Date.now() - Date.parse(at));
  });
}).on('error', () => undefined);

const waits: number[] = [];
const rate = Number(values.rate);
const total = rate * Number(values.seconds);
const cpu = cpuSeconds(child.pid);
const began = performance.now();
let sent = 0;
const open: Promise<void>[] = [];
while (sent < total) {
  const due = Math.min(total, Math.floor(((performance.now() - began) / 1000) * rate));
  for (; sent < due; sent++) {
    const wanted = began + (sent / rate) * 1000;
    const id = encodeURIComponent(ids[(sent * 7919) % ids.length] ?? '');
    open.push(ask(address, `/v1/impact?of=${id}`).then(() => void waits.push(performance.now() - wanted)));
    if (sent % rate === 0) open.push(ask(address, '/v1/build', 'POST').then(() => undefined));
  }
  await new Promise((later) => setTimeout(later, 1));
}
await Promise.all(open);
const spent = cpuSeconds(child.pid) - cpu;
const busy = residentMb(child.pid);
heard.length = 0;
for (let told = 0; told < 10; told++) {
  const event = JSON.stringify({ id: `${Date.now()}`, source: 'bench', type: 'bench' });
  await fetch(`${address}/v1/events`, { method: 'POST', body: event, headers: { 'content-type': 'application/json' } });
  await new Promise((later) => setTimeout(later, 130));
}
heard.sort((a, b) => a - b);
// It gives memory back when nobody asked for a while.
await new Promise((later) => setTimeout(later, 8_000));
waits.sort((a, b) => a - b);
const at = (share: number) => (waits[Math.floor(waits.length * share)] ?? 0).toFixed(1);
console.log(`first answer after a restart   ${firstAnswer.toFixed(0)} ms`);
console.log(`${total} questions at ${rate}/s   p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(0.99999)} ms`);
console.log(`CPU of the service             ${((spent / total) * 1000).toFixed(2)} ms a question`);
console.log(
  `event to listener              middle ${heard[heard.length >> 1] ?? '?'} ms, most ${heard.at(-1) ?? '?'} ms`,
);
console.log(
  `resident                       ${busy.toFixed(0)} MB busy, ${residentMb(child.pid).toFixed(0)} MB at rest`,
);
child.kill('SIGTERM');
agent.destroy();
process.exit(0);
