import type { KeptPlan } from '../../../api/answers.ts';
import { Counted } from '../../../parts/facts.tsx';
import '../../impact/impact.css';

/** All of a plan in a line: what happens to resources, and how many components have no plan, and why. */
export function PlanVerdict({ plan: { plans } }: { readonly plan: KeptPlan }) {
  const total = { add: 0, change: 0, destroy: 0 };
  const of = { planned: 0, waiting: 0, skipped: 0, failed: 0, discarded: 0 };
  for (const member of plans) {
    of[member.state]++;
    if (member.state !== 'planned') continue;
    total.add += member.plan.changes.add;
    total.change += member.plan.changes.change;
    total.destroy += member.plan.changes.destroy;
  }
  const told = (count: number, word: string, tone: string) =>
    count > 0 && (
      <span className={tone}>
        <Counted count={count} one={word} many={word} />
      </span>
    );
  const nothing = total.add + total.change + total.destroy === 0;
  return (
    <p className="verdict">
      {nothing && of.planned > 0 && <span>No resource changes</span>}
      {told(total.add, 'to add', 'tone-ok')}
      {told(total.change, 'to change', 'tone-warn')}
      {told(total.destroy, 'to destroy', 'tone-bad')}
      <span>
        in <Counted count={of.planned} one="component" />
      </span>
      {told(of.waiting, of.waiting === 1 ? 'waits' : 'wait', 'tone-info')}
      {told(of.skipped, 'skipped with proof', 'tone-ok')}
      {told(of.failed, 'failed', 'tone-bad')}
      {told(of.discarded, 'not planned', '')}
    </p>
  );
}
