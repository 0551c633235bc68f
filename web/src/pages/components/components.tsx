import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import type { ListedComponent } from '../../api/answers.ts';
import { problemOf } from '../../api/problem.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { useAt } from '../../api/use-at.ts';
import { useStatuses } from '../../api/use-statuses.ts';
import { Asked } from '../../parts/asked.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Page } from '../../parts/page.tsx';
import { Rows } from '../../parts/rows.tsx';
import { commandOf } from '../../parts/shell-word.ts';
import { useFoot } from '../../shell/foot.ts';
import { arrange } from './arrange.ts';
import { componentColumns } from './columns.tsx';
import { Filters } from './filters.tsx';
import { Saved } from './saved.tsx';
import './components.css';

/** All components, or a selection: the table that the pictures are pictures of. */
export function Components() {
  const search = useSearch({ from: '/components' });
  const { select = [], status, sort = 'id', group } = search;
  const navigate = useNavigate({ from: '/components' });
  const at = useAt();
  const query = useAnswer('/v1/components', { ...at, select }, { keep: true });
  const statuses = useStatuses();
  const [typed, setTyped] = useState<string>();
  const change = (next: Partial<typeof search>): void =>
    void navigate({ search: (before) => ({ ...before, ...next }), replace: true });
  const rows = useMemo(
    () => arrange(query.data?.components ?? [], { statuses: statuses?.of, status, sort, group }),
    [query.data, statuses, status, sort, group],
  );
  const columns = useMemo(() => componentColumns({ statuses: statuses?.of }), [statuses]);
  useFoot({
    view: query.data?.view,
    command: commandOf('list', ...select, ...(at.at === undefined || at.at === 'worktree' ? [] : ['--at', at.at])),
  });
  const shown = rows.filter((row) => 'id' in row).length;
  const problem = query.error !== null && query.data !== undefined ? problemOf(query.error) : undefined;
  return (
    <Page title="Components" fill>
      <Filters
        select={typed ?? select.join(' ')}
        onType={setTyped}
        onSelect={(text) => {
          setTyped(undefined);
          change({ select: text === '' ? undefined : [text] });
        }}
        counts={statuses?.counts}
        status={status}
        group={group}
        onChange={change}
        saved={
          <Saved
            filter={{ select: search.select, status, sort: search.sort, group }}
            onChoose={(filter) => void navigate({ search: ({ at: when }) => ({ at: when, ...filter }) })}
          />
        }
        shown={shown}
        total={query.data?.components.length}
      />
      {problem !== undefined && (
        <p className="tone-bad" role="alert">
          {problem.detail}
        </p>
      )}
      <Asked query={query}>
        {({ components }) =>
          rows.length === 0 ? (
            <Empty
              title={
                components.length === 0 && select.length === 0
                  ? 'The estate has no component'
                  : 'Nothing is selected by that'
              }
              command={select.length === 0 ? 'karma doctor' : 'karma help select'}
            >
              {select.length === 0
                ? 'Karma looks for Terraform, Terragrunt and Adage layouts in the folder that is served.'
                : 'A selection is an id, a pattern or an expression such as env=dev and type=vpc.'}
            </Empty>
          ) : (
            <Rows<ListedComponent>
              label="Components"
              rows={rows}
              columns={columns}
              keyOf={({ id }) => id}
              onOpen={({ id }) => void navigate({ to: '/component', search: ({ at: when }) => ({ at: when, id }) })}
              sort={sort}
              onSort={(next) => change({ sort: next === 'id' ? undefined : next })}
            />
          )
        }
      </Asked>
    </Page>
  );
}
