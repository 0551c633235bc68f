import type { ToldCause } from '../../../engine/history/causes.ts';
import { KarmaError } from '../../../model/errors.ts';
import { printable } from '../../../model/printable.ts';
import { shellWord } from '../../../model/quote.ts';
import { textOption, type Verb } from '../command.ts';
import type { Style } from '../render/style.ts';

/** `karma why ID`: the tree of causes, one line a cause, what it follows from indented below it. */
export const run: Verb = async ({ args, options, output, ask }) => {
  if (options['at'] !== undefined)
    throw new KarmaError(
      'KARMA_USAGE',
      '--at is for the path between two components: causes are told of how it is now',
      {
        hint: `leave it out, or name a second component: \`karma why ${shellWord(args[0] ?? '')} TO --at …\``,
      },
    );
  const states = textOption(options, 'states');
  const id = args[0] ?? '';
  const answer = await ask('causes', { of: id }, states === undefined ? {} : { states });
  if (output.json) {
    output.document(answer);
    return 0;
  }
  output.talk(output.talkStyle.dim(answer.view.label));
  const name = `${answer.component}${answer.output === undefined ? '' : `#${answer.output}`}`;
  const blocks = answer.deployments.map(({ deployment, cause }) =>
    [output.style.bold(deployment === '' ? name : `${name} in ${deployment}`), ...lines(cause, output.style, 1)].join(
      '\n',
    ),
  );
  output.answer(blocks.join('\n\n'));
  const blind = answer.deployments.every(({ cause }) => cause.kind === 'gap');
  if (blind)
    output.talk(
      `${output.talkStyle.dim('hint')}  no run of it is known: record runs as they happen (\`karma record\`), or give states with --states`,
    );
  return 0;
};

function lines(cause: ToldCause, style: Style, depth: number): string[] {
  const when = cause.at === undefined ? '' : style.dim(cause.at.slice(0, 16).replace('T', ' '));
  const who = cause.actor ?? '';
  const mark =
    cause.reconstructed === true ? style.dim('reconstructed') : cause.event === undefined ? '' : style.dim(cause.event);
  const parts = [textOf(cause, style), when, printable(who), mark].filter((part) => part !== '');
  return [
    `${'  '.repeat(depth)}${parts.join('  ')}`,
    ...cause.causes.flatMap((inner) => lines(inner, style, depth + 1)),
  ];
}

function textOf({ kind, text, subject }: ToldCause, style: Style): string {
  const words = printable(text);
  if (kind === 'run') return `${style.bold(subject)}: ${words}`;
  if (kind === 'seen') return `${words.includes(subject) ? '' : `${subject}: `}${words} ${style.dim('(told above)')}`;
  return kind === 'gap' ? style.yellow(words) : words;
}
