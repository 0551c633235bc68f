import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { ShownReference } from '../../api/answers.ts';
import { ComponentLink } from '../../parts/component-name.tsx';
import { EvidenceList } from '../../parts/evidence-list.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Place } from '../../parts/place.tsx';
import './references.css';

/** More than these are shown when somebody asks. */
const most = 12;

/** Components on one side of this one: what is read of whom, and where that stands written. */
export function References({
  anchor,
  title,
  references,
  none,
  why,
}: {
  readonly anchor: string;
  readonly title: string;
  readonly references: readonly ShownReference[];
  readonly none: string;
  readonly why: (other: string) => { readonly from: string; readonly to: string };
}) {
  const [all, setAll] = useState(false);
  const shown = all ? references : references.slice(0, most);
  return (
    <div id={anchor}>
      <Panel title={title} count={references.length} flush>
        {references.length === 0 && <p className="none">{none}</p>}
        <ul>
          {shown.map((reference) => (
            <Reference key={reference.id} reference={reference} ends={why(reference.id)} />
          ))}
        </ul>
        {references.length > shown.length && (
          <button type="button" className="more" onClick={() => setAll(true)}>
            {references.length - shown.length} more
          </button>
        )}
      </Panel>
    </div>
  );
}

function Reference({
  reference: { id, consumes, rules, marks, evidence },
  ends,
}: {
  readonly reference: ShownReference;
  readonly ends: { readonly from: string; readonly to: string };
}) {
  const [open, setOpen] = useState(false);
  const [first] = evidence;
  return (
    <li className="reference">
      <div className="reference-line">
        <button
          type="button"
          className="reference-open"
          aria-expanded={open}
          aria-label={`Evidence of the reference with ${id}`}
          onClick={() => setOpen(!open)}
        >
          <Icon name={open ? 'down' : 'right'} size={12} />
        </button>
        <ComponentLink id={id} />
        <Carried consumes={consumes} orderOnly={consumes.length === 0} />
        <span className="reference-place">
          {first?.file === undefined ? rules.join(', ') : <Place file={first.file} line={first.line} />}
        </span>
      </div>
      {open && (
        <div className="reference-evidence">
          <EvidenceList evidence={evidence} />
          <p className="small dim">
            {marks.length > 0 && <span>{marks.join(', ')} · </span>}
            <Link to="/why" search={({ at }) => ({ at, ...ends })} className="link">
              Why are the two connected?
            </Link>
          </p>
        </div>
      )}
    </li>
  );
}

/** The outputs that a reference carries. */
export function Carried({
  consumes,
  orderOnly,
}: {
  readonly consumes: readonly string[];
  readonly orderOnly: boolean;
}) {
  if (orderOnly)
    return (
      <span className="carried">
        <span className="tag">order only</span>
      </span>
    );
  const [first = '', second] = consumes;
  return (
    <span className="carried" title={consumes.join('\n')}>
      <bdi className="mono">{first}</bdi>
      {second !== undefined && <bdi className="mono carried-second">{second}</bdi>}
      {consumes.length > 2 && <span className="dim">+{consumes.length - 2}</span>}
    </span>
  );
}
