import type { ComponentId } from '../model/component.ts';
import type { JoinNode, Provider } from './resolve.ts';

/** Every node can be named by its id, whatever it provides beyond that. */
const byId = 'component:';

/** Who provides a key. A key mostly has one provider, so a list is enough; it is put in order when somebody asks. */
export class ProviderIndex {
  readonly #nodes: ReadonlyMap<ComponentId, JoinNode>;
  readonly #lists = new Map<string, Provider[]>();

  /** @param nodes the nodes of the join, kept up to date by its owner: they answer for their own ids. */
  constructor(nodes: ReadonlyMap<ComponentId, JoinNode>) {
    this.#nodes = nodes;
  }

  enter({ component, provides }: JoinNode): void {
    for (const provide of provides) {
      const provider = { component, provide };
      this.#enter(provide.key, provider);
      for (const key of provide.under ?? noKeys) this.#enter(key, provider);
    }
  }

  #enter(key: string, provider: Provider): void {
    const known = this.#lists.get(key);
    if (known === undefined) this.#lists.set(key, [provider]);
    else known.push(provider);
  }

  /** By component id; what one component says of a key in the order it says it, its own id last. */
  readonly of = (key: string): readonly Provider[] => {
    const listed = this.#lists.get(key) ?? none;
    const named = key.startsWith(byId) ? this.#nodes.get(key.slice(byId.length)) : undefined;
    if (named !== undefined)
      return inOrderOfId([...listed, { component: named.component, provide: ownId(named, key) }]);
    return listed.length < 2 ? listed : inOrderOfId(listed);
  };
}

const none: Provider[] = [];
const noKeys: readonly string[] = [];

/** Every key that something is found under. */
export function keysOf({ key, under }: Pick<Provider['provide'], 'key' | 'under'>): readonly string[] {
  return under === undefined ? [key] : [key, ...under];
}

export function idKey(id: ComponentId): string {
  return byId + id;
}

/** How a node answers for its own id. */
export function ownId({ component }: Pick<JoinNode, 'component'>, key: string): Provider['provide'] {
  return {
    key,
    runtime: component.id,
    ...(component.outputs === undefined ? {} : { outputs: component.outputs }),
    evidence: { rule: 'declared', site: component.id },
  };
}

/** Sorts in place, and not at all when in order: asked again, it costs one look at each. */
export function inOrderOfId(providers: Provider[]): Provider[] {
  for (let at = 1; at < providers.length; at++)
    if ((providers[at - 1]?.component.id ?? '') > (providers[at]?.component.id ?? ''))
      return providers.sort((a, b) => (a.component.id < b.component.id ? -1 : a.component.id > b.component.id ? 1 : 0));
  return providers;
}
