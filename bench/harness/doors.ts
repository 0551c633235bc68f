import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { Random } from '../random.ts';
import { inFull, mutated } from './fuzz.ts';
import { endGroup, faultsOf } from './product.ts';
import { memoryOf, type Served, served } from './served.ts';
import { type Harness, repository, type World } from './world.ts';

/**
 * Who comes to a service or speaks as an agent may send anything: bodies and arguments of other types, sizes and names, headers and
 * lines that are none. Each is answered, in words and not as a bug; the process stays, and holds no more than before.
 */
export const doors: Harness = async (world, rounds) => {
  const { product, random, folder, faults, say } = world;
  const estate = repository(join(folder, 'doors'), inFull);
  const at = ['-C', estate, '--data', join(folder, 'doors-data')];
  let service = await served(product, at, ['--no-worker']);
  let agent = new Agent(world, at);
  const verbs = await verbsOf(service);
  for (let round = 0; round < rounds; round += 1) {
    if (service.child.exitCode !== null) {
      faults.push(`the service ended with ${service.child.exitCode}: ${service.said().slice(-600)}`);
      service = await served(product, at, ['--no-worker']);
    }
    const before = faults.length;
    const request = requestIn(random, verbs);
    faults.push(...(await overHttp(service, request)));
    const call = callIn(random);
    faults.push(...(await agent.hears(call)));
    if (random.below(10) === 0) faults.push(...(await overSocket(service, mutated(rawRequest, random))));
    for (const [name, child] of [
      ['service', service.child],
      ['agent', agent.child],
    ] as const) {
      const held = memoryOf(child);
      if (held > most)
        faults.push(`the ${name} holds ${Math.round(held)} MB after ${request.path}, ${call.slice(0, 300)}`);
    }
    if (faults.length > before || agent.isOver || memoryOf(agent.child) > most) {
      agent.end();
      agent = new Agent(world, at);
    }
    say(`doors ${round}: ${request.method} ${request.path.slice(0, 60)}; ${call.slice(0, 60)}`);
  }
  await service.end();
  agent.end();
  faults.push(...faultsOf({ asked: 'serve', code: 0, stdout: '', stderr: service.said() }));
  rmSync(estate, { recursive: true, force: true, maxRetries: 3 });
};

/** Megabytes of a process that answered a thousand questions of a small estate. */
const most = 900;
const hangs = 240_000;

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

interface Verbs {
  readonly names: readonly string[];
  /** What is asked by its address, with the parameters that it takes. */
  readonly paths: readonly (readonly [path: string, parameters: readonly string[]])[];
}

/** As its own description names them. */
async function verbsOf({ address }: Served): Promise<Verbs> {
  const text = await (await fetch(`${address}/v1/openapi.json`)).text();
  const { paths = {} } = JSON.parse(text) as { readonly paths?: Record<string, Record<string, Described>> };
  const names = new Set([...text.matchAll(/"const":\s*"([a-z]+(?:-[a-z]+)*)"/g)].map(([, name = '']) => name));
  return {
    names: [...names, ...knownVerbs],
    paths: Object.entries(paths).map(([path, { get }]) => [path, (get?.parameters ?? []).map(({ name }) => name)]),
  };
}

interface Described {
  readonly parameters?: readonly { readonly name: string }[];
}

/** Questions that have an answer, to be asked with one thing amiss. */
const fair: readonly (readonly [verb: string, query: Readonly<Record<string, unknown>>])[] = [
  ['list', { select: ['env=dev'], columns: ['owner'] }],
  ['show', { id: 'dev/a/x' }],
  ['impact', { of: ['dev/a/x'], depth: 2 }],
  ['impact-since', { since: 'HEAD' }],
  ['why', { from: 'live/app', to: 'live/vpc' }],
  ['diff', { from: 'HEAD', to: 'HEAD' }],
  ['log', { limit: 3, action: 'graph.published' }],
  ['order', { select: ['live/**'] }],
  ['outputs', { id: 'roots/net' }],
  ['config-show', { id: 'dev/a/x', explain: true }],
  ['config-edit', { id: 'dev/a/x', set: { size: 4 }, where: 'override' }],
  ['environment-diff', { from: 'dev', to: 'stage', select: ['kind=a'] }],
  ['environment-promote', { from: 'dev', to: 'stage' }],
  ['change-propose', { edits: [{ id: 'dev/a/x', set: { size: 5 } }], reason: 'because', dryRun: true }],
  ['change-propose', { create: [{ id: 'dev/a/y', from: 'dev/a/x' }], reason: 'because', dryRun: true }],
  ['change-propose', { rename: [{ from: 'dev/a/x', to: 'dev/a/y' }], reason: 'because', dryRun: true }],
  ['change-propose', { diff: 'diff --git a/x b/x', reason: 'because', dryRun: true }],
  ['change', { id: 'cr-1' }],
  ['picture', { select: ['env=dev'], format: 'svg' }],
  ['map', { layer: 'x' }],
  ['run-request', { what: 'deploy', select: ['dev/a/x'], reason: 'because' }],
  ['explain', { code: 'cycle' }],
];

