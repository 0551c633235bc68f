import { printable } from '../../model/printable.ts';

/** One line of a first `karma.yaml`: where it stands, what it says, and why. */
export interface FirstLine {
  /** `environments`, `repositories/api-specs`. */
  readonly key: string;
  /** As YAML, in one line. */
  readonly value: string;
  readonly reason: string;
}

/** The text of a first `karma.yaml`: equal lines give equal bytes. */
export function karmaYaml(lines: readonly FirstLine[]): string {
  const text = [
    '# yaml-language-server: $schema=https://usekarma.dev/schemas/karma.schema.json',
    '# Made by `karma init` from what was recognised here; each line says why it stands. Correct what is wrong, leave the rest out.',
  ];
  let open: readonly string[] = [];
  for (const { key, value, reason } of lines) {
    const steps = key.split('/');
    const groups = steps.slice(0, -1);
    if (steps.length > 1 && groups.join('/') !== open.join('/')) {
      text.push('');
      for (const [depth, group] of groups.entries())
        if (open[depth] !== group) text.push(`${'  '.repeat(depth)}${group}:`);
    }
    const last = steps.at(-1) ?? '';
    const said = last === '-' ? `- ${value}` : `${yamlText(last.replaceAll('~1', '/'))}: ${value}`;
    text.push(`${'  '.repeat(groups.length)}${said}  # ${inLine(reason)}`);
    open = groups;
  }
  return `${text.join('\n')}\n`;
}

/** A text as YAML in one line: as it is where nothing else could be meant. */
export function yamlText(text: string): string {
  const plain = /^[A-Za-z_][\w./-]*$/.test(text) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text);
  return plain ? text : JSON.stringify(text.toWellFormed());
}

function inLine(reason: string): string {
  return printable(reason.replace(/\s+/g, ' '));
}
