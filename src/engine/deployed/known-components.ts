import type { Claim } from '../../model/claim.ts';
import type { ComponentId, ComponentRow } from '../../model/component.ts';
import { byCodeUnit } from '../../model/digest.ts';
import type { LoadedView } from '../view/view.ts';

/** What matching states and runtimes to components rests on: under which names each of them may be met. */
export interface KnownComponent {
  readonly node: number;
  readonly row: ComponentRow;
  /** Its deployments' names; `['']` when there is only the one. Sorted. */
  readonly deployments: readonly string[];
  /** Where its state lies: `s3://bucket/key`, `local:path`; a workspace's name is `*`. Sorted. */
  readonly addresses: readonly string[];
  /** Names under which others read it: parameters, units, state addresses as references write them. Sorted. */
  readonly runtimes: readonly string[];
  /** Something beside its runs writes its runtime too: a script, a parameter with `ignore_changes`. */
  readonly alsoWritten: boolean;
}

/**
 * Components of a view, without parameters, in order of id. A view that was built with its claims tells all their names and what
 * else writes them; a kept graph tells the names that somebody reads, was seen publishing, or goes by convention.
 */
export function knownComponents(view: LoadedView): readonly KnownComponent[] {
  const { graph, built } = view;
  const claims = new Map<ComponentId, Claim>();
  for (const claim of built?.resolver.allClaims() ?? []) claims.set(claim.component.id, claim);
  const named = runtimesByProvider(view);
  const prefix = view.estate?.view.settings.prefix ?? view.estate?.view.environment['IAC_PREFIX'] ?? '/iac';
  const known: KnownComponent[] = [];
  for (let node = 0; node < graph.size; node++) {
    const row = graph.component(node);
    if (row.kind !== 'component') continue;
    const provides = (claims.get(row.id)?.provides ?? []).filter(({ runtime }) => !runtime.endsWith('/config'));
    const deployments = graph.deployments(row.id);
    const names = deployments.map(({ deployment }) => deployment);
    const runtimes = [
      ...provides.map(({ runtime }) => runtime),
      ...(named.get(row.id) ?? []),
      ...deployments.flatMap((one) => Object.keys(one.runtimes)),
    ];
    const own = `/${row.type}/${row.nickname}/runtime`;
    if (
      row.layout === 'adage' &&
      !row.external &&
      !runtimes.some((name) => name.endsWith(own)) &&
      provides.length === 0
    )
      runtimes.push(`${prefix}${own}`);
    const attributes = Object.values(row.attributes).flatMap((value) => value.split(', '));
    known.push({
      node,
      row,
      deployments: names.length === 0 ? [''] : sorted(names),
      addresses: sorted([...provides.map(({ key }) => key), ...runtimes, ...attributes].flatMap(addressIn)),
      runtimes: sorted(runtimes),
      alsoWritten: provides.some(({ alsoWritten, fallback }) => alsoWritten === true && fallback !== true),
    });
  }
  return known;
}

/** A state's address in a key, a runtime's name or an attribute; none in anything else. */
function addressIn(text: string): string[] {
  const plain = text.startsWith('state:') ? text.slice('state:'.length) : text;
  return /^(?:local:|(?:s3|gcs|azurerm|oss|cos|remote|http|consul|pg|kubernetes):\/\/)/.test(plain) ? [plain] : [];
}

function runtimesByProvider({ graph }: LoadedView): ReadonlyMap<ComponentId, readonly string[]> {
  const found = new Map<ComponentId, string[]>();
  for (let edge = 0; edge < graph.edges; edge++) {
    const { to, consumesFrom } = graph.reference(edge);
    const list = found.get(to);
    if (list === undefined) found.set(to, Object.keys(consumesFrom));
    else list.push(...Object.keys(consumesFrom));
  }
  return found;
}

function sorted(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort(byCodeUnit);
}

/**
 * The deployment whose state lies at an address, told by its name alone standing in it: `dev` in `s3://acme-dev-state/vpc`.
 * Undefined when the address shows none, or several.
 */
export function deploymentAt({ deployments }: KnownComponent, address: string): string | undefined {
  const [only] = deployments;
  if (deployments.length === 1) return only;
  const words = new Set(address.toLowerCase().split(/[^a-z0-9]+/));
  const named = deployments.filter((one) => one !== '' && words.has(one.toLowerCase()));
  return named.length === 1 ? named[0] : undefined;
}

/** The name of the runtime that a component publishes for itself, of all it publishes. */
export function ownRuntime({ row, runtimes }: KnownComponent): string | undefined {
  return runtimes.find((name) => name.endsWith(`/${row.type}/${row.nickname}/runtime`));
}
