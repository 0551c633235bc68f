import type { RuntimeDocument } from '../../consequence/digests.ts';
import { recordFromOutputs } from '../../consequence/reconstruct/outputs.ts';
import type { ReadResolver, RuntimeRead } from '../../consequence/reconstruct/reads.ts';
import { type Reconstruction, recordFromState } from '../../consequence/reconstruct/state.ts';
import { byCodeUnit, digestOf } from '../../model/digest.ts';
import { type Pointer, wholeRuntime } from '../../model/pointer.ts';
import type { Digest, RunRecord, Seal } from '../../model/record.ts';
import type { ReferenceRow } from '../../model/reference.ts';
import type { LoadedView } from '../view/view.ts';
import { configDigest } from './config-digest.ts';
import { type KnownComponent, ownRuntime } from './known-components.ts';
import { leftForReaders } from './left-for-readers.ts';
import type { ObservedState } from './observed-state.ts';
import { inWorkspace, type Runtimes } from './runtimes.ts';
import { addressRead, isAddress, type StateRead } from './state-read.ts';

/** What reconstructing records rests on: the graph's references, and which deployment reads which. */
export interface ReadContext {
  readonly view: LoadedView;
  readonly components: ReadonlyMap<string, KnownComponent>;
  readonly runtimes: Runtimes;
  readonly seal: Seal;
}

/** The proven references of a component to what it depends on. */
export function referencesOf({ graph }: LoadedView, node: number): readonly ReferenceRow[] {
  const { outStart } = graph.adjacency;
  const found: ReferenceRow[] = [];
  for (let edge = outStart[node] ?? 0; edge < (outStart[node + 1] ?? 0); edge++) {
    const reference = graph.reference(edge);
    if (reference.strength === 'proven') found.push(reference);
  }
  return found;
}

/**
 * Joins what a state or plan shows of a read with the graph: whose runtime it is, and which pointers of it the reader uses.
 * A read that no reference speaks of is somebody else's, and no input that Karma could compare.
 */
export function readResolver(context: ReadContext, reader: KnownComponent, deployment: string): ReadResolver {
  const references = referencesOf(context.view, reader.node);
  return (read) => {
    if (read.kind === 'parameter') {
      const reference = references.find(({ consumesFrom }) => Object.hasOwn(consumesFrom, read.name));
      if (reference === undefined) return undefined;
      return { provider: reference.to, runtime: read.name, consumes: reference.consumesFrom[read.name] ?? [] };
    }
    return stateRead(context, references, reader, deployment, read);
  };
}

function stateRead(
  { components, runtimes }: ReadContext,
  references: readonly ReferenceRow[],
  reader: KnownComponent,
  deployment: string,
  read: StateRead,
): ReturnType<ReadResolver> {
  const address = addressRead(read, reader.row.path);
  const candidates = references.flatMap(({ to, consumesFrom }) => {
    const provider = components.get(to);
    return provider === undefined
      ? []
      : Object.entries(consumesFrom).map(([runtime, consumes]) => ({ provider, runtime, consumes }));
  });
  const found =
    address === undefined
      ? onlyOne(candidates.filter(({ runtime }) => !runtime.startsWith('/')))
      : (candidates.find(({ runtime }) => isAddress(runtime, address)) ??
        candidates.find(({ provider }) => provider.addresses.some((one) => isAddress(one, address))));
  if (found === undefined) return undefined;
  const { provider, runtime, consumes } = found;
  const meant = runtimes.nameIn(provider.row.id, runtime) ?? runtimes.counterpart(provider.row.id, deployment);
  const elsewhere = provider.deployments.length > 1 && read.workspace !== 'default' && read.workspace !== meant;
  return { provider: provider.row.id, runtime: elsewhere ? inWorkspace(runtime, read.workspace) : runtime, consumes };
}

/** An address that its backend does not show is still that of the only state read there is. */
function onlyOne<T>(all: readonly T[]): T | undefined {
  return all.length === 1 ? all[0] : undefined;
}

/** The record of the run that left a state or outputs: what it read, what it wrote. Digests only. */
export function reconstructRecord(
  context: ReadContext,
  component: KnownComponent,
  deployment: string,
  observation: ObservedState,
): RunRecord {
  const { row, node } = component;
  const given: Reconstruction = {
    component: row.id,
    deployment,
    seal: context.seal,
    resolve: readResolver(context, component, deployment),
    at: observation.modifiedAt,
    dependsOn: [...new Set(referencesOf(context.view, node).map(({ to }) => to))].sort(byCodeUnit),
  };
  if (observation.state === undefined)
    return {
      ...recordFromOutputs({ outputs: {}, sensitive: [], digests: observation.digests }, given),
      ...leftForReaders(context.view, node, { document: observation.runtime, keyed: {} }, context.seal),
    };
  const record = recordFromState(observation.state, given);
  const left = leftForReaders(
    context.view,
    node,
    { document: documentLeft(component, observation), keyed: {} },
    context.seal,
  );
  const config = configRead(observation.state.reads, component, context.seal);
  const written = writtenOutputs(component, observation, context.seal);
  const outputs = written ?? record.outputs;
  return {
    ...record,
    ...left,
    ...(config === undefined ? {} : { config }),
    ...(observation.empty ? { action: 'destroy' as const } : {}),
    outputs,
    version: digestOf(outputs),
  };
}

/** What others read: the runtime that a module writes itself, else its outputs. */
function documentLeft(component: KnownComponent, { written, runtime }: ObservedState): RuntimeDocument {
  const own = ownRuntime(component);
  const value = own === undefined ? undefined : written.get(own);
  return value === undefined ? runtime : { value, sensitive: [] };
}

/** A module that reads its own config from Parameter Store keeps in its state which one it read. */
export function configRead(reads: readonly RuntimeRead[], { row }: KnownComponent, seal: Seal): Digest | undefined {
  const own = `/${row.type}/${row.nickname}/config`;
  const read = reads.find((one) => one.kind === 'parameter' && one.name.endsWith(own));
  return read === undefined ? undefined : configDigest(read.value, seal);
}

/**
 * Where a module writes its runtime itself, that is what its run left, not its outputs. Keyed throughout: Terraform counts a
 * parameter's value as sensitive.
 */
function writtenOutputs(
  component: KnownComponent,
  { written }: ObservedState,
  seal: Seal,
): Readonly<Record<string, Digest>> | undefined {
  const runtime = ownRuntime(component);
  const value = runtime === undefined ? undefined : written.get(runtime);
  return value === undefined ? undefined : memberDigests(value, seal);
}

/** A digest a member of a runtime document; the whole of it where it has no members. */
export function memberDigests(
  value: unknown,
  digest: (value: unknown, name: string) => Digest,
): Record<string, Digest> {
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    return { [wholeRuntime as Pointer]: digest(value, wholeRuntime) };
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => byCodeUnit(a, b))
      .map(([name, member]) => [name, digest(member, name)]),
  );
}
