import { unifiedDiff } from '../../edit/unified-diff.ts';
import { KarmaError } from '../../model/errors.ts';
import type { EngineContext } from '../context.ts';
import type { EditedText } from '../objects/estate-edits.ts';
import { propose } from './propose.ts';
import type { SimulatedChange } from './told-change.ts';

/**
 * Edits of files, as they are at the followed ref, as a change of their own.
 * @throws KARMA_REFUSED where there are none
 */
export function proposeEdits(
  context: EngineContext,
  files: readonly EditedText[],
  reason: string,
): Promise<SimulatedChange> {
  if (files.length === 0)
    throw new KarmaError('KARMA_REFUSED', 'there is nothing to propose: no file would be another', {
      hint: 'without --propose what is refused is named',
    });
  const patch = files.map(({ path, before, after }) => unifiedDiff(path, before, after)).join('');
  return propose(context, { reason, patch, renames: [], removes: [], creates: [], edits: [], where: 'refuse' });
}
