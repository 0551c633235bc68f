import type { Evidence } from '../api/answers.ts';
import { Place } from './place.tsx';
import './evidence-list.css';

/** Where it stands written: file and line, the expression, and the rule that read it. */
export function EvidenceList({ evidence }: { readonly evidence: readonly Evidence[] }) {
  return (
    <ul className="evidence">
      {evidence.map((one) => (
        <EvidenceLine evidence={one} key={`${one.rule} ${one.file} ${one.line} ${one.site} ${one.parameter}`} />
      ))}
    </ul>
  );
}

function EvidenceLine({
  evidence: { file, line, site, rule, expression, parameter },
}: {
  readonly evidence: Evidence;
}) {
  const written = expression ?? (file === undefined ? undefined : parameter);
  return (
    <li className="evidence-line">
      <span className="evidence-place">
        {file === undefined ? <bdi className="mono">{parameter}</bdi> : <Place file={file} line={line} copy />}
      </span>
      <span className="evidence-said">
        <bdi className="mono" title={written ?? site}>
          {written ?? site}
        </bdi>
      </span>
      <span className="evidence-rule" title={`found by the rule ${rule}; site ${site}`}>
        {rule}
      </span>
    </li>
  );
}
