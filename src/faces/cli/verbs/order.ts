import { namesInOrder, type OrderAnswer } from '../../../engine/verbs/order.ts';
import { atOption, type Call, choiceOption, flagOption, listOption, textOption, type Verb } from '../command.ts';
import type { ExitCode } from '../exit-codes.ts';
import { orderFormats } from '../formats.ts';
import { blindSpotLines, unreadLines } from '../render/blind-spots.ts';
import { count } from '../render/evidence.ts';
import type { Style } from '../render/style.ts';

type Told = Omit<OrderAnswer, 'view' | 'graph'>;

export const run: Verb = async (call) => {
  const { args, options, output, ask } = call;
  const since = textOption(options, 'since');
  const format = choiceOption(options, 'output', orderFormats);
  const query = { select: [...args, ...listOption(options, 'filter')], reverse: flagOption(options, 'reverse') };
  if (!output.json && (format === 'matrix' || format === 'gitlab')) {
    const { text } = await ask('order-text', {
      ...query,
      format,
      ...(since === undefined ? atOption(options) : { since }),
    });
    output.raw(text);
    return 0;
  }
  if (since !== undefined) {
    const { cycles = [], ...answer } = await ask('order-since', { since, ...query });
    return tell(
      call,
      { ...answer, cycles },
      { ...answer, ...(cycles.length === 0 ? {} : { cycles }) },
      ` after ${answer.range}`,
    );
  }
  const answer = await ask('order', { ...query, ...atOption(options) });
  output.talk(output.talkStyle.dim(answer.view.label));
  return tell(call, answer, answer, '');
};

function tell({ options, output }: Call, answer: Told, document: object, after: string): ExitCode {
  const format = choiceOption(options, 'output', orderFormats);
  if (output.json || format === 'json') output.document(document);
  else if (format === 'paths0') output.names0(namesInOrder(answer.order));
  else if (output.quiet)
    output.raw(
      namesInOrder(answer.order)
        .map((id) => `${id}\n`)
        .join(''),
    );
  else output.answer(linesOf(answer, after, output.style).join('\n'));
  return 0;
}

function linesOf(
  { order: { waves, steps, critical, notRun }, cycles, blindSpots, unread }: Told,
  after: string,
  style: Style,
): string[] {
  if (waves.length === 0) return [after === '' ? 'no component fits' : 'nothing must run'];
  const all = count(waves.flat().length, 'component');
  const lines = [
    `${all}${after === '' ? '' : ` to run${after},`} in ${count(waves.length, 'wave')}; each starts as soon as what it depends on is done`,
  ];
  const circling = new Set(steps.filter(({ cycle }) => cycle).flatMap(({ components }) => components));
  for (const [index, wave] of waves.entries())
    lines.push(
      '',
      style.dim(`wave ${index + 1}`),
      ...wave.map((id) => (circling.has(id) ? `  ${id}  ${style.red('in a cycle')}` : `  ${id}`)),
    );
  if (critical.components.length > 1)
    lines.push('', `critical path (${critical.components.length}): ${critical.components.join(', then ')}`);
  if (notRun.length > 0) lines.push('', style.dim(`not run (external or parameters): ${notRun.join(', ')}`));
  for (const { path, members } of cycles) {
    const more = members.length > path.length ? ` (${members.length} components in all)` : '';
    lines.push('', style.red(`cycle: ${[...path, path[0]].join(' → ')}${more}`));
  }
  if (cycles.length > 0) lines.push('no order exists for what is in a cycle or behind it: cut one of its references');
  lines.push(
    ...blindSpotLines(blindSpots, 'what they hide may have to come first', style),
    ...unreadLines(unread, style),
  );
  return lines;
}
