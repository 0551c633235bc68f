import { compareTerragruntVerb } from '../../../engine/verbs/compare-terragrunt.ts';
import { answerTo } from '../../../engine/verbs/verb.ts';
import type { Verb } from '../command.ts';
import { count, evidenceLine } from '../render/evidence.ts';

export const run: Verb = async ({ output, context }) => {
  const answer = await answerTo(context, compareTerragruntVerb, {});
  if (output.json) {
    output.document(answer);
    return 0;
  }
  const { style } = output;
  const lines = [
    `Terragrunt finds ${count(answer.units, 'unit')} and ${count(answer.edges, 'edge')}; ${answer.agreed} are Karma's too, ${count(answer.disagreements.length, 'disagreement')}`,
  ];
  for (const { from, to, saidBy, reason, evidence } of answer.disagreements) {
    lines.push(
      '',
      `${from} → ${to}  only ${saidBy === 'karma' ? 'Karma' : 'Terragrunt'} says so`,
      `  ${style.dim(reason)}`,
    );
    for (const one of evidence.slice(0, 2)) lines.push(`  ${evidenceLine(one, style)}`);
  }
  output.answer(lines.join('\n'));
  return 0;
};
