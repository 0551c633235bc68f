import { printable } from '../../../model/printable.ts';
import type { ChangeCounts } from '../../../model/run.ts';
import type { Style } from './style.ts';

/** How runs are written in lines: the same words live, in a plan and at the end. */

/** `+1 ~0 -2`, as Terraform counts; a dash where nothing changes. */
export function changesInWords(changes: ChangeCounts | undefined): string {
  if (changes === undefined) return '';
  const { add, change, destroy } = changes;
  return add + change + destroy === 0 ? 'no change' : `+${add} ~${change} -${destroy}`;
}

export function secondsInWords(seconds: number | undefined): string {
  if (seconds === undefined) return '';
  return seconds < 60 ? `${seconds.toFixed(1)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** One outcome: a mark, the component, what became of it, and the rest. */
export function outcomeLine(
  mark: string,
  key: string,
  width: number,
  word: string,
  rest: readonly string[],
  style: Style,
): string {
  const paint = word === 'failed' ? style.red : word === 'finished' || word === 'planned' ? style.green : style.dim;
  const tail = rest.filter((part) => part !== '').map(printable);
  return `  ${paint(mark)} ${printable(key).padEnd(width)}  ${paint(word.padEnd(8))}  ${tail.join('  ')}`.trimEnd();
}

/** Several reasons in one line, the first ones in full. */
export function shortened(texts: readonly string[], most = 3): string {
  const shown = texts.slice(0, most).join('; ');
  return texts.length > most ? `${shown}; and ${texts.length - most} more` : shown;
}
