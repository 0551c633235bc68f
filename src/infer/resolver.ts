import type { Claim, Need } from '../model/claim.ts';
import type { ComponentId, ComponentRow } from '../model/component.ts';
import { canonicalJson } from '../model/digest.ts';
import type { ReferenceRow } from '../model/reference.ts';
import { byRowName, type Delta, emptyDelta, type Row, type RowTable, rowId } from '../model/rows.ts';
import { unmatchedDenials } from './denials.ts';
import { needKeys, provideKeys, rowsOf, seenOf, unite } from './join-node.ts';
import { ProviderIndex } from './provider-index.ts';
import { indexResolution, type ResolutionIndex } from './resolution-index.ts';
import { type JoinNode, resolveNode, type Verdicts } from './resolve.ts';
import { RowContributors } from './row-contributors.ts';

/**
 * The estate's claims and the rows that follow from them, kept up to date.
 *
 * Invariant (a property test): after any sequence of `replace` calls the rows equal those of a resolver that was given the
 * final claims at once. It holds because each node's rows are a pure function of its own claims and of the providers
 * of the keys it names, and `replace` recomputes exactly those whose inputs changed.
 *
 * What only a later change needs (who needs a key, who contributes a row) is indexed when one comes: most processes infer an
 * estate once.
 */
export class Resolver {
  private readonly verdicts: Verdicts;
  private readonly claims = new Map<ComponentId, Claim>();
  /** What claims say of nodes that are not their own, by node and by who says it. */
  private readonly mentions = new Map<ComponentId, Map<ComponentId, JoinNode>>();
  private readonly nodes = new Map<ComponentId, JoinNode>();
  private readonly providers = new ProviderIndex(this.nodes);
  private readonly contributions = new Map<ComponentId, readonly Row[]>();
  private readonly denied = new Map<ComponentId, readonly string[]>();
  private readonly current = new Map<string, Row>();
  private later:
    | { readonly needers: Map<string, Set<ComponentId>>; readonly contributors: RowContributors }
    | undefined;

  constructor(verdicts: Verdicts = []) {
    this.verdicts = verdicts;
  }

  get rows(): ReadonlyMap<string, Row> {
    return this.current;
  }

  claim(id: ComponentId): Claim | undefined {
    return this.claims.get(id);
  }

  allClaims(): Iterable<Claim> {
    return this.claims.values();
  }

  /** References that are plausible only, from needs of strength `hint`. Computed when somebody asks; never part of the rows. */
  hints(component: ComponentRow, needs: readonly Need[]): readonly ReferenceRow[] {
    const asked = needs.map((need): Need => ({ ...need, strength: 'proven', whenMissing: 'quiet', many: true }));
    const { references } = resolveNode({ component, provides: [], needs: asked }, this.providers.of, []);
    return references
      .filter(({ from, to }) => !this.current.has(`reference|${from}|${to}`))
      .map((reference) => ({ ...reference, strength: 'hint' }));
  }

  /**
   * What a later process needs to resolve a change without all claims.
   * @param estateRows rows that belong to the estate as a whole; they come before all others of their names
   */
  index(estateRows: readonly Row[]): ResolutionIndex {
    const contributions = new Map(this.contributions);
    contributions.set('', [...(this.contributions.get('') ?? []), ...estateRows]);
    return indexResolution({ ...this.parts, contributions });
  }

  private get parts() {
    const { nodes, claims, mentions, denied, verdicts } = this;
    return { nodes, claims, mentions, denied, verdicts };
  }

  /** Gives a resolver that holds nothing yet all claims at once. */
  load(claims: Iterable<Claim>): void {
    for (const claim of claims) {
      this.claims.set(claim.component.id, claim);
      this.mention(claim, true);
    }
    for (const id of [...this.claims.keys(), ...this.mentions.keys()].sort()) {
      const node = this.node(id);
      if (node === undefined || this.nodes.has(id)) continue;
      this.nodes.set(id, node);
      this.providers.enter(node);
    }
    // In order of their ids: of several that contribute one row, the first is the one that counts. Of two rows that one of
    // them contributes under one name, the last.
    for (const [id, node] of this.nodes) {
      const rows = this.rowsFor(node);
      this.contributions.set(id, rows);
      for (const row of rows) {
        const name = rowId(row);
        const known = this.current.get(name);
        if (known === undefined || rows.includes(known)) this.current.set(name, row);
      }
    }
    const unmatched = this.unmatchedDenials();
    this.contributions.set('', unmatched);
    for (const row of unmatched) this.current.set(rowId(row), row);
  }

  /** Sets, changes (a claim) or removes (undefined) components' claims. Answers what that changed in the rows. */
  replace(changes: ReadonlyMap<ComponentId, Claim | undefined>): Delta {
    if (this.contributions.size === 0) {
      this.load([...changes.values()].filter((claim) => claim !== undefined));
      return sortedDelta([...this.current.values()], []);
    }
    const { needers, contributors } = this.indexed();
    const dirty = new Set<ComponentId>();
    const nodes = new Set<ComponentId>();
    for (const [id, claim] of changes) {
      const before = this.claims.get(id);
      if (before !== undefined) for (const node of this.mention(before, false)) nodes.add(node);
      if (claim === undefined) this.claims.delete(id);
      else {
        this.claims.set(id, claim);
        for (const node of this.mention(claim, true)) nodes.add(node);
      }
      nodes.add(id);
    }
    for (const id of nodes) this.reindex(id, needers, dirty);
    const touched = new Map<string, Row | undefined>();
    for (const id of dirty) {
      const node = this.nodes.get(id);
      if (node === undefined) this.denied.delete(id);
      this.recontribute(id, node === undefined ? [] : this.rowsFor(node), contributors, touched);
    }
    this.recontribute('', this.unmatchedDenials(), contributors, touched);
    return this.settle(touched, contributors);
  }

