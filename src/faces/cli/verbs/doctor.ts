import type { StoreTrial } from '../../../engine/context.ts';
import type { Examination } from '../../../engine/verbs/doctor.ts';
import { KarmaError } from '../../../model/errors.ts';
import { printable } from '../../../model/printable.ts';
import { atOption, type Call, flagOption, textOption, type Verb } from '../command.ts';
import type { ExitCode } from '../exit-codes.ts';
import { count } from '../render/evidence.ts';
import { siblingLines } from '../render/siblings.ts';
import type { Style } from '../render/style.ts';
import { table } from '../render/table.ts';

export const run: Verb = async (call) => {
  const { options, output, ask } = call;
  const compare = textOption(options, 'compare');
  if (compare !== undefined) {
    if (compare !== 'terragrunt')
      throw new KarmaError('KARMA_USAGE', `there is nothing to compare with in \`${compare}\``, {
        hint: '`--compare terragrunt`',
      });
    return (await import('./compare-terragrunt.ts')).run(call);
  }
  if (flagOption(options, 'policy')) return printPolicy(call);
  const answer = await ask('doctor', atOption(options));
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
  for (const { name, reason } of answer.layoutsNotRead) lines.push(`  ${style.yellow(name)}  ${printable(reason)}`);
  lines.push(...siblingLines(answer.siblings, style));
  for (const { source, reason } of answer.accounts.filter(({ read }) => !read))
    lines.push(`  ${style.yellow(source)}  not read: ${printable(reason ?? '')}`);
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
    ...ruleLines(answer.findingRules, style),
    '',
    style.bold('programs'),
    ...answer.tools.map(
      ({ name, path, for: use }) => `  ${name.padEnd(10)}  ${path ?? style.dim('not found')}  ${style.dim(use)}`,
    ),
    '',
    style.bold('stores'),
    table(
      answer.stores,
      [
        { title: 'STORE', value: ({ store }) => store },
        { title: 'KEPT IN', value: ({ adapter }) => adapter },
        { title: 'STATE', value: ({ state }) => state },
        { title: 'PLACE', value: ({ place }) => place },
        { title: 'FROM', value: ({ from }) => from },
      ],
      style,
    ),
    ...answer.trials.flatMap((trial) => trialLines(trial, style)),
  );
  output.answer(lines.join('\n'));
  return 0;
};

/** Each with what it decides now: a rule that decides nothing is out of date, or misspelt. */
function ruleLines(rules: Examination['findingRules'], style: Style): string[] {
  if (rules.length === 0) return [];
  return [
    '',
    style.bold('findings'),
    ...rules.map(({ code, path, severity, reason, from, decides }) => {
      const what = [code ?? 'any finding', ...(path === undefined ? [] : [`in ${path}`])].join(' ');
      const many = decides === 0 ? style.yellow('decides nothing now') : `decides ${count(decides, 'finding')}`;
      return `  ${printable(what)}: ${severity}  ${many}  ${style.dim(printable(`${reason} (${from})`))}`;
    }),
  ];
}

/** A document for AWS, so it is printed as AWS takes it, with or without --json. */
async function printPolicy({ output, context }: Call): Promise<ExitCode> {
  const policy = await context.stores.policy();
  if (policy.Statement.length === 0) {
    output.talk('all stores are embedded: no rights on AWS are needed');
    return 0;
  }
  const text = JSON.stringify(policy, null, 2);
  output.raw(`${text}\n`);
  const open = [...new Set(text.match(/\b(ACCOUNT_ID|REGION|CLUSTER_RESOURCE_ID|KEY_ID)\b/g) ?? [])];
  if (open.length > 0) output.talk(`fill in ${open.join(', ')}: not known here`);
  return 0;
}

function trialLines({ store, name, state, message, hint }: StoreTrial, style: Style): string[] {
  const mark = { ok: style.green('ok'), failed: style.red('failed'), unknown: style.yellow('unknown') }[state];
  const line = `  ${store} ${name}: ${mark}  ${printable(message)}`;
  return hint === undefined ? [line] : [line, style.dim(`      ${printable(hint)}`)];
}
