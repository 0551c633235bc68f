import type { SSMClient } from '@aws-sdk/client-ssm';
import type { Pacing } from '../../aws/pacing.ts';
import { TokenBucket } from '../../aws/token-bucket.ts';
import { awsTrouble, isNamed } from '../../aws/trouble.ts';

/** What the adapter needs of the SDK, loaded only when an estate names it. */
export type Commands = typeof import('@aws-sdk/client-ssm');

export interface Quota {
  /** Calls a second that the account allows for reading, over all who read: 40 unless a higher throughput is paid for. */
  readonly perSecond?: number;
  /** The part of it that Karma takes; the rest is Terraform's. Between 0 and 1. */
  readonly share?: number;
  /** Describing parameters has a limit of its own that AWS does not publish; this stays under it. */
  readonly describePerSecond?: number;
}

/** One account and region, with the pace at which it may be asked. */
export interface Account {
  readonly client: SSMClient;
  readonly commands: Commands;
  readonly binding: string;
  readonly reading: TokenBucket;
  readonly describing: TokenBucket;
  /** Calls a second that reading may take. */
  readonly pace: number;
}

/** Unless somebody says otherwise. */
export const describePerSecond = 8;

export function paced(
  { client, commands, binding }: Pick<Account, 'client' | 'commands' | 'binding'>,
  { perSecond = 40, share = 0.5, describePerSecond: listing = describePerSecond }: Quota,
  pacing: Pacing,
): Account {
  const pace = Math.max(0.1, perSecond * share);
  return {
    client,
    commands,
    binding,
    pace,
    reading: new TokenBucket({ perSecond: pace }, pacing),
    describing: new TokenBucket({ perSecond: listing, burst: 4 }, pacing),
  };
}

/** Turns what the SDK throws into an error that names the binding; errors listed in `expected` pass through. */
export async function called<T>(
  { binding }: Account,
  doing: string,
  call: () => Promise<T>,
  expected: readonly string[] = [],
): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (isNamed(error, ...expected)) throw error;
    throw awsTrouble(error, `${doing} in the Parameter Store of ${binding}`);
  }
}
