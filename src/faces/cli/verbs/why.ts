import { why } from '../../../engine/why.ts';
import { textOption, type Verb } from '../command.ts';
import { blindSpotLines, unreadLines } from '../render/blind-spots.ts';
import { count, evidenceLine, pointers } from '../render/evidence.ts';

export const run: Verb = async (call) => {
  const { args, options, output, context } = call;
  const [from = '', to] = args;
  if (to === undefined) return (await import('./causes.ts')).run(call);
  const answer = await why(context, from, to, textOption(options, 'at'));
  if (output.json) {
    output.document(answer);
    return 0;
  }
  const { style } = output;
  output.talk(output.talkStyle.dim(answer.view.label));
  if (answer.relation === 'none') {
    const proof = answer.complete === true ? 'do not depend on each other' : 'are not known to depend on each other';
    const blind = blindSpotLines(answer.blindSpots ?? [], 'what they rest on is not proved to be all', style);
    const unread = unreadLines(answer.unread ?? [], style);
    output.answer([`${answer.from} and ${answer.to} ${proof}`, ...blind, ...unread].join('\n'));
    return 0;
  }
  const relation = answer.relation === 'both' ? 'and the other depend on each other' : answer.relation;
  const lines = [`${style.bold(answer.from)} ${relation} ${style.bold(answer.to)}`, ''];
  for (const step of answer.shortest) {
    lines.push(`  ${step.from} → ${step.to}  ${pointers(step.consumes)}`);
    for (const one of step.evidence) lines.push(`      ${evidenceLine(one, style)}`);
  }
  if (answer.otherCount > 0) {
    lines.push('', style.dim(`${answer.more ? 'at least ' : ''}${count(answer.otherCount, 'further path')}`));
    for (const path of answer.others) lines.push(`  ${path.join(' → ')}`);
  }
  output.answer(lines.join('\n'));
  return 0;
};
