import { Link } from '@tanstack/react-router';
import type { Shown } from '../../api/answers.ts';
import { Panel } from '../../parts/panel.tsx';
import { When } from '../../parts/when.tsx';
import '../impact/blockers.css';

type Result = Shown['checks'][number]['results'][number];

const words: Readonly<Record<Result['outcome'], readonly [tone: string, word: string]>> = {
  passed: ['ok', 'passed'],
  failed: ['bad', 'failed'],
  unknown: ['warn', 'not known'],
};

/** What the checks of its type said after the last run of each deployment. One that was not made has not passed. */
export function ChecksPanel({ shown: { component, checks } }: { readonly shown: Shown }) {
  if (checks.length === 0) return null;
  const count = checks.reduce((sum, { results }) => sum + results.length, 0);
  return (
    <Panel title="Checks" count={count} flush>
      {checks.map(({ deployment, run, at, results }) => (
        <div key={`${deployment} ${run}`}>
          <p className="checks-of small dim">
            after{' '}
            <Link to="/runs" search={{ component: component.id, id: run }} className="mono link">
              {run}
            </Link>
            , <When at={at} />
            {deployment !== '' && (
              <>
                {' '}
                · <bdi>{deployment}</bdi>
              </>
            )}
          </p>
          <ChecksList results={results} />
        </div>
      ))}
    </Panel>
  );
}

export function ChecksList({ results }: { readonly results: readonly Result[] }) {
  return (
    <ul>
      {results.map(({ name, outcome, reasons }) => {
        const [tone, word] = words[outcome];
        return (
          <li key={name} className="check">
            <span className={`blocker-word tone-${tone}`}>{word}</span>
            <span className="check-said">
              <bdi>{name}</bdi>
              {reasons.map((reason) => (
                <bdi key={reason} className="small dim">
                  {reason}
                </bdi>
              ))}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
