import { repositoryFetchVerb } from '../../../engine/verbs/repository-fetch.ts';
import { answerTo } from '../../../engine/verbs/verb.ts';
import type { Verb } from '../command.ts';
import { table } from '../render/table.ts';

export const runFetch: Verb = async ({ args, output, context }) => {
  const answer = await answerTo(context, repositoryFetchVerb, { names: args });
  const { repositories } = answer;
  if (output.json) output.document(answer);
  else if (repositories.length === 0)
    output.answer('karma.yaml names no repository with `url:`: there is nothing to fetch');
  else
    output.answer(
      table(
        repositories,
        [
          { title: 'REPOSITORY', value: ({ name }) => name || 'the estate itself' },
          { title: 'IS', value: ({ moved, trouble }) => trouble ?? (moved ? 'another one than before' : 'as it was') },
          { title: 'URL', value: ({ url }) => url },
        ],
        output.style,
      ),
    );
  return repositories.some(({ trouble }) => trouble !== undefined) ? 1 : 0;
};
