import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import type { Answers, ListedComponent } from '../../api/answers.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { useAt } from '../../api/use-at.ts';
import type { Statuses } from '../../api/use-statuses.ts';
import { EstateMap } from '../../map/estate-map.tsx';
import { Glance } from '../../parts/glance.tsx';
import { ProblemCard } from '../../parts/problem-card.tsx';
import { PictureView } from '../../picture/picture-view.tsx';
import { useMembers } from '../../picture/use-members.ts';
import { needFirst } from './need-first.ts';
import { groupingOf, manyComponents } from './shown-as.ts';
import { Twin } from './twin.tsx';
import { useAcross } from './use-across.ts';

/** The picture and beside it the list of the same: what is pointed at in one shows in the other. */
export function EstateBody({
  overview,
  statuses,
}: {
  readonly overview: Answers['/v1/overview'];
  readonly statuses: Statuses | undefined;
}) {
  const at = useAt();
  const search = useSearch({ from: '/' });
  const navigate = useNavigate({ from: '/' });
  const asMap = (search.show ?? (overview.components > manyComponents ? 'map' : 'graph')) === 'map';
  const across = useAcross(overview.components + overview.external);
  const grouping = search.group ?? groupingOf(overview);
  const picture = useAnswer(
    '/v1/graph',
    { ...at, groupBy: grouping, open: search.open },
    { enabled: !asMap, keep: true },
  );
  const map = useAnswer('/v1/map', { ...at, across }, { enabled: asMap, keep: true });
  // The list of a large estate waits for its map.
  const list = useAnswer('/v1/components', at, { enabled: !asMap || map.data !== undefined, keep: true });
  const members = useMembers(asMap ? undefined : picture.data, statuses);
  const [chosen, setChosen] = useState<string>();
  const [pointed, setPointed] = useState<string>();
  const [pointedBox, setPointedBox] = useState<string>();
  const rows = useMemo(() => needFirst(list.data?.components ?? [], statuses?.of), [list.data, statuses]);
  const group = picture.data?.boxes.find(({ id, shape }) => id === chosen && shape === 'group');
  const shown = useMemo(
    () => (group === undefined ? rows : rows.filter(({ id }) => members.boxOf(id) === group.id)),
    [rows, group, members],
  );
  const open = (id: string): void => void navigate({ to: '/component', search: ({ at: when }) => ({ at: when, id }) });
  const setOpen = useCallback(
    (change: (open: readonly string[]) => readonly string[]) =>
      void navigate({
        search: (before) => {
          const next = change('open' in before ? (before.open ?? []) : []);
          return { ...before, open: next.length === 0 ? undefined : next };
        },
        replace: true,
      }),
    [navigate],
  );
  const openGroup = useCallback((id: string) => setOpen((all) => [...new Set([...all, id])]), [setOpen]);
  const closeGroup = useCallback((id: string) => setOpen((all) => all.filter((one) => one !== id)), [setOpen]);
  const focus = useCallback(
    (id: string) => void navigate({ to: '/graph', search: ({ at: when }) => ({ at: when, root: [id] }) }),
    [navigate],
  );
  const problem = asMap ? map.error : picture.error;

  return (
    <div className="estate-body">
      {problem !== null && (asMap ? map.data : picture.data) === undefined && (
        <ProblemCard error={problem} retry={() => void (asMap ? map : picture).refetch()} />
      )}
      {asMap && map.data !== undefined && (
        <EstateMap
          map={map.data}
          statuses={statuses?.of}
          chosen={chosen}
          onChoose={setChosen}
          pointed={pointed}
          onOpen={open}
        />
      )}
      {!asMap && picture.data !== undefined && (
        <PictureView
          picture={picture.data}
          label="The estate"
          subject={`${grouping} ${at.at === 'worktree'}`}
          wordsOf={members.wordsOf}
          chosen={chosen === undefined ? undefined : members.boxOf(chosen)}
          onChoose={setChosen}
          pointed={pointed === undefined ? undefined : members.boxOf(pointed)}
          onPoint={setPointedBox}
          onLine={({ from, to }) => {
            if (isComponent(from, list.data?.components) && isComponent(to, list.data?.components))
              void navigate({ to: '/why', search: ({ at: when }) => ({ at: when, from, to }) });
            else setChosen(from);
          }}
          onOpen={({ id, shape }) => (shape === 'group' ? openGroup(id) : open(id))}
          onFocus={focus}
          onOpenGroup={openGroup}
          onCloseGroup={closeGroup}
        />
      )}
      {problem === null && (asMap ? map.data : picture.data) === undefined && (
        <div className="picture picture-waiting" />
      )}
      <aside className="estate-side" aria-label="The same as a list">
        {chosen !== undefined && group === undefined ? (
          <Glance id={chosen} onClose={() => setChosen(undefined)} />
        ) : (
          <Twin
            rows={list.data === undefined ? undefined : shown}
            title={group?.name}
            statuses={statuses}
            pointed={pointedBox}
            onPoint={setPointed}
            onChoose={setChosen}
            onClear={() => setChosen(undefined)}
          />
        )}
      </aside>
    </div>
  );
}

function isComponent(id: string, components: readonly ListedComponent[] | undefined): boolean {
  return components?.some((one) => one.id === id) === true;
}
