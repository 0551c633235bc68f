import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import type { Engine } from '../engine/engine.ts';
import { sha256 } from '../model/digest.ts';
import { KarmaError } from '../model/errors.ts';
import { withoutCredentials } from '../model/without-credentials.ts';
import { isNetworkAddress, repositoryName } from '../observe/git/remote-address.ts';
import { type OpenOptions, openEngine } from './open.ts';
import { remotesIn } from './remotes.ts';

/**
 * An estate that is a repository elsewhere: a bare mirror of it in the person's data folder. Where it was fetched before, it opens
 * without the network as well.
 * @throws KARMA_USAGE, KARMA_UPSTREAM where it was never fetched and cannot be
 */
export async function openRemoteEstate(
  url: string,
  { say, ...options }: OpenOptions & { readonly say: (text: string) => void },
): Promise<Engine> {
  if (!isNetworkAddress(url) && !url.startsWith('file:///'))
    throw new KarmaError('KARMA_USAGE', `\`${withoutCredentials(url)}\` is no address of a repository`, {
      hint: '`https://…`, `ssh://…`, `git@host:owner/name.git`; a folder is served from within, or with -C',
    });
  if (/:\/\/[^/@]*:[^/@]*@/.test(url))
    throw new KarmaError('KARMA_USAGE', 'the address holds a password, which others could read', {
      hint: 'leave it out: git’s own helpers know it (`git help credentials`)',
    });
  const folder = join(home(options), `${repositoryName(url) || 'estate'}-${sha256(url).slice(0, 12)}.git`);
  const got = await remotesIn(folder).fetch(url, { into: folder });
  if ('trouble' in got) {
    if (!existsSync(join(folder, 'HEAD')))
      throw new KarmaError('KARMA_UPSTREAM', `${withoutCredentials(url)} could not be fetched: ${got.trouble}`, {
        hint: 'see whether `git ls-remote` reaches it from here',
      });
    say(`could not fetch ${withoutCredentials(url)}, so this is how it was: ${got.trouble}`);
  }
  return openEngine({ ...options, options: { ...options.options, dir: folder }, remote: url });
}

function home({ options, env }: OpenOptions): string {
  const given = typeof options['data'] === 'string' ? options['data'] : env['KARMA_DATA'];
  if (given) return resolve(given, 'remotes');
  const base = env['XDG_DATA_HOME'];
  const data = base !== undefined && isAbsolute(base) ? base : join(env['HOME'] || homedir(), '.local', 'share');
  return join(data, 'karma', 'remotes');
}
