import { exportGraph, exportWithHints } from '../../../engine/verbs/export.ts';
import { printable } from '../../../model/printable.ts';
import { hideInText } from '../../../model/secrets/text.ts';
import { atOption, choiceOption, flagOption, textOption, type Verb } from '../command.ts';

const formats = ['jsonl', 'json', 'dot', 'mermaid'] as const;

export const run: Verb = async ({ options, output, context, ask, afar }) => {
  const at = textOption(options, 'at');
  const format = output.json ? 'json' : (choiceOption(options, 'format', formats) ?? 'jsonl');
  if (format === 'jsonl' && afar)
    await writeLines((await ask('export', atOption(options))).rows.map((row) => JSON.stringify(row)));
  else if (format === 'jsonl')
    await writeLines(await (flagOption(options, 'hints') ? exportWithHints : exportGraph)(context, at));
  else if (format === 'json') output.document(await ask('export', atOption(options)));
  else output.raw((await ask('draw', { format, ...atOption(options) })).picture);
  return 0;
};

/** Lines in blocks, waiting for the reader: a big graph is never held as one text. */
async function writeLines(lines: Iterable<string>): Promise<void> {
  let block = '';
  const send = async () => {
    if (!process.stdout.write(printable(hideInText(block))))
      await new Promise<void>((resolve) => process.stdout.once('drain', () => resolve()));
    block = '';
  };
  for (const line of lines) {
    block += line.endsWith('\n') ? line : `${line}\n`;
    if (block.length > 65_536) await send();
  }
  if (block !== '') await send();
}
