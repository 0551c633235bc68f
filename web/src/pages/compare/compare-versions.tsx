import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useAnswer } from '../../api/use-answer.ts';
import { Asked } from '../../parts/asked.tsx';
import { Empty } from '../../parts/empty.tsx';
import { commandOf } from '../../parts/shell-word.ts';
import { PictureView } from '../../picture/picture-view.tsx';
import { useFoot } from '../../shell/foot.ts';
import { DiffLists, isNothing } from './diff-lists.tsx';

/** Two moments on one canvas: what came, what is gone where it stood, what changed; and the same as lists. */
export function CompareVersions({ from, to }: { readonly from: string; readonly to: string }) {
  const query = useAnswer('/v1/diff', { from, to }, { keep: true });
  const at = to === 'worktree' ? 'worktree' : to;
  const picture = useAnswer('/v1/graph', { at, compare: from }, { keep: true });
  const navigate = useNavigate();
  const [chosen, setChosen] = useState<string>();
  useFoot({ view: query.data?.after, command: commandOf('diff', `${from}..${to === 'worktree' ? '' : to}`) });
  return (
    <Asked query={query}>
      {({ diff, before, after }) => (
        <>
          <p className="dim">
            <bdi>{before.label}</bdi> → <bdi>{after.label}</bdi>
          </p>
          {isNothing(diff) ? (
            <Empty title="Nothing differs between the two" />
          ) : (
            <>
              {picture.data !== undefined && picture.data.boxes.length > 0 && (
                <div className="compare-picture">
                  <PictureView
                    picture={picture.data}
                    label="What differs"
                    subject="compare"
                    chosen={chosen}
                    onChoose={setChosen}
                    onOpen={({ id, shape }) => {
                      if (shape !== 'group') void navigate({ to: '/component', search: { at: to, id } });
                    }}
                  />
                </div>
              )}
              <DiffLists diff={diff} names={['gone', 'new']} />
            </>
          )}
        </>
      )}
    </Asked>
  );
}
