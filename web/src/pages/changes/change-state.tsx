import type { ChangeState } from '../../api/answers.ts';
import '../../parts/status-mark.css';
import '../runs/runs.css';

const tones: Readonly<Record<ChangeState, 'ok' | 'bad' | 'warn' | 'info' | 'none'>> = {
  proposed: 'info',
  simulated: 'info',
  blocked: 'bad',
  planned: 'info',
  approved: 'ok',
  applying: 'info',
  applied: 'ok',
  rejected: 'none',
  cancelled: 'none',
  failed: 'bad',
  reverted: 'warn',
};

export function ChangeStateMark({ state }: { readonly state: ChangeState }) {
  return (
    <span className={`status tone-${tones[state]}`}>
      <span className="run-dot" />
      {state}
    </span>
  );
}
