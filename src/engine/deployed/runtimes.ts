import type { RuntimeDocument, RuntimeLookup } from '../../consequence/digests.ts';
import { parseObject } from '../../consequence/reconstruct/read.ts';
import type { ComponentId } from '../../model/component.ts';
import { wholeRuntime } from '../../model/pointer.ts';
import type { Accounts } from './accounts.ts';
import { deploymentAt, type KnownComponent, ownRuntime } from './known-components.ts';
import type { ObservedState } from './observed-state.ts';
import type { ObservedStates } from './observed-states.ts';

/** Runtimes as they can be read now: from the Parameter Stores where they were read, else from states and outputs. */
export interface Runtimes {
  /** As one deployment sees them: parameters of its account, states of its own workspace. */
  lookupFor(component: KnownComponent, deployment: string): RuntimeLookup;
  /** Which deployment of a provider one of a consumer reads, when nothing says it outright. */
  counterpart(provider: ComponentId, deployment: string): string | undefined;
  /** Which deployment of a provider stands behind a runtime's name, when the name says it. */
  nameIn(provider: ComponentId, runtime: string): string | undefined;
}

export function runtimesOf(
  components: readonly KnownComponent[],
  accounts: Accounts | undefined,
  observed: ObservedStates,
): Runtimes {
  const byId = new Map(components.map((one) => [one.row.id, one]));
  const counterpart = (provider: ComponentId, deployment: string): string | undefined => {
    const seen = observed.deployments(provider);
    const names = new Set([...(byId.get(provider)?.deployments ?? []), ...seen]);
    if (names.has(deployment)) return deployment;
    if (seen.length === 1) return seen[0];
    if (names.size === 1) return [...names][0];
    return names.has('') ? '' : undefined;
  };
  const seenOf = (provider: ComponentId, deployment: string): ObservedState | undefined => {
    const name = counterpart(provider, deployment);
    return name === undefined ? undefined : observed.of(provider, name);
  };
  const { names } = observed;
  /** Where each deployment's state has an address of its own, the address tells which one is read. */
  const nameIn = (provider: ComponentId, runtime: string): string | undefined => {
    const known = byId.get(provider);
    if (known === undefined || known.runtimes.length < 2 || !known.addresses.includes(runtime)) return undefined;
    return deploymentAt(known, runtime);
  };
  return {
    counterpart,
    nameIn,
    lookupFor: (component, deployment) => (provider, written) => {
      const runtime = publishedName(byId.get(provider), written);
      if (runtime.startsWith('/')) {
        const stored = accounts?.parameter(component.row, deployment, runtime);
        // The digest of a SecureString is over its text, a record's over its value: they cannot be compared.
        if (stored?.secure === true) return undefined;
        if (stored?.value !== undefined) return documentOf(stored.value, `version ${stored.version}`);
        const written = writtenBy(byId.get(provider), seenOf(provider, deployment), runtime);
        return written ?? (stored === undefined ? undefined : null);
      }
      const workspace = workspaceIn(runtime);
      const named = workspace === undefined ? nameIn(provider, runtime) : names.deploymentFor(provider, workspace);
      const seen = named === undefined ? seenOf(provider, deployment) : observed.of(provider, named);
      if (seen === undefined) return undefined;
      return seen.empty ? null : seen.runtime;
    },
  };
}

/** A reference that somebody declared names the component alone: what is read is the runtime it publishes for itself. */
export function publishedName(provider: KnownComponent | undefined, runtime: string): string {
  if (runtime.startsWith('/') || provider?.row.layout !== 'adage') return runtime;
  return ownRuntime(provider) ?? runtime;
}

function documentOf(text: string, version: string): RuntimeDocument {
  return { value: parseObject(text) ?? text, sensitive: [], version };
}

/** A parameter that the provider's run wrote, or the outputs of a plain module that others publish for it. */
function writtenBy(
  provider: KnownComponent | undefined,
  seen: ObservedState | undefined,
  runtime: string,
): RuntimeDocument | undefined {
  if (seen === undefined || provider === undefined) return undefined;
  const value = seen.written.get(runtime);
  if (value !== undefined) return { value, sensitive: [wholeRuntime], version: seen.file };
  const own = runtime.endsWith(`/${provider.row.type}/${provider.row.nickname}/runtime`);
  return own && seen.written.size === 0 && Object.keys(seen.digests).length > 0 ? seen.runtime : undefined;
}

const mark = '@workspace:';

/** A read of a workspace that is not the reader's own carries its name behind the runtime's. */
export function inWorkspace(runtime: string, workspace: string): string {
  return `${runtime}${mark}${workspace}`;
}

function workspaceIn(runtime: string): string | undefined {
  const at = runtime.indexOf(mark);
  return at < 0 ? undefined : runtime.slice(at + mark.length);
}
