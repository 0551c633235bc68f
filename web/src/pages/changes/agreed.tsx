import type { ShownChange } from '../../api/answers.ts';
import { Panel } from '../../parts/panel.tsx';
import { When } from '../../parts/when.tsx';
import '../impact/blockers.css';

/** Who must agree to it, who did, and whose agreement is void because it is not what they saw. */
export function Agreed({ approval: { asked, given } }: Pick<ShownChange, 'approval'>) {
  if (asked.length + given.length === 0) return null;
  return (
    <Panel title={asked.length > 0 ? 'Who must agree' : 'Who agreed'} count={asked.length || given.length} flush>
      <ul>
        {asked.map(({ rule, count, group, because, reason, by, met, proposer, applies }) => (
          <li key={rule} className="agreed">
            <span className={`agreed-word tone-${met ? 'ok' : 'warn'}`}>
              {by.length} of {count}
              {group !== undefined && ` of @${group}`}
            </span>
            <span className="agreed-said">
              <bdi>{reason ?? because}</bdi>
              <span className="small dim">
                {rule}
                {!proposer && ' · not who gave it content'}
                {!applies && ' · not who applies it'}
                {by.length > 0 && ` · ${by.join(', ')}`}
              </span>
            </span>
          </li>
        ))}
        {given.map(({ by, at, revision, holds, because }) => (
          <li key={`${by} ${at}`} className="agreed">
            <span className={`agreed-word tone-${holds ? 'ok' : 'bad'}`}>{holds ? 'agreed' : 'void'}</span>
            <span className="agreed-said">
              <bdi>
                {by} to revision {revision}
              </bdi>
              <span className="small dim">
                <When at={at} />
                {because !== undefined && ` · ${because}`}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
