import type { ComparedEnvironments } from '../../graph/objects/compare-environments.ts';
import { code, text } from '../markdown-parts.ts';
import { differenceInWords } from './words.ts';

/** Two environments for a pull request or a wiki page: what differs, object by object; what is expected is counted. */
export function environmentsMarkdown({
  from,
  to,
  compared,
  onlyFrom,
  onlyTo,
  counts,
}: ComparedEnvironments & {
  readonly from: string;
  readonly to: string;
  readonly counts: { readonly same: number; readonly differs: number; readonly unknown: number };
}): string {
  const lines = [
    `### ${text(from)} → ${text(to)}`,
    '',
    `${compared.length} objects in both: ${counts.same} the same, ${counts.differs} differ, ${counts.unknown} not known.`,
    '',
  ];
  for (const [environment, instances] of [[from, onlyFrom] as const, [to, onlyTo] as const])
    if (instances.length > 0)
      lines.push(`Only in ${text(environment)}: ${instances.map(({ object }) => code(object)).join(', ')}`, '');
  for (const one of compared) {
    if (one.outcome === 'same') continue;
    const open = one.differences.filter(({ expected }) => expected === undefined);
    lines.push(
      `- ${code(one.object)} ${one.outcome === 'differs' ? 'differs' : 'is not known'}`,
      ...open.map((difference) => `  - ${code(differenceInWords(difference))}`),
      ...one.unknown.map((why) => `  - not known: ${text(why)}`),
    );
  }
  return `${lines.join('\n').trimEnd()}\n`;
}
