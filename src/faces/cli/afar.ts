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

/** @throws KARMA_NOT_FROM_AFAR for what needs this machine: its files, its programs, its terminal */
export function mustWorkFromAfar({ name, afar, options: known = [] }: CommandSpec, given: Options, url: string): void {
  const hint = 'without KARMA_URL the estate here is asked';
  if (afar !== true)
    throw new KarmaError('KARMA_NOT_FROM_AFAR', `\`karma ${name}\` needs the estate itself, not a service`, { hint });
  const local = [
    ...known.filter(({ here }) => here === true).map(({ flags }) => wordOf(longFlag(flags))),
    ...places,
  ].find((word) => given[word] !== undefined);
  if (local !== undefined)
    throw new KarmaError('KARMA_NOT_FROM_AFAR', `\`${spelt(local)}\` means something on this machine alone`, {
      hint: `leave it out: ${new URL(url, 'http://unknown').host} says where the estate is; ${hint}`,
    });
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
