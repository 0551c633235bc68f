import type { RunRequest } from '../../api/answers.ts';
import '../../parts/status-mark.css';

const tones: Readonly<Record<RunRequest['state'], 'ok' | 'bad' | 'warn' | 'info' | 'none'>> = {
  asked: 'none',
  taken: 'info',
  stopping: 'warn',
  finished: 'ok',
  failed: 'bad',
  cancelled: 'none',
};

export function RequestState({ state }: { readonly state: RunRequest['state'] }) {
  return (
    <span className={`status tone-${tones[state]}`}>
      <span className="run-dot" />
      {state}
    </span>
  );
}
