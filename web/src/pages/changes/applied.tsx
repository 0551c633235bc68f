import type { RunRequest, ShownChange, ToldRun } from '../../api/answers.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { ComponentLink } from '../../parts/component-name.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Sentence } from '../../parts/sentence.tsx';
import { RunsOf } from '../runs/request.tsx';
import { RequestState } from '../runs/request-state.tsx';
import '../runs/runs.css';

/** How far applying it came: its steps, the runs with the log of the one that runs, and how what ran compares with what was told before. */
export function Applied({ shown }: { readonly shown: ShownChange }) {
  const { id, apply } = shown.change;
  const asked = useAnswer('/v1/requests', { limit: 500 }, { keep: true });
  const requests = (asked.data?.requests ?? []).filter(({ change }) => change === id);
  const newest = requests.toSorted((a, b) => (a.askedAt < b.askedAt ? 1 : -1))[0];
  if (apply === undefined && newest === undefined) return null;
  return (
    <Panel title="Applying it" action={newest !== undefined && <RequestState state={newest.state} />}>
      {apply !== undefined && <Steps apply={apply} />}
      {newest !== undefined && (
        <>
          {newest.message !== undefined && newest.message !== apply?.message && (
            <p className="tone-bad">
              <Sentence text={newest.message} />
            </p>
          )}
          <RunsOf request={newest} />
          <Foretold shown={shown} requests={requests} />
        </>
      )}
    </Panel>
  );
}

function Steps({ apply }: { readonly apply: NonNullable<ShownChange['change']['apply']> }) {
  const { by, commit, committed, published, deployed, remote, branch, ref, message, code } = apply;
  const steps = [
    [`one commit of ${branch ?? ref ?? 'the followed ref'}`, committed],
    ...(remote === undefined ? [] : ([[`pushed to ${remote}`, committed]] as const)),
    ['configs published', published],
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

/** What ran and changed something, held against what was told before: what was missed is the news. */
function Foretold({
  shown: { simulation },
  requests,
}: {
  readonly shown: ShownChange;
  readonly requests: readonly RunRequest[];
}) {
  const query = useAnswer('/v1/runs', { limit: 500 }, { keep: true });
  const deploys = new Set(requests.flatMap(({ deploys: own = [] }) => own));
  const runs = (query.data?.runs ?? []).filter(({ deploy }) => deploy !== undefined && deploys.has(deploy));
  const over = requests.some(({ state }) => state === 'finished' || state === 'failed');
  if (!over || runs.length === 0) return null;
  const { changed, undecided, added, affected } = simulation.comparison;
  const told = new Set([...changed, ...undecided, ...affected].map(({ id }) => id).concat(added));
  const moved = [...new Set(runs.filter(changedSomething).map(({ component }) => component))];
  const missed = moved.filter((id) => !told.has(id));
  return (
    <p>
      {moved.length} of {told.size} that were told before changed something
      {missed.length === 0 ? (
        <span className="tone-ok">; nothing else did.</span>
      ) : (
        <>
          <span className="tone-bad">; not told before:</span>{' '}
          {missed.map((id) => (
            <ComponentLink key={id} id={id} />
          ))}
        </>
      )}
    </p>
  );
}

function changedSomething({ changes }: ToldRun): boolean {
  return changes !== undefined && Object.values(changes).some((count) => typeof count === 'number' && count > 0);
}
