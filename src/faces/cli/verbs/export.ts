import { draw } from '../../../engine/draw.ts';
import { exportGraph, graphDocument } from '../../../engine/export.ts';
import { KarmaError } from '../../../model/errors.ts';
import { textOption, type Verb } from '../command.ts';

export const run: Verb = async ({ options, output, context }) => {
  const at = textOption(options, 'at');
  const format = output.json ? 'json' : (textOption(options, 'format') ?? 'jsonl');
  if (format === 'jsonl') await writeLines(await exportGraph(context, at));
  else if (format === 'json') output.document(await graphDocument(context, at));
  else if (format === 'dot' || format === 'mermaid')
    output.raw((await draw(context, { selection: [], format, ...(at === undefined ? {} : { at }) })).text);
  else
    throw new KarmaError('KARMA_USAGE', `there is no export format \`${format}\``, {
      hint: 'jsonl, json, dot or mermaid',
    });
  return 0;
};

/** Lines in blocks, waiting for the reader: a big graph is never held as one text. */
async function writeLines(lines: Iterable<string>): Promise<void> {
  let block = '';
  const send = async () => {
    if (!process.stdout.write(block))
      await new Promise<void>((resolve) => process.stdout.once('drain', () => resolve()));
    block = '';
  };
  for (const line of lines) {
    block += line.endsWith('\n') ? line : `${line}\n`;
    if (block.length > 65_536) await send();
  }
  if (block !== '') await send();
}
