import { Link } from '@tanstack/react-router';
import type { PlacedLine } from '../../api/answers.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { useAt } from '../../api/use-at.ts';
import { Asked } from '../../parts/asked.tsx';
import { ComponentName } from '../../parts/component-name.tsx';
import { EvidenceList } from '../../parts/evidence-list.tsx';
import { GlanceHead } from '../../parts/glance-head.tsx';
import '../../parts/glance.css';

/** Why a line is there: the outputs, and where the reference stands written. */
export function LineGlance({ line, onClose }: { readonly line: PlacedLine; readonly onClose: () => void }) {
  const { from, to, count, consumes, outputs, orders, strength } = line;
  return (
    <section className="glance line-glance" aria-label="Why this line is there">
      <GlanceHead onClose={onClose}>
        <h2>Why this line?</h2>
      </GlanceHead>
      <div className="line-ends">
        <ComponentName id={from} />
        <span className="dim">{orders ? 'runs after' : 'reads'}</span>
        <ComponentName id={to} />
      </div>
      {outputs > 0 && (
        <ul>
          {consumes.map((one) => (
            <li key={one}>
              <bdi className="mono">{one}</bdi>
            </li>
          ))}
          {outputs > consumes.length && <li className="dim">{outputs - consumes.length} more outputs</li>}
        </ul>
      )}
      {strength === 'hint' && <p className="tone-warn">Plausible; nothing proves it.</p>}
      {count > 1 ? (
        <p className="dim">It stands for {count} references: open the groups to see each.</p>
      ) : (
        <Evidenced from={from} to={to} />
      )}
    </section>
  );
}

function Evidenced({ from, to }: { readonly from: string; readonly to: string }) {
  const query = useAnswer('/v1/why', { ...useAt(), from, to });
  return (
    <Asked query={query}>
      {({ shortest }) => (
        <>
          <EvidenceList evidence={shortest.find((step) => step.from === from && step.to === to)?.evidence ?? []} />
          <Link to="/why" search={({ at }) => ({ at, from, to })} className="button">
            All that connects the two
          </Link>
        </>
      )}
    </Asked>
  );
}
