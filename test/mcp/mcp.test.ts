import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serve } from '../../src/faces/service/serve.ts';
import { TemporaryRepository } from '../../src/observe/git/temporary-repository.ts';
import { openEngine } from '../../src/wiring/open.ts';
import { entry, environment, root } from '../support/karma.ts';

const folder = mkdtempSync(join(tmpdir(), 'karma-mcp-'));
const estate = new TemporaryRepository(join(folder, 'estate'));

beforeAll(() => {
  cpSync(join(root, 'examples/twelve'), estate.root, { recursive: true });
  estate.commit('the estate');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The official client, as a program that starts `karma mcp` from two lines of configuration. */
async function overStdio(mode: 'auto' | 'legacy'): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
  const env = environment();
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [entry, 'mcp'],
      cwd: estate.root,
      env,
      stderr: 'ignore',
    }),
  );
  return client;
}

interface Answer {
  readonly isError?: boolean;
  readonly content: readonly { readonly type: string; readonly text?: string }[];
  readonly structuredContent?: Readonly<Record<string, unknown>>;
}

async function call(client: Client, name: string, args: Record<string, unknown> = {}): Promise<Answer> {
  return (await client.callTool({ name, arguments: args })) as unknown as Answer;
}

describe.each(['auto', 'legacy'] as const)('the tools for agents, %s protocol', (mode) => {
  let client: Client;
  beforeAll(async () => {
    client = await overStdio(mode);
  });
  afterAll(() => client.close());

  it('are fifteen, all but one of them reading, with a schema each', async () => {
    const { tools } = await client.listTools();
    expect(tools).toHaveLength(15);
    for (const { name, annotations, inputSchema, description } of tools) {
      expect({ name, reads: annotations?.readOnlyHint }).toEqual({ name, reads: name !== 'propose_change' });
      expect(inputSchema.type).toBe('object');
      expect(description?.length ?? 0).toBeGreaterThan(40);
    }
    expect(JSON.stringify(tools).length, 'they leave room in a window').toBeLessThan(16_000);
  });

  it('answer in a sentence and in data, with what is proved', async () => {
    const overview = await call(client, 'overview');
    expect(overview.content[0]?.text).toMatch(/\d+ components and \d+ references/);
    const impact = await call(client, 'impact', { of: ['vpc/main'] });
    expect(impact.structuredContent).toMatchObject({ complete: expect.any(Boolean), blindSpots: expect.any(Array) });
    expect(impact.content[0]?.text).toMatch(/affected/);
  });

  it('propose, and leave it to people what becomes of it', async () => {
    const edits = [{ id: 'prod/vpc/main', set: { cidr: '10.99.0.0/16' } }];
    const tried = await call(client, 'propose_change', { reason: 'more room', edits, dryRun: true });
    expect(tried.content[0]?.text).toMatch(/^It would be simulated/);
    const made = await call(client, 'propose_change', { reason: 'more room', edits });
    const { id = '' } = made.structuredContent as { readonly id?: string };
    expect(id).toMatch(/^cr-\d+$/);
    const shown = await call(client, 'show_change', { id });
    expect(shown.structuredContent).toMatchObject({
      change: { id, state: 'simulated' },
      events: [{ door: 'mcp' }, {}],
    });
    const { contents } = await client.readResource({ uri: `karma://change/${id}` });
    expect(JSON.stringify(contents)).toContain('more room');
  });

  it('tell what is wrong so that a model can mend it', async () => {
    const wrong = await call(client, 'show_component', { id: 'vpc/mian' });
    expect(wrong).toMatchObject({ isError: true, content: [{ text: expect.stringContaining('KARMA_NOT_FOUND') }] });
    await expect(call(client, 'show_component', { identity: 'x' })).resolves.toMatchObject({ isError: true });
  });

  it('have what a code means as a resource', async () => {
    const { contents } = await client.readResource({ uri: 'karma://doc/cycle' });
    expect(JSON.stringify(contents)).toContain('depend on each other');
  });

  it('say of a resource that is not to be had what is wrong, and repeat no secret of it', async () => {
    const secret = `ghp_${'a1B2c3D4e5'.repeat(4).slice(0, 36)}`;
    const said = await client.readResource({ uri: `karma://component/dev/vpc/${secret}` }).catch(String);
    expect(said).toContain('KARMA_NOT_FOUND');
    expect(said).not.toContain(secret);
  });
});

it('are the same tools over HTTP, to this machine alone', async () => {
  const engine = openEngine({
    options: { dir: estate.root, data: join(folder, 'data') },
    env: environment(),
    version: 'test',
    stays: true,
  });
  const service = await serve({
    engine,
    port: 0,
    refs: undefined,
    follows: false,
    works: false,
    told: () => undefined,
    say: () => undefined,
  });
  try {
    const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: 'auto' } });
    await client.connect(new StreamableHTTPClientTransport(new URL(`${service.address}/mcp`)));
    // Nothing is published and nothing cached, so the first question reads the estate.
    const heard: { readonly progress: number; readonly message?: string | undefined }[] = [];
    const found = await client.callTool(
      { name: 'list_components', arguments: { select: ['kind=vpc'] } },
      { onprogress: (told) => heard.push(told) },
    );
    expect(found.structuredContent).toMatchObject({ components: expect.any(Array) });
    expect(heard.map(({ message }) => message)).toEqual(
      expect.arrayContaining(['reading adage components', 'resolving references 0/1']),
    );
    expect(heard.map(({ progress }) => progress)).toEqual(heard.map((_, place) => place + 1));
    await client.close();
    const foreign = await fetch(`${service.address}/mcp`, {
      method: 'POST',
      headers: { origin: 'https://evil.example' },
    });
    expect(foreign.status).toBe(403);
  } finally {
    await service.stop();
    await engine.close();
  }
});

it('a service tells a question as it comes along, to who takes a stream of events', async () => {
  const engine = openEngine({
    options: { dir: estate.root, data: join(folder, 'streamed') },
    env: environment(),
    version: 'test',
    stays: true,
  });
  const silent = { refs: undefined, follows: false, works: false, told: () => undefined, say: () => undefined };
  const service = await serve({ engine, port: 0, ...silent });
  const ask = async (verb: string, query: object, accept: string) => {
    const headers = { 'content-type': 'application/json', accept };
    const body = JSON.stringify({ verb, query });
    return (await fetch(`${service.address}/v1/ask`, { method: 'POST', headers, body })).text();
  };
  try {
    const events = (await ask('overview', {}, 'text/event-stream')).trimEnd().split('\n\n');
    const told = events.map((event) => ({
      event: /^event: (\w+)/.exec(event)?.[1],
      data: JSON.parse(event.replace(/^event: \w+\n/, '').replaceAll(/^data: ?/gm, '')) as Record<string, unknown>,
    }));
    expect(told.at(-1)?.event).toBe('answer');
    const progress = told.slice(0, -1);
    expect(progress.length).toBeGreaterThan(0);
    expect(progress.every(({ event }) => event === 'progress')).toBe(true);
    const numbers = progress.map(({ data }) => Number(data['number']));
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    expect(progress.at(-1)?.data).toMatchObject({ phase: 'resolve', done: 0, total: 1 });
    expect(told.at(-1)?.data).toEqual(JSON.parse(await ask('overview', {}, 'application/json')));
    const wrong = await ask('show', { id: 'nothing' }, 'text/event-stream');
    expect(wrong).toMatch(/^event: problem\ndata: \{.*"code":"KARMA_NOT_FOUND"/);
  } finally {
    await service.stop();
    await engine.close();
  }
});
