import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { IdentityIssuer } from '../../engine/access/grants.ts';
import type { EngineContext } from '../../engine/context.ts';
import type { Engine } from '../../engine/engine.ts';
import { keepTelling } from '../../engine/hooks/keep-telling.ts';
import { fetchRepositories, remoteRepositories } from '../../engine/verbs/repository-fetch.ts';
import { type AnswerOf, ask } from '../../engine/verbs/table.ts';
import { KarmaError } from '../../model/errors.ts';
import type { Allowance } from '../api/allowance.ts';
import { type Answering, answerHere } from '../api/answering.ts';
import { type Api, makeApi } from '../api/app.ts';
import type { RequestLine } from '../api/passage.ts';
import { Beside, type BesidePlace } from './beside.ts';
import { fetching } from './fetching.ts';
import { follow } from './follow.ts';
import { keepSeeing } from './merges.ts';
import { Rest } from './rest.ts';
import { keepSchedules } from './schedules.ts';
import { webFiles } from './web-files.ts';
import { work } from './worker.ts';

export interface ServeOptions {
  readonly engine: Engine;
  /** How another process opens the same estate, where it may; default: this one does all of it. */
  readonly place?: BesidePlace;
  readonly port: number;
  /** Undefined: this machine alone, and no credentials. */
  readonly host?: string | undefined;
  /** Whose tokens are taken beside those of the estate. */
  readonly issuer?: IdentityIssuer | undefined;
  /** The folder that holds the repository's refs. */
  readonly refs: string | undefined;
  /** Whether what the followed ref becomes is published. */
  readonly follows: boolean;
  /** Milliseconds from one fetch of what lies elsewhere to the next; 0: only where somebody tells that it moved. */
  readonly fetchEvery?: number | undefined;
  /** Known to who may tell that a repository moved. */
  readonly hookSecret?: string | undefined;
  /** Whether runs that somebody asks for are run here. */
  readonly works: boolean;
  /** Requests that a caller may make in a minute; default: 6,000 where they show tokens, else as many as they like. */
  readonly rate?: number | undefined;
  /** The folder of the built UI. */
  readonly web?: string | undefined;
  readonly told: (line: RequestLine) => void;
  readonly say: (text: string) => void;
}

export interface Serving {
  readonly address: string;
  /** Answers what was asked already, takes nothing more, and ends a build that runs. */
  stop(): Promise<void>;
}

/** The API of one estate on this machine. @throws KARMA_CONFLICT where the port is taken */
export async function serve({
  engine,
  place,
  port,
  host,
  issuer,
  refs,
  follows,
  fetchEvery = 0,
  hookSecret,
  works,
  rate,
  web,
  told,
  say,
}: ServeOptions): Promise<Serving> {
  const bySchedule = engine.as({ door: 'schedule' });
  let api: Api | undefined;
  let listener: ReturnType<typeof getRequestListener> | undefined;
  const server = createServer(
    { requestTimeout: 30_000, headersTimeout: 15_000, maxHeaderSize: 32 * 1024, keepAliveTimeout: 5_000 },
    (request, response) => {
      if (api?.direct.takes(request, response) !== true) void listener?.(request, response);
    },
  );
  const isOpen = host !== undefined && !isLoopback(host);
  if (isOpen && issuer === undefined) await mustHaveTokens(bySchedule);
  const address = host ?? '127.0.0.1';
  await listening(server, port, address);
  const bound = server.address();
  const actual = typeof bound === 'object' && bound !== null ? bound.port : port;
  const rest = new Rest();
  const beside = place === undefined ? undefined : new Beside(place);
  const answering = beside?.answer ?? answerHere;
  let followed: ReturnType<typeof follow> | undefined;
  let trouble = '';
  const fetches = fetching({
    every: fetchEvery,
    fetch: (names, signal) => fetchRepositories(bySchedule, { signal, ...(names === undefined ? {} : { names }) }),
    moved: () => followed?.told(),
    say,
  });
  api = makeApi({
    engine,
    loopback: isOpen ? 'tokens' : { port: actual },
    issuer,
    hooks:
      hookSecret === undefined
        ? undefined
        : { secret: hookSecret, remotes: () => remoteRepositories(bySchedule), fetch: (names) => fetches.ask(names) },
    allowance: allowanceOf(rate ?? (isOpen ? 6_000 : 0)),
    told: (line) => {
      rest.touched();
      told(line);
    },
    clock: () => performance.now(),
    answering,
    ...(web === undefined ? {} : { web: webFiles(web) }),
  });
  listener = getRequestListener(api.app.fetch, { overrideGlobalObjects: false });
  // Where the ledger cannot be read, whoever asks hears of it.
  beside?.start(bySchedule).catch(() => undefined);
  followed = follows
    ? follow({
        build: () => built(answering, bySchedule),
        refs,
        built: (version, changed) => {
          trouble = '';
          if (changed) rest.touched();
          if (changed) say(`published v${version}`);
        },
        failed: ({ code, message }) => {
          // Once: it is tried again and again.
          const words = `could not publish: ${code} ${message}`;
          if (words !== trouble) say(words);
          trouble = words;
        },
      })
    : undefined;
  const stopWork = new AbortController();
  const working = works
    ? work({ engine, name: `worker-${bySchedule.newId()}`, stop: stopWork.signal, say })
    : Promise.resolve();
  const keeping = follows
    ? keepSchedules({ context: bySchedule, name: `schedules-${bySchedule.newId()}`, works, stop: stopWork.signal, say })
    : Promise.resolve();
  const seeing =
    follows && fetchEvery > 0
      ? keepSeeing({ context: bySchedule, every: fetchEvery, stop: stopWork.signal, say })
      : Promise.resolve();
  const telling = keepTelling(bySchedule, { stop: stopWork.signal, say });
  return {
    address: `http://${address.includes(':') ? `[${address}]` : address}:${actual}`,
    stop: async () => {
      rest.end();
      stopWork.abort();
      await working;
      await keeping;
      await telling;
      await seeing;
      await fetches.stop();
      await followed?.stop();
      await beside?.stop();
      await new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeIdleConnections();
        // Streams have no end of their own.
        setTimeout(() => server.closeAllConnections(), 2_000).unref();
      });
    },
  };
}

async function built(answering: Answering, context: EngineContext): Promise<AnswerOf<'build'>> {
  const { bytes } = await answering(
    context,
    { verb: 'build', query: { yields: true }, form: { kind: 'document' } },
    {},
  );
  return JSON.parse(new TextDecoder().decode(bytes)) as AnswerOf<'build'>;
}

/** 0: as often as anybody likes. */
function allowanceOf(rate: number): Allowance | undefined {
  return rate === 0 ? undefined : { requests: rate, seconds: 60 };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** @throws KARMA_REFUSED where nobody could show a credential: an address that others reach is not opened to all of them */
async function mustHaveTokens(context: EngineContext): Promise<void> {
  const { tokens } = await ask(context, 'token-list', {});
  if (tokens.some(({ state }) => state === 'open')) return;
  throw new KarmaError(
    'KARMA_REFUSED',
    'another address than this machine is served to who shows a token, and there is none',
    {
      hint: '`karma token create NAME` makes one; `--oidc FILE` takes those of an issuer',
    },
  );
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((ready, failed) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      failed(
        error.code === 'EADDRINUSE'
          ? new KarmaError('KARMA_CONFLICT', `port ${port} is taken`, { hint: 'name another one, or 0 for any' })
          : error,
      ),
    );
    server.listen(port, host, ready);
  });
}
