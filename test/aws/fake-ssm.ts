import { createServer } from 'node:http';

/** A Parameter Store of many parameters with the throughput limit of a real account, which moto does not have. */
export interface FakeSsm {
  readonly endpoint: string;
  /** Calls by operation, throttled ones included. */
  readonly calls: Map<string, number>;
  throttles: number;
  /** Changes a parameter's value and version. */
  change(name: string): void;
  close(): Promise<void>;
}

interface Stored {
  readonly Name: string;
  readonly Type: 'String';
  Value: string;
  Version: number;
  readonly LastModifiedDate: number;
}

export interface FakeSsmOptions {
  readonly names: readonly string[];
  /** Calls a second that reading may take, over all three ways of reading. */
  readonly perSecond: number;
}

export async function startFakeSsm({ names, perSecond }: FakeSsmOptions): Promise<FakeSsm> {
  const stored = new Map<string, Stored>(
    names.map((Name) => [
      Name,
      { Name, Type: 'String', Value: `value of ${Name}`, Version: 1, LastModifiedDate: 1.7e9 },
    ]),
  );
  const sorted = [...stored.values()];
  const limit = bucket(perSecond);
  const page = (size: number, token: string | undefined) => {
    const at = Number(token ?? 0);
    // As AWS may: now and then a page comes empty, and the next token still leads on.
    if (token !== undefined && !token.endsWith('.') && at % 700 === 0) return { items: [], next: `${at}.` };
    const next = at + size < sorted.length ? String(at + size) : undefined;
    return { items: sorted.slice(at, at + size), next };
  };
  const answer = (
    operation: string,
    input: { NextToken?: string; MaxResults?: number; Names?: string[]; Name?: string },
  ) => {
    if (operation === 'GetParameters')
      return { Parameters: (input.Names ?? []).flatMap((name) => stored.get(name) ?? []) };
    if (operation === 'GetParameter') return { Parameter: stored.get(input.Name ?? '') };
    const { items, next } = page(input.MaxResults ?? 10, input.NextToken);
    return { Parameters: items, ...(next === undefined ? {} : { NextToken: next }) };
  };

  const server = createServer();
  const fake: FakeSsm = {
    endpoint: '',
    calls: new Map(),
    throttles: 0,
    change: (name) => {
      const found = stored.get(name);
      if (found === undefined) return;
      found.Version += 1;
      found.Value = `changed ${found.Version}`;
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  server.on('request', async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const operation = String(incoming.headers['x-amz-target']).split('.')[1] ?? '';
    fake.calls.set(operation, (fake.calls.get(operation) ?? 0) + 1);
    outgoing.setHeader('content-type', 'application/x-amz-json-1.1');
    if (operation !== 'DescribeParameters' && !limit()) {
      fake.throttles += 1;
      outgoing.writeHead(400).end(JSON.stringify({ __type: 'ThrottlingException', message: 'Rate exceeded' }));
      return;
    }
    const body = answer(operation, JSON.parse(Buffer.concat(chunks).toString('utf8')));
    if (operation === 'GetParameter' && body.Parameter === undefined) {
      outgoing.writeHead(400).end(JSON.stringify({ __type: 'ParameterNotFound' }));
    } else outgoing.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the fake has no port');
  return Object.assign(fake, { endpoint: `http://127.0.0.1:${address.port}` });
}

/** The account's own bucket: holds one second of calls. */
function bucket(perSecond: number): () => boolean {
  let tokens = perSecond;
  let filledAt = performance.now();
  return () => {
    const now = performance.now();
    tokens = Math.min(perSecond, tokens + ((now - filledAt) / 1000) * perSecond);
    filledAt = now;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
