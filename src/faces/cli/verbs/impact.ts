import { type ImpactAnswer, possibleLines } from '../../../engine/verbs/impact.ts';
import { KarmaError } from '../../../model/errors.ts';
import {
  atOption,
  choiceOption,
  flagOption,
  listOption,
  numberOption,
  pageOptions,
  textOption,
  type Verb,
} from '../command.ts';
import type { Output } from '../output.ts';
import { blindSpotLines, unreadLines } from '../render/blind-spots.ts';
import { count, pointers } from '../render/evidence.ts';
import type { Style } from '../render/style.ts';
import { sayMore, table } from '../render/table.ts';

/** Without a range; with one there are more. */
const formats = ['table', 'paths0', 'json'] as const;

export const run: Verb = async (call) => {
  const { args, options, output, ask } = call;
  if (textOption(options, 'since') !== undefined) return (await import('./impact-since.ts')).run(call);
  const selection = listOption(options, 'filter');
  if (args.length === 0 && selection.length === 0)
    throw new KarmaError('KARMA_USAGE', 'the impact of what?', {
      hint: 'name a component, an output (`vpc/main#/vpc_id`), a file, or a Git range with --since',
    });
  const format = choiceOption(options, 'output', formats);
  const depth = numberOption(options, 'depth', 1);
  const answer = await ask('impact', {
    of: args,
    select: selection,
    forward: flagOption(options, 'forward'),
    ...atOption(options),
    ...(depth === undefined ? {} : { depth }),
    ...pageOptions(options),
  });
  if (output.json || format === 'json') output.document(answer);
  else if (format === 'paths0') output.names0(reachedBy(answer));
  else if (output.quiet)
    output.raw(
      reachedBy(answer)
        .map((id) => `${id}\n`)
        .join(''),
    );
  else print(answer, flagOption(options, 'forward'), output);
  sayMore(answer, output);
  return flagOption(options, 'exitCode') && reachedBy(answer).length + answer.possible.length > 0 ? 2 : 0;
};

/** Whom a change reaches: for a component those beyond it; for a file, a module or a folder those who hold it, too. */
function reachedBy({ targets, affected }: ImpactAnswer): string[] {
  const held = targets.filter(({ as }) => as !== undefined).map(({ id }) => id);
  return [...new Set([...held, ...affected.map(({ id }) => id)])];
}

/** How a word that is no component leads to those it names. */
const holding = {
  file: 'is read by',
  folder: 'lies in the folder of',
  module: 'is the module of',
  source: 'is the source of',
  parameter: 'is published by',
} as const;

interface Row {
  readonly id: string;
  readonly distance: number;
  readonly through: string;
  readonly via: string;
}

function rowsOf({ targets, affected }: ImpactAnswer, forward: boolean): Row[] {
  const held = new Map<string, Row>();
  for (const { id, as, by } of targets)
    if (as !== undefined && by !== undefined)
      held.set(id, { id, distance: 0, through: by === 'file' ? `reads ${as}` : as, via: '-' });
  const reached = affected.map(
    ({ id, distance, carriedBy, path, leftOut }): Row => ({
      id,
      distance,
      through: pointers(carriedBy.at(-1) ?? [], 3),
      via: between(path, leftOut).join(forward ? ' → ' : ' ← ') || '-',
    }),
  );
  return [...held.values(), ...reached.filter(({ id }) => !held.has(id))];
}

/** What lies between the ends of a path; of a very long one only what is shown. */
function between(path: readonly string[], leftOut: number | undefined): string[] {
  return [...(leftOut === undefined ? [] : [`${leftOut} more`]), ...path.slice(1, -1)];
}

function headline({ targets, affected, possible }: ImpactAnswer, forward: boolean, style: Style): string {
  const more = possible.length === 0 ? '' : `, possibly ${count(possible.length, 'more', 'more')}`;
  const direct = affected.filter(({ distance }) => distance === 1).length;
  const own = targets.filter(({ as }) => as === undefined);
  const words = [...Map.groupBy(targets, ({ as, by }) => (as === undefined ? '' : `${by} ${as}`)).values()];
  const held = words.flatMap((group) => {
    const [{ as, by } = {}] = group;
    const ids = new Set(group.map(({ id }) => id));
    return as === undefined || by === undefined
      ? []
      : [`${style.bold(as)}  ${holding[by]} ${count(ids.size, 'component')}`];
  });
  const verb = forward ? 'rests on' : 'affects';
  if (held.length === 0)
    return `${style.bold(namesOf(own))}  ${verb} ${count(affected.length, 'component')} (${direct} direct)${more}`;
  const subject = [...held, ...(own.length === 0 ? [] : [`${style.bold(namesOf(own))} beside`])].join('; ');
  const beyond =
    affected.length === 0
      ? `${forward ? 'rests on' : 'affects'} nobody beyond`
      : `${verb} ${count(affected.length, 'component')} beyond (${direct} direct)`;
  return `${subject}; ${beyond}${more}`;
}

function namesOf(targets: ImpactAnswer['targets']): string {
  const names = targets.map(({ id, outputs }) => (outputs.length === 0 ? id : `${id}#${outputs.join(',')}`));
  return names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
}

function print(answer: ImpactAnswer, forward: boolean, output: Output): void {
  const { style } = output;
  output.talk(output.talkStyle.dim(answer.view.label));
  const lines = [headline(answer, forward, style)];
  const rows = rowsOf(answer, forward);
  if (rows.length > 0)
    lines.push(
      '',
      table(
        rows,
        [
          { title: 'COMPONENT', value: ({ id }) => id },
          { title: 'DISTANCE', value: ({ distance }) => String(distance), right: true },
          { title: 'THROUGH', value: ({ through }) => through },
          { title: 'VIA', value: ({ via }) => via },
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
