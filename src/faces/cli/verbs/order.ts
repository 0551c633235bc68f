import { order } from '../../../engine/order.ts';
import { choiceOption, flagOption, listOption, textOption, type Verb } from '../command.ts';
import { orderFormats } from '../formats.ts';
import { count } from '../render/evidence.ts';

export const run: Verb = async (call) => {
  const { args, options, output, context } = call;
  if (textOption(options, 'since') !== undefined) return (await import('./impact-since.ts')).runOrder(call);
  const format = choiceOption(options, 'output', orderFormats);
  const at = textOption(options, 'at');
  const answer = await order(context, {
    selection: [...args, ...listOption(options, 'filter')],
    reverse: flagOption(options, 'reverse'),
    ...(at === undefined ? {} : { at }),
  });
  if (output.json || format === 'json')
    output.document({ view: answer.view, order: answer.order, cycles: answer.cycles });
  else if (format === 'paths0') output.names0(answer.order.waves.flat());
  else if (format === 'matrix' || format === 'gitlab') {
    const { matrixOf } = await import('../../../engine/matrix.ts');
    output.raw(matrixOf(answer.graph, answer.order, format));
  } else if (output.quiet)
    output.raw(
      answer.order.waves
        .flat()
        .map((id) => `${id}\n`)
        .join(''),
    );
  else {
    const { style } = output;
    output.talk(output.talkStyle.dim(answer.view.label));
    const { waves, critical, notRun } = answer.order;
    const lines = [
      `${count(waves.flat().length, 'component')} in ${count(waves.length, 'wave')}; each starts as soon as what it depends on is done`,
    ];
    for (const [index, wave] of waves.entries())
      lines.push('', style.dim(`wave ${index + 1}`), ...wave.map((id) => `  ${id}`));
    if (critical.components.length > 1)
      lines.push('', `critical path (${critical.components.length}): ${critical.components.join(' → ')}`);
    if (notRun.length > 0) lines.push('', style.dim(`not run (external or parameters): ${notRun.join(', ')}`));
    for (const { path } of answer.cycles) lines.push('', style.red(`cycle: ${[...path, path[0]].join(' → ')}`));
    output.answer(lines.join('\n'));
  }
  return 0;
};
