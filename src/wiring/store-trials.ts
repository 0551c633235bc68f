import type { StoreSettings } from '../config/store-settings.ts';
import type { StoreTrial } from '../engine/context.ts';
import type { Environment } from '../model/file-view.ts';
import { clientFor } from '../stores/aws/account.ts';
import { type StoreCheck, tryCheck } from '../stores/aws/check.ts';
import { type AwsUse, leastPolicy, type Policy } from '../stores/aws/least-policy.ts';
import type { EstateKey } from '../stores/estate-key.ts';
import type { Account, Accounts } from './accounts.ts';
import { ssmOptions } from './ssm-parameters.ts';

export interface TrialOptions {
  readonly settings: StoreSettings;
  readonly accounts: Accounts | undefined;
  readonly estate: string;
  readonly env: Environment;
  readonly key: () => EstateKey;
}

/** Tries what Karma needs of each store on AWS, one thing after the other. Nothing is written. */
export async function tryStores({ settings, accounts, estate, key }: TrialOptions): Promise<readonly StoreTrial[]> {
  const trials: StoreTrial[] = [];
  const { ledger, graph } = settings;
  if (ledger.kind === 'dynamodb') {
    const { checkDynamoLedger } = await import('../stores/ledger/dynamodb/checks.ts');
    const checks = await checkDynamoLedger({ table: ledger.table, estate, client: await clientFor(ledger) });
    trials.push(...checks.map((check) => ({ ...check, store: 'ledger' })));
  }
  if (graph.kind === 'neptune') {
    const [{ openNeptune }, { checkNeptune }] = await Promise.all([
      import('../stores/graph/neptune/open.ts'),
      import('../stores/graph/neptune/checks.ts'),
    ]);
    const checks: StoreCheck[] = [];
    const opened = await tryCheck('sign', async () => {
      checks.push(...(await checkNeptune((await openNeptune({ ...graph, estate })).client, estate)));
      return 'may be asked';
    });
    trials.push(...(opened.state === 'failed' ? [opened] : checks).map((check) => ({ ...check, store: 'graph' })));
  }
  for (const account of accounts?.names().map(accounts.of) ?? []) trials.push(...(await tryAccount(account, key)));
  return trials;
}

async function tryAccount(account: Account, key: () => EstateKey): Promise<readonly StoreTrial[]> {
  const { checkSsmParameters } = await import('../stores/parameters/ssm/checks.ts');
  const { prefix, environment = account.binding } = account;
  const checks = await checkSsmParameters(await ssmOptions(account, key), { prefix, environment });
  return checks.map((check) => ({ ...check, store: `parameters of ${account.binding}` }));
}

/** What is not known here stands in capitals, to be filled in by whoever makes the policy. */
export function policyFor({ settings, accounts, env }: Omit<TrialOptions, 'key' | 'estate'>): Policy {
  const { ledger, graph } = settings;
  const ambient = env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'] ?? 'REGION';
  const known = accounts?.names().map(accounts.of) ?? [];
  const account = known.find(({ number }) => number !== undefined)?.number ?? 'ACCOUNT_ID';
  const use: AwsUse = {
    parameters: known.map(({ place, prefix, roots, number = 'ACCOUNT_ID' }) => {
      const paths = roots.filter((root) => root !== prefix);
      const region = place.region ?? ambient;
      const decryptKey = place.decrypt === true ? `arn:aws:kms:${region}:${number}:key/KEY_ID` : undefined;
      return {
        region,
        account: number,
        prefix,
        paths,
        write: true,
        ...(decryptKey === undefined ? {} : { decryptKey }),
      };
    }),
    ...(ledger.kind === 'dynamodb'
      ? { ledger: { region: ledger.region ?? ambient, account, table: ledger.table } }
      : {}),
    ...(graph.kind === 'neptune'
      ? {
          graph: {
            region: graph.region ?? /\.([a-z0-9-]+)\.neptune\.amazonaws\.com/.exec(graph.endpoint)?.[1] ?? ambient,
            account,
            clusterResourceId: graph.resourceId ?? 'CLUSTER_RESOURCE_ID',
            write: true,
          },
        }
      : {}),
    roles: known.flatMap(({ place }) => place.role ?? []),
  };
  return leastPolicy(use);
}
