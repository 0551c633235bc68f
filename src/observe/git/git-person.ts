import type { Person } from '../../model/person.ts';
import { gitAsync } from './git-process.ts';
import type { Repository } from './git-repository.ts';

export type Part = 'author' | 'committer';

/**
 * Who Git would say acts here, as its settings and the environment have it; no address is guessed from the machine, as Git itself does.
 * @param actor whom the environment says in so many words: settings of somebody else are not theirs
 */
export async function personOf(
  repository: Repository,
  part: Part,
  env: Readonly<Record<string, string | undefined>>,
  actor: string | undefined,
): Promise<Partial<Person>> {
  const said = (what: string): string | undefined => told(env[`GIT_${part.toUpperCase()}_${what}`]);
  const answer = await gitAsync(repository, [
    ...['config', '--null', '--get-regexp', `^(user|${part})\\.(name|email)$`],
  ]);
  // Without any it answers 1; what is wrong with the settings Git says to whoever commits.
  const settings = new Map(
    answer.code !== 0
      ? []
      : answer.stdout
          .toString()
          .split('\0')
          .filter(Boolean)
          .map((entry): [string, string] => {
            const end = entry.indexOf('\n');
            return [entry.slice(0, end).toLowerCase(), entry.slice(end + 1)];
          }),
  );
  const set = (what: 'name' | 'email'): string | undefined =>
    told(settings.get(`${part}.${what}`)) ?? told(settings.get(`user.${what}`));
  const own = set('name');
  const isTheirs = actor === undefined || actor === own;
  const name = said('NAME') ?? actor ?? own;
  const address = said('EMAIL') ?? (isTheirs ? (set('email') ?? told(env['EMAIL'])) : undefined);
  return { ...(name === undefined ? {} : { name }), ...(address === undefined ? {} : { address }) };
}

function told(text: string | undefined): string | undefined {
  const shown = text?.trim() ?? '';
  return shown === '' ? undefined : shown;
}
