import { Link } from '@tanstack/react-router';
import type { Answers } from '../../api/answers.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { Asked } from '../../parts/asked.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Panel } from '../../parts/panel.tsx';
import { When } from '../../parts/when.tsx';
import './scores.css';

type Score = Answers['/v1/scores']['scores'][number];

/** What was predicted of applied changes against what came of them, the newest first, and how far each rule was right. */
export function Scores() {
  const query = useAnswer('/v1/scores');
  return (
    <Asked query={query}>
      {({ scores, total }) =>
        scores.length === 0 ? (
          <Empty title="Nothing was applied yet" command="karma change score">
            When runs of an applied change are over, what was predicted of it stands here beside what came of it.
          </Empty>
        ) : (
          <div className="scores">
            <p className="verdict">
              <span>
                <b>{part(total.precision)}</b> of what was predicted came
              </span>
              <span>
                <b>{part(total.recall)}</b> of what came was predicted
              </span>
            </p>
            <Panel title="By change" count={scores.length} flush>
              <ul>
                {scores.map((score) => (
                  <ScoreLine key={score.change} score={score} />
                ))}
              </ul>
            </Panel>
            {total.rules.length > 0 && (
              <Panel title="By rule" count={total.rules.length} flush>
                <ul>
                  {total.rules.map(({ rule, predicted, right }) => (
                    <li key={rule} className="score-line">
                      <span className="mono">{rule}</span>
                      <Bar right={right} wrong={predicted - right} missed={0} />
                      <span className="small dim">
                        {right} of {predicted} came
                      </span>
                    </li>
                  ))}
                </ul>
              </Panel>
            )}
          </div>
        )
      }
    </Asked>
  );
}

function ScoreLine({ score: { change, at, right, wrong, missed, unknown } }: { readonly score: Score }) {
  const told = [
    `${right.length} as predicted`,
    ...(wrong.length > 0 ? [`${wrong.length} predicted, and nothing came`] : []),
    ...(missed.length > 0 ? [`${missed.length} missed`] : []),
    ...(unknown.length > 0 ? [`${unknown.length} did not run`] : []),
  ];
  return (
    <li className="score-line">
      <span>
        <Link to="/changes" search={({ at: when }) => ({ at: when, id: change })} className="link mono">
          {change}
        </Link>{' '}
        <span className="small dim">
          <When at={at} />
        </span>
      </span>
      <Bar right={right.length} wrong={wrong.length} missed={missed.length} />
      <span className={`small ${missed.length > 0 ? 'tone-bad' : 'dim'}`}>{told.join(' · ')}</span>
    </li>
  );
}

/** The same as the words beside it, for the eye. */
function Bar({ right, wrong, missed }: { readonly right: number; readonly wrong: number; readonly missed: number }) {
  const parts = [
    ['right', right],
    ['wrong', wrong],
    ['missed', missed],
  ] as const;
  return (
    <span className="score-bar" aria-hidden="true">
      {parts.map(
        ([name, count]) => count > 0 && <span key={name} className={`score-${name}`} style={{ flexGrow: count }} />,
      )}
    </span>
  );
}

/** A part as a whole percentage; what is nearly all is not all. */
function part(of: number | undefined): string {
  if (of === undefined) return '–';
  return of === 1 ? '100 %' : `${Math.min(99, Math.round(of * 100))} %`;
}
