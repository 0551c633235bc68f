import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { FindingCause, Severity } from '../../api/answers.ts';
import { EvidenceList } from '../../parts/evidence-list.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Sentence } from '../../parts/sentence.tsx';
import './cause-list.css';

export const severityTone: Readonly<Record<Severity, 'bad' | 'warn' | 'info'>> = {
  error: 'bad',
  warning: 'warn',
  info: 'info',
};

/** Findings by what causes them: mending one cause takes all of them away. */
export function CauseList({ causes }: { readonly causes: readonly FindingCause[] }) {
  return (
    <ul>
      {causes.map((cause) => (
        <CauseLine key={`${cause.code} ${cause.key} ${cause.subjects[0]} ${cause.message}`} cause={cause} />
      ))}
    </ul>
  );
}

function CauseLine({ cause }: { readonly cause: FindingCause }) {
  const [open, setOpen] = useState(false);
  const { code, severity, message, hint, subjects, findings, evidence } = cause;
  return (
    <li className="cause">
      <button type="button" className="cause-line" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span className={`cause-severity tone-${severityTone[severity]}`}>
          <Icon name="findings" size={14} />
          <span className="hidden-visually">{severity}</span>
        </span>
        <span className="cause-text">
          <bdi>{message}</bdi>
          <span className="cause-about">
            <span className="mono">{code}</span>
            {findings > 1 && <> · {findings} findings</>}
            {subjects.length === 1 && (
              <>
                {' '}
                · <bdi>{subjects[0]}</bdi>
              </>
            )}
          </span>
        </span>
      </button>
      {open && (
        <div className="cause-more">
          {hint !== undefined && (
            <p>
              <Sentence text={hint} />
            </p>
          )}
          <EvidenceList evidence={evidence} />
          <Subjects subjects={subjects} />
        </div>
      )}
    </li>
  );
}

function Subjects({ subjects }: { readonly subjects: readonly string[] }) {
  return (
    <p className="cause-subjects small">
      <span className="dim">told of </span>
      {subjects.slice(0, 20).map((subject) => (
        <Link key={subject} to="/component" search={({ at }) => ({ at, id: subject })} className="tag">
          <bdi>{subject}</bdi>
        </Link>
      ))}
      {subjects.length > 20 && <span className="dim">and {subjects.length - 20} more</span>}
    </p>
  );
}
