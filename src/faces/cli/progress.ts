import type { Progress, Report } from '../../model/progress.ts';
import type { Output } from './output.ts';

/** Nothing is said of what takes less than a second: a question that answers at once needs no talk. */
const patienceMs = 1000;

/** Progress on stderr: one line in place on a terminal, a line a phase elsewhere. */
export function progressTo(output: Output): { readonly report: Report; end(): void } {
  const started = Date.now();
  let lastPhase = '';
  const report = (progress: Progress): void => {
    if (progress.kind === 'note') {
      output.talk(output.talkStyle.dim(progress.text));
      return;
    }
    if (output.quiet || Date.now() - started < patienceMs) return;
    if (output.interactive)
      output.inPlace(
        progress.kind === 'phase' ? `${progress.name} …` : `${progress.name} ${progress.done}/${progress.total}`,
      );
    else if (progress.kind === 'phase' && progress.name !== lastPhase) output.talk(`${progress.name} …`);
    lastPhase = progress.name;
  };
  return { report, end: () => output.clear() };
}
