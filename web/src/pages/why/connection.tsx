import { Link } from '@tanstack/react-router';
import type { Answers } from '../../api/answers.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { useAt } from '../../api/use-at.ts';
import { Asked } from '../../parts/asked.tsx';
import { ComponentLink, ComponentName } from '../../parts/component-name.tsx';
import { Empty } from '../../parts/empty.tsx';
import { EvidenceList } from '../../parts/evidence-list.tsx';
import { Panel } from '../../parts/panel.tsx';
import { commandOf } from '../../parts/shell-word.ts';
import { Unproved } from '../../parts/unproved.tsx';
import { useFoot } from '../../shell/foot.ts';
import { Carried } from '../component/references.tsx';
import './connection.css';

type Step = Answers['/v1/why']['shortest'][number];

/** What connects two components: the shortest path, each step with the outputs it carries and where that stands written. */
export function Connection({ from, to }: { readonly from: string; readonly to: string }) {
  const query = useAnswer('/v1/why', { ...useAt(), from, to });
  useFoot({ view: query.data?.view, complete: query.data?.complete, command: commandOf('why', from, to) });
  return (
    <Asked query={query}>
      {({ relation, shortest, back, others, otherCount, more, blindSpots, unread, complete }) =>
        relation === 'none' ? (
          <>
            <Empty title="Nothing connects the two">
              {complete === false
                ? 'No reference that could be read leads from one to the other; something could not be read.'
                : 'Neither depends on the other, directly or through others.'}
            </Empty>
            {blindSpots !== undefined && unread !== undefined && (
              <Unproved blindSpots={blindSpots} unread={unread} complete={complete === true} />
            )}
          </>
        ) : (
          <>
            <Path title={relation === 'both' ? 'Each depends on the other' : 'The shortest path'} steps={shortest} />
            {back !== undefined && back.length > 0 && <Path title="And back" steps={back} />}
            {otherCount > 0 && (
              <Panel title="Further paths" count={otherCount}>
                <ul className="other-paths">
                  {others.map((path) => (
                    <li key={path.join(' ')}>
                      {path.map((id, index) => (
                        <span key={id} className="other-step">
                          {index > 0 && <span className="dim">→</span>}
                          <ComponentLink id={id} />
                        </span>
                      ))}
                    </li>
                  ))}
                  {(more || otherCount > others.length) && (
                    <li className="dim">
                      {otherCount - others.length} more{more ? ', and beyond those that were looked at' : ''}
                    </li>
                  )}
                </ul>
              </Panel>
            )}
            <p>
              <Link to="/graph" search={({ at }) => ({ at, from, to })} className="button">
                Show it in the graph
              </Link>
            </p>
          </>
        )
      }
    </Asked>
  );
}

function Path({ title, steps }: { readonly title: string; readonly steps: readonly Step[] }) {
  return (
    <Panel title={title} count={steps.length} flush>
      <ol>
        {steps.map(({ from, to, consumes, evidence }) => (
          <li key={`${from} ${to}`} className="step">
            <div className="step-ends">
              <ComponentLink id={from} />
              <span className="dim">reads</span>
              <Carried consumes={consumes} orderOnly={consumes.length === 0} />
              <span className="dim">of</span>
              <ComponentName id={to} />
            </div>
            <EvidenceList evidence={evidence} />
          </li>
        ))}
      </ol>
    </Panel>
  );
}
