import type { Claim, Need, Provide } from '../model/claim.ts';
import type { ComponentId, ComponentRow, DeploymentRow, TypeRow } from '../model/component.ts';
import { byCodeUnit } from '../model/digest.ts';
import type { Finding } from '../model/finding.ts';
import { findingKinds } from '../model/finding-codes.ts';
import type { ReferenceRow } from '../model/reference.ts';
import { type Delta, emptyDelta, type Row, type RowTable, rowId } from '../model/rows.ts';
import { type Participant, type Provider, resolveParticipant, type Verdicts } from './resolve.ts';
import {
  componentRow,
  deploymentRow,
  findingRow,
  referenceRow,
  type SiteIndex,
  siteIndex,
  typeRow,
} from './row-writer.ts';

/**
 * The estate's claims and the rows that follow from them, kept up to date.
 *
 * Invariant (a property test): after any sequence of `replace` calls the rows equal those of a resolver that was given the
 * final claims at once. It holds because each participant's rows are a pure function of its own claims and of the providers
 * of the keys it names, and `replace` recomputes exactly those whose inputs changed.
 */
export class Resolver {
  private readonly verdicts: Verdicts;
  private readonly claims = new Map<ComponentId, Claim>();
  /** Everything claims say about a node, by who says it. */
  private readonly statements = new Map<ComponentId, Map<ComponentId, Participant>>();
  private readonly participants = new Map<ComponentId, Participant>();
  private readonly providers = new Map<string, Map<ComponentId, Provider[]>>();
  private readonly needers = new Map<string, Set<ComponentId>>();
  private readonly contributions = new Map<ComponentId, readonly Row[]>();
  /** Who contributes a row, by the row's name; mostly one. The smallest contributor's row is the one that counts. */
  private readonly contributors = new Map<string, Contribution | Map<ComponentId, Row>>();
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
    const asked = needs.map((need): Need => ({ ...need, strength: 'proven', whenMissing: 'quiet' }));
    const { references } = resolveParticipant({ component, provides: [], needs: asked }, this.providersOf, []);
    return references
      .filter(({ from, to }) => !this.current.has(`reference|${from}|${to}`))
      .map((reference) => ({ ...reference, strength: 'hint' }));
  }

  /** Sets, changes (a claim) or removes (undefined) components' claims. Answers what that changed in the rows. */
  replace(changes: ReadonlyMap<ComponentId, Claim | undefined>): Delta {
    const dirty = new Set<ComponentId>();
    const nodes = new Set<ComponentId>();
    for (const [id, claim] of changes) {
      const before = this.claims.get(id);
      if (before !== undefined) this.restate(before, false, nodes);
      if (claim === undefined) this.claims.delete(id);
      else {
        this.claims.set(id, claim);
        this.restate(claim, true, nodes);
      }
      dirty.add(id);
    }
    for (const id of nodes) this.reindex(id, dirty);
    const touched = new Map<string, Row | undefined>();
    for (const id of dirty) this.contribute(id, touched);
    this.contributeVerdicts(touched);
    return this.settle(touched);
  }

  /** Enters or withdraws what one claim says of its own node and of the external ones it names. */
  private restate(claim: Claim, enter: boolean, nodes: Set<ComponentId>): void {
    const said: Participant[] = [claim, ...(claim.externals ?? [])];
    for (const participant of said) {
      const { id } = participant.component;
      nodes.add(id);
      const statements = this.statements.get(id) ?? new Map<ComponentId, Participant>();
      if (enter) statements.set(claim.component.id, participant);
      else statements.delete(claim.component.id);
      if (statements.size === 0) this.statements.delete(id);
      else this.statements.set(id, statements);
    }
  }

  /** Brings one node's place in the join up to date and marks everyone whose keys gained, lost or changed a provider. */
  private reindex(id: ComponentId, dirty: Set<ComponentId>): void {
    const before = this.participants.get(id);
    const after = unite(this.statements.get(id));
    const keys = new Set<string>();
    if (before !== undefined) {
      for (const provide of providesOf(before)) {
        this.providers.get(provide.key)?.delete(id);
        keys.add(provide.key);
      }
      for (const key of needKeys(before, this.verdicts)) this.needers.get(key)?.delete(id);
      this.participants.delete(id);
    }
    if (after !== undefined) {
      this.participants.set(id, after);
      for (const provide of providesOf(after)) {
        const byComponent = this.providers.get(provide.key) ?? new Map<ComponentId, Provider[]>();
        const known = byComponent.get(id);
        if (known === undefined) byComponent.set(id, [{ component: after.component, provide }]);
        else known.push({ component: after.component, provide });
        this.providers.set(provide.key, byComponent);
        keys.add(provide.key);
      }
      for (const key of needKeys(after, this.verdicts)) {
        const needers = this.needers.get(key);
        if (needers === undefined) this.needers.set(key, new Set([id]));
        else needers.add(id);
      }
    }
    dirty.add(id);
    for (const key of keys) for (const needer of this.needers.get(key) ?? []) dirty.add(needer);
  }

  private readonly providersOf = (key: string): readonly Provider[] => {
    const byComponent = this.providers.get(key);
    if (byComponent === undefined || byComponent.size === 0) return [];
    if (byComponent.size === 1) for (const only of byComponent.values()) return only;
    return [...byComponent.keys()].sort(byCodeUnit).flatMap((id) => byComponent.get(id) ?? []);
  };

  /** Recomputes the rows that one node contributes. */
  private contribute(id: ComponentId, touched: Map<string, Row | undefined>): void {
    this.withdraw(id, touched);
    const participant = this.participants.get(id);
    if (participant === undefined) return;
    this.enter(id, this.rowsFor(participant), touched);
  }

  private rowsFor(participant: Participant): Row[] {
    const { id } = participant.component;
    const claim = this.claims.get(id);
    const sites: SiteIndex = siteIndex(participant.component, claim?.types ?? []);
    const resolved = resolveParticipant(participant, this.providersOf, this.verdicts);
    if (resolved.denied.length > 0) this.denied.set(id, resolved.denied);
    else this.denied.delete(id);
    const findings: readonly Finding[] = [...(claim?.findings ?? []), ...resolved.findings];
    return [
      componentRow(participant.component, claim),
      ...resolved.parameters.map((parameter) => componentRow(parameter, undefined)),
      ...(claim?.types ?? []).map((type: TypeRow) => typeRow(type)),
      ...(claim?.deployments ?? []).map((deployment: DeploymentRow) => deploymentRow(deployment)),
      ...resolved.references.map((reference) => referenceRow(reference, sites)),
      ...findings.map((finding) => findingRow(finding)),
    ];
  }

  private contributeVerdicts(touched: Map<string, Row | undefined>): void {
    const denials = this.verdicts.filter((verdict) => verdict.deny === true);
    if (denials.length === 0) return;
    const matched = new Set([...this.denied.values()].flat());
    const rows = denials
      .filter(({ from, to }) => !matched.has(`${from}|${to}`))
      .map(({ from, to }) =>
        findingRow({
          code: 'denial-unmatched',
          severity: findingKinds['denial-unmatched'].severity,
          subject: 'estate',
          key: `${from}|${to}`,
          message: `karma.yaml denies ${from} → ${to}, which inference does not find`,
          evidence: [{ rule: 'declared', site: 'karma.yaml#/references', file: 'karma.yaml' }],
        }),
      );
    this.withdraw('', touched);
    this.enter('', rows, touched);
  }

  private enter(contributor: ComponentId, rows: readonly Row[], touched: Map<string, Row | undefined>): void {
    this.contributions.set(contributor, rows);
    for (const row of rows) {
      const id = rowId(row);
      if (!touched.has(id)) touched.set(id, this.current.get(id));
      const known = this.contributors.get(id);
      if (known === undefined || (!(known instanceof Map) && known.contributor === contributor))
        this.contributors.set(id, { contributor, row });
      else if (known instanceof Map) known.set(contributor, row);
      else
        this.contributors.set(
          id,
          new Map([
            [known.contributor, known.row],
            [contributor, row],
          ]),
        );
    }
  }

  private withdraw(contributor: ComponentId, touched: Map<string, Row | undefined>): void {
    for (const row of this.contributions.get(contributor) ?? []) {
      const id = rowId(row);
      if (!touched.has(id)) touched.set(id, this.current.get(id));
      const known = this.contributors.get(id);
      if (known instanceof Map) known.delete(contributor);
      else if (known?.contributor === contributor) this.contributors.delete(id);
    }
    this.contributions.delete(contributor);
    this.denied.delete(contributor);
  }

  /** Turns touched rows into a delta and brings the current rows up to date. */
  private settle(touched: ReadonlyMap<string, Row | undefined>): Delta {
    const put: Row[] = [];
    const remove: { table: RowTable; key: string }[] = [];
    for (const [id, before] of touched) {
      const after = smallest(this.contributors.get(id));
      if (after === undefined) {
        this.contributors.delete(id);
        this.current.delete(id);
        if (before !== undefined) remove.push({ table: before.table, key: before.key });
      } else {
        this.current.set(id, after);
        if (before === undefined || before.digest !== after.digest || before.note !== after.note) put.push(after);
      }
    }
    if (put.length === 0 && remove.length === 0) return emptyDelta;
    const order = (a: { table: RowTable; key: string }, b: { table: RowTable; key: string }) =>
      byCodeUnit(rowId(a), rowId(b));
    return { put: put.sort(order), remove: remove.sort(order) };
  }
}