/** One of them, mostly with a member that is another one, is more, or is missing. */
function almostFair(random: Random): { readonly verb: string; readonly query: unknown } {
  const [verb, query] = random.pick(fair) ?? ['list', {}];
  const changed: Record<string, unknown> = { ...query };
  const member = random.pick(Object.keys(query)) ?? '';
  const way = random.below(5);
  if (way === 0) delete changed[member];
  else if (way === 1) changed[memberIn(random)] = oddIn(random);
  else if (way === 2) changed[member] = Array.isArray(query[member]) ? [oddIn(random), oddIn(random)] : textIn(random);
  else if (way === 3) changed[member] = oddIn(random);
  return { verb, query: changed };
}

const knownVerbs = [
  ...[
    'overview',
    'list',
    'show',
    'impact',
    'impact-since',
    'why',
    'order',
    'status',
    'diff',
    'log',
    'outputs',
    'check',
  ],
  ...['config-show', 'config-edit', 'config-validate', 'environment-diff', 'environment-promote', 'environment-switch'],
  ...[
    'changes',
    'change',
    'change-propose',
    'change-revise',
    'change-approve',
    'change-score',
    'policies',
    'types',
    'picture',
  ],
  ...['map', 'run-requests', 'run-request', 'build', 'explain', 'doctor', 'constructor', '__proto__', 'toString'],
];

/** Values of any type, size and name. */
function oddIn(random: Random, depth = 0): unknown {
  const kinds: readonly (() => unknown)[] = [
    () => null,
    () => true,
    () => random.pick([0, -1, 1e308, 2 ** 53, 0.1, Number.MAX_SAFE_INTEGER, 1_000_000_000]),
    () =>
      random.pick([
        '',
        'x',
        'dev/a/x',
        'live/vpc',
        '__proto__',
        'constructor',
        '*',
        '!',
        '...',
        '-',
        '--',
        '\u0000',
        '\u001b[2J',
      ]),
    () =>
      random.pick([
        '../../../etc/passwd',
        '/etc/passwd',
        'file:///etc/passwd',
        'HEAD',
        'HEAD~1..HEAD',
        '@{u}',
        '--output=x',
        '$(id)',
      ]),
    () =>
      random.pick([
        '(((((',
        '[',
        'a'.repeat(10_000),
        '\ud800',
        'é'.normalize('NFD'),
        '%00',
        '/'.repeat(2000),
        '..'.repeat(500),
      ]),
    () => Array.from({ length: random.below(6) }, () => oddIn(random, depth + 1)),
    () => Array.from({ length: 3000 }, (_, n) => `x${n}`),
    () => nested(random.below(300)),
    () =>
      Object.fromEntries(Array.from({ length: random.below(4) }, () => [memberIn(random), oddIn(random, depth + 1)])),
    () => JSON.parse('{"__proto__": {"polluted": true}, "toString": 1, "then": "x", "length": -1}'),
  ];
  return (depth > 4 ? kinds.slice(0, 4) : kinds)[random.below(depth > 4 ? 4 : kinds.length)]?.();
}

function textIn(random: Random): string {
  const value = oddIn(random);
  return (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).toWellFormed().slice(0, 4000);
}

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let at = 0; at < depth; at += 1) value = at % 2 === 0 ? [value] : { a: value };
  return value;
}

const members = [
  ...['id', 'of', 'select', 'since', 'from', 'to', 'at', 'depth', 'limit', 'cursor', 'edits', 'set', 'reason', 'diff'],
  ...[
    'create',
    'remove',
    'rename',
    'patches',
    'where',
    'dryRun',
    'format',
    'change',
    'type',
    'code',
    'columns',
    'after',
  ],
  ...['__proto__', 'constructor', 'hasOwnProperty', '$schema', ''],
];
const memberIn = (random: Random) => random.pick(members) ?? '';

/** Members that verbs know, with values that they may not. JSON.parse keeps `__proto__` as a member, and so does this. */
function queryIn(random: Random): unknown {
  if (random.below(12) === 0) return oddIn(random);
  return Object.fromEntries(Array.from({ length: random.below(4) }, () => [memberIn(random), valueIn(random)]));
}

function valueIn(random: Random): unknown {
  const fair = [
    'dev/a/x',
    'live/vpc',
    'HEAD',
    'dev',
    'stage',
    ['dev/a/x'],
    ['live/vpc'],
    [],
    1,
    'because',
    { size: 3 },
  ];
  const edits = [{ id: 'dev/a/x', set: { size: oddIn(random) } }, oddIn(random)];
  return random.below(2) === 0 ? random.pick([...fair, edits]) : oddIn(random);
}

