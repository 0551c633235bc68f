import {
  differenceInWords,
  type EnvironmentDiff,
  type EnvironmentMatrix,
  environmentsMarkdown,
  type MatrixCell,
} from '../../../engine/verbs/environments.ts';
import { KarmaError } from '../../../model/errors.ts';
import { atOption, choiceOption, flagOption, listOption, type Verb } from '../command.ts';
import { count } from '../render/evidence.ts';
import type { Style } from '../render/style.ts';
import { table } from '../render/table.ts';

/** So many differences of one object are shown, unless all are asked for. */
const mostShown = 12;

export const runList: Verb = async ({ options, output, ask }) => {
  const answer = await ask('environments', atOption(options));
  const { environments, without, ambiguous } = answer;
  if (output.json) output.document(answer);
  else if (output.quiet) output.raw(environments.map(({ name }) => `${name}\n`).join(''));
  else if (environments.length === 0)
    output.answer(
      'no path, pattern or deployment names an environment: `environments:` in karma.yaml says how paths do',
    );
  else {
    const rows = table(
      environments,
      [
        { title: 'ENVIRONMENT', value: ({ name }) => name },
        { title: 'OBJECTS', value: ({ objects }) => String(objects), right: true },
        { title: 'ONLY HERE', value: ({ onlyHere }) => String(onlyHere), right: true },
      ],
      output.style,
    );
    const more = [
      ...(without > 0 ? [`${count(without, 'component')} in no environment`] : []),
      ...ambiguous.map(
        ({ environment, object, ids }) =>
          `${object} is ${ids.length} components in ${environment} (${ids.slice(0, 3).join(', ')}): compared with nothing`,
      ),
    ];
    output.answer([rows, ...(more.length > 0 ? ['', ...more.map((line) => output.style.dim(line))] : [])].join('\n'));
  }
  return 0;
};

export const runDiff: Verb = async ({ args, options, output, ask }) => {
  const format = choiceOption(options, 'output', ['markdown']);
  const shared = { select: listOption(options, 'filter'), ...atOption(options) };
  if (flagOption(options, 'matrix') || args.length > 2) {
    const answer = await ask('environment-matrix', { environments: args, ...shared });
    if (output.json) output.document(answer);
    else output.answer(matrixTable(answer, output.style));
    const differ = answer.rows.some(({ cells }) =>
      cells.some(({ state }) => state === 'differs' || state === 'missing'),
    );
    return flagOption(options, 'exitCode') && differ ? 2 : 0;
  }
  const [from, to] = args;
  if (from === undefined || to === undefined)
    throw new KarmaError('KARMA_USAGE', `compare \`${from}\` with which environment?`, {
      hint: '`karma env list` shows all',
    });
  const answer = await ask('environment-diff', { from, to, ...shared });
  if (output.json) output.document(answer);
  else if (format === 'markdown') output.raw(environmentsMarkdown(answer));
  else output.answer(diffText(answer, flagOption(options, 'all'), output.style));
  const { counts, onlyFrom, onlyTo } = answer;
  return flagOption(options, 'exitCode') && counts.differs + onlyFrom.length + onlyTo.length > 0 ? 2 : 0;
};

function diffText(answer: EnvironmentDiff, all: boolean, style: Style): string {
  const { from, to, compared, counts, onlyFrom, onlyTo, guesses } = answer;
  const lines = [
    `${count(compared.length, 'object')} in ${from} and ${to}: ${counts.same} the same, ${counts.differs} differ, ${counts.unknown} not known`,
    ...only(onlyFrom, from, style.red),
    ...only(onlyTo, to, style.green),
  ];
  for (const one of compared) {
    if (one.outcome === 'same' && !all) continue;
    const shown = one.differences.filter(({ expected }) => all || expected === undefined);
    const sign = { same: style.dim('='), differs: style.yellow('~'), unknown: '?' }[one.outcome];
    const deployments = one.deployments === undefined ? '' : ` @ ${one.deployments.join(' → ')}`;
    const ids = one.from === one.to ? `${one.from}${deployments}` : `${one.from} → ${one.to}`;
    lines.push('', `${sign} ${style.bold(one.object)}  ${style.dim(ids)}`);
    const most = all ? shown.length : mostShown;
    for (const difference of shown.slice(0, most)) lines.push(`    ${differenceInWords(difference)}`);
    if (shown.length > most) lines.push(style.dim(`    and ${shown.length - most} more: --all shows them`));
    for (const why of one.unknown) lines.push(style.dim(`    ? ${why}`));
  }
  const expected = Object.entries(counts.expected);
  if (expected.length > 0 && !all)
    lines.push('', style.dim(`expected, not shown: ${expected.map(([why, times]) => `${times} ${why}`).join(', ')}`));
  if (guesses.length > 0)
    lines.push(
      '',
      'These differ wherever they stand. If that is meant, in karma.yaml:',
      '  environments:',
      '    expected:',
      ...guesses.slice(0, 5).map(({ key }) => `      - { key: ${JSON.stringify(key)}, reason: … }`),
    );
  return lines.join('\n');
}

function only(instances: EnvironmentDiff['onlyFrom'], environment: string, colour: (text: string) => string): string[] {
  return instances.length === 0
    ? []
    : ['', `only in ${environment}`, ...instances.map(({ object, id }) => colour(`  ${object}  (${id})`))];
}

const words: Readonly<Record<MatrixCell, string>> = {
  first: '●',
  same: 'same',
  differs: 'differs',
  unknown: 'not known',
  missing: '–',
};

function matrixTable({ environments, rows }: EnvironmentMatrix, style: Style): string {
  if (rows.length === 0) return 'no object';
  return table(
    rows,
    [
      { title: 'OBJECT', value: ({ object }) => object },
      ...environments.map((name, place) => ({
        title: name.toUpperCase(),
        value: ({ cells }: EnvironmentMatrix['rows'][number]) => {
          const cell = cells[place];
          const ref = /[?&]ref=([^&]+)/.exec(cell?.source ?? '')?.[1];
          return [words[cell?.state ?? 'missing'], cell?.differences, ref].filter((one) => one !== undefined).join(' ');
        },
      })),
    ],
    style,
  );
}
