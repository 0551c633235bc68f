import type { Delta, Row, RowTable } from '../../../model/rows.ts';
import { elementId, forever, long, text } from './literal.ts';

/**
 * The graph in Neptune. Vertices are identities and never change: `Component`, `Deployment`, `ComponentType`, `Finding` (by
 * `name`), one `Generation` a graph version, one `Head` an estate. Edges carry the rows and their intervals `fromGen ≤ G <
 * toGen`: `has_state` from an identity to the generation that brought the state, `depends_on` from component to component.
 */
export const identities: Readonly<
  Record<Exclude<RowTable, 'reference'>, { readonly label: string; readonly id: string }>
> = {
  component: { label: 'Component', id: 'c' },
  deployment: { label: 'Deployment', id: 'p' },
  finding: { label: 'Finding', id: 'f' },
  type: { label: 'ComponentType', id: 't' },
};

export const headId = (estate: string): string => elementId('head', estate);
export const generationId = (estate: string, version: number): string => elementId('g', estate, version);

/** A piece of a request, to be chained behind its guard. It never filters: whoever comes after it runs too. */
export interface Fragment {
  readonly gremlin: string;
  /** Labels and properties written at most, which AWS counts when it says that 200 fit a request. */
  readonly records: number;
  /** The vertices that must be there before it in its request. */
  readonly needs: readonly Identity[];
  /** Which vertex others are likely to meet it at: the target of an edge. */
  readonly meets: string;
}

/** The fragments that apply a delta, in any order and cut anywhere; applying one twice changes nothing. */
export function fragmentsOf(estate: string, version: number, { put, remove }: Delta): readonly Fragment[] {
  return [
    ...remove.map(({ table, key }) => closeRow(estate, version, table, key)),
    ...put.map((row) => putRow(estate, version, row)),
  ];
}

/** Makes a vertex where it is not there yet. */
export function ensureVertex(estate: string, identity: Identity): Fragment {
  return { gremlin: ensure(estate, identity), records: 3, needs: [], meets: identity.id };
}

function closeRow(estate: string, version: number, table: RowTable, key: string): Fragment {
  const place = edgePlace(estate, { table, key });
  const open = `V(${text(place.from.id)}).outE(${text(place.label)})${place.filter}.has('toGen',${long(forever)})`;
  const gremlin = `.sideEffect(__.${open}.property('toGen',${long(version)}))`;
  // One record, and yet seven steps, of which AWS rejects some 1,500 in one request.
  return { gremlin, records: 2, needs: [], meets: place.to?.id ?? '' };
}

/** Closes what was open under the row's name, unless it is the same; then opens the row, unless it is open. */
function putRow(estate: string, version: number, row: Row): Fragment {
  const place = edgePlace(estate, row);
  const open = `outE(${text(place.label)})${place.filter}.has('toGen',${long(forever)})`;
  const note = row.note === '' ? ".hasNot('note')" : `.has('note',${text(row.note)})`;
  const same = `has('digest',${text(row.digest)})${note}`;
  const target = place.to === undefined ? generationId(estate, version) : place.to.id;
  const properties: readonly (readonly [string, string])[] = [
    ['estate', text(estate)],
    ['value', text(row.value)],
    ['digest', text(row.digest)],
    ['fromGen', long(version)],
    ['toGen', long(forever)],
    ...(row.note === '' ? [] : [['note', text(row.note)] as const]),
    ...derived(row).map(([name, value]) => [name, text(value)] as const),
  ];
  const added = properties.map(([name, value]) => `.property('${name}',${value})`).join('');
  const id = elementId(place.to === undefined ? 's' : 'd', estate, place.from.prefix, row.key, version);
  return {
    gremlin: `.V(${text(place.from.id)}).sideEffect(${open}.not(${same}).property('toGen',${long(version)})).coalesce(${open},addE(${text(place.label)}).to(__.V(${text(target)})).property(T.id,${text(id)})${added})`,
    records: properties.length + 2,
    needs: place.to === undefined ? [place.from] : [place.to, place.from],
    meets: place.to?.id ?? '',
  };
}

export interface Identity {
  readonly id: string;
  readonly prefix: string;
  readonly label: string;
  readonly name: string;
}

interface EdgePlace {
  readonly label: 'has_state' | 'depends_on';
  readonly from: Identity;
  /** Undefined for a state, which points at its generation. */
  readonly to: Identity | undefined;
  /** Tells this row's edges from others that leave the same vertex. */
  readonly filter: string;
}

function edgePlace(estate: string, row: { readonly table: RowTable; readonly key: string }): EdgePlace {
  if (row.table !== 'reference') {
    return { label: 'has_state', from: identity(estate, row.table, row.key), to: undefined, filter: '' };
  }
  const [from, to] = referenceEnds(row.key);
  return {
    label: 'depends_on',
    from: identity(estate, 'component', from),
    to: identity(estate, 'component', to),
    filter: `.has('key',${text(row.key)})`,
  };
}

/** Where a row's edges leave from, and which of those that leave are its own. */
export function placeOf(
  estate: string,
  table: RowTable,
  key: string,
): { readonly vertex: string; readonly edges: string } {
  const { label, from, filter } = edgePlace(estate, { table, key });
  return { vertex: from.id, edges: `outE('${label}')${filter}` };
}

/** A reference's key is `from|to`, and ids hold no `|`. What is no such key still gets a place of its own. */
function referenceEnds(key: string): readonly [string, string] {
  const bar = key.indexOf('|');
  return bar < 0 ? [key, ''] : [key.slice(0, bar), key.slice(bar + 1)];
}

function identity(estate: string, table: Exclude<RowTable, 'reference'>, name: string): Identity {
  const { label, id: prefix } = identities[table];
  return { id: elementId(prefix, estate, name), prefix, label, name };
}

function ensure(estate: string, { id, label, name }: Identity): string {
  return `.mergeV([(T.id):${text(id)}]).option(Merge.onCreate,[(T.label):'${label}','estate':${text(estate)},'name':${text(name)}])`;
}

/** What other tools filter by, taken out of the row's JSON. Not read back. */
function derived(row: Row): readonly (readonly [string, string])[] {
  const found: [string, string][] = row.table === 'reference' ? [['key', row.key]] : [];
  const wanted =
    { component: ['type', 'kind', 'environment'], reference: ['strength', 'consumes'] }[row.table as string] ?? [];
  if (wanted.length === 0) return found;
  const value: unknown = JSON.parse(row.value);
  if (value === null || typeof value !== 'object') return found;
  for (const name of wanted) {
    const member = (value as Readonly<Record<string, unknown>>)[name];
    if (typeof member === 'string') found.push([name, member]);
    else if (Array.isArray(member)) found.push([name, member.join(' ')]);
  }
  return found;
}
