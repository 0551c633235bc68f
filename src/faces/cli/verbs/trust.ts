import { trustVerb } from '../../../engine/verbs/trust.ts';
import { answerTo } from '../../../engine/verbs/verb.ts';
import { flagOption, type Verb } from '../command.ts';
import { table } from '../render/table.ts';

export const run: Verb = async ({ options, output, context }) => {
  const what = flagOption(options, 'show') ? 'show' : flagOption(options, 'revoke') ? 'drop' : 'keep';
  const answer = await answerTo(context, trustVerb, { what });
  const { words, file } = answer;
  if (output.json) {
    output.document(answer);
    return 0;
  }
  if (words.length === 0) {
    output.answer('karma.yaml says nothing of places outside of the estate: there is nothing to trust');
    return 0;
  }
  output.answer(
    table(
      words,
      [
        { title: 'KEY', value: ({ key }) => key },
        { title: 'TRUSTED', value: ({ trusted }) => (trusted ? 'yes' : 'no') },
        { title: 'DIGEST', value: ({ digest }) => digest.slice(0, 16) },
        { title: 'PLACE', value: ({ place }) => place },
      ],
      output.style,
    ),
  );
  if (file !== undefined) output.talk(`kept in ${file}`);
  return 0;
};
