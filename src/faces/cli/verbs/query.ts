import { textOption, type Verb } from '../command.ts';
import { table } from '../render/table.ts';

export const run: Verb = async ({ options, output, ask }) => {
  const [gremlin, cypher] = [textOption(options, 'gremlin'), textOption(options, 'cypher')];
  const asked = {
    ...(gremlin === undefined ? {} : { gremlin }),
    ...(cypher === undefined ? {} : { cypher }),
  };
  const answer = await ask('graph-query', asked);
  if (output.json) {
    output.document(answer);
    return 0;
  }
  const { columns, rows } = answer;
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
