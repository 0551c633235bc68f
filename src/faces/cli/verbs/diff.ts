import { inDeployments } from '../../../engine/verbs/diff.ts';
import { flagOption, type Verb } from '../command.ts';
import { count } from '../render/evidence.ts';

export const run: Verb = async ({ args, options, output, ask }) => {
  const range = args[0] ?? '';
  const answer = await ask(flagOption(options, 'moduloEnvironment') ? 'diff-environments' : 'diff', { range });
  const { added, removed, changed, referencesAdded, referencesRemoved, referencesChanged } = answer.diff;
  const { findingsNew, findingsGone, runtimes, undecided } = answer.diff;
  const differences = [
    added,
    removed,
    changed,
    referencesAdded,
    referencesRemoved,
    referencesChanged,
    findingsNew,
    findingsGone,
    runtimes,
    undecided,
  ].reduce((sum, part) => sum + part.length, 0);
  const exit = flagOption(options, 'exitCode') && differences > 0 ? 2 : 0;
  if (output.json) {
    output.document(answer);
    return exit;
  }
  const { style } = output;
  output.talk(output.talkStyle.dim(`${answer.before.label} → ${answer.after.label}`));
  const lines: string[] = [];
  const part = (title: string, rows: readonly string[]) => {
    if (rows.length > 0) lines.push(style.bold(title), ...rows.map((row) => `  ${row}`), '');
  };
  part(count(added.length + removed.length + changed.length, 'component'), [
    ...added.map((id) => style.green(`+ ${id}`)),
    ...removed.map((id) => style.red(`- ${id}`)),
    ...changed.map(
      ({ id, was, fields, deployments }) =>
        `${style.yellow('~')} ${was === undefined ? id : `${was} → ${id}`}${inDeployments(deployments)}${fields.length > 0 ? `  ${style.dim(fields.join(', '))}` : ''}`,
    ),
  ]);
  part(count(referencesAdded.length + referencesRemoved.length + referencesChanged.length, 'reference'), [
    ...referencesAdded.map(({ from, to }) => style.green(`+ ${from} → ${to}`)),
    ...referencesRemoved.map(({ from, to }) => style.red(`- ${from} → ${to}`)),
    ...referencesChanged.map(({ from, to, consumesAdded, consumesRemoved, fields }) => {
      const what = [...consumesAdded.map((one) => `+${one}`), ...consumesRemoved.map((one) => `-${one}`), ...fields];
      return `${style.yellow('~')} ${from} → ${to}  ${style.dim(what.join(', '))}`;
    }),
  ]);
  part(count(findingsNew.length + findingsGone.length, 'finding'), [
    ...findingsNew.map(({ severity, code, subject, message }) =>
      style.red(`+ ${severity} ${code}  ${subject}: ${message}`),
    ),
    ...findingsGone.map(({ severity, code, subject }) => style.green(`- ${severity} ${code}  ${subject}`)),
  ]);
  part(
    `${count(undecided.length, 'component')} whose secrets cannot be compared: another key digested them`,
    undecided.map((id) => `${style.yellow('?')} ${id}`),
  );
  const parameters = runtimes.flatMap(({ published, gone, changed: others, undecided: unsure }) => [
    ...published,
    ...gone,
    ...others,
    ...unsure,
  ]);
  part(
    count(parameters.length, 'runtime'),
    runtimes.flatMap(({ component, deployment, published, gone, changed: others, undecided: unsure }) => {
      const whose = deployment === '' ? component : `${component}@${deployment}`;
      return [
        ...published.map((name) => style.green(`+ ${whose}  ${name}`)),
        ...gone.map((name) => style.red(`- ${whose}  ${name}`)),
        ...others.map((name) => `${style.yellow('~')} ${whose}  ${name}`),
        ...unsure.map((name) => `${style.yellow('?')} ${whose}  ${name}  ${style.dim('secrets cannot be compared')}`),
      ];
    }),
  );
  output.answer(differences === 0 ? 'no difference' : lines.join('\n').trimEnd());
  return exit;
};
