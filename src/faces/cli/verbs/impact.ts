import { type ImpactAnswer, impact, possibleLines } from '../../../engine/impact.ts';
import { KarmaError } from '../../../model/errors.ts';
import { choiceOption, flagOption, listOption, textOption, type Verb } from '../command.ts';
import { numberOption } from '../numbers.ts';
import type { Output } from '../output.ts';
import { blindSpotLines, unreadLines } from '../render/blind-spots.ts';
import { count, pointers } from '../render/evidence.ts';
import { table } from '../render/table.ts';

/** Without a range; with one there are more. */
const formats = ['table', 'paths0', 'json'] as const;

export const run: Verb = async (call) => {
  const { args, options, output, context } = call;
  if (textOption(options, 'since') !== undefined) return (await import('./impact-since.ts')).run(call);
  const selection = listOption(options, 'filter');
  if (args.length === 0 && selection.length === 0)
    throw new KarmaError('KARMA_USAGE', 'the impact of what?', {
      hint: 'name a component, an output (`vpc/main#/vpc_id`), a file, or a Git range with --since',
    });
  const format = choiceOption(options, 'output', formats);
  const at = textOption(options, 'at');
  const depth = numberOption(options, 'depth', 1);
  const answer = await impact(context, {
    targets: args,
    selection,
    forward: flagOption(options, 'forward'),
    ...(at === undefined ? {} : { at }),
    ...(depth === undefined ? {} : { depth }),
  });
  if (output.json || format === 'json') output.document(answer);
  else if (format === 'paths0') output.names0(answer.affected.map(({ id }) => id));
  else if (output.quiet) output.raw(answer.affected.map(({ id }) => `${id}\n`).join(''));
  else print(answer, flagOption(options, 'forward'), output);
  return flagOption(options, 'exitCode') && answer.affected.length + answer.possible.length > 0 ? 2 : 0;
};

function print(answer: ImpactAnswer, forward: boolean, output: Output): void {
  const { style } = output;
  const direct = answer.affected.filter(({ distance }) => distance === 1).length;
  const names = answer.targets.map(({ id, outputs }) => (outputs.length === 0 ? id : `${id}#${outputs.join(',')}`));
  const subject = names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
  output.talk(output.talkStyle.dim(answer.view.label));
  const verb = forward ? 'rests on' : 'affects';
  const possible = answer.possible.length === 0 ? '' : `, possibly ${count(answer.possible.length, 'more', 'more')}`;
  const lines = [
    `${style.bold(subject)}  ${verb} ${count(answer.affected.length, 'component')} (${direct} direct)${possible}`,
  ];
  if (answer.affected.length > 0)
    lines.push(
      '',
      table(
        answer.affected,
        [
          { title: 'COMPONENT', value: ({ id }) => id },
          { title: 'DISTANCE', value: ({ distance }) => String(distance), right: true },
          { title: 'THROUGH', value: ({ carriedBy }) => pointers(carriedBy.at(-1) ?? [], 3) },
          { title: 'VIA', value: ({ path }) => (path.length > 2 ? path.slice(1, -1).join(' → ') : '-') },
        ],
        style,
      ),
    );
  if (answer.possible.length > 0)
    lines.push('', style.yellow('possible (not proved)'), ...possibleLines(answer).map((line) => `  ${line}`));
  if (answer.orderOnly.length > 0)
    lines.push(
      '',
      style.dim(
        `${count(answer.orderOnly.length, 'component')} only ${answer.orderOnly.length === 1 ? 'runs' : 'run'} later: ${answer.orderOnly.slice(0, 8).join(', ')}${answer.orderOnly.length > 8 ? ' …' : ''}`,
      ),
    );
  lines.push(
    ...blindSpotLines(answer.blindSpots, 'this answer is not proved to be all', style),
    ...unreadLines(answer.unread, style),
  );
  output.answer(lines.join('\n'));
}