function requestIn(random: Random, { names, paths }: Verbs): Sent {
  const headers = headersIn(random);
  const verb = random.pick(names) ?? 'list';
  const json = { 'content-type': 'application/json', ...headers };
  const asked = random.below(3) > 0 ? almostFair(random) : { verb, query: queryIn(random) };
  const ask: Sent = {
    method: 'POST',
    path: '/v1/ask',
    headers: json,
    body: JSON.stringify(asked),
  };
  const kind = random.below(8);
  if (kind < 4) return ask;
  if (kind === 4) return { ...ask, body: mutated(String(ask.body), random) };
  const [form, parameters] = random.pick(paths) ?? ['/v1/overview', []];
  const path = form.replaceAll(/\{[^}]*\}/g, () => encodeURIComponent(textIn(random)));
  const query = Array.from({ length: random.below(4) }, () => {
    const value = valueIn(random);
    const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
    const name = random.below(5) === 0 ? memberIn(random) : (random.pick(parameters) ?? 'id');
    return `${encodeURIComponent(name)}=${random.below(6) === 0 ? '%zz' : encodeURIComponent(text.toWellFormed()).slice(0, 9000)}`;
  }).join('&');
  const address = query === '' ? path : `${path}?${query}`;
  if (kind === 5)
    return {
      method: random.pick(['POST', 'PUT', 'PATCH', 'DELETE']) ?? 'POST',
      path,
      headers: json,
      body: JSON.stringify(queryIn(random)),
    };
  return { method: random.pick(['GET', 'GET', 'GET', 'HEAD', 'OPTIONS']) ?? 'GET', path: address, headers };
}

function headersIn(random: Random): Readonly<Record<string, string>> {
  const odd: readonly Readonly<Record<string, string>>[] = [
    {},
    {},
    { 'if-none-match': '"x", W/"y", *' },
    { 'last-event-id': '-1e9' },
    { traceparent: `00-${'0'.repeat(32)}-${'z'.repeat(16)}-01` },
    { authorization: 'Bearer karma_x' },
    { authorization: `Basic ${'A'.repeat(5000)}` },
    { 'idempotency-key': '"once"' },
    { 'idempotency-key': 'a'.repeat(2000) },
    { accept: `${'text/x,'.repeat(800)}*/*;q=9` },
    { 'accept-encoding': 'gzip;q=nan, br, zstd' },
    { 'content-type': 'text/plain' },
    { 'content-encoding': 'gzip' },
    { 'karma-door': 'ui' },
    { origin: 'https://evil.example' },
    { prefer: 'wait=99999999999' },
  ];
  return random.pick(odd) ?? {};
}

async function overHttp({ address }: Served, { method, path, headers, body }: Sent): Promise<string[]> {
  const about = `${method} ${path.slice(0, 400)} ${JSON.stringify(headers).slice(0, 200)} ${String(body ?? '').slice(0, 600)}`;
  const patience = AbortSignal.timeout(hangs);
  try {
    const sent = { method, headers, signal: patience, ...(body === undefined ? {} : { body }) };
    // A stream goes on until somebody has heard enough.
    const stop = /\/stream|\/agent|\/mcp/.test(path) ? AbortSignal.timeout(500) : undefined;
    const answer = await fetch(address + path, { ...sent, ...(stop && { signal: AbortSignal.any([patience, stop]) }) });
    const text = await answer.text().catch(() => '');
    const faults: string[] = [];
    if (/"code":\s*"KARMA_BUG"/.test(text)) faults.push('is a bug');
    else if (answer.status >= 500 && ![501, 502, 503].includes(answer.status)) faults.push(`answers ${answer.status}`);
    if (/json/.test(answer.headers.get('content-type') ?? '') && /[\u0000-\u0008\u000b-\u001f]/.test(text))
      faults.push('steers');
    return faults.map((fault) => `${about} ${fault}: ${text.slice(0, 500)}`);
  } catch (error) {
    if (patience.aborted) return [`${about} hangs`];
    // What no request can be made of never came to the service.
    return error instanceof Error && error.name === 'TimeoutError' ? [] : brokenOff(about, error);
  }
}

function brokenOff(about: string, error: unknown): string[] {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : undefined;
  return cause !== undefined && /ECONNRESET|ECONNREFUSED|UND_ERR_SOCKET/.test(String(Reflect.get(cause, 'code')))
    ? [`${about} is not answered: ${cause.message}`]
    : [];
}

const rawRequest =
  'POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 27\r\n\r\n{"verb":"list","query":{}}\n';

