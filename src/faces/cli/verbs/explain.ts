import { explain } from '../../../engine/verbs/explain.ts';
import type { Verb } from '../command.ts';

export const run: Verb = async ({ args, output }) => {
  const explanation = explain(args[0] ?? '');
  if (output.json) output.document({ explanation });
  else {
    const { style } = output;
    const lines = explanation.parts.map(({ heading, text }) => `  ${style.dim(heading.padEnd(10))} ${text}`);
    output.answer(`${style.bold(explanation.name)}  ${explanation.what}: ${explanation.title}\n\n${lines.join('\n')}`);
  }
  return 0;
};
