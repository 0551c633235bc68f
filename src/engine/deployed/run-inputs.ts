import { readPointer } from '../../consequence/digests.ts';
import { cloudChangeOf, type KeptRecords } from '../../deploy/records.ts';
import type { BlindSpot } from '../../graph/operations/impact.ts';
import { rule as lookup } from '../../infer/rules/lookup-by-name.ts';
import type { ComponentId } from '../../model/component.ts';
import { byCodeUnit, digestOf } from '../../model/digest.ts';
import type { FileView } from '../../model/file-view.ts';
import {
  type CloudRead,
  type ConsumedPointer,
  type Digest,
  deploymentKey,
  type RunInputs,
} from '../../model/record.ts';
import { blindSpotsOf } from '../view/blind-spots.ts';
import type { LoadedView } from '../view/view.ts';
import type { Accounts } from './accounts.ts';
import { configDigestsOf } from './config-digest.ts';
import { fedRoots } from './fed-roots.ts';
import type { KnownComponent } from './known-components.ts';
import { lockFileOf } from './lock-file.ts';
import { type ReadContext, referencesOf } from './reconstruct-record.ts';
import { unseenReads } from './unseen-reads.ts';

export interface InputsContext extends ReadContext {
  readonly accounts: Accounts | undefined;
  /** By deployment key. */
  readonly records: ReadonlyMap<string, KeptRecords>;
}

/** What only a run knows: the program's version, and the variables it is handed, digested with the key. */
export interface ProgramInputs {
  readonly binary?: string | undefined;
  readonly variables?: Digest | undefined;
  /** Whatever it is compared with knows no lock file: then none is looked for. */
  readonly noLockFile?: boolean;
}

/**
 * Everything a run of a deployment would consume if it began now, as digests. `status` compares it with the last record, a
 * deploy records it; both must come here, or equal inputs would not digest alike.
 */
export function inputsReader(
  context: InputsContext,
): (component: KnownComponent, deployment: string, program?: ProgramInputs) => RunInputs {
  const { view } = context;
  const floating = new Set(
    view.graph
      .findings()
      .filter(({ code }) => code === 'module-source-floating')
      .map(({ subject }) => subject),
  );
  const blindSpots = Map.groupBy(blindSpotsOf(view.graph), ({ component }) => component);
  const handed = fedRoots(view.graph);
  return (component, deployment, program = {}) => {
    const { row } = component;
    const type = view.graph.types().get(row.module);
    const pinned = !floating.has(row.id) && !floating.has(`type ${row.module}`);
    const commit = view.estate?.observation.main.commit;
    return {
      component: row.id,
      deployment,
      config: configDigestsOf(view, component, deployment, context.accounts, context.seal).effective,
      ...(commit === undefined ? {} : { commit }),
      module: type === undefined ? undefined : { digest: withReads(type.digest, row.readsDigest), pinned },
      lockFile: program.noLockFile === true ? undefined : lockFile(view, component),
      binary: program.binary,
      variables: program.variables,
      ...consumption(context, component, deployment, lookedUp(blindSpots.get(row.id))),
      // Only a run keeps them; a status compares nothing with them.
      unseen: program.binary === undefined ? [] : unseenIn(view, component),
      blindSpots: [...blindSpotsIn(blindSpots.get(row.id)), ...handed(row)].sort(byCodeUnit),
    };
  };
}

function blindSpotsIn(blindSpots: readonly BlindSpot[] = []): readonly string[] {
  return blindSpots
    .filter((spot) => !isLookup(spot))
    .map(({ code, evidence }) => [code, evidence?.file, evidence?.site].filter(Boolean).join(' '));
}

/** What it reads as data with its own values is as much part of what runs as its module. */
function withReads(module: Digest, reads: Digest | undefined): Digest {
  return reads === undefined ? module : digestOf({ module, reads });
}

/** It looks up in a cloud what that component may have made: no output passes, so it is compared as such an edge is. */
function isLookup({ code, on }: BlindSpot): boolean {
  return code === lookup && on !== undefined;
}

