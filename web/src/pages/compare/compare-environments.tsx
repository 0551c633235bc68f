import { useAnswer } from '../../api/use-answer.ts';
import { Asked } from '../../parts/asked.tsx';
import { Empty } from '../../parts/empty.tsx';
import { commandOf } from '../../parts/shell-word.ts';
import { useFoot } from '../../shell/foot.ts';
import { DiffLists, isNothing } from './diff-lists.tsx';

/** Two environments, their components matched by name: what one has and the other lacks, and what differs. */
export function CompareEnvironments({ first, second }: { readonly first: string; readonly second: string }) {
  const query = useAnswer('/v1/diff', { environments: `${first},${second}` }, { keep: true });
  useFoot({ view: query.data?.after, command: commandOf('diff', '--environments', `${first}..${second}`) });
  return (
    <Asked query={query}>
      {({ diff }) =>
        isNothing(diff) ? (
          <Empty title={`${first} and ${second} hold the same`} />
        ) : (
          <DiffLists diff={diff} names={[`only in ${first}`, `only in ${second}`]} />
        )
      }
    </Asked>
  );
}
