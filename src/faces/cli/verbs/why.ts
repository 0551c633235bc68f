import type { WhyStep } from '../../../engine/verbs/why.ts';
import { KarmaError } from '../../../model/errors.ts';
import { shellWord } from '../../../model/quote.ts';
import { atOption, type Verb } from '../command.ts';
import { blindSpotLines, unreadLines } from '../render/blind-spots.ts';
import { count, evidenceLine, pointers } from '../render/evidence.ts';
import type { Style } from '../render/style.ts';

export const run: Verb = async (call) => {
  const { args, options, output, ask } = call;
  const [from = '', to] = args;
  if (to === undefined) return (await import('./causes.ts')).run(call);
  if (options['states'] !== undefined)
    throw new KarmaError('KARMA_USAGE', '--states is for the causes of one component', {
      hint: `leave it out, or ask for the causes: \`karma why ${shellWord(from)} --states …\``,
    });
  const answer = await ask('why', { from, to, ...atOption(options) });
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
  const [a, b] = [style.bold(answer.from), style.bold(answer.to)];
  const sentence = answer.relation === 'both' ? `${a} and ${b} depend on each other` : `${a} ${answer.relation} ${b}`;
  const lines = [sentence, '', ...answer.shortest.flatMap((step) => stepLines(step, style))];
  if (answer.back !== undefined) lines.push('', ...answer.back.flatMap((step) => stepLines(step, style)));
  if (answer.otherCount > 0) {
    lines.push('', style.dim(`${answer.more ? 'at least ' : ''}${count(answer.otherCount, 'further path')}`));
    for (const path of answer.others) lines.push(`  ${path.join(' → ')}`);
  }
  output.answer(lines.join('\n'));
  return 0;
};

function stepLines({ from, to, consumes, evidence }: WhyStep, style: Style): string[] {
  return [`  ${from} → ${to}  ${pointers(consumes)}`, ...evidence.map((one) => `      ${evidenceLine(one, style)}`)];
}
