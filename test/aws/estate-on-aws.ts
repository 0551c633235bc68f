import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type Answer, karma } from '../support/karma.ts';
import { type Fault, pass, startFaultProxy } from './fault-proxy.ts';
import { createLedgerTable } from './ledger-table.ts';
import { motoClient } from './moto-client.ts';
import { newName } from './servers.ts';

/** One request as it passed by: `dynamodb PutItem`, `ssm GetParameters`, `neptune read`, `neptune write`. */
export interface Request {
  readonly store: 'dynamodb' | 'ssm' | 'neptune';
  readonly operation: string;
  /** An account of its own, as moto keeps them apart. */
  readonly region: string;
  readonly body: string;
}

/** An estate whose three stores lie on the stand-ins, each region an account of its own. */
export interface EstateOnAws {
  readonly env: Readonly<Record<string, string>>;
  /** Decides what happens to a request; passes all at first. */
  decide: (request: Request) => Fault;
  /** Every request since the last call. */
  taken(): readonly Request[];
  ask(folder: string, ...args: readonly string[]): Promise<Answer>;
  /** The region of a binding's account. */
  regionOf(binding: string): string;
  close(): Promise<void>;
}

/** @param bindings the accounts of the estate */
export async function estateOnAws(
  { gremlin, moto }: { readonly gremlin: string; readonly moto: string },
  bindings: readonly string[],
  /** Laid over what is said of Parameter Store. */
  ssm: Readonly<Record<string, unknown>> = {},
): Promise<EstateOnAws> {
  const [toGremlin, toMoto] = await Promise.all([startFaultProxy(gremlin), startFaultProxy(moto)]);
  const place = newName('account');
  const regionOf = (binding: string) => `${place}-${binding}`;
  await createLedgerTable(DynamoDBDocumentClient.from(new DynamoDBClient(motoClient(moto, place))), 'karma');
  const taken: Request[] = [];
  const estate: EstateOnAws = {
    env: {
      ...credentials,
      KARMA_LEDGER: JSON.stringify({ dynamodb: { region: place, endpoint: toMoto.endpoint } }),
      KARMA_GRAPH: JSON.stringify({ neptune: { endpoint: toGremlin.endpoint, iam: false, language: 'gremlin-lang' } }),
      KARMA_PARAMETERS: JSON.stringify({
        ssm: {
          endpoint: toMoto.endpoint,
          bindings: Object.fromEntries(bindings.map((name) => [name, { region: regionOf(name) }])),
          ...ssm,
        },
      }),
    },
    decide: () => pass,
    taken: () => taken.splice(0),
    ask: (folder, ...args) => karma(args, { cwd: folder, env: estate.env }),
    regionOf,
    close: async () => {
      await Promise.all([toGremlin.close(), toMoto.close()]);
    },
  };
  toGremlin.decide = ({ body }) => passing({ store: 'neptune', operation: writes(body), region: '', body });
  toMoto.decide = ({ body, headers }) => {
    const [service = '', operation = ''] = String(headers['x-amz-target']).split('.');
    const store = service.startsWith('DynamoDB') ? 'dynamodb' : 'ssm';
    const region = /Credential=[^/]+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? '';
    return passing({ store, operation, region, body });
  };
  return estate;

  function passing(request: Request): Fault {
    taken.push(request);
    return estate.decide(request);
  }
}

/** For the stand-ins, which take any. */
export const credentials = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

function writes(body: string): 'read' | 'write' {
  return /\b(mergeV|mergeE|addV|addE|property|drop)\(/.test(body) ? 'write' : 'read';
}

const writing = new Set([
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'BatchWriteItem',
  'TransactWriteItems',
  'PutParameter',
]);

export function isWrite({ store, operation }: Request): boolean {
  return store === 'neptune' ? operation === 'write' : writing.has(operation);
}
