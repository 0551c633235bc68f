import type { ShownChange } from '../../api/answers.ts';
import { Panel } from '../../parts/panel.tsx';
import { Sentence } from '../../parts/sentence.tsx';
import '../impact/blockers.css';
import './changes.css';

type Told = Pick<ShownChange, 'blockers' | 'unblocking' | 'policies'>;

/** What stands in the way of a change, what policies say of it, and the least that would unblock it. */
export function InTheWay({ blockers, unblocking, policies }: Told) {
  const said = policies.filter(({ outcome }) => outcome === 'ask' || outcome === 'warn');
  if (blockers.length + said.length === 0) return null;
  return (
    <Panel title={blockers.length > 0 ? 'In the way' : 'What policies say'} count={blockers.length + said.length} flush>
      <ul>
        {blockers.map(({ code, subject, message, key }) => (
          <li key={`${code} ${subject} ${key} ${message}`} className="blocker">
            <span className="blocker-word tone-bad">{code.replaceAll('-', ' ')}</span>
            <bdi className="blocker-said">{subject}</bdi>
            <span className="blocker-said">
              <Sentence text={message} />
            </span>
          </li>
        ))}
        {said.map(({ policy, outcome, is, reason }) => (
          <li key={`policy ${policy}`} className="blocker">
            <span className="blocker-word tone-warn">{outcome === 'ask' ? 'must be agreed' : 'warns'}</span>
            <bdi className="blocker-said">policy {policy}</bdi>
            <span className="blocker-said">
              <bdi>{is === 'unknown' ? `not known whether it holds: ${reason}` : reason}</bdi>
            </span>
          </li>
        ))}
      </ul>
      {unblocking.sets.length > 0 && (
        <div className="unblocking">
          <h3>{unblocking.smallest ? 'The least that would unblock it' : 'What would unblock it'}</h3>
          <ol>
            {unblocking.sets.map((set) => (
              <li key={set.map(({ kind, what, say }) => `${kind} ${what} ${say}`).join()}>
                {set.map(({ say }, index) => (
                  <span key={say}>
                    {index > 0 && ', and '}
                    <Sentence text={say} />
                  </span>
                ))}
              </li>
            ))}
          </ol>
          {!unblocking.smallest && <p className="small dim">The search was stopped: less may do.</p>}
        </div>
      )}
    </Panel>
  );
}
