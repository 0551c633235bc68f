/**
 * The servers that stand in for AWS in the tests: Apache TinkerPop's Gremlin Server for Neptune, moto for Systems Manager,
 * DynamoDB, S3 and STS; an AWS provider for Terraform; and schemathesis, which holds the service to its description. Fetched once into `.cache/`, started on free loopback ports.
 *
 *   node scripts/stand-ins.ts          starts both until Ctrl-C and prints what to set
 *   node scripts/stand-ins.ts fetch    only fetches them
 */
import { pathToFileURL } from 'node:url';
import { fetchAwsProvider } from './stand-ins/aws-provider.ts';
import { fetchGremlinServer, startGremlinServer } from './stand-ins/gremlin-server.ts';
import { fetchMoto, startMoto } from './stand-ins/moto.ts';
import { fetchSchemathesis } from './stand-ins/schemathesis.ts';
import { isMissing } from './stand-ins/server.ts';

async function main(verb: string | undefined): Promise<void> {
  if (verb === 'fetch') {
    for (const answer of [fetchGremlinServer(), fetchMoto(), fetchAwsProvider(), fetchSchemathesis()])
      console.log(isMissing(answer) ? answer.missing : answer);
    return;
  }
  const [gremlin, moto] = await Promise.all([startGremlinServer(), startMoto()]);
  console.log(isMissing(gremlin) ? gremlin.missing : `Neptune stand-in: ${gremlin.endpoint}`);
  console.log(isMissing(moto) ? moto.missing : `export AWS_ENDPOINT_URL=${moto.endpoint}`);
  process.once('SIGINT', async () => {
    for (const server of [gremlin, moto]) if (!isMissing(server)) await server.stop();
    process.exit(130);
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main(process.argv[2]);
