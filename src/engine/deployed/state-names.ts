import type { ComponentId } from '../../model/component.ts';
import { deploymentAt, type KnownComponent } from './known-components.ts';

/** Whose state or outputs a document holds. */
export interface StateOwner {
  readonly component: ComponentId;
  readonly deployment: string;
}

export type Ownership =
  | { readonly kind: 'one'; readonly owner: StateOwner; readonly by: 'id' | 'address' | 'suffix' }
  | { readonly kind: 'several'; readonly components: readonly ComponentId[] }
  | { readonly kind: 'none' };

/**
 * Finds whose state a pulled file is by its path, in this order: the component's id (`live/prod/vpc.tfstate`,
 * `live/prod/vpc/dev.tfstate`, `live__prod__vpc.json`); the key of its backend, as a copy of the bucket has it; a unique
 * suffix of an id. What fits several components fits none.
 *
 * O(depth²) a file, whatever the estate's size.
 */
export class StateNames {
  readonly #names = new Map<string, StateOwner[]>();
  readonly #suffixes = new Map<string, StateOwner[]>();
  readonly #addresses = new Map<string, { readonly component: KnownComponent; readonly address: string }[]>();
  readonly #byId = new Map<ComponentId, KnownComponent>();

  constructor(components: readonly KnownComponent[]) {
    for (const component of components) {
      const { row, deployments, addresses } = component;
      this.#byId.set(row.id, component);
      for (const deployment of deployments)
        for (const name of namesOf(row.id, deployment)) this.#learn(name, { component: row.id, deployment });
      if (!deployments.includes(''))
        this.#learn(row.id, { component: row.id, deployment: defaultDeployment(component) });
      for (const address of addresses)
        for (const key of keysOf(address)) put(this.#addresses, key, { component, address });
    }
  }

  find(path: string): Ownership {
    const { stem, workspace } = stemOf(path);
    const owned = (owners: readonly StateOwner[]) => owners.map((owner) => this.#inWorkspace(owner, workspace));
    for (const text of [stem, stem.replaceAll('__', '/')]) {
      const found = one(owned(this.#names.get(text) ?? []), 'id');
      if (found.kind !== 'none') return found;
    }
    const addressed = one(this.#byAddress(path), 'address');
    if (addressed.kind !== 'none') return addressed;
    return one(owned(this.#bySuffix(stem)), 'suffix');
  }

  /** The deployment that a workspace's name means for a component. */
  deploymentFor(component: ComponentId, workspace: string): string {
    const known = this.#byId.get(component);
    if (known === undefined || known.deployments.includes(workspace)) return workspace;
    return workspace === 'default' ? defaultDeployment(known) : workspace;
  }

  #learn(name: string, owner: StateOwner): void {
    put(this.#names, name, owner);
    const steps = name.split('/');
    for (let from = 1; from < steps.length; from++) put(this.#suffixes, steps.slice(from).join('/'), owner);
  }

  #inWorkspace(owner: StateOwner, workspace: string | undefined): StateOwner {
    return workspace === undefined ? owner : { ...owner, deployment: this.deploymentFor(owner.component, workspace) };
  }

  /** The longest tail of the path that is a known key, with one step of it standing for a workspace where the key has a star. */
  #byAddress(path: string): StateOwner[] {
    const steps = path.split('/');
    for (let from = 0; from < steps.length; from++) {
      const tail = steps.slice(from);
      const written = tail.join('/');
      const plain = this.#addresses.get(written) ?? this.#addresses.get(written.replace(endings, ''));
      if (plain !== undefined) return plain.map(({ component, address }) => this.#at(component, address, 'default'));
      for (let star = 0; star < tail.length; star++) {
        const starred = this.#addresses.get(tail.map((step, at) => (at === star ? '*' : step)).join('/'));
        const workspace = (tail[star] ?? '').replace(/\.tfstate$/, '');
        if (starred !== undefined)
          return starred.map(({ component, address }) => this.#at(component, address, workspace));
      }
    }
    return [];
  }

  #at(component: KnownComponent, address: string, workspace: string): StateOwner {
    const named = workspace === 'default' ? deploymentAt(component, address) : undefined;
    return { component: component.row.id, deployment: named ?? this.deploymentFor(component.row.id, workspace) };
  }

  /** A path that ends in a whole id, or is itself the unique end of one. */
  #bySuffix(stem: string): readonly StateOwner[] {
    const steps = stem.split('/');
    for (let from = 1; from < steps.length; from++) {
      const found = this.#names.get(steps.slice(from).join('/'));
      if (found !== undefined) return found;
    }
    // One step alone says too little where the path has more of them: `backup/vpc` is not any `…/vpc`.
    for (let from = 0; from < Math.max(1, steps.length - 1); from++) {
      const found = this.#suffixes.get(steps.slice(from).join('/'));
      if (found !== undefined) return found;
    }
    return [];
  }
}

function put<V>(map: Map<string, V[]>, key: string, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

function namesOf(id: ComponentId, deployment: string): readonly string[] {
  return deployment === '' ? [id] : [`${id}/${deployment}`, `${id}@${deployment}`, `${deployment}/${id}`];
}

/** Which deployment Terraform's workspace `default` is: the only one, one called so, else one that nothing else names. */
function defaultDeployment({ deployments }: KnownComponent): string {
  const [only] = deployments;
  return deployments.length === 1 && only !== undefined ? only : 'default';
}

/** The key within its store, with and without the store's own name. GCS keeps a file a workspace below it. */
function keysOf(address: string): readonly string[] {
  if (address.startsWith('local:')) return [address.slice('local:'.length)];
  const [, store = '', key = address] = /^[a-z0-9]+:\/\/([^/]*)\/(.*)$/.exec(address) ?? [];
  // A workspace of HCP Terraform goes by its name alone, whatever its organisation.
  if (address.startsWith('remote://')) return [key, key.slice(key.lastIndexOf('/') + 1)];
  const file = address.startsWith('gcs://') ? `${key}/*` : key;
  return store === '' || store === '?' ? [file] : [`${store}/${file}`, file];
}

const endings = /(\.tfstate\.json|\.(tfstate|outputs?|state)?\.?json|\.tfstate)$/;
const generic: ReadonlySet<string> = new Set(['terraform', 'default', 'outputs', 'output', 'state', 'tfstate']);

/** What is left of a path when everything that only says "a state" is taken away, and the workspace it shows. */
export function stemOf(path: string): { readonly stem: string; readonly workspace: string | undefined } {
  const steps = path.replace(endings, '').split('/');
  while (steps.length > 1 && generic.has(steps.at(-1) ?? '')) steps.pop();
  const inFolder = steps.indexOf('terraform.tfstate.d');
  const prefixed = steps.indexOf('env:');
  const at = inFolder >= 0 ? inFolder : prefixed;
  const workspace = at >= 0 ? steps[at + 1] : undefined;
  if (workspace === undefined) return { stem: steps.join('/'), workspace: undefined };
  steps.splice(at, 2);
  return { stem: steps.join('/') || '.', workspace };
}

function one(owners: readonly StateOwner[], by: 'id' | 'address' | 'suffix'): Ownership {
  const [first] = owners;
  if (first === undefined) return { kind: 'none' };
  const components = [...new Set(owners.map(({ component }) => component))].sort();
  if (components.length > 1) return { kind: 'several', components };
  const same = owners.every(({ deployment }) => deployment === first.deployment);
  return same ? { kind: 'one', owner: first, by } : { kind: 'several', components };
}
