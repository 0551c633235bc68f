import type { Person } from '../../model/person.ts';
import { type Part, personOf } from '../../observe/git/git-person.ts';
import type { Repository } from '../../observe/git/git-repository.ts';
import type { EngineContext } from '../context.ts';

/**
 * Whose name a commit gets from whoever asks: what a token or an issuer says of them, else what Git is told of the person at this
 * machine, else the name that the ledger has for them.
 */
export async function signedBy(
  { person, env, actor }: EngineContext,
  repository: Repository,
  part: Part,
): Promise<Person> {
  if (person !== undefined) return person;
  const said = env['KARMA_ACTOR'] === undefined ? undefined : actor;
  return { name: actor, ...(await personOf(repository, part, env, said)) };
}
