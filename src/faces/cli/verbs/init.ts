import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KarmaError } from '../../../model/errors.ts';
import { flagOption, type Verb } from '../command.ts';

export const run: Verb = async ({ options, output, ask }) => {
  const answer = await ask('init', {});
  const print = flagOption(options, 'print');
  if (!print && answer.exists !== undefined) throw isThere(answer.exists);
  if (!print) write(answer.root, answer.text);
  if (output.json) output.document(answer);
  else if (print) output.raw(answer.text);
  else {
    output.answer(`written: ${join(answer.root, answer.file)}`);
    output.talk('each line says why it stands; `karma doctor` says what is in force');
  }
  return 0;
};

/** Never over one that is there. */
function write(root: string, text: string): void {
  try {
    writeFileSync(join(root, 'karma.yaml'), text, { flag: 'wx' });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST') throw isThere(join(root, 'karma.yaml'));
    throw new KarmaError('KARMA_USAGE', `${join(root, 'karma.yaml')} cannot be written`, {
      hint: '`karma init --print` shows it; put it where it belongs yourself',
      cause: error,
    });
  }
}

function isThere(file: string): KarmaError {
  return new KarmaError('KARMA_USAGE', `${file} is there already`, {
    hint: '`karma init --print` shows what a new one would say',
  });
}
