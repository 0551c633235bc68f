import { atOption, type Verb } from '../command.ts';
import { blindSpotLines, unreadLines } from '../render/blind-spots.ts';
import { evidenceLine } from '../render/evidence.ts';

export const run: Verb = async ({ args, options, output, ask }) => {
  const answer = await ask('outputs', { id: args[0] ?? '', ...atOption(options) });
  if (output.json) {
    output.document(answer);
    return 0;
  }
  const { style } = output;
  output.talk(output.talkStyle.dim(answer.view.label));
  const lines = [style.bold(answer.component)];
  if (!answer.known)
    lines.push(
      style.yellow('  which outputs there are cannot be told: the module was not read; those below are what is read'),
    );
  for (const { name, published, readers, unread } of answer.outputs) {
    const mark = unread
      ? style.dim('unread')
      : !published && answer.known
        ? style.yellow('never published by HCL')
        : '';
    lines.push(`  ${style.bold(name)}  ${mark}`.trimEnd());
    for (const reader of readers) {
      lines.push(
        `      ${reader.component}  ${reader.pointer}${reader.tolerated ? style.dim('  with a fallback') : ''}`,
      );
      for (const one of reader.evidence.slice(0, 1)) lines.push(`        ${evidenceLine(one, style)}`);
    }
  }
  for (const reader of answer.wholeReaders)
    lines.push(`  ${reader.component}  reads all of it, or a part that could not be told`);
  if (answer.outputs.length === 0 && answer.wholeReaders.length === 0) lines.push('  no outputs');
  lines.push(
    ...blindSpotLines(answer.blindSpots, 'there may be more who read', style),
    ...unreadLines(answer.unread, style),
  );
  output.answer(lines.join('\n'));
  return 0;
};
