import type { ToldRun } from '../../api/answers.ts';
import '../../parts/status-mark.css';

type State = ToldRun['state'];

export const runStates: readonly State[] = ['planning', 'applying', 'finished', 'failed', 'skipped', 'recorded'];

const tones: Readonly<Record<State, 'ok' | 'bad' | 'warn' | 'info' | 'none'>> = {
  queued: 'none',
  ready: 'info',
  planning: 'info',
  unconfirmed: 'warn',
  applying: 'info',
  finished: 'ok',
  failed: 'bad',
  skipped: 'none',
  discarded: 'none',
  recorded: 'ok',
};

export function RunState({ state }: { readonly state: State }) {
  return (
    <span className={`status tone-${tones[state]}`}>
      <span className="run-dot" />
      {state}
    </span>
  );
}
