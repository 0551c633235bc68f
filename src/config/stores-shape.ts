import type { ObjectShape, Shape } from './shape.ts';
import { choice, flag, map, object, text, texts } from './shape-parts.ts';

/** What `stores:` of `karma.yaml` may hold, and with it the variables that stand in for its parts. */

const address = (about: string): Shape => ({ kind: 'string', about, pattern: '^https?://' });
const path = (about: string): Shape => ({ kind: 'string', about, pattern: '^/' });

const account = {
  region: text("The region; default: as the AWS SDK finds it, or the endpoint's own."),
  profile: text('A profile of the AWS configuration; default: whoever the environment says.'),
  role: text('A role to assume, by its ARN.'),
  endpoint: address('For servers that stand in for AWS; default: `AWS_ENDPOINT_URL*`, else AWS itself.'),
};

const reading = {
  decrypt: flag('Decrypt SecureStrings, to see whether two are equal; their values go no further. Default false.'),
  quota: {
    kind: 'number',
    about: 'Calls a second that the account allows for reading; default 40.',
    above: 0,
    most: 10_000,
  },
  maxAge: {
    kind: 'number',
    about:
      'Seconds for which what was seen of an account stands for questions; default 0 where looking again takes less than two seconds, else 300.',
    least: 0,
    most: 86_400,
  },
  quotaShare: { kind: 'number', about: 'The part of it that Karma takes; default 0.5.', above: 0, most: 1 },
} as const;

export const ledgerShape: Shape = {
  kind: 'either',
  about: 'Where the ledger is kept.',
  of: [
    choice('`sqlite` (default), or `dynamodb` with the table `karma`.', 'sqlite', 'dynamodb'),
    object(
      'A DynamoDB table.',
      { dynamodb: object('The table.', { table: text('Its name; default `karma`.'), ...account }) },
      'dynamodb',
    ),
  ],
};

export const graphShape: Shape = {
  kind: 'either',
  about: 'Where the graph is kept.',
  of: [
    choice('`sqlite` (default).', 'sqlite'),
    object(
      'A Neptune cluster.',
      {
        neptune: object(
          'The cluster.',
          {
            endpoint: address('The cluster endpoint: `https://….neptune.amazonaws.com:8182`.'),
            readerEndpoint: address('The reader endpoint, for what names its version.'),
            region: account.region,
            profile: account.profile,
            iam: flag('Whether the cluster asks for IAM authentication; default true.'),
            resourceId: text('`cluster-…`, the resource id, for the policy that `karma doctor` prints.'),
            language: choice('Only for a Gremlin Server that stands in for Neptune.', 'gremlin-lang'),
          },
          'endpoint',
        ),
      },
      'neptune',
    ),
  ],
};

export const parametersShape: Shape = {
  kind: 'either',
  about: 'Where parameters are read and written.',
  of: [
    choice('`sqlite` (default), or `ssm` as the environment says.', 'sqlite', 'ssm'),
    object(
      'Systems Manager Parameter Store.',
      {
        ssm: object('The accounts.', {
          prefix: path("What is read below; default: the estate's prefix."),
          paths: texts('What else is read below; default `/external`.'),
          ...account,
          ...reading,
          bindings: map(
            'Accounts by binding; what one does not say is as above.',
            object('The account of a binding.', {
              environment: text('What `<prefix>/environment` must say there; default: as the binding file says.'),
              ...account,
              ...reading,
            }),
          ),
        }),
      },
      'ssm',
    ),
  ],
};

export const storesShape: ObjectShape = object('Where Karma keeps what it knows.', {
  ledger: ledgerShape,
  graph: graphShape,
  parameters: parametersShape,
  data: text('Folder of the embedded stores.'),
});
