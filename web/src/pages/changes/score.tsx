import { useAnswer } from '../../api/use-answer.ts';
import { ComponentLink } from '../../parts/component-name.tsx';
import { Counted } from '../../parts/facts.tsx';
import { Panel } from '../../parts/panel.tsx';
import '../impact/impact.css';
import '../impact/possible.css';

/** What was predicted of a change that was applied, against what came of it. What was missed is the news. */
export function Score({ id }: { readonly id: string }) {
  const query = useAnswer('/v1/changes/{id}/score', { id });
  const score = query.data?.scores.find(({ change }) => change === id);
  // Before anything ran there is none, and a change that nothing ran for never has one.
  if (score === undefined) return null;
  const { right, wrong, missed, unknown } = score;
  return (
    <Panel title="What was predicted, and came">
      <p className="verdict">
        <span className={right.length > 0 ? 'tone-ok' : ''}>
          <Counted count={right.length} one="as predicted" many="as predicted" />
        </span>
        <span>
          <Counted count={wrong.length} one="predicted, and nothing came" many="predicted, and nothing came" />
        </span>
        <span className={missed.length > 0 ? 'tone-bad' : ''}>
          <Counted count={missed.length} one="missed" many="missed" />
        </span>
        {unknown.length > 0 && (
          <span>
            <Counted count={unknown.length} one="did not run" many="did not run" />
          </span>
        )}
      </p>
      {missed.length > 0 && (
        <p className="possible-ids">
          {missed.map((one) => (
            <ComponentLink key={one} id={one} />
          ))}
        </p>
      )}
    </Panel>
  );
}
