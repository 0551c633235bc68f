import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';

/** What happens to one request on its way. */
export type Fault =
  | { readonly kind: 'pass' }
  /** Answered here; the server never sees it. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly body: string;
      readonly headers?: Record<string, string>;
    }
  /** The connection breaks before the server sees anything. */
  | { readonly kind: 'reset' }
  /** The server does it, and the connection breaks before the answer. */
  | { readonly kind: 'lose' }
  /** The server does it, the answer says 200 and stops in the middle: with the connection, or as if it were whole. */
  | { readonly kind: 'cut'; readonly clean: boolean; readonly tail?: string };

export interface Passing {
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
}

/** A proxy before a stand-in: it breaks what is asked of it, and keeps what passed by. */
export interface FaultProxy {
  readonly endpoint: string;
  /** Every request that arrived, in order, answered or not. */
  readonly seen: Passing[];
  /** Decides each request's fate; passes all at first. */
  decide: (request: Passing, index: number) => Fault;
  close(): Promise<void>;
}

export const pass: Fault = { kind: 'pass' };

/** An error as Neptune words it. */
export function neptuneError(code: string, status = 500): Fault {
  const body = JSON.stringify({ requestId: 'fault', code, detailedMessage: `injected ${code}` });
  return { kind: 'answer', status, body, headers: { 'content-type': 'application/json', 'x-amzn-errortype': code } };
}

export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  const proxy: FaultProxy = {
    endpoint: `http://127.0.0.1:${address.port}`,
    seen: [],
    decide: () => pass,
    close: () => closeServer(server),
  };
  server.on('request', async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const body = await readBody(incoming);
    const passing = { body: body.toString('utf8'), headers: incoming.headers };
    proxy.seen.push(passing);
    const fault = proxy.decide(passing, proxy.seen.length - 1);
    await suffer(fault, { target, incoming, outgoing, body }).catch(() => outgoing.destroy());
  });
  return proxy;
}

interface Exchange {
  readonly target: string;
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly body: Buffer;
}

async function suffer(fault: Fault, exchange: Exchange): Promise<void> {
  const { outgoing } = exchange;
  if (fault.kind === 'reset') {
    outgoing.destroy();
    return;
  }
  if (fault.kind === 'answer') {
    outgoing.writeHead(fault.status, fault.headers ?? {}).end(fault.body);
    return;
  }
  const { status, headers, body } = await forward(exchange);
  if (fault.kind === 'lose') outgoing.destroy();
  else if (fault.kind === 'pass') outgoing.writeHead(status, headers).end(body);
  else {
    const half = body.subarray(0, Math.floor(body.length / 2));
    outgoing.writeHead(200, { 'content-type': 'application/json' });
    outgoing.write(half);
    if (fault.clean) outgoing.end(fault.tail ?? '');
    else setImmediate(() => outgoing.destroy());
  }
}

function forward({ target, incoming, body }: Exchange) {
  const { host: _, connection: __, ...headers } = incoming.headers;
  return new Promise<{ status: number; headers: IncomingMessage['headers']; body: Buffer }>((resolve, reject) => {
    const url = new URL(incoming.url ?? '/', target);
    const onward = request(url, { method: incoming.method ?? 'GET', headers }, async (answer) => {
      const { 'transfer-encoding': ___, ...kept } = answer.headers;
      resolve({ status: answer.statusCode ?? 502, headers: kept, body: await readBody(answer) });
    });
    onward.on('error', reject);
    onward.end(body);
  });
}

async function readBody(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
