import { type StoreCheck, tryCheck } from '../../aws/check.ts';
import { realPacing } from '../../aws/pacing.ts';
import { isNamed } from '../../aws/trouble.ts';
import { checkEnvironment } from '../environment.ts';
import { type Account, called, paced } from './client.ts';
import { openSsmParameters, type SsmParametersOptions } from './parameter-store.ts';

export interface SsmExpectation {
  /** `/iac`. */
  readonly prefix: string;
  /** What `<prefix>/environment` must say. */
  readonly environment: string;
}

/** Whether an account's Parameter Store can be reached and used, and is the one that is meant; nothing is written. */
export async function checkSsmParameters(
  options: SsmParametersOptions,
  { prefix, environment }: SsmExpectation,
): Promise<readonly StoreCheck[]> {
  const commands = await import('@aws-sdk/client-ssm');
  const { binding, client: config = {}, quota = {}, pacing = realPacing } = options;
  const client = new commands.SSMClient(config);
  const account = paced({ client, commands, binding }, quota, pacing);
  const checks = [
    await tryCheck('read', async () => {
      const page = new commands.GetParametersByPathCommand({ Path: prefix, Recursive: true, MaxResults: 1 });
      await called(account, `reading ${prefix}`, () => client.send(page));
      return `reads ${prefix} at ${account.pace} calls a second at most`;
    }),
    await tryCheck('list', async () => {
      const page = new commands.DescribeParametersCommand({ MaxResults: 1 });
      await called(account, 'listing parameters', () => client.send(page));
      return 'may list, so a rescan reads only what moved';
    }),
    await tryCheck('environment', async () => {
      const store = await openSsmParameters(options);
      const said = await checkEnvironment(store, prefix, environment).finally(() => store.close());
      return said ? `${prefix}/environment says ${environment}` : `${prefix}/environment is not there`;
    }),
    await tryWriting(account, `${prefix}/environment`),
  ];
  client.destroy();
  return checks;
}

/** Creating what exists is refused after the right to write was checked, and changes nothing. */
async function tryWriting(account: Account, name: string): Promise<StoreCheck> {
  const { client, commands } = account;
  const there = await client.send(new commands.GetParameterCommand({ Name: name })).catch(() => undefined);
  const type = there?.Parameter?.Type;
  if (type === undefined) {
    return { name: 'write', state: 'unknown', message: `cannot be tried without writing while ${name} is not there` };
  }
  return tryCheck('write', async () => {
    const put = new commands.PutParameterCommand({ Name: name, Value: 'check', Type: type, Overwrite: false });
    await called(account, `writing ${name}`, () => client.send(put), ['ParameterAlreadyExists']).catch(
      (error: unknown) => {
        if (!isNamed(error, 'ParameterAlreadyExists')) throw error;
      },
    );
    return 'may write';
  });
}
