import { configWriteVerb, type EditsAnswer } from '../../../engine/verbs/config-edit.ts';
import { answerTo } from '../../../engine/verbs/verb.ts';
import { KarmaError } from '../../../model/errors.ts';
import { flagOption, listOption, textOption, type Verb } from '../command.ts';
import { tellEdits } from '../render/edits.ts';
import { jsonOrText, keyAsTyped, sayAway, sayOnce } from '../said-once.ts';

export const run: Verb = async ({ args, options, output, context, ask }) => {
  const [id = '', ...assignments] = args;
  const set = assigned(assignments);
  const unset: string[] = [];
  for (const key of listOption(options, 'unset')) sayAway(set, unset, keyAsTyped(key));
  const where = flagOption(options, 'override') ? 'override' : flagOption(options, 'there') ? 'there' : 'refuse';
  const [ref, deployment] = [textOption(options, 'ref'), textOption(options, 'in')];
  const query = {
    id,
    set: Object.fromEntries(set),
    unset,
    where,
    ...(ref === undefined ? {} : { ref }),
    ...(deployment === undefined ? {} : { in: deployment }),
  } as const;
  const answer: EditsAnswer = flagOption(options, 'write')
    ? await answerTo(context, configWriteVerb, { ref: undefined, in: undefined, ...query })
    : await ask('config-edit', query);
  if (output.json) output.document(answer);
  else tellEdits(answer, output);
  return answer.refused.length > 0 ? 3 : 0;
};

/** `tags.Team=core`, `/tags/Team=core`; what is JSON is that, everything else a text. */
function assigned(texts: readonly string[]): ReadonlyMap<string, unknown> {
  const said = new Map<string, unknown>();
  for (const text of texts) {
    const sign = text.indexOf('=');
    if (sign <= 0)
      throw new KarmaError('KARMA_USAGE', `\`${text.slice(0, 40)}\` sets nothing`, {
        hint: 'write key=value, or --unset key',
      });
    sayOnce(said, keyAsTyped(text.slice(0, sign)), jsonOrText(text.slice(sign + 1)));
  }
  return said;
}
