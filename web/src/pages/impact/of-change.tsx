import type { SinceAnswer } from '../../api/answers.ts';
import { useOtherAnswer } from '../../api/use-answer.ts';
import { Asked } from '../../parts/asked.tsx';
import { Empty } from '../../parts/empty.tsx';
import { commandOf } from '../../parts/shell-word.ts';
import { Unproved } from '../../parts/unproved.tsx';
import { useFoot } from '../../shell/foot.ts';
import { AffectedColumns } from './affected-columns.tsx';
import { Blockers } from './blockers.tsx';
import { Changed } from './changed.tsx';
import { Possible } from './possible.tsx';
import { Skipped } from './skipped.tsx';
import { Verdict } from './verdict.tsx';

/** A range that ends at the work tree changes with every file that somebody saves. */
const everyMilliseconds = 2_000;

/** What a change does: what really differs, who is affected in which order, what is proved untouched, and what stops it. */
export function OfChange({ since }: { readonly since: string }) {
  const live = !since.includes('..');
  const query = useOtherAnswer('/v1/impact', { since }, live ? { everyMilliseconds } : {});
  useFoot({
    view: query.data?.after,
    complete: query.data?.comparison.complete,
    command: commandOf('impact', '--since', since),
  });
  return (
    <Asked query={query}>
      {(answer) => {
        const { comparison } = answer;
        return (
          <>
            <Verdict answer={answer} live={live} />
            <Blockers comparison={comparison} />
            <Possible possible={comparison.possible} blindSpots={comparison.blindSpots} />
            {isNothing(comparison) ? (
              <Empty title="Nothing has changed">
                {live ? 'Save a file of the estate, and what follows from it shows here.' : 'Both ends say the same.'}
              </Empty>
            ) : (
              <AffectedColumns first={changedRows(comparison)} affected={comparison.affected} />
            )}
            <Changed comparison={comparison} />
            <Skipped ids={comparison.identical} />
            <Unproved {...comparison} />
          </>
        );
      }}
    </Asked>
  );
}

function isNothing(comparison: SinceAnswer['comparison']): boolean {
  return (
    changedRows(comparison).rows.length === 0 && comparison.affected.length === 0 && comparison.possible.length === 0
  );
}

export function changedRows({
  changed,
  undecided,
  added,
  removed,
}: Parameters<typeof Changed>[0]['comparison']): Parameters<typeof AffectedColumns>[0]['first'] {
  const rows = [
    ...changed.map(({ id, keys }) => ({ id, about: keys.map(({ pointer }) => pointer).join(' ') })),
    ...undecided.map(({ id, reasons }) => ({ id, about: `undecided: ${reasons[0] ?? ''}` })),
    ...added.map((id) => ({ id, about: 'new' })),
    ...removed.map((id) => ({ id, about: 'gone' })),
  ];
  return { title: 'Changed', rows: rows.slice(0, 60) };
}