interface Contribution {
  readonly contributor: ComponentId;
  readonly row: Row;
}

function smallest(contributors: Contribution | ReadonlyMap<ComponentId, Row> | undefined): Row | undefined {
  if (contributors === undefined) return undefined;
  if (!(contributors instanceof Map)) return (contributors as Contribution).row;
  let first: ComponentId | undefined;
  for (const id of contributors.keys()) if (first === undefined || id < first) first = id;
  return first === undefined ? undefined : contributors.get(first);
}

/** Every node can be named by its id, whatever it provides beyond that. */
function providesOf({ component, provides }: Participant): Provide[] {
  return [
    ...provides,
    {
      key: `component:${component.id}`,
      runtime: component.id,
      ...(component.outputs === undefined ? {} : { outputs: component.outputs }),
      evidence: { rule: 'declared', site: component.id },
    },
  ];
}

function needKeys({ component, needs, provides }: Participant, verdicts: Verdicts): string[] {
  return [
    ...needs.flatMap(({ key, orElse = [] }) => [key, ...orElse]),
    ...provides.filter(({ exclusive }) => exclusive === true).map(({ key }) => key),
    ...verdicts.filter(({ from, deny }) => from === component.id && deny !== true).map(({ to }) => `component:${to}`),
  ];
}

/**
 * One participant out of everything said of a node. A component's own claim says what it is; of several that only name an
 * external one, the smallest id does. Provides and needs are united.
 */
function unite(statements: ReadonlyMap<ComponentId, Participant> | undefined): Participant | undefined {
  if (statements === undefined || statements.size === 0) return undefined;
  const speakers = [...statements.keys()].sort(byCodeUnit);
  const all = speakers.flatMap((speaker) => statements.get(speaker) ?? []);
  const own = all.find(({ component }) => statements.get(component.id)?.component === component);
  const lead = own ?? all[0];
  if (lead === undefined || all.length === 1) return lead;
  const component: ComponentRow = lead.component;
  return {
    component,
    provides: unique(all.flatMap(({ provides }) => provides)),
    needs: unique(all.flatMap(({ needs }) => needs)),
  };
}

function unique<T extends Need | Provide>(all: readonly T[]): T[] {
  const seen = new Map<string, T>();
  for (const one of all) {
    const key = `${one.key}\n${one.evidence.rule}\n${one.evidence.site}\n${one.evidence.file ?? ''}`;
    if (!seen.has(key)) seen.set(key, one);
  }
  return [...seen.values()];
}