/** Bytes that may be no HTTP at all: the line may be cut, the service stays. */
function overSocket({ address }: Served, bytes: Buffer): Promise<string[]> {
  const { hostname, port } = new URL(address);
  return new Promise((done) => {
    const socket = connect(Number(port), hostname);
    let heard = '';
    const end = () => {
      socket.destroy();
      done(
        heard.includes('KARMA_BUG')
          ? [`${JSON.stringify(bytes.toString('latin1')).slice(0, 600)} is a bug: ${heard.slice(0, 400)}`]
          : [],
      );
    };
    socket.on('data', (part) => {
      heard += part.toString();
    });
    socket.on('error', end);
    socket.on('close', end);
    socket.end(bytes);
    setTimeout(end, 2_000).unref();
  });
}

const tools = [
  ...[
    'overview',
    'list_components',
    'show_component',
    'list_outputs',
    'impact',
    'impact_of_change',
    'why_connected',
    'order',
  ],
  ...[
    'why_as_it_is',
    'status',
    'diff',
    'history',
    'propose_change',
    'list_changes',
    'show_change',
    'findings',
    'compare_environments',
  ],
  ...['constructor', '__proto__', ''],
];
const resources = [
  'karma://component/dev/a/x',
  'karma://component/%zz',
  'karma://change/cr-1',
  'karma://doc/cycle',
  'karma://doc/__proto__',
];

/** One line to an agent's door. */
function callIn(random: Random): string {
  const params = { name: random.pick(tools), arguments: random.below(10) === 0 ? oddIn(random) : queryIn(random) };
  const calls: readonly object[] = [
    { method: 'tools/call', params },
    { method: 'tools/call', params },
    { method: 'tools/call', params: { ...params, arguments: { id: 'dev/a/x', cursor: oddIn(random) } } },
    { method: 'tools/call', params: oddIn(random) },
    { method: 'resources/read', params: { uri: random.pick([...resources, textIn(random)]) } },
    {
      method: random.pick(['tools/list', 'resources/list', 'prompts/get', 'completion/complete', '__proto__', '']),
      params: oddIn(random),
    },
  ];
  const call = JSON.stringify({ jsonrpc: '2.0', id: 1, ...random.pick(calls) });
  // A line is a line: what ends it early makes two of it.
  return random.below(6) === 0
    ? mutated(call, random)
        .toString()
        .replaceAll(/[\r\n]/g, ' ')
    : call;
}

/** A `karma mcp` that is asked many things. */
class Agent {
  readonly child: ChildProcess;
  #heard = '';
  #said = '';
  #asked = 0;

  constructor({ product }: World, at: readonly string[]) {
    this.child = product.start(['mcp', ...at]);
    this.child.stdout?.on('data', (bytes: Buffer) => {
      this.#heard += bytes.toString();
    });
    this.child.stderr?.on('data', (bytes: Buffer) => {
      this.#said += bytes.toString();
    });
    this.child.stdin?.on('error', () => undefined);
    const hello = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'h', version: '1' } };
    this.#send({ jsonrpc: '2.0', id: 'hello', method: 'initialize', params: hello });
    this.#send({ jsonrpc: '2.0', method: 'notifications/initialized' });
  }

  get isOver(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Sends a line, and then a plain one: when that is answered, the line was too, or will never be. */
  async hears(line: string): Promise<string[]> {
    this.#heard = '';
    this.#asked += 1;
    const last = `after-${this.#asked}`;
    this.child.stdin?.write(`${line}\n`);
    this.#send({ jsonrpc: '2.0', id: last, method: 'tools/call', params: { name: 'overview', arguments: {} } });
    const until = Date.now() + hangs;
    while (!this.#heard.includes(`"${last}"`)) {
      if (this.isOver) return [`the agent's door ended at ${line.slice(0, 800)}: ${this.#said.slice(-400)}`];
      if (Date.now() > until) {
        endGroup(this.child);
        return [`the agent's door hangs at ${line.slice(0, 800)}`];
      }
      await new Promise((again) => setTimeout(again, 5));
    }
    const faults: string[] = [];
    if (
      this.#heard.includes('KARMA_BUG') ||
      /"message":"(?:Cannot|Maximum|Invalid array|undefined is)/.test(this.#heard)
    )
      faults.push('is a bug');
    if (/^\s+at .*[:(]\d+/m.test(this.#said)) faults.push('shows a stack trace');
    if (/[\u0000-\u0009\u000b-\u001f]/.test(this.#heard)) faults.push('steers');
    return faults.map(
      (fault) => `${line.slice(0, 800)} ${fault}: ${this.#heard.slice(0, 500)}${this.#said.slice(0, 300)}`,
    );
  }

  end(): void {
    endGroup(this.child);
  }

  #send(message: object): void {
    this.child.stdin?.write(`${JSON.stringify(message)}\n`);
  }
}
