import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { EngineContext } from '../engine/context.ts';
import { Engine } from '../engine/engine.ts';
import { remoteBranches } from '../fetch/push.ts';
import { sendHook } from '../fetch/send-hook.ts';
import type { LayoutName } from '../model/component.ts';
import { KarmaError } from '../model/errors.ts';
import { openCache } from '../observe/cache/cache.ts';
import { findDataFolder } from '../observe/estate/data-folder.ts';
import { findEstateRoot } from '../observe/estate/estate-root.ts';
import { outsideWords } from '../observe/estate/outside.ts';
import { readTrust, trustsAll } from '../observe/estate/trust.ts';
import { ResidentRepositories } from '../observe/resident/resident-repositories.ts';
import { UntrackedAhead } from '../observe/views/untracked.ts';
import { startHook } from '../run/hook-program.ts';
import { cacheBeside } from './cache-beside.ts';
import { moduleFetching } from './module-fetching.ts';
import { publishBeside } from './publish-beside.ts';
import { remotesIn } from './remotes.ts';
import { openStores } from './stores.ts';

/** What a face knows of the person and the place it speaks for. */
export interface OpenOptions {
  /** As the command line spells them: `dir`, `repo`, `config`, `data`, `layout`. */
  readonly options: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  /** The work tree is going to be opened. */
  readonly opensWorktree?: boolean;
  /** The process answers again and again, so it holds what it read of repositories and kept views. */
  readonly stays?: boolean;
  /** The address whose mirror the estate is. */
  readonly remote?: string;
}

const layoutNames: readonly LayoutName[] = ['adage', 'terragrunt', 'terraform'];

/** Everything concrete is chosen here: where the estate is, which stores, whose clock. Nothing is opened yet. */
export function openEngine({ options, env, version, opensWorktree, stays, remote }: OpenOptions): Engine {
  const cwd = typeof options['dir'] === 'string' ? options['dir'] : process.cwd();
  const configFile = typeof options['config'] === 'string' ? options['config'] : undefined;
  const root = findEstateRoot({ cwd, configFile });
  const { repository } = root;
  const ahead = opensWorktree === true && repository?.bare === false ? new UntrackedAhead(repository) : undefined;
  const trust = configFile === undefined ? readTrust(env) : trustsAll;
  const data = typeof options['data'] === 'string' ? options['data'] : undefined;
  const distrusted = outsideWords(root, env).filter(
    (word) => !trust.has(word) && (data === undefined || word.key !== 'stores.data'),
  );
  const isDistrusted = (key: string) => distrusted.some((word) => word.key === key);
  const folder = findDataFolder({
    root,
    data,
    setting: isDistrusted('stores.data') ? undefined : root.karmaFile?.stores.data,
    environment: env,
    cwd: process.cwd(),
  });
  const now = () => new Date().toISOString();
  const fetchedModules = join(folder.path, 'modules');
  const cache = openCache(folder, { stays: stays === true });
  const mirrors = join(folder.path, 'mirrors');
  const stores = openStores({ folder, root, env, now, cache, isDistrusted });
  const beside = areEmbedded(stores) ? publishBeside({ options, env, version }) : undefined;
  const keeper = stays === true ? cacheBeside({ options, env, version }) : undefined;
  return new Engine({
    request: {
      cwd,
      repos: wordsOf(options['repo']),
      ...(configFile === undefined ? {} : { configFile }),
      ...layoutsOf(wordsOf(options['layout'])),
      ...(ahead === undefined ? {} : { ahead }),
      fetchedModules,
      mirrors,
      ...(remote === undefined ? {} : { remote }),
      resident: new ResidentRepositories(env, { stays: stays === true }),
    },
    env,
    actor: env['KARMA_ACTOR'] ?? userName(),
    now,
    newId: () => randomUUID(),
    version,
    stores,
    distrusted,
    remotes: remotesIn(mirrors),
    shared: remoteBranches(readTrust(env)),
    hooks: { send: sendHook, start: startHook },
    modules: moduleFetching({ folder: fetchedModules, environment: env, now }),
    cache,
    ...(stays === true ? { resident: {} } : {}),
    ...(beside === undefined ? {} : { publishBeside: beside }),
    ...(keeper === undefined ? {} : { cacheBeside: keeper }),
  });
}

/** Ledger and graph elsewhere take their time by themselves. */
function areEmbedded({ places }: EngineContext['stores']): boolean {
  return places.every(({ store, adapter }) => store === 'parameters' || adapter === 'sqlite');
}

function wordsOf(value: string | boolean | readonly string[] | undefined): readonly string[] {
  return typeof value === 'string' ? [value] : Array.isArray(value) ? value : [];
}

function layoutsOf(words: readonly string[]): { readonly layouts?: readonly LayoutName[] } {
  if (words.length === 0) return {};
  return {
    layouts: words.map((word) => {
      const name = layoutNames.find((one) => one === word);
      if (name === undefined)
        throw new KarmaError('KARMA_USAGE', `there is no layout \`${word}\``, {
          hint: `one of ${layoutNames.join(', ')}`,
        });
      return name;
    }),
  };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}
