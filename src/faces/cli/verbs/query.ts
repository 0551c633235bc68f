import { queryVerb, tabulate } from '../../../engine/verbs/query.ts';
import { answerTo } from '../../../engine/verbs/verb.ts';
import { textOption, type Verb } from '../command.ts';
import { table } from '../render/table.ts';

export const run: Verb = async ({ options, output, context }) => {
  const answer = await answerTo(context, queryVerb, {
    gremlin: textOption(options, 'gremlin'),
    cypher: textOption(options, 'cypher'),
  });
  if (output.json) {
    output.document(answer);
    return 0;
  }
  const { columns, rows } = tabulate(answer.results);
  if (rows.length === 0) {
    output.talk('no results');
    return 0;
  }
  const numeric = columns.map((_, index) => rows.every((row) => /^-?[\d.]*$/.test(row[index] ?? '')));
  const shown = columns.map((title, index) => ({
    title: title.toUpperCase(),
    value: (row: readonly string[]) => row[index] ?? '',
    right: numeric[index] === true,
  }));
  output.answer(table(rows, shown, output.style, ''));
  return 0;
};
