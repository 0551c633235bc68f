import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import type { PlacedLine } from '../../api/answers.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { useAt } from '../../api/use-at.ts';
import { useStatuses } from '../../api/use-statuses.ts';
import { Asked } from '../../parts/asked.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Glance } from '../../parts/glance.tsx';
import { Page } from '../../parts/page.tsx';
import { commandOf } from '../../parts/shell-word.ts';
import { PictureView } from '../../picture/picture-view.tsx';
import { useMembers } from '../../picture/use-members.ts';
import { useFoot } from '../../shell/foot.ts';
import { GraphTools, GraphView } from './graph-tools.tsx';
import { LineGlance } from './line-glance.tsx';
import { questionOf } from './question-of.ts';
import './graph.css';

/** The graph around a question: some components and a step around them, the ways between two, or groups of all. */
export function Graph() {
  const at = useAt();
  const search = useSearch({ from: '/graph' });
  const navigate = useNavigate({ from: '/graph' });
  const question = questionOf(search);
  const query = useAnswer('/v1/graph', { ...at, ...question }, { keep: true });
  const statuses = useStatuses();
  const members = useMembers(query.data, statuses);
  const [chosen, setChosen] = useState<string>();
  const [line, setLine] = useState<PlacedLine>();
  useFoot({
    view: query.data?.view,
    complete: query.data?.complete,
    command: commandOf(
      'graph',
      'draw',
      ...(search.root ?? []),
      ...(search.depth === undefined ? [] : ['--depth', String(search.depth)]),
    ),
  });
  const change = useCallback(
    (next: Partial<typeof search>, replace = true) =>
      void navigate({ search: (before) => ({ ...before, ...next }), replace }),
    [navigate],
  );
  const focus = useCallback(
    (id: string) =>
      void navigate({
        search: ({ at: when, depth, direction, group }) => ({ at: when, depth, direction, group, root: [id] }),
      }),
    [navigate],
  );
  const expand = useCallback(
    (id: string, side: 'dependsOn' | 'usedBy') => {
      setChosen(id);
      void navigate({
        search: (before) => {
          const name = side === 'dependsOn' ? 'dependenciesOf' : 'dependentsOf';
          return { ...before, [name]: [...new Set([...(before[name] ?? []), id])] };
        },
        replace: true,
      });
    },
    [navigate],
  );
  const openGroup = useCallback(
    (id: string) =>
      void navigate({
        search: (before) => ({ ...before, open: [...new Set([...(before.open ?? []), id])] }),
        replace: true,
      }),
    [navigate],
  );
  const closeGroup = useCallback(
    (id: string) =>
      void navigate({
        search: (before) => ({ ...before, open: before.open?.filter((one) => one !== id) }),
        replace: true,
      }),
    [navigate],
  );
  const choose = (id: string | undefined): void => {
    setChosen(id);
    setLine(undefined);
  };
  const group = query.data?.boxes.find(({ id, shape }) => id === chosen && shape === 'group');
  const canExpand = (search.root ?? []).length > 0;
  return (
    <Page
      title="Graph"
      fill
      about={query.data?.caption}
      actions={<GraphView search={search} onChange={change} picture={query.data} />}
    >
      <GraphTools search={search} onChange={change} onFocus={focus} />
      <Asked query={query}>
        {(picture) =>
          picture.boxes.length === 0 ? (
            <Empty
              title="Nothing is in this picture"
              command={picture.total.components === 0 ? 'karma doctor' : 'karma graph draw'}
            >
              {picture.hidden.why[0] ??
                (picture.total.components === 0
                  ? 'The estate has no component; the command tells what was looked for and where.'
                  : 'Nothing is selected by that.')}
            </Empty>
          ) : (
            <div
              className={`graph-body${(chosen !== undefined && group === undefined) || line !== undefined ? ' with-side' : ''}`}
            >
              <PictureView
                picture={picture}
                label="The graph"
                about={search.root?.[0] ?? search.from}
                subject={JSON.stringify([
                  search.root,
                  search.from,
                  search.to,
                  search.select,
                  search.group,
                  search.depth,
                ])}
                wordsOf={members.wordsOf}
                chosen={chosen}
                onChoose={choose}
                onLine={(one) => {
                  setChosen(undefined);
                  setLine(one);
                }}
                onOpen={({ id, shape }) =>
                  shape === 'group'
                    ? openGroup(id)
                    : void navigate({ to: '/component', search: ({ at: when }) => ({ at: when, id }) })
                }
                onFocus={focus}
                {...(canExpand ? { onExpand: expand } : {})}
                onOpenGroup={openGroup}
                onCloseGroup={closeGroup}
              />
              {line !== undefined ? (
                <aside className="estate-side" aria-label="Why this line is there">
                  <LineGlance line={line} onClose={() => setLine(undefined)} />
                </aside>
              ) : (
                chosen !== undefined &&
                group === undefined && (
                  <aside className="estate-side" aria-label="What is chosen">
                    <Glance id={chosen} onClose={() => setChosen(undefined)} />
                  </aside>
                )
              )}
            </div>
          )
        }
      </Asked>
    </Page>
  );
}
