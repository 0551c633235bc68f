import { environmentPromoteWriteVerb, type PromotionAnswer } from '../../../engine/verbs/environment-promote.ts';
import { answerTo } from '../../../engine/verbs/verb.ts';
import { choiceOption, flagOption, textOption, type Verb } from '../command.ts';
import { tellEdits } from '../render/edits.ts';
import { count } from '../render/evidence.ts';
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
  else if (format === 'patch') output.patch(answer.files.map(({ diff }) => diff).join(''));
  else {
    const made = answer.written ? 'made' : 'to make';
    output.answer(`${count(answer.edits, 'edit')} ${made} ${to} what ${from} is, ${answer.refused.length} refused\n\n`);
    tellEdits(answer, output);
  }
  return answer.refused.length > 0 ? 3 : 0;
};
