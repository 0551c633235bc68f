import type { Claim, Need } from '../model/claim.ts';
import type { ComponentId, ComponentRow } from '../model/component.ts';
import type { ReferenceRow } from '../model/reference.ts';
import { type Row, rowId } from '../model/rows.ts';
import { unmatchedDenials } from './denials.ts';
import { rowsOf, unite } from './join-node.ts';
import { ProviderIndex } from './provider-index.ts';
import { indexResolution, type ResolutionIndex } from './resolution-index.ts';
import { type JoinNode, resolveNode, type Verdicts } from './resolve.ts';

/**
 * All claims of an estate, joined, and the rows that follow from them. Each node's rows are a pure function of its own claims and of
 * the providers of the keys it names; so what a change leads to is found without joining all of them again, see
 * `incremental-resolver.ts`.
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
      this.mention(claim);
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

  /** Enters what one claim says of other nodes. */
  private mention({ component, externals = [] }: Claim): void {
    for (const node of externals) {
      const { id } = node.component;
      const said = this.mentions.get(id) ?? new Map<ComponentId, JoinNode>();
      said.set(component.id, node);
      this.mentions.set(id, said);
    }
  }

  private node(id: ComponentId): JoinNode | undefined {
    return unite(id, this.claims.get(id), this.mentions.get(id));
  }

  private rowsFor(node: JoinNode): readonly Row[] {
    const { id } = node.component;
    const by = { providersOf: this.providers.of, verdicts: this.verdicts };
    const { rows, denied } = rowsOf(node, this.claims.get(id), by);
    if (denied.length > 0) this.denied.set(id, denied);
    return rows;
  }

  private unmatchedDenials(): Row[] {
    return unmatchedDenials(this.verdicts, this.denied.values());
  }
}
