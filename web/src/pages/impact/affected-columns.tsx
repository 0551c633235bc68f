import { useMemo, useState } from 'react';
import type { SinceAnswer } from '../../api/answers.ts';
import { ComponentLink } from '../../parts/component-name.tsx';
import { Empty } from '../../parts/empty.tsx';
import { type AffectedGroup, byOwner, byWave } from './grouped.ts';
import './affected-columns.css';

export type AffectedOne = SinceAnswer['comparison']['affected'][number];

/** More of a column are shown when somebody asks. */
const most = 30;

/** Left to right is the order in which things run: what changes, then wave by wave who is affected, and by which outputs. */
export function AffectedColumns({
  first,
  affected,
}: {
  readonly first: { readonly title: string; readonly rows: readonly { readonly id: string; readonly about: string }[] };
  readonly affected: readonly AffectedOne[];
}) {
  const [owners, setOwners] = useState(false);
  const groups = useMemo(() => (owners ? byOwner(affected) : byWave(affected)), [owners, affected]);
  return (
    <section aria-label="Affected, in order">
      <div className="toolbar columns-toolbar">
        <h2>Affected, {owners ? 'by owner' : 'in the order in which they run'}</h2>
        <span className="toolbar-rest">
          <button type="button" className="button" aria-pressed={owners} onClick={() => setOwners(!owners)}>
            By owner
          </button>
        </span>
      </div>
      <div className="columns">
        <div className="column column-first">
          <h3>
            {first.title} <span className="column-count">{first.rows.length}</span>
          </h3>
          <ul>
            {first.rows.map(({ id, about }) => (
              <li key={`${id} ${about}`} className="column-item">
                <ComponentLink id={id} />
                {about !== '' && (
                  <span className="column-about" title={about}>
                    <bdi className="mono">{about}</bdi>
                  </span>
                )}
              </li>
            ))}
          </ul>
        </div>
        {groups.map((group) => (
          <Column key={group.title} group={group} />
        ))}
        {affected.length === 0 && <Empty title="Nobody is affected" />}
      </div>
    </section>
  );
}

function Column({ group: { title, members } }: { readonly group: AffectedGroup }) {
  const [all, setAll] = useState(false);
  const shown = all ? members : members.slice(0, most);
  return (
    <div className="column">
      <h3>
        <bdi>{title}</bdi> <span className="column-count">{members.length.toLocaleString('en')}</span>
      </h3>
      <ul>
        {shown.map((one) => (
          <li key={one.id} className="column-item">
            <ComponentLink id={one.id} />
            <Carrier one={one} />
          </li>
        ))}
      </ul>
      {members.length > shown.length && (
        <button type="button" className="more" onClick={() => setAll(true)}>
          {(members.length - shown.length).toLocaleString('en')} more
        </button>
      )}
    </div>
  );
}

/** The last step of the path: what carries the change here, and from whom. */
function Carrier({ one: { path, carriedBy } }: { readonly one: AffectedOne }) {
  const from = path.at(-2) ?? '';
  const outputs = carriedBy.at(-1) ?? [];
  const told = outputs.length === 0 ? 'comes after' : outputs.slice(0, 2).join(' ');
  return (
    <span className="column-about" title={`${outputs.join('\n')}\n${path.join(' → ')}`}>
      <bdi className="mono">{told}</bdi>
      {outputs.length > 2 && ` +${outputs.length - 2}`} <span>of {from.slice(from.indexOf('/') + 1)}</span>
    </span>
  );
}
