import { byCodeUnit } from '../../model/digest.ts';

/** What of an estate lies on AWS; what is left out needs no rights. */
export interface AwsUse {
  readonly parameters?: readonly {
    readonly region: string;
    readonly account: string;
    readonly prefix: string;
    /** What else is read. Default `/external`: systems that Karma does not manage. */
    readonly paths?: readonly string[];
    /** `karma config publish` and deploys; reading alone needs it not. */
    readonly write: boolean;
    /** The KMS key of SecureStrings that are decrypted to be digested. */
    readonly decryptKey?: string;
  }[];
  readonly ledger?: { readonly region: string; readonly account: string; readonly table: string };
  readonly graph?: {
    readonly region: string;
    readonly account: string;
    /** `cluster-…`, the resource id and not the name. */
    readonly clusterResourceId: string;
    readonly write: boolean;
  };
  /** Roles that bindings assume in other accounts. */
  readonly roles?: readonly string[];
}

export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
}

export interface Policy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

/** The least IAM policy with which Karma can do what is asked of it. Pure; `karma doctor` prints it. */
export function leastPolicy(use: AwsUse): Policy {
  return {
    Version: '2012-10-17',
    Statement: [
      ...parameterStatements(use.parameters ?? []),
      ...(use.ledger === undefined ? [] : [ledgerStatement(use.ledger)]),
      ...(use.graph === undefined ? [] : [graphStatement(use.graph)]),
      ...statement('AssumeRolesOfBindings', ['sts:AssumeRole'], use.roles ?? []),
    ],
  };
}

function parameterStatements(stores: NonNullable<AwsUse['parameters']>): readonly PolicyStatement[] {
  const at = ({ region, account }: (typeof stores)[number], path: string) => {
    const root = `arn:aws:ssm:${region}:${account}:parameter${path}`;
    return [root, `${root}/*`];
  };
  const below = (wanted: typeof stores) => wanted.flatMap((store) => at(store, store.prefix));
  const outside = stores.flatMap((store) => (store.paths ?? ['/external']).flatMap((path) => at(store, path)));
  const read = ['ssm:GetParameter', 'ssm:GetParameterHistory', 'ssm:GetParameters', 'ssm:GetParametersByPath'];
  return [
    ...statement('ReadParameters', read, [...below(stores), ...outside]),
    // AWS knows no resource for this action.
    ...statement('ListParameters', ['ssm:DescribeParameters'], stores.length === 0 ? [] : ['*']),
    ...statement('PublishParameters', ['ssm:PutParameter'], below(stores.filter((store) => store.write))),
    ...statement(
      'DigestSecureStrings',
      ['kms:Decrypt'],
      stores.flatMap(({ decryptKey }) => (decryptKey === undefined ? [] : [decryptKey])),
    ),
  ];
}

/** Transactions need no right of their own: they ask for those of their parts. */
function ledgerStatement({ region, account, table }: NonNullable<AwsUse['ledger']>): PolicyStatement {
  return {
    Sid: 'KeepLedger',
    Effect: 'Allow',
    Action: [
      'dynamodb:BatchWriteItem',
      'dynamodb:DescribeTable',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
    ],
    Resource: [`arn:aws:dynamodb:${region}:${account}:table/${table}`],
  };
}

function graphStatement({ region, account, clusterResourceId, write }: NonNullable<AwsUse['graph']>): PolicyStatement {
  const writing = ['neptune-db:DeleteDataViaQuery', 'neptune-db:WriteDataViaQuery'];
  return {
    Sid: write ? 'ProjectGraph' : 'ReadGraph',
    Effect: 'Allow',
    Action: [...(write ? writing : []), 'neptune-db:GetEngineStatus', 'neptune-db:ReadDataViaQuery'].sort(byCodeUnit),
    Resource: [`arn:aws:neptune-db:${region}:${account}:${clusterResourceId}/*`],
  };
}

function statement(sid: string, actions: readonly string[], resources: readonly string[]): readonly PolicyStatement[] {
  if (resources.length === 0) return [];
  return [{ Sid: sid, Effect: 'Allow', Action: actions, Resource: [...new Set(resources)].sort(byCodeUnit) }];
}
