import type { ProposedAnswer } from '../../../engine/verbs/changes.ts';
import type { EditsAnswer } from '../../../engine/verbs/config-edit.ts';
import type { Output } from '../output.ts';
import { tellEdits } from '../render/edits.ts';
import { proposedLines } from './change.ts';

/** Edits that became a change, and which of them could not be made. Answers the exit code. */
export function tellProposed(made: EditsAnswer & { readonly proposed: ProposedAnswer }, output: Output): 0 | 3 {
  if (output.json) output.document(made);
  else if (output.quiet) output.raw(`${made.proposed.id}\n`);
  else {
    output.answer(proposedLines(made.proposed, output.style).join('\n'));
    if (made.refused.length > 0) tellEdits({ ...made, files: [] }, output);
  }
  return made.refused.length > 0 ? 3 : 0;
}
