import type { Phase, PhaseProgress, Said } from '../../model/progress.ts';
import { progressWords } from '../progress-words.ts';
import type { Output } from './output.ts';

/** Nothing is said of what takes less than a second: a question that answers at once needs no talk. */
const patienceMs = 1000;

/** What is counted goes up in place. */
const counted: ReadonlySet<Phase> = new Set(['claim', 'judge']);
/** A deploy has a picture of its own, and what comes behind it is told there. */
const toldElsewhere: ReadonlySet<Phase> = new Set(['run', 'apply', 'publish']);

/** Progress on stderr: one line in place on a terminal, a line a phase elsewhere. */
export function progressTo(output: Output): { report(said: Said): void; end(): void } {
  const started = Date.now();
  let last = '';
  const tell = (progress: PhaseProgress): void => {
    const { phase, done, total } = progress;
    if (output.quiet || toldElsewhere.has(phase) || Date.now() - started < patienceMs) return;
    const words = progressWords(progress);
    if (output.interactive) output.inPlace(counted.has(phase) ? `${words} ${done}/${total}` : `${words} …`);
    else if (!counted.has(phase) && words !== last) output.talk(`${words} …`);
    last = words;
  };
  return {
    report: (said) => (said.kind === 'note' ? output.talk(output.talkStyle.dim(said.text)) : tell(said)),
    end: () => output.clear(),
  };
}
