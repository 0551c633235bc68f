import { type RecordAnswer, recordVerb } from '../../../engine/verbs/record.ts';
import { answerTo } from '../../../engine/verbs/verb.ts';
import { printable } from '../../../model/printable.ts';
import { textOption, type Verb } from '../command.ts';
import { givenText } from '../given-text.ts';
import type { Output } from '../output.ts';
import { count } from '../render/evidence.ts';

export const run: Verb = async ({ args, options, output, context }) => {
  const answer = await answerTo(context, recordVerb, {
    files: await Promise.all(
      args.map(async (name) => ({
        name: name === '-' ? 'stdin' : name,
        text: await givenText(name, 'name a file, or `-` for stdin'),
      })),
    ),
    component: textOption(options, 'component'),
    runBy: textOption(options, 'runBy'),
  });
  if (output.json) output.document(answer);
  else if (output.quiet) output.answer(answer.recorded.map(nameOf).join('\n'));
  else show(answer, output);
  return 0;
};

function nameOf({ component, deployment }: RecordAnswer['recorded'][number]): string {
  return deployment === '' ? component : `${component}@${deployment}`;
}

function show({ recorded, passedOver }: RecordAnswer, output: Output): void {
  const { style, talkStyle } = output;
  const lines = recorded.map((line) => {
    const what =
      line.run === 'failed'
        ? style.red('a failed run')
        : `${count(line.consumed, 'value')} consumed, ${count(line.outputs, 'output')}`;
    return `${line.outcome}  ${style.bold(nameOf(line))}  ${style.dim(line.kind)}  ${what}`;
  });
  output.answer(lines.length === 0 ? 'nothing to record' : lines.join('\n'));
  for (const line of recorded)
    for (const note of line.notes) output.talk(talkStyle.dim(`${nameOf(line)}: ${printable(note)}`));
  for (const { name, reason } of passedOver)
    output.talk(`${talkStyle.yellow('passed over')}  ${printable(name)}: ${printable(reason)}`);
}
