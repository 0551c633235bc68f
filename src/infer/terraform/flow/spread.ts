import type { Expression } from '../../../hcl/tree.ts';
import { chainOf } from '../expression-walk.ts';
import type { Part } from './module-parts.ts';
import { type ModuleNode, modulesOf, takersOf } from './module-tree.ts';

/** Where a change starts in a module and all below it. */
export interface Origin {
  /** Ids of parts from the root on. */
  readonly parts: Iterable<string>;
  /** Something that acts on the world is gone. */
  readonly acted?: boolean;
}

/**
 * What a change can reach within a root module and all below it, over-approximated: through every mention, through providers
 * to all their blocks, and through the world: as soon as anything is done there, whoever looks at it may see something else.
 * Undefined where that cannot be told.
 */
export class Spread {
  readonly #nodes = new Map<string, Part>();
  readonly #takers: ReadonlyMap<string, readonly string[]> | undefined;
  readonly #renames: boolean;
  /** Calls of modules that are not at hand. */
  readonly #unread = new Set<string>();

  constructor(tree: ModuleNode) {
    for (const { prefix, parts, children } of modulesOf(tree))
      for (const part of parts.values()) {
        this.#nodes.set(prefix + part.id, part);
        if (part.kind === 'call' && !children.has(part.call?.name ?? '')) this.#unread.add(prefix + part.id);
      }
    this.#takers = takersOf(tree);
    this.#renames = [...this.#nodes.values()].some(renamesProviders);
  }

  part(id: string): Part | undefined {
    return this.#nodes.get(id);
  }

  /**
   * What may read one of some files: by a function; by a provider, a program or a module elsewhere that is handed its name, or
   * a part of the name, or a path as such. Everything that may read files at all where it is not known which.
   */
  readersOf(files: readonly string[]): string[] {
    const names = files.length === 0 ? undefined : namesOf(files);
    const isHanded = ({ code }: Part) =>
      names === undefined || /"name":"path"/.test(code) || names.some((name) => code.includes(name));
    return [...this.#nodes].flatMap(([id, part]) => {
      const takesNames = part.kind === 'local' || part.kind === 'variable' || part.kind === 'argument';
      const mayRead = takesNames || this.#unread.has(id) || (part.resource !== undefined && !isPure(part));
      return part.readsFiles || (mayRead && isHanded(part)) ? [id] : [];
    });
  }

  /**
   * @param runs whether the component runs for this reason: then what calls the clock differs too
   * @param elsewhere data blocks that read what other components publish, and nothing else
   */
  from(
    { parts, acted = false }: Origin,
    runs: boolean,
    elsewhere: ReadonlySet<string> = none,
  ): ReadonlySet<string> | undefined {
    if (this.#takers === undefined) return undefined;
    const reached = new Set<string>();
    const queue: string[] = [];
    const push = (id: string) => {
      if (reached.has(id)) return;
      reached.add(id);
      queue.push(id);
    };
    const pushAll = (wanted: (part: Part, id: string) => boolean, mark = '') => {
      for (const [id, part] of this.#nodes) if (wanted(part, id)) push(id + mark);
    };
    let [looked, filed] = [false, false];
    const act = (writes: boolean) => {
      if (!looked) {
        looked = true;
        pushAll((part, id) => (looksAtTheWorld(part) && !elsewhere.has(id)) || this.#unread.has(id));
        pushAll((part) => part.kind === 'resource' && !isPure(part), '#');
      }
      if (writes && !filed) {
        filed = true;
        pushAll(({ readsFiles }) => readsFiles);
      }
    };
    for (const id of parts) push(id);
    if (runs) pushAll(({ differs }) => differs);
    if (acted) act(true);
    for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
      for (const taker of this.#takers.get(id) ?? []) push(taker);
      const part = this.#nodes.get(id);
      if (part === undefined) continue;
      if (part.kind === 'provider') {
        const name = providerName(part.id);
        pushAll(
          (one, other) =>
            this.#unread.has(other) ||
            ((one.kind === 'resource' || one.kind === 'data' || one.kind === 'action') &&
              (this.#renames || usesProvider(one, name))),
        );
      }
      if (actsOnTheWorld(part) || this.#unread.has(id)) act(writesFiles(part) || this.#unread.has(id));
    }
    return reached;
  }
}

const none: ReadonlySet<string> = new Set();

/** Of these providers a block's attributes follow from its arguments alone, and nobody else is told. */
const pure = /^(?:terraform_data$|random_|tls_|time_|null_)/;

export function isPure({ resource }: Pick<Part, 'resource'>): boolean {
  return (
    resource !== undefined &&
    pure.test(resource.type) &&
    !resource.body.blocks.some(({ type }) => type === 'provisioner')
  );
}

export function actsOnTheWorld(part: Part): boolean {
  return part.kind === 'action' || (part.kind === 'resource' && !isPure(part));
}

/** What a path must hold of some files: steps, and the last one without and with what is behind its dot. */
export function namesOf(files: readonly string[]): string[] {
  const names = files.flatMap((file) => {
    const steps = file.split('/');
    const last = steps.pop() ?? '';
    const dot = last.lastIndexOf('.');
    return [...steps, last, ...(dot > 0 ? [last.slice(0, dot), last.slice(dot)] : [])];
  });
  return [...new Set(names)];
}

/** Programs, and what puts files where functions read them. */
function writesFiles({ kind, resource }: Part): boolean {
  return (
    kind === 'action' ||
    resource === undefined ||
    /^(?:local_|null_|archive_|external|terraform_data)/.test(resource.type) ||
    resource.body.blocks.some(({ type }) => type === 'provisioner')
  );
}

/** Data sources that only compute, or tell what no component changes. */
const computing =
  /^(?:aws_(?:iam_policy_document|caller_identity|region|partition|availability_zones|elb_service_account|canonical_user_id|default_tags|service_principal)|template_file|template_cloudinit_config|cloudinit_config|google_client_config|azurerm_client_config)$/;

function looksAtTheWorld({ kind, resource }: Part): boolean {
  return kind === 'data' && resource !== undefined && !computing.test(resource.type);
}

/** `aws` of `provider.aws.east`. */
function providerName(id: string): string {
  return id.split('.')[1] ?? '';
}

function usesProvider({ resource, id, ids }: Part, name: string): boolean {
  const named = [...ids].filter((one) => one.startsWith('provider.'));
  if (named.length > 0) return named.some((one) => providerName(one) === name);
  const type = resource?.type ?? id.split('.')[1] ?? '';
  return type.split('_')[0] === name;
}

/** A call that hands its provider on under another name. */
function renamesProviders({ kind, call }: Part): boolean {
  const handed = kind === 'call' ? call?.body.attributes.get('providers')?.value : undefined;
  if (handed === undefined) return false;
  if (handed.kind !== 'object') return true;
  return handed.items.some(({ key, value }) => rootOf(key) !== rootOf(value));
}

function rootOf(expr: Expression): string | undefined {
  if (expr.kind === 'literal') return String(expr.value).split('.')[0];
  return chainOf(expr)?.root;
}
