import { join } from 'node:path';
import { fetchPythonProgram } from './python-program.ts';
import { freePort, isMissing, type Missing, type StandIn, startServer } from './server.ts';

const version = '5.2.5';

/** The folder of moto's own Python environment, fetched from PyPI when it is not there yet. */
export function fetchMoto(): string | Missing {
  return fetchPythonProgram({
    ...{ name: 'moto', version, wants: `moto[server,ssm,dynamodb,sts]==${version}` },
    about: 'which stands in for Systems Manager and DynamoDB',
  });
}

/**
 * One request at a time: moto takes a transaction back by restoring a copy of the whole table, and what another request wrote
 * meanwhile would be gone. DynamoDB's own transactions do not meet like that. It makes that copy, every item of it, once for
 * each item of a transaction; since Karma's transactions only put, and a put replaces an item, a copy of the table's index of
 * items holds as much.
 */
const program = `
import copy, sys, threading
from moto.dynamodb.models.table import Table
from moto.server import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import run_simple
def index_copied(table, memo):
    kept = copy.copy(table)
    kept.items = table.items.copy()
    for name, found in table.items.items():
        kept.items[name] = found.copy() if isinstance(found, dict) else found
    return kept
Table.__deepcopy__ = index_copied
moto = DomainDispatcherApplication(create_backend_app)
turn = threading.Lock()
def serve(environ, start_response):
    with turn:
        return list(moto(environ, start_response))
run_simple('127.0.0.1', int(sys.argv[1]), serve, threaded=True, request_handler=MotoRequestHandler)
`;

/** Starts an empty moto. Any region name is taken, so that each test can have a region of its own. */
export async function startMoto(): Promise<StandIn | Missing> {
  const folder = fetchMoto();
  if (isMissing(folder)) return folder;
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  return startServer({
    name: 'moto',
    endpoint,
    command: [join(folder, 'bin', 'python'), '-c', program, String(port)],
    environment: { MOTO_ALLOW_NONEXISTENT_REGION: 'true' },
    ready: async () => (await fetch(`${endpoint}/moto-api/data.json`)).ok,
  });
}
