import { examine } from '../../../engine/doctor.ts';
import { KarmaError } from '../../../model/errors.ts';
import { textOption, type Verb } from '../command.ts';
import { count } from '../render/evidence.ts';
import { printable } from '../render/style.ts';
import { table } from '../render/table.ts';

export const run: Verb = async (call) => {
  const { options, output, context } = call;
  const compare = textOption(options, 'compare');
  if (compare !== undefined) {
    if (compare !== 'terragrunt')
      throw new KarmaError('KARMA_USAGE', `there is nothing to compare with in \`${compare}\``, {
        hint: '`--compare terragrunt`',
      });
    return (await import('./compare-terragrunt.ts')).run(call);
  }
  const answer = await examine(context, textOption(options, 'at'));
  if (output.json) {
    output.document(answer);
    return 0;
  }
  const { style } = output;
  const lines = [
    `${style.bold(answer.estate)}  ${style.dim(answer.root)}`,
    `  ${answer.label}`,
    '',
    style.bold('sources'),
  ];
  for (const source of answer.sources) {
    const name = source.source === '' ? '(main)' : source.source;
    lines.push(
      source.read
        ? `  ${name}  ${source.position.slice(0, 10)}  ${source.followed}${source.dirty > 0 ? `, ${count(source.dirty, 'file')} not committed` : ''}  ${style.dim(source.why)}`
        : `  ${style.yellow(name)}  not read: ${source.reason ?? ''}  ${style.dim(source.why)}`,
    );
  }
  lines.push('', style.bold('layouts'));
  for (const { layout, components, passedOver } of answer.layouts) {
    lines.push(`  ${layout}  ${components === 0 ? style.dim('nothing recognised') : count(components, 'component')}`);
    for (const { path, reason } of passedOver.slice(0, 10))
      lines.push(style.dim(`      passed over ${printable(path)}: ${reason}`));
    if (passedOver.length > 10) lines.push(style.dim(`      and ${passedOver.length - 10} more (--json)`));
  }
  for (const { path, reason } of answer.passedOver) lines.push(style.dim(`  passed over ${path}: ${reason}`));
  lines.push(
    '',
    style.bold('settings'),
    table(
      answer.settings,
      [
        { title: 'SETTING', value: ({ name }) => name },
        { title: 'VALUE', value: ({ value }) => value },
        { title: 'FROM', value: ({ from }) => from },
      ],
      style,
    ),
    '',
    style.bold('programs'),
    ...answer.tools.map(
      ({ name, path, for: use }) => `  ${name.padEnd(10)}  ${path ?? style.dim('not found')}  ${style.dim(use)}`,
    ),
    '',
    style.bold('stores'),
    ...answer.stores.map(({ name, place, state }) => `  ${name.padEnd(10)}  ${state}  ${style.dim(place)}`),
  );
  output.answer(lines.join('\n'));
  return 0;
};