  private indexed(): NonNullable<Resolver['later']> {
    if (this.later !== undefined) return this.later;
    const needers = new Map<string, Set<ComponentId>>();
    for (const node of this.nodes.values()) enterNeeds(needers, node, this.verdicts);
    this.later = { needers, contributors: new RowContributors(this.contributions) };
    return this.later;
  }

  /** Enters or withdraws what one claim says of other nodes; answers which they are. */
  private mention(claim: Claim, enter: boolean): readonly ComponentId[] {
    if (claim.externals === undefined) return none;
    const speaker = claim.component.id;
    for (const node of claim.externals) {
      const { id } = node.component;
      const said = this.mentions.get(id) ?? new Map<ComponentId, JoinNode>();
      if (enter) said.set(speaker, node);
      else said.delete(speaker);
      if (said.size === 0) this.mentions.delete(id);
      else this.mentions.set(id, said);
    }
    return claim.externals.map(({ component }) => component.id);
  }

  private node(id: ComponentId): JoinNode | undefined {
    return unite(id, this.claims.get(id), this.mentions.get(id));
  }

  /** Brings one node's place in the join up to date and marks everyone whose keys gained, lost or changed a provider. */
  private reindex(id: ComponentId, needers: Map<string, Set<ComponentId>>, dirty: Set<ComponentId>): void {
    const before = this.nodes.get(id);
    const after = this.node(id);
    dirty.add(id);
    if (before !== undefined) {
      this.providers.withdraw(before);
      for (const key of needKeys(before, this.verdicts)) needers.get(key)?.delete(id);
      this.nodes.delete(id);
    }
    if (after !== undefined) {
      this.nodes.set(id, after);
      this.providers.enter(after);
      enterNeeds(needers, after, this.verdicts);
    }
    if (before !== undefined && after !== undefined && looksAlike(before, after)) return;
    const keys = new Set([before, after].flatMap((side) => (side === undefined ? [] : provideKeys(side))));
    for (const key of keys) for (const needer of needers.get(key) ?? []) dirty.add(needer);
  }

  private rowsFor(node: JoinNode): readonly Row[] {
    const { id } = node.component;
    const by = { providersOf: this.providers.of, verdicts: this.verdicts };
    const { rows, denied } = rowsOf(node, this.claims.get(id), by);
    if (denied.length > 0) this.denied.set(id, denied);
    else this.denied.delete(id);
    return rows;
  }

  private unmatchedDenials(): Row[] {
    return unmatchedDenials(this.verdicts, this.denied.values());
  }

  /** Lets a contributor's rows take the place of those it contributed before. */
  private recontribute(
    id: ComponentId,
    rows: readonly Row[],
    contributors: RowContributors,
    touched: Map<string, Row | undefined>,
  ): void {
    const touch = (row: Row): string => {
      const name = rowId(row);
      if (!touched.has(name)) touched.set(name, this.current.get(name));
      return name;
    };
    for (const row of this.contributions.get(id) ?? []) contributors.withdraw(touch(row), id);
    for (const row of rows) contributors.enter(touch(row), id, row);
    if (rows.length === 0) this.contributions.delete(id);
    else this.contributions.set(id, rows);
  }

  /** Turns touched rows into a delta and brings the current rows up to date. */
  private settle(touched: ReadonlyMap<string, Row | undefined>, contributors: RowContributors): Delta {
    const put: Row[] = [];
    const remove: { table: RowTable; key: string }[] = [];
    for (const [name, before] of touched) {
      const after = contributors.row(name);
      if (after === undefined) {
        this.current.delete(name);
        if (before !== undefined) remove.push({ table: before.table, key: before.key });
      } else {
        this.current.set(name, after);
        if (before === undefined || before.digest !== after.digest || before.note !== after.note) put.push(after);
      }
    }
    return put.length === 0 && remove.length === 0 ? emptyDelta : sortedDelta(put, remove);
  }
}

const none: readonly ComponentId[] = [];

function sortedDelta(put: Row[], remove: { table: RowTable; key: string }[]): Delta {
  return { put: put.sort(byRowName), remove: remove.sort(byRowName) };
}

function enterNeeds(needers: Map<string, Set<ComponentId>>, node: JoinNode, verdicts: Verdicts): void {
  const { id } = node.component;
  for (const key of needKeys(node, verdicts)) {
    const known = needers.get(key);
    if (known === undefined) needers.set(key, new Set([id]));
    else known.add(id);
  }
}

/** Whether whoever needs a node finds in it what was there before. */
function looksAlike(before: JoinNode, after: JoinNode): boolean {
  return before === after || canonicalJson(seenOf(before)) === canonicalJson(seenOf(after));
}
