import { object, texts } from '../../config/shape-parts.ts';
import { atATime } from '../../model/at-a-time.ts';
import { KarmaError } from '../../model/errors.ts';
import { hideInText } from '../../model/secrets/text.ts';
import { withoutCredentials } from '../../model/without-credentials.ts';
import { repositoryWord } from '../../observe/estate/outside.ts';
import { readTrust, trustsAll } from '../../observe/estate/trust.ts';
import { sameRepository } from '../../observe/git/remote-address.ts';
import type { EngineContext } from '../context.ts';
import { committedFile } from '../view/committed-file.ts';
import { defineVerb } from './verb.ts';

export interface FetchedRepository {
  /** As `karma.yaml` calls it; `''`: the estate itself. */
  readonly name: string;
  readonly url: string;
  /** Whether a branch or a tag is another one than before. */
  readonly moved: boolean;
  /** Why it was not fetched. */
  readonly trouble?: string;
}

export interface RepositoryFetchAnswer {
  readonly repositories: readonly FetchedRepository[];
}

/** A repository of the estate that lies elsewhere. */
export interface RemoteRepository {
  readonly name: string;
  readonly url: string;
  /** Where it is mirrored; default: its place among the mirrors. */
  readonly into?: string;
  /** Why nobody may fetch it yet. */
  readonly refused?: string;
}

/** What may be fetched: the estate where it is a mirror itself, and repositories of `karma.yaml` with `url:` that a person trusts. */
export async function remoteRepositories(context: EngineContext): Promise<readonly RemoteRepository[]> {
  const { cwd, configFile, remote } = context.request;
  const own = remote === undefined ? [] : [{ name: '', url: remote, into: cwd }];
  const karmaFile = await committedFile(context);
  const trust = configFile === undefined ? readTrust(context.env) : trustsAll;
  const named = (karmaFile?.repositories ?? []).flatMap(({ name, path, url }): RemoteRepository[] => {
    if (url === undefined || path !== undefined) return [];
    const word = repositoryWord(name, url);
    if (trust.has(word)) return [{ name, url }];
    const refused = `karma.yaml names it, and nobody on this machine trusts that: \`karma trust\`, or KARMA_TRUST=${word.digest.slice(0, 16)}`;
    return [{ name, url, refused }];
  });
  return [...own, ...named];
}

/** Those that some addresses lead to, however each of them spells it. */
export function meantBy(remotes: readonly RemoteRepository[], addresses: readonly string[]): readonly string[] {
  return remotes
    .filter(({ url, refused }) => refused === undefined && addresses.some((one) => sameRepository(one, url)))
    .map(({ name }) => name);
}

/** So many are fetched at a time: each is a process, and an estate may name thousands. */
const atOnce = 4;

/** Brings mirrors to what their remotes are now. What moved, and what could not be fetched, is an event. */
export async function fetchRepositories(
  context: EngineContext,
  { names, signal }: { readonly names?: readonly string[]; readonly signal?: AbortSignal } = {},
): Promise<RepositoryFetchAnswer> {
  const all = await remoteRepositories(context);
  const unknown = names?.find((name) => !all.some((one) => one.name === name));
  if (unknown !== undefined)
    throw new KarmaError('KARMA_NOT_FOUND', `karma.yaml names no repository \`${unknown}\` with \`url:\``, {
      hint:
        all.length === 0
          ? 'docs/karma-yaml.md, `repositories`'
          : `there are ${all.map(({ name }) => name || 'the estate itself').join(', ')}`,
    });
  const wanted = new Set(names ?? all.map(({ name }) => name));
  const chosen = all.filter(({ name }) => wanted.has(name));
  let begun = 0;
  const repositories = await atATime(
    atOnce,
    chosen,
    async ({ name, url, into, refused }): Promise<FetchedRepository> => {
      const shown = withoutCredentials(url);
      if (refused !== undefined) return { name, url: shown, moved: false, trouble: refused };
      context.report({ kind: 'phase', phase: 'fetch', about: shown, done: begun++, total: chosen.length });
      const call = { ...(into === undefined ? {} : { into }), ...(signal === undefined ? {} : { signal }) };
      const got = await context.remotes.fetch(url, call);
      return 'trouble' in got
        ? { name, url: shown, moved: false, trouble: hideInText(got.trouble) }
        : { name, url: shown, moved: got.moved };
    },
  );
  await tell(context, repositories);
  return { repositories };
}

async function tell(context: EngineContext, repositories: readonly FetchedRepository[]): Promise<void> {
  const told = repositories.filter(({ moved }) => moved);
  if (told.length === 0) return;
  const { actor, door } = context;
  const ledger = await context.stores.ledger();
  await ledger.append(
    told.map(({ name, url }) => ({
      ...{ action: 'repository.fetched', actor, door, subject: name || 'the estate', outcome: 'ok' as const },
      ...{ at: context.now(), details: { url } },
    })),
  );
}

export const repositoryFetchVerb = defineVerb({
  about: 'Brings the mirrors of repositories that lie elsewhere to what those are now.',
  query: object('Which.', { names: texts('As `karma.yaml` calls them; default: all with `url:`.') }),
  writes: 'ledger',
  run: (context, { names }, { signal }) =>
    fetchRepositories(context, {
      ...(names === undefined || names.length === 0 ? {} : { names }),
      ...(signal === undefined ? {} : { signal }),
    }),
});
