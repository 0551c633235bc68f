import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { EngineContext, Stores } from '../engine/context.ts';
import type { LayoutName } from '../model/component.ts';
import { canonicalJson } from '../model/digest.ts';
import { KarmaError } from '../model/errors.ts';
import type { Report } from '../model/progress.ts';
import { openCache } from '../observe/cache.ts';
import { type DataFolder, findDataFolder } from '../observe/data-folder.ts';
import { findEstateRoot } from '../observe/estate-root.ts';
import type { EstateKey } from '../stores/estate-key.ts';
import type { GraphStore } from '../stores/graph/port.ts';
import type { Ledger } from '../stores/ledger/port.ts';
import type { ParameterStore } from '../stores/parameters/port.ts';

/** What a face knows of the person and the place it speaks for. */
export interface OpenOptions {
  /** As the command line spells them: `dir`, `repo`, `config`, `data`, `layout`. */
  readonly options: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  readonly report: Report;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
}

const layoutNames: readonly LayoutName[] = ['adage', 'terragrunt', 'terraform'];

/** Everything concrete is chosen here: where the estate is, which stores, whose clock. Nothing is opened yet. */
export function openContext({ options, report, env, version }: OpenOptions): EngineContext {
  const cwd = typeof options['dir'] === 'string' ? options['dir'] : process.cwd();
  const configFile = typeof options['config'] === 'string' ? options['config'] : undefined;
  const root = findEstateRoot({ cwd, configFile });
  const data = typeof options['data'] === 'string' ? options['data'] : undefined;
  const folder = findDataFolder({
    root,
    data,
    setting: root.karmaFile?.stores.data,
    environment: env,
    cwd: process.cwd(),
  });
  return {
    request: {
      cwd,
      repos: wordsOf(options['repo']),
      ...(configFile === undefined ? {} : { configFile }),
      ...layoutsOf(wordsOf(options['layout'])),
    },
    env,
    actor: env['KARMA_ACTOR'] ?? userName(),
    door: 'cli',
    now: () => new Date().toISOString(),
    newId: () => randomUUID(),
    report,
    version,
    stores: embeddedStores(folder),
    cache: openCache(folder),
  };
}

function wordsOf(value: string | boolean | readonly string[] | undefined): readonly string[] {
  return typeof value === 'string' ? [value] : Array.isArray(value) ? value : [];
}

function layoutsOf(words: readonly string[]): { readonly layouts?: readonly LayoutName[] } {
  if (words.length === 0) return {};
  return {
    layouts: words.map((word) => {
      const name = layoutNames.find((one) => one === word);
      if (name === undefined)
        throw new KarmaError('KARMA_USAGE', `there is no layout \`${word}\``, {
          hint: `one of ${layoutNames.join(', ')}`,
        });
      return name;
    }),
  };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}

/** SQLite files in the data folder, each opened when first asked for. A missing file reads as empty. */
function embeddedStores(folder: DataFolder): Stores {
  const parametersFile = join(folder.path, 'parameters.db');
  const opened: { close(): Promise<void> }[] = [];
  const keep = <T extends { close(): Promise<void> }>(store: T): T => {
    opened.push(store);
    return store;
  };
  let ledger: Promise<Ledger> | undefined;
  let graph: Promise<GraphStore> | undefined;
  const parameters = new Map<string, Promise<ParameterStore>>();
  let passing: EstateKey | undefined;
  const openParameters = async (binding: string): Promise<ParameterStore> => {
    const { openSqliteParameters } = await import('../stores/parameters/sqlite/parameter-store.ts');
    const { openEstateKey } = await import('../stores/estate-key.ts');
    return keep(
      openSqliteParameters({
        file: parametersFile,
        binding,
        key: () => openEstateKey(join(folder.path, 'estate.key')),
      }),
    );
  };
  return {
    dataFolder: folder.path,
    placeGiven: ['option', 'environment', 'settings'].includes(folder.from),
    ledger: () => {
      ledger ??= import('../stores/ledger/sqlite/ledger.ts').then(({ openSqliteLedger }) =>
        keep(openSqliteLedger({ file: join(folder.path, 'ledger.db') })),
      );
      return ledger;
    },
    graph: () => {
      graph ??= import('../stores/graph/sqlite/graph-store.ts').then(({ openSqliteGraphStore }) =>
        keep(openSqliteGraphStore({ file: join(folder.path, 'graph.db') })),
      );
      return graph;
    },
    parameters: (binding) => {
      const known = parameters.get(binding) ?? openParameters(binding);
      parameters.set(binding, known);
      return known;
    },
    knownBindings: async () => {
      if (!existsSync(parametersFile)) return [];
      const { bindingsIn } = await import('../stores/parameters/sqlite/bindings.ts');
      return bindingsIn(parametersFile);
    },
    seal: async (purpose) => {
      const { estateKey, findEstateKey, openEstateKey } = await import('../stores/estate-key.ts');
      const file = join(folder.path, 'estate.key');
      const kept = purpose === 'keep' ? openEstateKey(file) : findEstateKey(file);
      const key = kept ?? (passing ??= estateKey(randomBytes(32)));
      return (value) => key.digest(canonicalJson(value));
    },
    close: async () => {
      await Promise.all(opened.splice(0).map((store) => store.close()));
    },
  };
}
