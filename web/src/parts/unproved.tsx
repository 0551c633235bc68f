import type { BlindSpot, UnreadGroup } from '../api/answers.ts';
import { ComponentLink } from './component-name.tsx';
import { Panel } from './panel.tsx';
import './unproved.css';

/** What could not be read and so may hide something: never left unsaid, and told once. */
export function Unproved({
  blindSpots,
  unread,
  complete,
}: {
  readonly blindSpots: readonly BlindSpot[];
  readonly unread: readonly UnreadGroup[];
  readonly complete: boolean;
}) {
  if (blindSpots.length === 0 && unread.length === 0) return null;
  return (
    <Panel
      title={complete ? 'Taken as it is said' : 'What this cannot see'}
      count={blindSpots.length + unread.length}
      flush
    >
      <ul>
        {unread.map(({ code, what, components, assumed }) => (
          <li key={`${code} ${what}`} className="unproved">
            <span className="tag">{code}</span>
            <bdi>{what}</bdi>
            <span className="dim small">
              in {components} component{components === 1 ? '' : 's'}
              {assumed !== undefined && `; taken to touch nothing: ${assumed}`}
            </span>
          </li>
        ))}
        {blindSpots.slice(0, 50).map(({ component, code, evidence }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two doubts may say the same
          <li key={`${component} ${code} ${index}`} className="unproved">
            <span className="tag">{code}</span>
            {component === '' ? <span className="dim">the estate as a whole</span> : <ComponentLink id={component} />}
            {evidence?.file !== undefined && (
              <bdi className="mono small dim">
                {evidence.file}:{evidence.line}
              </bdi>
            )}
          </li>
        ))}
        {blindSpots.length > 50 && <li className="unproved dim">{blindSpots.length - 50} more</li>}
      </ul>
    </Panel>
  );
}
