import type { ListedComponent } from '../../api/answers.ts';
import type { Statuses } from '../../api/use-statuses.ts';
import { ComponentName } from '../../parts/component-name.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Icon } from '../../parts/icon.tsx';
import { type Column, Rows } from '../../parts/rows.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { StatusMark } from '../../parts/status-mark.tsx';
import { statusLooks } from '../../parts/status-word.ts';

/** The list of what the picture shows: the same selection, in the order of who needs somebody. */
export function Twin({
  rows,
  title,
  statuses,
  pointed,
  onPoint,
  onChoose,
  onClear,
}: {
  /** Undefined while they are asked for. */
  readonly rows: readonly ListedComponent[] | undefined;
  /** The group it is narrowed to. */
  readonly title: string | undefined;
  readonly statuses: Statuses | undefined;
  readonly pointed: string | undefined;
  readonly onPoint: (id: string | undefined) => void;
  readonly onChoose: (id: string) => void;
  readonly onClear: () => void;
}) {
  const reasons = new Map(statuses?.all.map(({ component, reasons: [first] }) => [component, first]));
  const columns: readonly Column<ListedComponent>[] = [
    {
      key: 'status',
      title: 'Status',
      quiet: true,
      width: '14px',
      show: ({ id, external }) => {
        const word = statuses?.of.get(id) ?? (external ? 'external' : undefined);
        return word === undefined ? <span className="zero">·</span> : <StatusMark status={word} bare />;
      },
    },
    {
      key: 'id',
      title: 'Component',
      width: 'minmax(0, 1fr)',
      show: ({ id }) => (
        <span className="twin-name" title={reasons.get(id) === undefined ? id : `${id}: ${reasons.get(id)}`}>
          <ComponentName id={id} />
        </span>
      ),
    },
    {
      key: 'usedBy',
      title: 'Used by',
      width: '56px',
      numeric: true,
      show: ({ usedBy }) => (usedBy === 0 ? <span className="zero">·</span> : usedBy),
    },
  ];
  return (
    <>
      <div className="twin-head">
        <h2>{title === undefined ? 'What needs somebody first' : <bdi>{title}</bdi>}</h2>
        <span className="dim small">{rows !== undefined && countOf(rows, statuses)}</span>
        {title !== undefined && (
          <button type="button" className="button quiet icon-only" aria-label="All components" onClick={onClear}>
            <Icon name="close" size={14} />
          </button>
        )}
      </div>
      {rows === undefined ? (
        <Skeleton rows={12} />
      ) : rows.length === 0 ? (
        <Empty title="Nothing to list" />
      ) : (
        <Rows<ListedComponent>
          label="Components, what needs somebody first"
          rows={rows}
          columns={columns}
          keyOf={({ id }) => id}
          onOpen={({ id }) => onChoose(id)}
          onPoint={(row) => onPoint(row?.id)}
          chosen={pointed}
        />
      )}
    </>
  );
}

/** Of how many somebody is needed, where that is known, and how many there are. */
function countOf(rows: readonly ListedComponent[], statuses: Statuses | undefined): string {
  const all = rows.length.toLocaleString('en');
  if (statuses === undefined) return all;
  const needing = rows.filter(({ id }) => {
    const word = statuses.of.get(id);
    return word !== undefined && statusLooks[word].rank < statusLooks.unknown.rank;
  });
  return `${needing.length.toLocaleString('en')} of ${all}`;
}
