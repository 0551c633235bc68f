import { environmentSwitchWriteVerb, type SwitchAnswer } from '../../../engine/verbs/environment-switch.ts';
import { answerTo } from '../../../engine/verbs/verb.ts';
import { KarmaError } from '../../../model/errors.ts';
import { choiceOption, flagOption, textOption, type Verb } from '../command.ts';
import { tellEdits } from '../render/edits.ts';
import { count } from '../render/evidence.ts';
import { tellProposed } from './proposed-edits.ts';

export const run: Verb = async ({ args, options, output, context, ask }) => {
  const to = textOption(options, 'to');
  const [id = ''] = args;
  if (to === undefined)
    throw new KarmaError('KARMA_USAGE', `switch ${id} to what?`, { hint: 'name the other component with --to' });
  const query = { id, to };
  const format = choiceOption(options, 'output', ['patch']);
  if (flagOption(options, 'propose')) {
    const reason = textOption(options, 'reason');
    const made = await ask('environment-switch-propose', { ...query, ...(reason === undefined ? {} : { reason }) });
    return tellProposed(made, output);
  }
  const answer: SwitchAnswer = flagOption(options, 'write')
    ? await answerTo(context, environmentSwitchWriteVerb, { id, to })
    : await ask('environment-switch', { id, to });
  const { files, moved, refused, written } = answer;
  if (output.json) output.document(answer);
  else if (format === 'patch') output.patch(files.map(({ diff }) => diff).join(''));
  else if (moved.length + refused.length === 0) output.answer(`nobody reads ${answer.from}`);
  else {
    const now = written ? 'now read' : 'would read';
    const what =
      moved.length === 0
        ? `nothing is switched: ${count(refused.length, 'reader')} cannot be`
        : `${count(moved.length, 'reader')} ${now} ${answer.to}, in this order: ${moved.join(', ')}`;
    output.answer(`${what}\n\n`);
    tellEdits(answer, output);
  }
  return refused.length > 0 ? 3 : 0;
};
