import type { RunRequest, ShownChange, ToldRun } from '../../api/answers.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { Counted } from '../../parts/facts.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Sentence } from '../../parts/sentence.tsx';
import { RunsOf } from '../runs/request.tsx';
import { RequestState } from '../runs/request-state.tsx';
import '../runs/runs.css';

/** How far applying it came: its steps, and the runs with the log of the one that runs. */
export function Applied({ shown }: { readonly shown: ShownChange }) {
  const { id, apply } = shown.change;
  const asked = useAnswer('/v1/requests', { limit: 500 }, { keep: true });
  const requests = (asked.data?.requests ?? []).filter(({ change }) => change === id);
  const newest = requests.toSorted((a, b) => (a.askedAt < b.askedAt ? 1 : -1))[0];
  if (apply === undefined && newest === undefined) return null;
  return (
    <Panel title="Applying it" action={newest !== undefined && <RequestState state={newest.state} />}>
      <div className="applied">
        {apply !== undefined && <Steps apply={apply} />}
        {newest !== undefined && (
          <>
            {newest.message !== undefined && newest.message !== apply?.message && (
              <p className="tone-bad">
                <Sentence text={newest.message} />
              </p>
            )}
            <RunsOf request={newest} />
            <Outcome requests={requests} />
          </>
        )}
      </div>
    </Panel>
  );
}

function Steps({ apply }: { readonly apply: NonNullable<ShownChange['change']['apply']> }) {
  const { by, commit, committed, published, deployed, remote, branch, ref, message, code } = apply;
  const steps = [
    [`one commit of ${branch ?? ref ?? 'the followed ref'}`, committed],
    ...(remote === undefined ? [] : ([[`pushed to ${remote}`, committed]] as const)),
    // An estate without a Parameter Store has none to publish.
    ...(deployed && !published ? [] : ([['configs published', published]] as const)),
    ['deployed', deployed],
  ] as const;
  return (
    <>
      <ol className="applied-steps" aria-label="Steps">
        {steps.map(([step, done]) => (
          <li key={step} className={`status tone-${done ? 'ok' : 'none'}`}>
            {done ? <Icon name="done" size={12} /> : <span className="run-dot" />}
            <bdi>{step}</bdi>
            <span className="hidden-visually">{done ? 'done' : 'not done'}</span>
          </li>
        ))}
      </ol>
      <p className="small dim">
        by <bdi>{by}</bdi>
        {commit !== undefined && (
          <>
            {' '}
            · commit <code>{commit.slice(0, 12)}</code>
          </>
        )}
      </p>
      {message !== undefined && (
        <p className="tone-bad">
          <Sentence text={message} /> {code !== undefined && <code className="small">{code}</code>}
        </p>
      )}
    </>
  );
}

/** What came of it, in one line. */
function Outcome({ requests }: { readonly requests: readonly RunRequest[] }) {
  const query = useAnswer('/v1/runs', { limit: 500 }, { keep: true });
  const deploys = new Set(requests.flatMap(({ deploys: own = [] }) => own));
  const runs = (query.data?.runs ?? []).filter(({ deploy }) => deploy !== undefined && deploys.has(deploy));
  if (runs.length === 0 || requests.some(({ state }) => state === 'asked' || state === 'taken')) return null;
  const failed = runs.filter(({ state }) => state === 'failed').length;
  return (
    <p>
      <Counted count={runs.filter(changedSomething).length} one="run" /> changed something
      {failed > 0 && (
        <>
          , <span className="tone-bad">{failed} failed</span>
        </>
      )}
    </p>
  );
}

function changedSomething({ changes }: ToldRun): boolean {
  return changes !== undefined && Object.values(changes).some((count) => typeof count === 'number' && count > 0);
}
