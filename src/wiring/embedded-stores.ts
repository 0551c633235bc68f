import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { EstateKey } from '../stores/estate-key.ts';
import type { GraphStore } from '../stores/graph/port.ts';
import type { Ledger } from '../stores/ledger/port.ts';
import type { ParameterStore } from '../stores/parameters/port.ts';

/** SQLite files in the data folder; loaded when first asked for. A missing file reads as empty. */

export async function embeddedLedger(folder: string): Promise<Ledger> {
  const { openSqliteLedger } = await import('../stores/ledger/sqlite/ledger.ts');
  return openSqliteLedger({ file: join(folder, 'ledger.db') });
}

export async function embeddedGraph(folder: string): Promise<GraphStore> {
  const { openSqliteGraphStore } = await import('../stores/graph/sqlite/graph-store.ts');
  return openSqliteGraphStore({ file: join(folder, 'graph.db') });
}

export async function embeddedParameters(
  folder: string,
  binding: string,
  key: () => EstateKey,
): Promise<ParameterStore> {
  const { openSqliteParameters } = await import('../stores/parameters/sqlite/parameter-store.ts');
  return openSqliteParameters({ file: parametersFile(folder), binding, key });
}

export async function embeddedBindings(folder: string): Promise<readonly string[]> {
  const file = parametersFile(folder);
  if (!existsSync(file)) return [];
  const { bindingsIn } = await import('../stores/parameters/sqlite/bindings.ts');
  return bindingsIn(file);
}

function parametersFile(folder: string): string {
  return join(folder, 'parameters.db');
}
