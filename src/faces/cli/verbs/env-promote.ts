import {
  environmentPromoteWriteVerb,
  type NewObject,
  type PromotionAnswer,
} from '../../../engine/verbs/environment-promote.ts';
import { answerTo } from '../../../engine/verbs/verb.ts';
import { choiceOption, flagOption, textOption, type Verb } from '../command.ts';
import { tellEdits } from '../render/edits.ts';
import { count } from '../render/evidence.ts';
import type { Style } from '../render/style.ts';
import { tellProposed } from './proposed-edits.ts';

export const run: Verb = async ({ args, options, output, context, ask }) => {
  const [from = '', to = '', ...select] = args;
  const format = choiceOption(options, 'output', ['patch']);
  const where = flagOption(options, 'override') ? 'override' : flagOption(options, 'there') ? 'there' : 'refuse';
  const query = { from, to, select, where } as const;
  if (flagOption(options, 'propose')) {
    const reason = textOption(options, 'reason');
    const made = await ask('environment-promote-propose', { ...query, ...(reason === undefined ? {} : { reason }) });
    return tellProposed(made, output);
  }
  const answer: PromotionAnswer = flagOption(options, 'write')
    ? await answerTo(context, environmentPromoteWriteVerb, query)
    : await ask('environment-promote', query);
  if (output.json) output.document(answer);
  else if (format === 'patch') {
    output.patch(answer.files.map(({ diff }) => diff).join(''));
    if (answer.refused.length > 0)
      output.talk(`${count(answer.refused.length, 'edit')} refused; without \`--output patch\` each says why`);
  } else {
    const made = answer.written ? 'made' : 'to make';
    const fresh = answer.created.length === 0 ? '' : ` and ${count(answer.created.length, 'new object')}`;
    output.answer(
      `${count(answer.edits, 'edit')}${fresh} ${made} ${to} what ${from} is, ${answer.refused.length} refused\n\n`,
    );
    tellEdits(answer, output);
    const told = answer.created.flatMap((one) => newObjectLines(one, output.style));
    told.push(
      ...answer.kept.map((one) =>
        output.style.dim(
          `= ${one.component}${one.deployment === undefined ? '' : ` @ ${one.deployment}`} ${one.pointer} stays: ${one.why}`,
        ),
      ),
    );
    if (told.length > 0) output.answer(`\n${told.join('\n')}`);
  }
  return answer.refused.length > 0 ? 3 : 0;
};

function newObjectLines({ component, deployment, like, repointed, carried }: NewObject, style: Style): string[] {
  const where = (one: NewObject['carried'][number]) => `${one.file === undefined ? '' : `${one.file} `}${one.pointer}`;
  return [
    `${style.green('+')} ${style.bold(component)}${deployment === undefined ? '' : ` @ ${deployment}`}  ${style.dim(`after ${like}`)}`,
    ...repointed.map((one) => style.dim(`    repointed: ${where(one)} (${one.why})`)),
    ...carried.map((one) => `    look at ${where(one)}: ${one.why}`),
  ];
}
