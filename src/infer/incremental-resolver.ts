import { firstNot } from '../model/binary-search.ts';
import type { Claim } from '../model/claim.ts';
import type { ComponentId, ComponentRow } from '../model/component.ts';
import { fnv1a } from '../model/fnv.ts';
import { type Delta, type Row, type RowTable, rowId } from '../model/rows.ts';
import { changedIndex } from './changed-index.ts';
import { Contributions } from './contributions.ts';
import { unmatchedDenials } from './denials.ts';
import { provideKeys, rowsOf, unite } from './join-node.ts';
import { idKey, inOrderOfId, keysOf, ownId } from './provider-index.ts';
import { isSeenAs, ofEstate, ownersOf, type ResolutionIndex } from './resolution-index.ts';
import type { JoinNode, Provider, Verdicts } from './resolve.ts';

/** The rows that an earlier resolution led to. */
export interface ResolvedRows {
  row(name: string): Row | undefined;
  /** Names of the references that leave a node. */
  referencesFrom(id: ComponentId): readonly string[];
}

export interface EarlierResolution {
  readonly index: ResolutionIndex;
  readonly rows: ResolvedRows;
  /** The claim of a component that did not change, made again: a claim is a function of its read-set. */
  readonly claimOf: (id: ComponentId) => Claim | undefined;
  readonly verdicts: Verdicts;
}

/**
 * Resolves a change on top of an earlier resolution of which only an index and the rows are left. Claims of components that
 * did not change are asked for where they are needed: of those whose keys gained, lost or changed a provider, and of the
 * providers of what must be resolved again. Cost follows the change.
 *
 * Property: the rows it leads to equal those of a {@link Resolver} with all claims.
 */
export class IncrementalResolver {
  readonly #base: EarlierResolution;
  readonly #numbers: ReadonlyMap<ComponentId, number>;
  readonly #changes: ReadonlyMap<ComponentId, Claim | undefined>;
  /** Nodes of which something else is said than before; their providers stand in `#fresh`. */
  readonly #replaced: ReadonlySet<ComponentId>;
  readonly #fresh = new Map<string, Provider[]>();
  readonly #nodes = new Map<ComponentId, JoinNode | undefined>();
  readonly #unchanged = new Map<ComponentId, Pick<JoinNode, 'component' | 'provides'>>();
  readonly #providers = new Map<string, readonly Provider[]>();
  /** By who contributes again: its rows by name. */
  readonly #contributed = new Map<ComponentId, ReadonlyMap<string, Row>>();
  readonly #denied: Map<ComponentId, readonly string[]>;

