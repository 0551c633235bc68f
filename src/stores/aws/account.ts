import { awsTrouble } from './trouble.ts';

/** Which account and region an adapter talks to; what is not given follows the AWS SDK's own conventions. */
export interface AwsAccount {
  readonly region?: string;
  /** A profile of the AWS configuration. */
  readonly profile?: string;
  /** A role to assume, as the profile or whoever the environment says. */
  readonly role?: string;
  /** For servers that stand in for AWS; else `AWS_ENDPOINT_URL*` or AWS itself. */
  readonly endpoint?: string;
}

/** The client settings for an account; takes all three SDK clients. Credentials are looked up at the first call. */
export async function clientFor({ region, profile, role, endpoint }: AwsAccount) {
  const given = {
    ...(region === undefined ? {} : { region }),
    ...(profile === undefined ? {} : { profile }),
    ...(endpoint === undefined ? {} : { endpoint }),
  };
  if (role === undefined) return given;
  const { fromNodeProviderChain, fromTemporaryCredentials } = await import('@aws-sdk/credential-providers');
  const credentials = fromTemporaryCredentials({
    params: { RoleArn: role, RoleSessionName: 'karma' },
    ...(profile === undefined ? {} : { masterCredentials: fromNodeProviderChain({ profile }) }),
    clientConfig: {
      ...(region === undefined ? {} : { region }),
      ...(endpoint === undefined ? {} : { endpoint }),
    },
  });
  return { ...given, credentials };
}

/**
 * The region that the AWS SDK would take where none is said: the environment's, else the profile's.
 *
 * @throws KARMA_NOT_CONFIGURED
 */
export async function usualRegion(profile: string | undefined, doing: string): Promise<string> {
  // Any client knows; this one is here.
  const { SSMClient } = await import('@aws-sdk/client-ssm');
  const client = new SSMClient(profile === undefined ? {} : { profile });
  try {
    return await client.config.region();
  } catch (error) {
    throw awsTrouble(error, doing);
  } finally {
    client.destroy();
  }
}
