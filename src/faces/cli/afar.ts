import type { EngineContext } from '../../engine/context.ts';
import { isKarmaError, KarmaError } from '../../model/errors.ts';
import type { Ask, CommandSpec, Options } from './command.ts';
import { longFlag, wordOf } from './option-rules.ts';
import type { Output } from './output.ts';

/** Options that say where the estate is: a service knows that itself. */
const places = ['dir', 'repo', 'config', 'data', 'layout'] as const;

/** The service that a command is asked of; undefined: the estate here. */
export function serviceOf(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const url = env['KARMA_URL'];
  return url === undefined || url === '' ? undefined : url;
}

interface Refusal {
  readonly because: string;
  readonly next: string;
}

/** What no service does for who asks from afar, and what to do instead. By command, or by the word that its group begins with. */
const notAsked: Readonly<Record<string, Refusal>> = {
  token: {
    because: 'a token that makes or ends tokens would outlive its own end, and could make one that may more than it',
    next: 'whoever runs the service does it where the estate is, without KARMA_URL',
  },
  parameter: {
    because: 'who may read and write values is decided by the store that holds them, and not by the roles of a service',
    next: 'ask that store, or do it where the estate is, without KARMA_URL',
  },
  plan: {
    because: 'a plan runs what the work tree holds, and its answer shows values to whoever waits for it',
    next: '`karma change plan CHANGE` has a worker plan a change; `karma deploy … --yes` has one run a selection',
  },
  record: {
    because: 'what somebody else ran is recorded from files of this machine',
    next: 'record it where the estate is, without KARMA_URL',
  },
  trust: { because: 'whom a machine trusts is said at that machine', next: 'say it there, without KARMA_URL' },
  store: {
    because: 'what is kept is made anew by who keeps it',
    next: 'do it where the service runs, without KARMA_URL',
  },
  hook: {
    because: 'the service itself tells those who want to be told',
    next: '`karma change watch CHANGE` shows what happens to a change, from afar too',
  },
};
const elsewhere: Refusal = {
  because: 'it works on the files and programs of the machine that it is typed at',
  next: 'without KARMA_URL the estate here is asked',
};

/** @throws KARMA_NOT_FROM_AFAR for what needs this machine: its files, its programs, its terminal; or what a service must not do */
export function mustWorkFromAfar({ name, afar, options: known = [] }: CommandSpec, given: Options, url: string): void {
  if (afar === undefined) {
    const { because, next } = notAsked[name] ?? notAsked[name.split(' ')[0] ?? ''] ?? elsewhere;
    throw new KarmaError('KARMA_NOT_FROM_AFAR', `\`karma ${name}\` is not asked of a service: ${because}`, {
      hint: next,
    });
  }
  const { host } = new URL(url, 'http://unknown');
  const place = places.find((word) => given[word] !== undefined);
  if (place !== undefined)
    throw new KarmaError('KARMA_NOT_FROM_AFAR', `\`${spelt(place)}\` means something on this machine alone`, {
      hint: `leave it out: ${host} says where the estate is; ${elsewhere.next}`,
    });
  const local = known.find(({ here, flags }) => here !== undefined && isGiven(longFlag(flags), given));
  if (local === undefined) return;
  const word = longFlag(local.flags);
  if (local.here === 'runs')
    throw new KarmaError('KARMA_NOT_FROM_AFAR', `\`${word}\` is for who runs it at this machine`, {
      hint: `leave it out: a worker of ${host} runs it its own way; ${elsewhere.next}`,
    });
  throw new KarmaError('KARMA_NOT_FROM_AFAR', `\`${word}\` means something on this machine alone`, {
    hint: `leave it out; ${elsewhere.next}`,
  });
}

/** `--no-cutoff` takes away what is there unless somebody says so. */
function isGiven(flag: string, given: Options): boolean {
  const without = /^--no-(.+)$/.exec(flag)?.[1];
  return without === undefined ? given[wordOf(flag)] !== undefined : given[wordOf(`--${without}`)] === false;
}

function spelt(word: string): string {
  return `--${word.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Asks the service, and says what it notes as the engine here would. */
export async function askFromAfar(
  url: string,
  { env, output }: { readonly env: EngineContext['env']; readonly output: Output },
): Promise<Ask> {
  const { KarmaClient } = await import('../client/client.ts');
  const token = env['KARMA_TOKEN'];
  const client = new KarmaClient({ url, token: token === '' ? undefined : token });
  const note = (text: string) => output.talk(output.talkStyle.dim(text));
  return (name, query) => client.ask(name, query, { note });
}

/** Answers come as they come: what cannot be told of one is the service's, and no bug here, unless somebody looks for that. */
export function notUnderstood(error: unknown, url: string): unknown {
  if (isKarmaError(error) || process.env['KARMA_DEBUG'] !== undefined) return error;
  const { host } = new URL(url, 'http://unknown');
  return new KarmaError(
    'KARMA_UPSTREAM',
    `what the service at ${host} answers is not what this version of Karma reads`,
    {
      hint: 'is it of another version? `--json` shows what it answers',
      cause: error,
    },
  );
}

/** What a command may still ask of this machine: where it stands, to read and write files that the person named. */
export function contextFromAfar(env: EngineContext['env'], version: string): EngineContext {
  const here = { env, version, request: { cwd: process.cwd(), repos: [], fetchedModules: '' } };
  return new Proxy(here as unknown as EngineContext, {
    get: (target, name) => {
      if (Object.hasOwn(target, name)) return target[name as keyof EngineContext];
      throw new KarmaError('KARMA_BUG', `a question to a service asked for ${String(name)} here`);
    },
  });
}