  /** @param changes claims that are new or changed, and `undefined` for components that are gone */
  constructor(base: EarlierResolution, changes: ReadonlyMap<ComponentId, Claim | undefined>) {
    this.#base = base;
    this.#changes = changes;
    const { index } = base;
    this.#numbers = numbersOf(index.ids);
    this.#denied = new Map(Object.entries(index.denied));
    this.#replaced = this.#spokenOf();
    for (const id of this.#replaced) this.#enter(this.#node(id));
    for (const id of this.#dirty()) {
      this.#denied.delete(id);
      const rows = this.#rowsOf(id, true);
      this.#contributed.set(id, rows);
    }
  }

  /**
   * What changes in the rows.
   * @param estateRows the estate's own rows as they are now; left out, those from before stand
   */
  delta(estateRows?: readonly Row[]): Delta {
    const now = new Contributions(
      this.#contributed,
      estateRows && [...unmatchedDenials(this.#base.verdicts, this.#denied.values()), ...estateRows],
    );
    const put: Row[] = [];
    const remove: { table: RowTable; key: string }[] = [];
    for (const name of this.#touched(now)) {
      const before = this.#base.rows.row(name);
      const after = this.#after(name, before, now);
      if (after === before) continue;
      if (after === undefined) {
        if (before !== undefined) remove.push({ table: before.table, key: before.key });
      } else if (before === undefined || before.digest !== after.digest || before.note !== after.note) put.push(after);
    }
    const order = (a: Pick<Row, 'table' | 'key'>, b: Pick<Row, 'table' | 'key'>) => (rowId(a) < rowId(b) ? -1 : 1);
    return { put: put.sort(order), remove: remove.sort(order) };
  }

  /**
   * What the next change can be resolved on top of, as {@link Resolver.index} of all claims would say.
   * @param estateRows the estate's own rows as they are now
   */
  nextIndex(estateRows: readonly Row[]): ResolutionIndex {
    const { index, verdicts } = this.#base;
    return changedIndex(index, {
      claims: this.#changes,
      nodes: new Map([...this.#replaced].map((id) => [id, this.#node(id)])),
      contributed: new Map([...this.#contributed].map(([id, rows]) => [id, rows.values()])),
      estateRows: [...unmatchedDenials(verdicts, this.#denied.values()), ...estateRows],
      denied: this.#denied,
      verdicts,
    });
  }

  /** Nodes of which a changed claim says something, or said something. */
  #spokenOf(): ReadonlySet<ComponentId> {
    const { index } = this.#base;
    const nodes = new Set(this.#changes.keys());
    for (const claim of this.#changes.values())
      for (const { component } of claim?.externals ?? []) nodes.add(component.id);
    for (const [at, speaker] of index.speakers.entries())
      if (this.#changes.has(index.ids[speaker] ?? '')) nodes.add(index.ids[index.spokenOf[at] ?? 0] ?? '');
    return nodes;
  }

  #enter(node: JoinNode | undefined): void {
    for (const provide of node?.provides ?? []) {
      if (node === undefined) return;
      const provider = { component: node.component, provide };
      for (const key of keysOf(provide)) {
        const known = this.#fresh.get(key);
        if (known === undefined) this.#fresh.set(key, [provider]);
        else known.push(provider);
      }
    }
  }

  /** Who must be resolved again: what was replaced, and whoever names a key that gained, lost or changed a provider. */
  #dirty(): ReadonlySet<ComponentId> {
    const { index } = this.#base;
    const dirty = new Set(this.#replaced);
    const changedKeys = new Set<number>();
    const looksElse = new Set<number>();
    for (const id of this.#replaced) {
      const number = this.#numbers.get(id);
      const node = this.#node(id);
      if (node !== undefined && number !== undefined && isSeenAs(node, index.seen.at(number))) continue;
      if (number !== undefined) looksElse.add(number);
      for (const key of node === undefined ? [] : provideKeys(node)) changedKeys.add(fnv1a(key));
    }
    if (looksElse.size > 0)
      for (const [at, owner] of index.provides.owners.entries())
        if (looksElse.has(owner)) changedKeys.add(index.provides.hashes[at] ?? 0);
    for (const hash of changedKeys)
      for (const needer of ownersOf(index.needs, hash)) dirty.add(index.ids[needer] ?? '');
    return dirty;
  }

  #claim(id: ComponentId): Claim | undefined {
    if (this.#changes.has(id)) return this.#changes.get(id);
    const number = this.#numbers.get(id);
    return number !== undefined && this.#base.index.claimed[number] === 1 ? this.#base.claimOf(id) : undefined;
  }

  #node(id: ComponentId): JoinNode | undefined {
    if (this.#nodes.has(id)) return this.#nodes.get(id);
    const node = unite(id, this.#claim(id), this.#said(id));
    this.#nodes.set(id, node);
    return node;
  }

  /** What others say of a node now. */
  #said(id: ComponentId): ReadonlyMap<ComponentId, JoinNode> | undefined {
    const { index } = this.#base;
    const speakers = new Set<ComponentId>();
    const number = this.#numbers.get(id);
    if (number !== undefined && index.spokenOf.includes(number))
      for (const [at, node] of index.spokenOf.entries())
        if (node === number) speakers.add(index.ids[index.speakers[at] ?? 0] ?? '');
    for (const [speaker, claim] of this.#changes)
      if (claim?.externals?.some(({ component }) => component.id === id) === true) speakers.add(speaker);
    if (speakers.size === 0) return undefined;
    const said = new Map<ComponentId, JoinNode>();
    for (const speaker of speakers)
      for (const external of this.#claim(speaker)?.externals ?? [])
        if (external.component.id === id) said.set(speaker, external);
    return said;
  }

  readonly #providersOf = (key: string): readonly Provider[] => {
    const known = this.#providers.get(key);
    if (known !== undefined) return known;
    const found: Provider[] = [...(this.#fresh.get(key) ?? [])];
    const { ids, provides } = this.#base.index;
    for (const owner of new Set(ownersOf(provides, fnv1a(key)))) {
      const id = ids[owner] ?? '';
      const provider = this.#replaced.has(id) ? undefined : this.#provider(id, owner);
      if (provider === undefined) continue;
      for (const provide of provider.provides)
        if (keysOf(provide).includes(key)) found.push({ component: provider.component, provide });
    }
    const named = key.startsWith(idKey('')) ? this.#named(key.slice(idKey('').length)) : undefined;
    if (named !== undefined) found.push({ component: named.component, provide: ownId(named, key) });
    inOrderOfId(found);
    this.#providers.set(key, found);
    return found;
  };

  #named(id: ComponentId): Pick<JoinNode, 'component' | 'provides'> | undefined {
    const number = this.#numbers.get(id);
    return this.#replaced.has(id) || number === undefined ? this.#node(id) : this.#provider(id, number);
  }

  /** What others find in a node that did not change: its row and its provides are kept, so it need not be claimed. */
  #provider(id: ComponentId, number: number): Pick<JoinNode, 'component' | 'provides'> | undefined {
    const known = this.#unchanged.get(id);
    if (known !== undefined) return known;
    const row = this.#base.rows.row(`component|${id}`);
    if (row === undefined) return this.#node(id);
    const [, , , provides] = this.#base.index.seen.at(number);
    const provider = { component: { ...(JSON.parse(row.value) as ComponentRow), sites: {} }, provides };
    this.#unchanged.set(id, provider);
    return provider;
  }

  #rowsOf(id: ComponentId, dirty: boolean): ReadonlyMap<string, Row> {
    const node = this.#node(id);
    if (node === undefined) return new Map();
    const by = { providersOf: this.#providersOf, verdicts: this.#base.verdicts };
    const { rows, denied } = rowsOf(node, this.#claim(id), by);
    if (dirty && denied.length > 0) this.#denied.set(id, denied);
    return new Map(rows.map((row) => [rowId(row), row]));
  }

  /** Names of rows that a contributor contributed before or contributes now. */
  #touched(now: Contributions): ReadonlySet<string> {
    const { index, rows } = this.#base;
    const names = new Set<string>(now.names());
    const numbers = new Set<number>(now.estate === undefined ? [] : [ofEstate]);
    for (const id of now.ids()) {
      const number = this.#numbers.get(id);
      if (number === undefined) continue;
      numbers.add(number);
      names.add(`component|${id}`);
      for (const name of rows.referencesFrom(id)) names.add(name);
    }
    for (let at = 0; at < index.rowNames.length; at++)
      for (let place = index.rowStart[at] ?? 0; place < (index.rowStart[at + 1] ?? 0); place++)
        if (numbers.has(index.contributors[place] ?? 0)) {
          names.add(index.rowNames[at] ?? '');
          break;
        }
    return names;
  }

  /** The row that counts: the estate's, else that of the contributor with the smallest id. */
  #after(name: string, before: Row | undefined, now: Contributions): Row | undefined {
    const estate = now.estate?.get(name);
    if (estate !== undefined) return estate;
    const contributors = this.#contributorsBefore(name, before);
    if (now.estate === undefined && contributors.includes('')) return before;
    let least: ComponentId | undefined;
    for (const id of contributors) if (id !== '' && !now.has(id) && (least === undefined || id < least)) least = id;
    const first = now.first(name);
    if (first !== undefined && (least === undefined || first.id <= least)) return first.row;
    if (least === undefined) return undefined;
    // Somebody who did not change contributes it: what it contributes shows already if it came first before, too.
    return contributors[0] === least ? before : this.#rowsOf(least, false).get(name);
  }

  /** In the order in which they count. */
  #contributorsBefore(name: string, before: Row | undefined): readonly ComponentId[] {
    const { index } = this.#base;
    const place = placeOf(index.rowNames, name);
    const listed: ComponentId[] = [];
    if (place !== undefined)
      for (let at = index.rowStart[place] ?? 0; at < (index.rowStart[place + 1] ?? 0); at++) {
        const number = index.contributors[at] ?? 0;
        if (number === ofEstate) listed.unshift('');
        else listed.push(index.ids[number] ?? '');
      }
    // Its own node, or one end of a reference: those contribute under no list.
    if (before?.table === 'component' && this.#numbers.has(before.key)) {
      listed.push(before.key);
      listed.sort();
    }
    return listed;
  }
}

/** By the list they stand in: a process that stays follows many changes from one resolution. */
const numbers = new WeakMap<readonly ComponentId[], ReadonlyMap<ComponentId, number>>();

function numbersOf(ids: readonly ComponentId[]): ReadonlyMap<ComponentId, number> {
  const made = numbers.get(ids) ?? new Map(ids.map((id, number) => [id, number]));
  numbers.set(ids, made);
  return made;
}

/** The place of a text in a sorted list. */
function placeOf(sorted: readonly string[], text: string): number | undefined {
  const place = firstNot(sorted.length, (one) => (sorted[one] ?? '') < text);
  return sorted[place] === text ? place : undefined;
}
