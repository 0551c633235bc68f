import type { EditsAnswer } from '../../../engine/verbs/config-edit.ts';
import type { Style } from './style.ts';

/** A patch in colours, what was refused with its ways out, and whom it reaches beside. */
export function editLines({ files, refused, also, written }: EditsAnswer, style: Style): string[] {
  const lines = files.flatMap(({ diff }) =>
    diff
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => coloured(line, style)),
  );
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
  return lines[0] === '' ? lines.slice(1) : lines;
}

function coloured(line: string, style: Style): string {
  if (/^(?:diff|---|\+\+\+)/.test(line)) return style.bold(line);
  if (line.startsWith('@@')) return style.dim(line);
  return line.startsWith('+') ? style.green(line) : line.startsWith('-') ? style.red(line) : line;
}
