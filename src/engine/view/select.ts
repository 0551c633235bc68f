import { gitRangesIn } from '../../graph/selection/git-ranges.ts';
import { isGlob } from '../../graph/selection/glob.ts';
import { select } from '../../graph/selection/select.ts';
import type { ComponentId } from '../../model/component.ts';
import { KarmaError } from '../../model/errors.ts';
import type { EngineContext } from '../context.ts';
import { changedComponents } from './changed-components.ts';
import { type LoadedView, readersOf, workingDirectoryOf } from './view.ts';

/**
 * The nodes of a selection, in order of id; everything when none is given. A name that nothing has is an error. A pattern may fit
 * nothing, which is said, unless the caller must not go on with less than was meant.
 * @throws KARMA_NOT_FOUND, KARMA_AMBIGUOUS, KARMA_SELECTION
 */
export async function selectNodes(
  context: EngineContext,
  view: LoadedView,
  selection: readonly string[],
  { patternsMustFit = false }: { readonly patternsMustFit?: boolean } = {},
): Promise<readonly number[]> {
  if (tellNothingRecognised(context, view)) return [];
  if (selection.length === 0) return [...view.graph.ids.keys()];
  const changed = await changesNamedIn(context, selection);
  const { nodes, unmatched } = select(view.graph, selection, {
    workingDirectory: workingDirectoryOf(view),
    readersOf: readersOf(view),
    reading: (matches) => readersWhere(view, matches),
    changedIn: (from, to) => changed.get(`${from}...${to}`) ?? [],
  });
  for (const { text, nearest } of unmatched) {
    const meant = nearest.length > 0 ? `did you mean ${nearest.join(' or ')}?` : undefined;
    if (patternsMustFit || !isPattern(text))
      throw new KarmaError('KARMA_NOT_FOUND', `nothing is called ${text}`, {
        hint: meant ?? '`karma list` shows every component; a path is read from the working directory',
        details: { name: text, nearest },
      });
    context.report({ kind: 'note', text: `nothing is called ${text}${meant === undefined ? '' : `; ${meant}`}` });
  }
  return nodes;
}

/** `env=*`, `prod/**`: many may fit, so none may, too. */
function isPattern(text: string): boolean {
  return isGlob(text) || text.includes('=');
}

/** Whether nothing is; then it is said, because an answer of nothing must not look like one that found nothing wrong. */
export function tellNothingRecognised(context: EngineContext, { graph }: LoadedView): boolean {
  if (graph.size > 0) return false;
  context.report({ kind: 'note', text: 'no component is recognised here: `karma doctor` says what was looked for' });
  return true;
}

/** Selections are evaluated synchronously, so Git ranges in them are compared beforehand. */
async function changesNamedIn(
  context: EngineContext,
  selection: readonly string[],
): Promise<ReadonlyMap<string, readonly ComponentId[]>> {
  const changed = new Map<string, readonly ComponentId[]>();
  for (const { from, to } of gitRangesIn(selection))
    changed.set(`${from}...${to}`, await changedComponents(context, from, to));
  return changed;
}

function readersWhere(view: LoadedView, matches: (file: string) => boolean): ComponentId[] {
  const readers = new Set<ComponentId>();
  for (const [file, ids] of view.readers()) if (matches(file)) for (const id of ids) readers.add(id);
  return [...readers];
}
