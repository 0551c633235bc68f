import type { Parameter as Answer, ParameterHistory, ParameterMetadata } from '@aws-sdk/client-ssm';
import { byCodeUnit, sha256 } from '../../../model/digest.ts';
import { KarmaError } from '../../../model/errors.ts';
import { isNamed } from '../../aws/trouble.ts';
import { type EstateKey, sealedDigest } from '../../estate-key.ts';
import type { Parameter, ParameterType, ParameterVersion } from '../port.ts';
import { type Account, called } from './client.ts';

/** How a SecureString is read: sealed, unless a key is given to digest its value with. */
export interface Secrets {
  readonly decrypt: boolean;
  readonly key: () => EstateKey;
}

/** AWS says who wrote a version only in its history. */
const unknownWriter = 'unknown';

/** Everything below a path, page after page; a page may be empty and still not be the last. */
export async function readByPath(account: Account, path: string, secrets: Secrets): Promise<readonly Parameter[]> {
  const found: Parameter[] = [];
  let next: string | undefined;
  do {
    await account.reading.take();
    const query = new account.commands.GetParametersByPathCommand({
      Path: path === '' ? '/' : path,
      Recursive: true,
      MaxResults: 10,
      WithDecryption: secrets.decrypt,
      ...(next === undefined ? {} : { NextToken: next }),
    });
    const answer = await called(account, `reading ${path}`, () => account.client.send(query));
    for (const parameter of answer.Parameters ?? []) found.push(toParameter(parameter, secrets));
    next = answer.NextToken;
  } while (next !== undefined);
  return found;
}

/** Ten names a call. Names that are gone meanwhile are left out. */
export async function readByName(
  account: Account,
  names: readonly string[],
  secrets: Secrets,
): Promise<readonly Parameter[]> {
  const pages: string[][] = [];
  for (let at = 0; at < names.length; at += 10) pages.push(names.slice(at, at + 10));
  const answers = await inParallel(pages, async (page) => {
    await account.reading.take();
    const query = new account.commands.GetParametersCommand({ Names: page, WithDecryption: secrets.decrypt });
    const answer = await called(account, `reading ${page[0]}`, () => account.client.send(query));
    return (answer.Parameters ?? []).map((parameter) => toParameter(parameter, secrets));
  });
  return answers.flat();
}

/** Calls under way at once; the pace is set by the bucket, this only hides the way there and back. */
const atOnce = 20;

async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return results;
}

/** What AWS says of a parameter without its value. */
export interface Listed {
  readonly version: number;
  readonly modifiedAt: string;
  readonly modifiedBy: string;
}

/** Names and versions without values, fifty a call: enough to see what changed. */
export async function listVersions(account: Account, path: string): Promise<ReadonlyMap<string, Listed>> {
  const listed = new Map<string, Listed>();
  let next: string | undefined;
  do {
    await account.describing.take();
    const query = new account.commands.DescribeParametersCommand({
      ParameterFilters: [{ Key: 'Path', Option: 'Recursive', Values: [path === '' ? '/' : path] }],
      MaxResults: 50,
      ...(next === undefined ? {} : { NextToken: next }),
    });
    const answer = await called(account, `listing ${path}`, () => account.client.send(query));
    for (const one of answer.Parameters ?? ([] as readonly ParameterMetadata[])) {
      if (one.Name === undefined || one.Version === undefined) continue;
      listed.set(one.Name, {
        version: one.Version,
        modifiedAt: one.LastModifiedDate?.toISOString() ?? '',
        modifiedBy: one.LastModifiedUser ?? unknownWriter,
      });
    }
    next = answer.NextToken;
  } while (next !== undefined);
  return listed;
}

export async function readOne(account: Account, name: string, secrets: Secrets): Promise<Parameter | undefined> {
  await account.reading.take();
  const query = new account.commands.GetParameterCommand({ Name: name, WithDecryption: secrets.decrypt });
  const missing = ['ParameterNotFound', 'ParameterVersionNotFound'];
  try {
    const answer = await called(account, `reading ${name}`, () => account.client.send(query), missing);
    return answer.Parameter === undefined ? undefined : toParameter(answer.Parameter, secrets);
  } catch (error) {
    if (isNamed(error, ...missing)) return undefined;
    throw error;
  }
}

/** The hundred versions that AWS keeps at most, oldest first. */
export async function readHistory(
  account: Account,
  name: string,
  secrets: Secrets,
): Promise<readonly ParameterVersion[]> {
  const found: ParameterVersion[] = [];
  let next: string | undefined;
  try {
    do {
      await account.describing.take();
      const query = new account.commands.GetParameterHistoryCommand({
        Name: name,
        MaxResults: 50,
        WithDecryption: secrets.decrypt,
        ...(next === undefined ? {} : { NextToken: next }),
      });
      const answer = await called(account, `reading ${name}`, () => account.client.send(query), ['ParameterNotFound']);
      for (const version of answer.Parameters ?? ([] as readonly ParameterHistory[])) {
        const by = version.LastModifiedUser ?? unknownWriter;
        found.push({
          ...toParameter(version, secrets),
          modifiedBy: by,
          labels: [...(version.Labels ?? [])].sort(byCodeUnit),
        });
      }
      next = answer.NextToken;
    } while (next !== undefined);
  } catch (error) {
    if (!isNamed(error, 'ParameterNotFound')) throw error;
  }
  return found.sort((a, b) => a.version - b.version);
}

function toParameter(answer: Answer | ParameterHistory, { decrypt, key }: Secrets): Parameter {
  const { Name: name, Type: type, Value: value, Version: version, LastModifiedDate: at } = answer;
  if (name === undefined || value === undefined || version === undefined || at === undefined) {
    throw new KarmaError(
      'KARMA_UPSTREAM',
      `Parameter Store answered ${name ?? 'a parameter'} without value or version`,
    );
  }
  const secret = type === 'SecureString';
  return {
    name,
    type: type as ParameterType,
    version,
    value: secret ? undefined : value,
    digest: secret ? (decrypt ? key().digest(value) : sealedDigest(value)) : sha256(value),
    modifiedAt: at.toISOString(),
    modifiedBy: unknownWriter,
  };
}
