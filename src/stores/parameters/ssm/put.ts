import { KarmaError } from '../../../model/errors.ts';
import { shellWord } from '../../../model/quote.ts';
import { isNamed } from '../../aws/trouble.ts';
import type { ParameterWrite } from '../port.ts';
import { checkType, checkWrite } from '../rules.ts';
import { type Account, called } from './client.ts';
import { readOne } from './read.ts';

const sealed = {
  decrypt: false,
  key: () => {
    throw new KarmaError('KARMA_BUG', 'a put digests nothing');
  },
};

/**
 * Parameter Store has no compare-and-set: "create only" is the server's, any other expectation is checked before and after, and
 * holds only under the environment's lease. The tier is left to AWS: standard until a value needs the advanced one.
 */
export async function putParameter(account: Account, write: ParameterWrite): Promise<number | 'conflict'> {
  checkWrite(write);
  const { name, type, value, expectVersion } = write;
  if (expectVersion !== 0) {
    const now = await readOne(account, name, sealed);
    if (expectVersion !== undefined && expectVersion !== (now?.version ?? 0)) return 'conflict';
    if (now !== undefined) checkType(name, now.type, type);
  }
  const put = new account.commands.PutParameterCommand({
    Name: name,
    Type: type,
    Value: value,
    Overwrite: expectVersion !== 0,
    Tier: 'Intelligent-Tiering',
  });
  const expected = ['ParameterAlreadyExists', 'TooManyUpdates', 'HierarchyTypeMismatchException'];
  try {
    const { Version } = await called(account, `writing ${name}`, () => account.client.send(put), expected);
    if (Version === undefined)
      throw new KarmaError('KARMA_UPSTREAM', `Parameter Store wrote ${name} without a version`);
    if (expectVersion !== undefined && Version !== expectVersion + 1) throw overtaken(name, expectVersion, Version);
    return Version;
  } catch (error) {
    if (isNamed(error, 'ParameterAlreadyExists', 'TooManyUpdates')) return 'conflict';
    if (isNamed(error, 'HierarchyTypeMismatchException')) checkType(name, 'parameter of another type', type);
    throw error;
  }
}

function overtaken(name: string, expected: number, version: number): KarmaError {
  return new KarmaError(
    'KARMA_CONFLICT',
    `${name} was written by someone else at the same time: version ${version} where ${expected + 1} was due`,
    { hint: `see what was overwritten: karma parameter history ${shellWord(name)}`, details: { name, version } },
  );
}
