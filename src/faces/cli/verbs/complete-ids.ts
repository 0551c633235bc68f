import type { Verb } from '../command.ts';

/** Ids that hold the word at the start of any step; what cannot be answered completes nothing. */
export const run: Verb = async ({ args, output, ask }) => {
  const word = args[0] ?? '';
  const { components } = await ask('list', {});
  const ids = components.map(({ id }) => id);
  const fitting = ids.filter((id) => id.startsWith(word) || id.includes(`/${word}`));
  output.raw(
    fitting
      .slice(0, 500)
      .map((id) => `${id}\n`)
      .join(''),
  );
  return 0;
};
