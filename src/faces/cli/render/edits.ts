import type { EditsAnswer } from '../../../engine/verbs/config-edit.ts';
import type { Output } from '../output.ts';
import type { Style } from './style.ts';

/** The patch in colours, then what was refused with its ways out, and whom it reaches beside. */
export function tellEdits(answer: EditsAnswer, output: Pick<Output, 'patch' | 'answer' | 'style'>): void {
  const patch = answer.files.map(({ diff }) => patchShown(diff, output.style)).join('');
  if (patch !== '') output.patch(patch.endsWith('\n') ? patch : `${patch}\n`);
  const besides = linesBesides(answer, output.style);
  if (besides.length > 0) output.answer((patch === '' && besides[0] === '' ? besides.slice(1) : besides).join('\n'));
}

function patchShown(diff: string, style: Style): string {
  return diff
    .split('\n')
    .map((line) => coloured(line, style))
    .join('\n');
}

function linesBesides({ files, refused, also, written }: EditsAnswer, style: Style): string[] {
  const lines: string[] = [];
  for (const one of refused) {
    const place = one.file === undefined ? '' : `  ${style.dim(`${one.file}:${one.line ?? 1}`)}`;
    const deployment = one.deployment === undefined ? '' : ` @ ${one.deployment}`;
    lines.push('', `${style.red('✗')} ${style.bold(one.component)}${deployment} ${one.pointer}: ${one.reason}${place}`);
    if (one.readers.length > 0)
      lines.push(
        style.dim(
          `    also read by ${one.readers.slice(0, 8).join(', ')}${one.readers.length > 8 ? ` and ${one.readers.length - 8} more` : ''}`,
        ),
      );
    for (const way of one.ways) lines.push(`    - ${way}`);
  }
  if (also.length > 0)
    lines.push(
      '',
      `also given something else: ${also.map(({ component, deployment }) => (deployment === undefined ? component : `${component} @ ${deployment}`)).join(', ')}`,
    );
  if (files.length > 0 && !written) lines.push('', style.dim('nothing was written: --write does'));
  if (written) lines.push('', `written: ${files.map(({ path }) => path).join(', ')}`);
  if (files.length === 0 && refused.length === 0) lines.push('nothing to change: that is what it is already');
  return lines;
}

/** A carriage return at the end stays the last sign of its line: it is a line end there, and only there. */
function coloured(whole: string, style: Style): string {
  const line = whole.replace(/\r$/, '');
  return painted(line, style) + whole.slice(line.length);
}

function painted(line: string, style: Style): string {
  if (/^(?:diff|---|\+\+\+)/.test(line)) return style.bold(line);
  if (line.startsWith('@@')) return style.dim(line);
  return line.startsWith('+') ? style.green(line) : line.startsWith('-') ? style.red(line) : line;
}
