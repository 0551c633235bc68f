import { possibleGroups } from '../../../../src/graph/impact-of-change/possible.ts';
import type { BlindSpot } from '../../api/answers.ts';
import { ComponentLink } from '../../parts/component-name.tsx';
import { Panel } from '../../parts/panel.tsx';
import './possible.css';

const named = 12;

/** Whom it may reach: each group with the reason that could not be ruled out. */
export function Possible({
  possible,
  blindSpots,
}: {
  readonly possible: readonly string[];
  readonly blindSpots: readonly BlindSpot[];
}) {
  if (possible.length === 0) return null;
  return (
    <Panel title="Possible" count={possible.length} flush>
      <ul>
        {possibleGroups({ possible, blindSpots }).map(({ codes, components }) => (
          <li key={codes?.join(' ') ?? ''} className="possible">
            <p>
              {codes === undefined
                ? 'They follow others that are possible'
                : codes.map((code) => <Code key={code} code={code} />)}
              <span className="dim"> {components.length}</span>
            </p>
            <p className="possible-ids">
              {components.slice(0, named).map((id) => (
                <ComponentLink key={id} id={id} />
              ))}
              {components.length > named && <span className="dim">and {components.length - named} more</span>}
            </p>
            <Places blindSpots={blindSpots.filter(({ component }) => components.includes(component)).slice(0, 4)} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Code({ code }: { readonly code: string }) {
  return <span className="tag">{code}</span>;
}

function Places({ blindSpots }: { readonly blindSpots: readonly BlindSpot[] }) {
  const places = [
    ...new Set(
      blindSpots.flatMap(({ evidence }) =>
        evidence?.file === undefined ? [] : [`${evidence.file}:${evidence.line ?? ''}`],
      ),
    ),
  ];
  if (places.length === 0) return null;
  return (
    <p className="small dim">
      could not be read:{' '}
      {places.map((place) => (
        <bdi key={place} className="mono">
          {place}{' '}
        </bdi>
      ))}
    </p>
  );
}
