import type { ComponentId } from '../../model/component.ts';
import { byCodeUnit } from '../../model/digest.ts';
import { type Delta, type Row, rowId } from '../../model/rows.ts';
import type { Ledger } from '../../stores/ledger/port.ts';
import { deltaText, type Publication } from './project.ts';

/** What a version changed of one component. */
export interface ChangeOfComponent {
  readonly what: 'component' | 'dependsOn' | 'usedBy' | 'finding' | 'deployment';
  readonly how: 'added' | 'removed' | 'changed';
  /** The other end of a reference, the code of a finding, a deployment. */
  readonly name?: string;
  /** Of a component: the members that differ. */
  readonly members?: readonly string[];
}

/** What some versions changed of one component, by version. @param publications oldest first, without gaps */
export async function changesIn(
  ledger: Ledger,
  publications: readonly Publication[],
  component: ComponentId,
): Promise<ReadonlyMap<number, readonly ChangeOfComponent[]>> {
  const found = new Map<number, readonly ChangeOfComponent[]>();
  const known = new Map<string, Row>();
  const knowsAll = publications[0]?.parent === 0;
  for (const publication of publications) {
    if (publication.changed.put + publication.changed.removed === 0) continue;
    const delta = partNaming(await deltaText(ledger, publication), component);
    const changes = ofComponent(delta, component, known, knowsAll);
    if (changes.length > 0) found.set(publication.version, changes);
  }
  return found;
}

const rowStart = '{"digest":"';
const between = `"},${rowStart}`;

/**
 * The rows of a delta that name a component, cut out of its text: to parse ten thousand rows for the few that do costs more than
 * all the rest. In a text of JSON a quote is escaped, so what begins and ends a row stands nowhere else.
 */
function partNaming(text: string, component: ComponentId): Delta {
  const named = JSON.stringify(component).slice(1, -1);
  const cut = text.lastIndexOf('],"remove":[');
  const put: Row[] = [];
  for (let hit = text.indexOf(named); hit >= 0 && hit < cut; ) {
    const next = text.indexOf(between, hit);
    const end = next < 0 ? cut : next + 2;
    put.push(JSON.parse(text.slice(text.lastIndexOf(rowStart, hit), end)) as Row);
    hit = text.indexOf(named, end);
  }
  const removed = text.includes(named, cut) ? (JSON.parse(`{"put":[${text.slice(cut)}`) as Delta).remove : [];
  return { put, remove: removed };
}

type Subject = Pick<ChangeOfComponent, 'what' | 'name'>;

/** What a row is about, seen from one component; undefined where it is not about it. */
function subjectOf({ table, key }: Pick<Row, 'table' | 'key'>, component: ComponentId): Subject | undefined {
  const behind = (start: string) => (key.startsWith(start) ? key.slice(start.length) : undefined);
  switch (table) {
    case 'component':
      return key === component ? { what: 'component' } : undefined;
    case 'reference': {
      const to = behind(`${component}|`);
      if (to !== undefined) return { what: 'dependsOn', name: to };
      const isUsed = key.endsWith(`|${component}`);
      return isUsed ? { what: 'usedBy', name: key.slice(0, -component.length - 1) } : undefined;
    }
    case 'finding': {
      const [code = '', subject] = key.split('|');
      return subject === component ? { what: 'finding', name: code } : undefined;
    }
    case 'deployment': {
      const deployment = behind(`${component}@`);
      if (deployment === undefined) return undefined;
      return { what: 'deployment', ...(deployment === '' ? {} : { name: deployment }) };
    }
    default:
      return undefined;
  }
}

function ofComponent(
  { put, remove }: Delta,
  component: ComponentId,
  known: Map<string, Row>,
  knowsAll: boolean,
): readonly ChangeOfComponent[] {
  const changes: ChangeOfComponent[] = [];
  for (const row of put) {
    const subject = subjectOf(row, component);
    if (subject === undefined) continue;
    const before = known.get(rowId(row));
    known.set(rowId(row), row);
    // Outside of the hash stand words and places: that they moved is no change of it.
    if (before?.digest === row.digest) continue;
    const isNew = before === undefined && knowsAll;
    const members = subject.what === 'component' && before !== undefined ? differing(before, row) : [];
    changes.push({ ...subject, how: isNew ? 'added' : 'changed', ...(members.length === 0 ? {} : { members }) });
  }
  for (const row of remove) {
    const subject = subjectOf(row, component);
    if (subject === undefined) continue;
    known.delete(rowId(row));
    changes.push({ ...subject, how: 'removed' });
  }
  // A component that appears brings all that it is joined by: that much goes without saying.
  const appears = changes.find(({ what, how }) => what === 'component' && how !== 'changed');
  if (appears !== undefined) return [appears];
  return changes.sort((a, b) => byCodeUnit(a.what, b.what) || byCodeUnit(a.name ?? '', b.name ?? ''));
}

function differing(before: Row, after: Row): readonly string[] {
  const [was, is] = [before, after].map(({ value }) => JSON.parse(value) as Readonly<Record<string, unknown>>);
  return [...new Set([...Object.keys(was ?? {}), ...Object.keys(is ?? {})])]
    .filter((name) => JSON.stringify(was?.[name]) !== JSON.stringify(is?.[name]))
    .sort(byCodeUnit);
}
