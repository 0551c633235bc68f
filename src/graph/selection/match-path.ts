import { KarmaError } from '../../model/errors.ts';
import { find, joinPath } from '../operations/find.ts';
import type { Evaluation } from './context.ts';
import type { Expression } from './expression.ts';
import { compileGlob, escapeGlob, isGlob } from './glob.ts';

/**
 * A path or glob, against ids and folders: first from the working directory, then, unless it begins with a dot, from the
 * estate's root. A literal that is no component's place is anything else one can name a component by: a unique suffix, a
 * file, a module folder, a source, a parameter.
 */
export function matchPath(
  run: Evaluation,
  { text }: Expression & { readonly is: 'path' },
  among: ReadonlySet<number>,
): ReadonlySet<number> {
  if (text.includes('::')) return matchName(run, text, among);
  const nodes = matchPlaces(run, text, among);
  if (nodes.size > 0 || isGlob(text)) {
    if (nodes.size === 0) run.unmatched.set(text, []);
    return nodes;
  }
  return matchName(run, text, among);
}

function matchPlaces({ graph, context }: Evaluation, text: string, among: ReadonlySet<number>): ReadonlySet<number> {
  for (const pattern of patternsOf(text, context.workingDirectory ?? '')) {
    const matches = compileGlob(pattern);
    const nodes = [...among].filter((node) => matches(graph.id(node)) || matches(graph.component(node).path));
    if (nodes.length > 0) return new Set(nodes);
  }
  return new Set();
}

function patternsOf(text: string, workingDirectory: string): string[] {
  const here = joinPath(escapeGlob(workingDirectory), text);
  const root = /^\.{1,2}(?:\/|$)/.test(text) ? undefined : joinPath('', text);
  return [here, root].filter((pattern) => pattern !== undefined && pattern !== '').map(String);
}

/** What a literal names when it is no place: see `find`. Several ids with one suffix are refused, not guessed. */
export function matchName(run: Evaluation, text: string, among: ReadonlySet<number>): ReadonlySet<number> {
  const { workingDirectory, readersOf } = run.context;
  const found = find(run.graph, text, {
    ...(workingDirectory === undefined ? {} : { workingDirectory }),
    ...(readersOf === undefined ? {} : { readersOf }),
  });
  if (found.found) {
    // A parameter is selected by its name alone; everything else must be among what is chosen from.
    return new Set(found.nodes.filter((node) => among.has(node) || run.graph.isParameter(node)));
  }
  if (found.candidates.length > 0) {
    throw new KarmaError('KARMA_AMBIGUOUS', `'${text}' fits ${found.candidates.length} components`, {
      hint: `Name one of them (${found.candidates.slice(0, 5).join(', ')}), or all with '**/${text}'.`,
      details: { name: text, candidates: found.candidates },
    });
  }
  run.unmatched.set(text, found.nearest);
  return new Set();
}

/** Whether a node lies in a folder: the test of a traversal's bound. */
export function within({ graph, context }: Evaluation, folder: string): (node: number) => boolean {
  const place = joinPath(context.workingDirectory ?? '', folder) ?? '';
  const inside = (path: string): boolean => place === '' || path === place || path.startsWith(`${place}/`);
  return (node) => inside(graph.id(node)) || inside(graph.component(node).path);
}
