import { configWriteVerb, type EditsAnswer } from '../../../engine/verbs/config-edit.ts';
import { answerTo } from '../../../engine/verbs/verb.ts';
import { KarmaError } from '../../../model/errors.ts';
import { parseExactJson } from '../../../model/exact-number.ts';
import { pointerOf } from '../../../model/pointer.ts';
import { flagOption, listOption, textOption, type Verb } from '../command.ts';
import { editLines } from '../render/edits.ts';

export const run: Verb = async ({ args, options, output, context, ask }) => {
  const [id = '', ...assignments] = args;
  const unset = listOption(options, 'unset').map(pointerTo);
  const where = flagOption(options, 'override') ? 'override' : flagOption(options, 'there') ? 'there' : 'refuse';
  const [ref, deployment] = [textOption(options, 'ref'), textOption(options, 'in')];
  const query = {
    id,
    set: Object.fromEntries(assignments.map(assigned)),
    unset,
    where,
    ...(ref === undefined ? {} : { ref }),
    ...(deployment === undefined ? {} : { in: deployment }),
  } as const;
  const answer: EditsAnswer = flagOption(options, 'write')
    ? await answerTo(context, configWriteVerb, { ref: undefined, in: undefined, ...query })
    : await ask('config-edit', query);
  if (output.json) output.document(answer);
  else output.answer(editLines(answer, output.style).join('\n'));
  return answer.refused.length > 0 ? 3 : 0;
};

/** `tags.Team=core`, `/tags/Team=core`; what is JSON is that, everything else a text. */
function assigned(text: string): readonly [string, unknown] {
  const sign = text.indexOf('=');
  if (sign <= 0)
    throw new KarmaError('KARMA_USAGE', `\`${text.slice(0, 40)}\` sets nothing`, {
      hint: 'write key=value, or --unset key',
    });
  return [pointerTo(text.slice(0, sign)), meantBy(text.slice(sign + 1))];
}

function pointerTo(key: string): string {
  return key.startsWith('/') ? key : pointerOf(key.split('.'));
}

function meantBy(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch {
    return text;
  }
}
