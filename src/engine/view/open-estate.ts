import type { KarmaFile } from '../../config/karma-file.ts';
import { sha256 } from '../../model/digest.ts';
import type { EstateView } from '../../model/estate.ts';
import type { Finding } from '../../model/finding.ts';
import { openEstate as observe } from '../../observe/estate/estate.ts';
import type { EstateObservation } from '../../observe/estate/estate-observation.ts';
import type { ObservedWhen } from '../../stores/parameters/seen.ts';
import type { EngineContext } from '../context.ts';
import type { Manifest } from '../versions/project.ts';
import { type AccountSources, readAccounts } from './account-sources.ts';
import { sealOf } from './seal.ts';

/** An estate as it was found: what inference may look at, and where each part was read. */
export interface OpenedEstate {
  readonly name: string;
  readonly view: EstateView;
  readonly karmaFile: KarmaFile | undefined;
  /** Where the person stands, relative to the estate's root. */
  readonly workingDirectory: string;
  readonly position: string;
  readonly label: string;
  /** The refs that were followed: findings tell of them. */
  readonly refs: string;
  /** Digest of what accounts hold. */
  readonly held: string;
  /** Equal identities mean an equal view, so equal graphs. */
  readonly identity: string;
  readonly observation: EstateObservation;
  readonly accounts: AccountSources;
  findings(): readonly Finding[];
  manifest(at: string): Manifest;
}

/**
 * Opens the estate at a Git revision, or the work tree as it is, with what the parameter stores hold.
 * @param as the branch that `at` stands for, where it is named by its id
 * @param accounts whether what was seen of them lately will do
 * @param committed HEAD's commit instead of the work tree: what a published version is made of.
 * @param readsAll everything is going to be inferred
 * @param onDirty told early where the work tree is not as its commit
 */
export async function openEstate(
  context: EngineContext,
  {
    at,
    as,
    committed = false,
    accounts: when = 'now',
    readsAll = false,
    onDirty,
  }: {
    readonly at?: string;
    readonly as?: string;
    readonly committed?: boolean;
    readonly accounts?: ObservedWhen;
    readonly readsAll?: boolean;
    readonly onDirty?: () => void;
  },
): Promise<OpenedEstate> {
  const { cwd, repos, configFile, layouts, ahead, resident, fetchedModules, mirrors } = context.request;
  const observation = await observe({
    cwd,
    repos,
    environment: context.env,
    committed,
    configFile,
    at,
    as,
    ahead,
    resident,
    fetchedModules,
    mirrors,
    readsAll,
    onDirty,
  });
  const accounts = await readAccounts(context, when);
  const seal = await sealOf(context);
  const settings = layouts === undefined ? observation.view.settings : { ...observation.view.settings, layouts };
  const { main, sources } = observation;
  const { seenAt } = accounts;
  return {
    name: observation.name,
    view: { ...observation.view, settings, parameters: accounts.byBinding, keyed: seal },
    karmaFile: observation.karmaFile,
    workingDirectory: context.standsThere === true ? observation.root.workingDirectory : '',
    position: main.view.revision,
    label: `${labelOf(observation, at, committed)}${seenAt === undefined ? '' : `; parameters as of ${seenAt}`}`,
    refs: refsOf(observation),
    held: sha256(accounts.identity),
    identity: [observation.identity, refsOf(observation), accounts.identity, JSON.stringify(settings)].join('\n'),
    observation,
    accounts,
    findings: () => [...observation.findings(), ...accounts.findings],
    manifest: (time) => [
      ...sources.map(({ source, position, read, reason }) => ({
        source,
        position,
        read,
        at: time,
        ...(reason === undefined || read ? {} : { reason }),
      })),
      ...accounts.positions(time),
    ],
  };
}

/** Findings tell which refs were followed, so a branch renamed over the same commit is another view. */
function refsOf({ opened }: EstateObservation): string {
  return opened.map(({ name, view }) => `${name} ${view.ref ?? ''}`).join('\n');
}

function labelOf({ main, sources }: EstateObservation, at: string | undefined, committed: boolean): string {
  const commit = main.commit?.slice(0, 10);
  if (at !== undefined) return commit === undefined || main.commit === at ? at.slice(0, 10) : `${at} (${commit})`;
  if (commit === undefined)
    return main.branch === undefined
      ? 'folder as it is (no Git repository)'
      : `work tree of ${main.branch} (no commit yet)`;
  const branch = main.branch ?? 'a detached HEAD';
  if (committed || main.repository?.bare === true) return `${branch} at ${commit}`;
  const dirty = sources.reduce((sum, source) => sum + source.dirty, 0);
  return `work tree of ${branch} at ${commit}${dirty === 0 ? '' : ` (${dirty} ${dirty === 1 ? 'file' : 'files'} not committed)`}`;
}
