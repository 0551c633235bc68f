import { loadView } from '../../../engine/view/load-view.ts';
import type { Verb } from '../command.ts';

/** Ids that hold the word at the start of any step; what cannot be answered completes nothing. */
export const run: Verb = async ({ args, output, context }) => {
  const word = args[0] ?? '';
  const { graph } = await loadView(context, undefined);
  const fitting = graph.ids.filter((id) => id.startsWith(word) || id.includes(`/${word}`));
  output.raw(
    fitting
      .slice(0, 500)
      .map((id) => `${id}\n`)
      .join(''),
  );
  return 0;
};
