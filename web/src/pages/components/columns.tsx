import { Link } from '@tanstack/react-router';
import type { ListedComponent, StatusWord } from '../../api/answers.ts';
import { ComponentLink } from '../../parts/component-name.tsx';
import type { Column } from '../../parts/rows.tsx';
import { StatusMark } from '../../parts/status-mark.tsx';

/** What a table of components tells of each. */
export function componentColumns({
  statuses,
}: {
  readonly statuses: ReadonlyMap<string, StatusWord> | undefined;
}): readonly Column<ListedComponent>[] {
  return [
    {
      key: 'id',
      title: 'Component',
      width: 'minmax(180px, 3fr)',
      narrow: 'minmax(120px, 1fr)',
      sortable: true,
      show: ({ id }) => <ComponentLink id={id} />,
    },
    {
      key: 'status',
      title: 'Status',
      width: '112px',
      narrow: '98px',
      sortable: true,
      show: ({ id, external }) => {
        const word = statuses?.get(id) ?? (external ? 'external' : undefined);
        return word === undefined ? <span className="dim">–</span> : <StatusMark status={word} />;
      },
    },
    {
      key: 'kind',
      title: 'Type',
      width: 'minmax(90px, 1fr)',
      sortable: true,
      wideOnly: true,
      show: ({ kind }) => <Narrow term="type" value={kind} />,
    },
    {
      key: 'environment',
      title: 'Environment',
      width: 'minmax(80px, 0.6fr)',
      sortable: true,
      wideOnly: true,
      show: ({ environment }) => (environment === '' ? '–' : <Narrow term="env" value={environment} />),
    },
    {
      key: 'dependsOn',
      title: 'Uses',
      width: '56px',
      numeric: true,
      sortable: true,
      wideOnly: true,
      show: ({ dependsOn }) => <Count count={dependsOn} />,
    },
    {
      key: 'usedBy',
      title: 'Used by',
      width: '64px',
      narrow: '56px',
      numeric: true,
      sortable: true,
      show: ({ usedBy }) => <Count count={usedBy} />,
    },
    {
      key: 'findings',
      title: 'Findings',
      width: '70px',
      numeric: true,
      sortable: true,
      wideOnly: true,
      show: ({ id, findings }) =>
        findings === 0 ? (
          <Count count={0} />
        ) : (
          <Link to="/component" search={({ at }) => ({ at, id })} hash="findings" className="tone-warn">
            {findings}
          </Link>
        ),
    },
  ];
}

/** A cell that narrows the table to what it says. */
function Narrow({ term, value }: { readonly term: string; readonly value: string }) {
  return (
    <Link
      to="/components"
      search={(before) => ({ ...before, select: [`${term}=${value}`] })}
      title={`only ${term}=${value}`}
      className="dim"
    >
      <bdi>{value}</bdi>
    </Link>
  );
}

function Count({ count }: { readonly count: number }) {
  return count === 0 ? <span className="zero">·</span> : <span>{count.toLocaleString('en')}</span>;
}
