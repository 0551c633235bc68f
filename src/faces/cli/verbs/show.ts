import type { Shown, ShownReference } from '../../../engine/verbs/show.ts';
import { printable } from '../../../model/printable.ts';
import { atOption, type Verb } from '../command.ts';
import { checkLine } from '../render/check-line.ts';
import { count, evidenceLine, pointers } from '../render/evidence.ts';
import { causeLines } from '../render/findings.ts';
import type { Style } from '../render/style.ts';

export const run: Verb = async ({ args, options, output, ask }) => {
  const shown = await ask('show', { id: args[0] ?? '', ...atOption(options) });
  if (output.json) {
    output.document(shown);
    return 0;
  }
  const { style } = output;
  const { component } = shown;
  output.talk(output.talkStyle.dim(shown.view.label));
  const facts: [string, string][] = [
    [
      'kind',
      component.kind === 'parameter' ? 'parameter' : `${component.type}${component.external ? ' (external)' : ''}`,
    ],
    ['environment', component.environment],
    ['folder', component.path],
    ['module', component.module],
    ['outputs', component.outputs === undefined ? 'unknown' : component.outputs.join(', ')],
    ...Object.entries(component.attributes).sort(([a], [b]) => (a < b ? -1 : 1)),
    ...shown.deployments
      .filter(({ deployment }) => deployment !== '')
      .map(({ deployment, runtimes }): [string, string] => [
        'deployment',
        `${deployment} (${count(Object.keys(runtimes).length, 'runtime')})`,
      ]),
  ];
  const width = Math.max(...facts.map(([name]) => name.length));
  const lines = [
    style.bold(component.id),
    ...facts
      .filter(([, value]) => value !== '')
      .map(([name, value]) => `  ${style.dim(name.padEnd(width))}  ${printable(value)}`),
    ...checkLines(shown, style),
    '',
    ...references('depends on', shown.dependsOn, style),
    ...references('used by', shown.usedBy, style),
    ...(shown.blindSpots.length === 0
      ? []
      : [style.yellow(`  perhaps more: ${count(shown.blindSpots.length, 'blind spot')} elsewhere (karma outputs)`)]),
  ];
  for (const { code, site, file } of component.blindSpots ?? [])
    lines.push(`  ${style.yellow('blind spot')}  ${code}  ${file ?? ''}  ${style.dim(site)}`);
  if (shown.causes.length > 0) lines.push('', ...causeLines(shown.causes, style));
  output.answer(lines.join('\n'));
  return 0;
};

function checkLines({ checks }: Shown, style: Style): string[] {
  return checks.flatMap(({ deployment, run: id, at, results }) => {
    const where = deployment === '' ? '' : `${deployment}, `;
    const title = `  ${style.bold('checks')}  ${style.dim(`${where}after run ${id}, ${at.slice(0, 16).replace('T', ' ')}`)}`;
    return ['', title, ...results.map((one) => `    ${checkLine(one, style)}`)];
  });
}

function references(title: string, all: readonly ShownReference[], style: Style): string[] {
  const lines = [`${style.bold(title)}  ${style.dim(count(all.length, 'component'))}`];
  for (const { id, consumes, marks, evidence } of all) {
    lines.push(`  ${id}  ${pointers(consumes)}${marks.length === 0 ? '' : `  ${style.yellow(marks.join(', '))}`}`);
    for (const one of evidence.slice(0, 2)) lines.push(`      ${evidenceLine(one, style)}`);
    if (evidence.length > 2) lines.push(style.dim(`      and ${count(evidence.length - 2, 'place')} more (--json)`));
  }
  return lines;
}
