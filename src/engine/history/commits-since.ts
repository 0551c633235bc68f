import type { CommitsWanted } from '../../consequence/why.ts';
import { loadGrammar } from '../../hcl/parse.ts';
import { isConfiguration } from '../../infer/terraform/module-files.ts';
import { outputName } from '../../model/pointer.ts';
import type { OpenSource } from '../../observe/estate/source.ts';
import { type Commit, commitsOf } from '../../observe/git/history.ts';
import type { EngineContext } from '../context.ts';
import type { KnownComponent } from '../deployed/known-components.ts';
import type { StatusFacts } from '../deployed/status-facts.ts';
import { ChangedModules } from '../range/changed-modules.ts';
import { openEstate } from '../view/open-estate.ts';
import { modulePlaces, scopeOf } from './tell-history.ts';

/** Between two runs there may be a year; of so many the newest are looked at. */
const mostCommits = 1000;
/** Each that is compared is read at both of its ends. */
const mostCompared = 50;

/**
 * The commits between two runs of a component that can have brought what differs, newest first: those that touched what it is made
 * of, and of those, where one output is asked about, the ones that reach it through the module's own expressions. Undefined where
 * Git cannot tell.
 */
export async function commitsSince(
  context: EngineContext,
  facts: StatusFacts,
  component: KnownComponent,
  wanted: CommitsWanted,
): Promise<readonly Commit[] | undefined> {
  const { from, to } = wanted;
  if (from === undefined) return undefined;
  if (from === to) return [];
  const colon = component.row.path.indexOf(':');
  const name = colon < 0 ? '' : component.row.path.slice(0, colon);
  const source = facts.view.estate?.observation.opened.find((one) => one.name === name);
  if (source?.repository === undefined || source.repository.bare) return undefined;
  let commits: readonly Commit[];
  try {
    commits = await commitsOf(source.repository, { start: to, known: from, limit: mostCommits });
  } catch {
    // A commit that was never fetched, or is gone.
    return undefined;
  }
  const touching = commits.filter((commit) => touches(facts, component, source, commit, wanted));
  if (wanted.aspect !== 'module' || name !== '') return touching;
  const output = wanted.output === undefined ? undefined : outputName(wanted.output);
  return reaching(context, component, touching, {
    output,
    isRead: (path) => isReadFile(facts, component, source, path),
  });
}

function touches(
  facts: StatusFacts,
  component: KnownComponent,
  source: OpenSource,
  { changes }: Commit,
  { aspect }: CommitsWanted,
): boolean {
  const { row } = component;
  const folders = modulePlaces(facts.view, row).map((place) => place.slice(place.indexOf(':') + 1));
  const own = row.layout === 'terraform' ? [row.path, ...folders] : folders;
  return changes.some(({ path, from }) =>
    [path, ...(from === undefined ? [] : [from])].some((one) => {
      const file = insideEstate(source, one);
      if (file === undefined) return false;
      const isRead = isReadFile(facts, component, source, one);
      const isCode =
        own.some((folder) => folder === '.' || file.startsWith(`${folder}/`)) &&
        (isRead || isConfiguration(file)) &&
        !isValues(file);
      if (aspect === 'module') return isCode;
      return (isRead || file.startsWith(`${row.path}/`)) && (!isCode || row.layout === 'terraform');
    }),
  );
}

/** As the estate names a file of its repository; undefined for one outside of it. */
function insideEstate(source: OpenSource, path: string): string | undefined {
  const scope = scopeOf(source);
  if (scope === '') return path;
  return path.startsWith(`${scope}/`) ? path.slice(scope.length + 1) : undefined;
}

function isReadFile({ view }: StatusFacts, { row }: KnownComponent, source: OpenSource, path: string): boolean {
  const file = insideEstate(source, path);
  return file !== undefined && view.readers().get(file)?.includes(row.id) === true;
}

/** What gives values and says nothing of how they are used. */
function isValues(file: string): boolean {
  return /\.(tfvars|tfvars\.json)$|(^|\/)terragrunt\.(hcl|hcl\.json)$/.test(file);
}

interface Reach {
  /** Undefined: any part of the module will do. */
  readonly output: string | undefined;
  /** Whether the component reads a file of the repository. */
  readonly isRead: (path: string) => boolean;
}

async function reaching(
  context: EngineContext,
  { row }: KnownComponent,
  commits: readonly Commit[],
  reach: Reach,
): Promise<readonly Commit[]> {
  if (row.module.includes(':') || commits.length > mostCompared) return commits;
  await loadGrammar();
  const found: Commit[] = [];
  for (const commit of commits) if (await mayReach(context, row.module, commit, reach)) found.push(commit);
  return found;
}

/** What cannot be compared may have reached anything, and so may a file that is read by what did not change itself. */
async function mayReach(
  context: EngineContext,
  folder: string,
  { id, changes }: Commit,
  { output, isRead }: Reach,
): Promise<boolean> {
  if (changes.some(({ path }) => !isConfiguration(path) && isRead(path))) return true;
  try {
    const [before, after] = await Promise.all([
      openEstate(context, { at: `${id}^`, committed: true }),
      openEstate(context, { at: id, committed: true }),
    ]);
    const changed = new ChangedModules(before.view.main, after.view.main).of(folder, new Set());
    if (changed === undefined || changed.changes.everything) return true;
    const { parts, acted, decides } = changed.changes;
    if (output === undefined) return parts.length > 0 || acted || decides;
    const reached = changed.spread.from(changed.changes, false);
    return reached === undefined || reached.has(`output.${output}`);
  } catch {
    // The first commit has none before it.
    return true;
  }
}
