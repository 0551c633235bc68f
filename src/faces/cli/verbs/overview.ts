import type { Overview } from '../../../engine/verbs/overview.ts';
import { shellWord } from '../../../model/quote.ts';
import { atOption, type Verb } from '../command.ts';
import { count } from '../render/evidence.ts';
import { causeLines } from '../render/findings.ts';
import { siblingLines } from '../render/siblings.ts';

const layoutNames: Readonly<Record<string, string>> = {
  adage: 'Adage',
  terragrunt: 'Terragrunt',
  terraform: 'plain Terraform',
};

export const run: Verb = async ({ options, output, ask }) => {
  const answer = await ask('overview', atOption(options));
  if (output.json) {
    output.document(answer);
    return 0;
  }
  const { style } = output;
  const layouts = Object.entries(answer.layouts).map(([name, number]) => `${layoutNames[name] ?? name} (${number})`);
  const beside = [
    ...(answer.external > 0 ? [`${answer.external} external`] : []),
    ...(answer.parameters > 0 ? [count(answer.parameters, 'parameter')] : []),
  ];
  const lines = [
    `${style.bold(answer.estate)}  ${style.dim(answer.view.label)}`,
    `  ${count(answer.components, 'component')}, ${count(answer.references, 'reference')}${beside.length > 0 ? `, and ${beside.join(', ')}` : ''}`,
  ];
  const facts: [string, string][] = [
    ['layouts', [...layouts, ...answer.layoutsNotRead.map((name) => `${name}, not read`)].join(', ')],
    ['environments', shares(answer.environments)],
    ['kinds', shares(answer.kinds)],
  ];
  for (const [name, value] of facts) {
    if (value !== '') lines.push(`  ${style.dim(name.padEnd(12))}  ${value}`);
    if (name === 'environments' && answer.unplaced !== undefined)
      lines.push(style.dim(`  ${''.padEnd(12)}  ${entryFor(answer.unplaced)}`));
  }
  const counts = answer.counts.causes;
  lines.push(
    `  ${style.dim('findings'.padEnd(12))}  ${count(counts.error, 'error')}, ${count(counts.warning, 'warning')}, ${counts.info} info${answer.blindSpots > 0 ? ` · ${count(answer.blindSpots, 'blind spot')}` : ''}`,
  );
  const worst = answer.causes.filter(({ severity }) => severity !== 'info').slice(0, 3);
  if (worst.length > 0) lines.push('', ...causeLines(worst, style));
  const more = counts.error + counts.warning - worst.length;
  if (more > 0) lines.push(style.dim(`  and ${more} more: karma check`));
  const siblings = siblingLines(answer.siblings, style);
  if (siblings.length > 0) lines.push('', ...siblings);
  lines.push('', style.dim('next'));
  lines.push(...nextSteps(answer, worst[0]?.code).map((step) => `  ${step}`));
  output.answer(lines.join('\n'));
  return 0;
};

/** The line of `karma.yaml` that names an environment which no folder tells. */
function entryFor(pattern: string): string {
  return `(none): in karma.yaml, \`environments: [{ pattern: ${JSON.stringify(pattern)}, environment: NAME }]\``;
}

function nextSteps({ components, busiest, since }: Overview, worst: string | undefined): string[] {
  if (components === 0)
    return ['karma doctor   what was looked for here, and what was passed over', 'karma demo     an example'];
  return [
    ...(busiest === undefined
      ? ['karma list']
      : [`karma impact ${shellWord(busiest)}`, `karma show ${shellWord(busiest)}`]),
    'karma check',
    ...(worst === undefined ? [] : [`karma explain ${worst}`]),
    ...(since === undefined ? [] : [`karma impact --since ${shellWord(since)}`]),
  ];
}

function shares(parts: readonly { readonly name: string; readonly components: number }[]): string {
  const shown = parts.slice(0, 8).map(({ name, components }) => `${name === '' ? '(none)' : name} ${components}`);
  return parts.length > 8 ? `${shown.join(', ')}, and ${parts.length - 8} more` : shown.join(', ');
}
