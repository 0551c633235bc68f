import { atOption, type Verb } from '../command.ts';
import { count } from '../render/evidence.ts';

export const run: Verb = async ({ options, output, ask }) => {
  const answer = await ask('build', atOption(options));
  if (output.json) {
    output.document(answer);
    return 0;
  }
  const { style } = output;
  const unread = answer.manifest.filter(({ read }) => !read);
  const lines = [
    answer.changed
      ? `${style.bold(`v${answer.version}`)} published from ${answer.label}: ${count(answer.put, 'row')} written, ${answer.removed} closed`
      : answer.version === 0
        ? `nothing to publish: no component is recognised in ${answer.label}; \`karma doctor\` says what was looked for`
        : `nothing changed: ${style.bold(`v${answer.version}`)} is what ${answer.label} gives`,
    `  ${count(answer.components, 'component')}, ${count(answer.references, 'reference')}, ${count(answer.findings, 'finding')} · hash ${answer.hash.slice(0, 12)}`,
    ...unread.map(({ source, reason }) =>
      style.yellow(`  ${source} was not read (${reason ?? 'no reason'}): what was last seen of it stands`),
    ),
  ];
  output.answer(lines.join('\n'));
  return 0;
};
