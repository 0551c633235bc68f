import { resolve } from 'node:path';
import type { EngineContext } from '../../../engine/context.ts';
import { makeNamed } from '../../../engine/named-files.ts';
import { exportGraph, exportWithHints } from '../../../engine/verbs/export.ts';
import { KarmaError } from '../../../model/errors.ts';
import { printable } from '../../../model/printable.ts';
import { hideInText } from '../../../model/secrets/text.ts';
import { atOption, choiceOption, flagOption, textOption, type Verb } from '../command.ts';
import type { Output } from '../output.ts';

const formats = ['jsonl', 'json', 'dot', 'mermaid', 'site'] as const;

export const run: Verb = async ({ options, output, context, ask, afar }) => {
  const at = textOption(options, 'at');
  const wanted = choiceOption(options, 'format', formats);
  if (wanted === 'site') return exportSite(textOption(options, 'out'), at, context, output);
  const format = output.json ? 'json' : (wanted ?? 'jsonl');
  if (format === 'jsonl' && afar)
    await writeLines((await ask('export', atOption(options))).rows.map((row) => JSON.stringify(row)));
  else if (format === 'jsonl')
    await writeLines(await (flagOption(options, 'hints') ? exportWithHints : exportGraph)(context, at));
  else if (format === 'json') output.document(await ask('export', atOption(options)));
  else output.raw((await ask('draw', { format, ...atOption(options) })).picture);
  return 0;
};

/** The estate as of a moment, as files that open from any web server. */
async function exportSite(
  out: string | undefined,
  at: string | undefined,
  context: EngineContext,
  output: Output,
): Promise<0> {
  if (out === undefined)
    throw new KarmaError('KARMA_USAGE', 'write the site where?', { hint: '`karma export --format site --out DIR`' });
  const [{ takeSnapshot }, { writeSite }, { builtWeb }] = await Promise.all([
    import('../../site/snapshot.ts'),
    import('../../site/write-site.ts'),
    import('../../service/web-files.ts'),
  ]);
  const snapshot = await takeSnapshot(context, at);
  const folder = resolve(context.request.cwd, out);
  makeNamed(context, folder);
  const { files, bytes, pages } = writeSite(folder, snapshot, builtWeb());
  const told = { folder, at: snapshot.index.at, components: snapshot.index.ids.length, files, bytes, pages };
  if (output.json) output.document(told);
  else
    output.answer(
      `${out}: ${told.components} components as of ${told.at}, ${files} files, ${(bytes / 1e6).toFixed(1)} MB`,
    );
  if (!pages) output.talk('the pages are not built here: only the answers were written');
  return 0;
}

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