function lookedUp(blindSpots: readonly BlindSpot[] = []): readonly ComponentId[] {
  return [...new Set(blindSpots.filter(isLookup).flatMap(({ on }) => on ?? []))];
}

function consumption(
  context: InputsContext,
  component: KnownComponent,
  deployment: string,
  possible: readonly ComponentId[],
): Pick<RunInputs, 'consumed' | 'cloud' | 'orderOnly'> {
  const { view, runtimes, seal, records } = context;
  const lookup = runtimes.lookupFor(component, deployment);
  const consumed: ConsumedPointer[] = [];
  const cloud: CloudRead[] = [];
  const orderOnly: string[] = [];
  for (const { to, consumes, consumesFrom, marks } of referencesOf(view, component.node)) {
    const counterpart = runtimes.counterpart(to, deployment);
    for (const [runtime, pointers] of Object.entries(consumesFrom)) {
      const named = runtimes.nameIn(to, runtime);
      if (named !== undefined && counterpart !== undefined && named !== counterpart) continue;
      for (const pointer of pointers) consumed.push(readPointer({ provider: to, runtime, pointer }, lookup, seal));
    }
    if (marks.includes('cloud'))
      cloud.push({ provider: to, change: cloudChangeOf(records.get(deploymentKey(to, counterpart ?? ''))) });
    else if (consumes.length === 0) orderOnly.push(to);
  }
  for (const to of possible) {
    if (cloud.some(({ provider }) => provider === to)) continue;
    const counterpart = runtimes.counterpart(to, deployment);
    cloud.push({ provider: to, change: cloudChangeOf(records.get(deploymentKey(to, counterpart ?? ''))) });
  }
  const name = (one: ConsumedPointer) => `${one.provider}\n${one.runtime}\n${one.pointer}`;
  return {
    consumed: consumed.sort((a, b) => byCodeUnit(name(a), name(b))),
    cloud: cloud.sort((a, b) => byCodeUnit(a.provider, b.provider)),
    orderOnly: orderOnly.sort(byCodeUnit),
  };
}

/** Beside the unit where Terragrunt keeps it, else beside the module. Undefined when neither can be looked at. */
function lockFile(view: LoadedView, component: KnownComponent): RunInputs['lockFile'] {
  const { row } = component;
  if (row.layout !== 'terragrunt') return lockFileIn(view, row.module);
  const own = lockFileIn(view, row.path);
  if (typeof own === 'string' && own !== 'not-needed') return own;
  // A unit's own folder shows no providers: its module does, and what is generated into it.
  const needed = lockFileIn(view, row.module);
  if (needed === undefined) return undefined;
  return needed === 'not-needed' && !generatesProviders(view, row.id) ? 'not-needed' : null;
}

/** Told from the claim; a view without claims tells nothing of what is generated, and a record that knows better differs. */
function generatesProviders({ built }: LoadedView, id: string): boolean {
  const generated = JSON.stringify(built?.resolver.claim(id)?.evaluated?.['generate'] ?? '');
  return /required_providers|\b(provider|resource|data|module)\s+\\?"/.test(generated);
}

function unseenIn(view: LoadedView, { row, node }: KnownComponent): readonly string[] {
  const at = folderAt(view, row.module);
  return at === undefined ? [] : unseenReads(at.view, at.folder, referencesOf(view, node));
}

function lockFileIn(view: LoadedView, place: string): RunInputs['lockFile'] {
  const at = folderAt(view, place);
  return at === undefined ? undefined : lockFileOf(at.view, at.folder);
}

/** A folder of the estate's repositories; undefined for a place outside of them. */
function folderAt(view: LoadedView, place: string): { readonly view: FileView; readonly folder: string } | undefined {
  if (place === '' || /^[a-z0-9]+::|:\/\//.test(place)) return undefined;
  const colon = place.indexOf(':');
  const repo = view.estate?.view.repos.get(colon < 0 ? '' : place.slice(0, colon));
  if (repo === undefined) return undefined;
  const folder = colon < 0 ? place : place.slice(colon + 1);
  return repo.isDirectory(folder) ? { view: repo, folder } : undefined;
}
