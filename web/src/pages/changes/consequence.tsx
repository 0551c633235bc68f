import type { Comparison, ShownChange } from '../../api/answers.ts';
import { Panel } from '../../parts/panel.tsx';
import { Unproved } from '../../parts/unproved.tsx';
import { AffectedColumns } from '../impact/affected-columns.tsx';
import { Blockers } from '../impact/blockers.tsx';
import { Changed } from '../impact/changed.tsx';
import { changedRows } from '../impact/of-change.tsx';
import { Possible } from '../impact/possible.tsx';
import { Skipped } from '../impact/skipped.tsx';
import { Counts } from '../impact/verdict.tsx';
import { InTheWay } from './in-the-way.tsx';
import { OtherChanges } from './other-changes.tsx';
import '../impact/impact.css';

type Told = Pick<ShownChange, 'simulation' | 'others' | 'blockers' | 'unblocking' | 'policies'>;

/** What a change would do: in the way first, then whom it reaches in which order, what is untouched, and what is not proved. */
export function Consequence({ told }: { readonly told: Told }) {
  const { simulation, others, blockers } = told;
  const { comparison, conflicts, summary } = simulation;
  if (conflicts.length > 0)
    return (
      <>
        <InTheWay {...told} />
        <Panel title="Git cannot put it together with what is there by now" count={conflicts.length} flush>
          <ul>
            {conflicts.map((file) => (
              <li key={file} className="unproved">
                <bdi className="mono">{file}</bdi>
              </li>
            ))}
          </ul>
        </Panel>
        <OtherChanges others={others} />
      </>
    );
  return (
    <>
      <div className="verdict-block" role="status">
        <Counts comparison={comparison} sentence={summary[1]} />
      </div>
      <InTheWay {...told} />
      <Blockers comparison={withoutTold(comparison, blockers)} />
      <AffectedColumns first={changedRows(comparison)} affected={comparison.affected} />
      <Possible possible={comparison.possible} blindSpots={comparison.blindSpots} />
      <Changed comparison={comparison} />
      <FindingsGone findings={comparison.findingsGone} />
      <OtherChanges others={others} />
      <Skipped ids={comparison.identical} />
      <Unproved {...comparison} />
    </>
  );
}

/** What stands in the way is told once. */
function withoutTold(comparison: Comparison, blockers: Told['blockers']): Comparison {
  const told = new Set(blockers.map(({ code, subject, message }) => `${code} ${subject} ${message}`));
  const isNew = ({ code, subject, message }: Comparison['findingsNew'][number]): boolean =>
    !told.has(`${code} ${subject} ${message}`);
  return { ...comparison, findingsNew: comparison.findingsNew.filter(isNew) };
}

function FindingsGone({ findings }: { readonly findings: Comparison['findingsGone'] }) {
  if (findings.length === 0) return null;
  return (
    <Panel title="Findings that go" count={findings.length} flush>
      <ul>
        {findings.slice(0, 40).map(({ code, subject, message }) => (
          <li key={`${code} ${subject} ${message}`} className="blocker">
            <span className="blocker-word tone-ok">{code}</span>
            <bdi className="blocker-said">{subject}</bdi>
            <bdi className="blocker-said">{message}</bdi>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
