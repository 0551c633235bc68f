import { relative, sep } from 'node:path';
import { type KarmaFile, karmaFileNames, readKarmaFile } from '../../config/karma-file.ts';
import { sha256 } from '../../model/digest.ts';
import { isKarmaError } from '../../model/errors.ts';
import type { EstateSettings } from '../../model/estate.ts';
import type { Environment, FileView } from '../../model/file-view.ts';
import { findRepository, type Repository } from '../git/git-repository.ts';
import type { ResidentRepositories } from '../resident/resident-repositories.ts';
import type { UntrackedAhead } from '../views/untracked.ts';
import type { EstateObservation, SourceObservation } from './estate-observation.ts';
import { type EstateRoot, findEstateRoot } from './estate-root.ts';
import { planSources, readBindings, type SourcePlan } from './estate-sources.ts';
import { FetchedModules } from './fetched-modules.ts';
import { observationFindings } from './observation-findings.ts';
import { EstateRepositories, RemoteModules } from './remote-modules.ts';
import { naturalName, type OpenSource, openSource, type SharedViews } from './source.ts';
import { readTrust, type Trust, trustsAll } from './trust.ts';

export interface EstateQuery {
  readonly cwd: string;
  /** A revision of the main repository; other repositories are then read at their HEAD. Undefined: work trees. */
  readonly at?: string | undefined;
  /** The branch that `at` stands for, where it is named by its id: what the branch was, or would become. */
  readonly as?: string | undefined;
  /** Read HEAD's commit everywhere, work trees aside: what a published version is made from. */
  readonly committed?: boolean;
  readonly repos?: readonly string[];
  readonly configFile?: string | undefined;
  readonly environment?: Environment;
  readonly ahead?: UntrackedAhead | undefined;
  /** Told early where the main repository's work tree is not as its commit. */
  readonly onDirty?: (() => void) | undefined;
  /** Everything is going to be read: git hands it out while the rest is opened. */
  readonly readsAll?: boolean;
  /** What is held of repositories. */
  readonly resident?: ResidentRepositories | undefined;
  /** The folder that modules were fetched into. */
  readonly fetchedModules?: string | undefined;
  /** The folder that repositories elsewhere are mirrored in. */
  readonly mirrors?: string | undefined;
  /** What the person trusts of what `karma.yaml` says; default as the environment has it. */
  readonly trust?: Trust;
}

/**
 * Finds and opens everything an estate is made of. Reads, never runs; a source that cannot be opened is told in the
 * manifest, unless it was named by hand.
 * @throws KARMA_NO_ESTATE, KARMA_NO_SUCH_REVISION, KARMA_SHALLOW, KARMA_GIT, KARMA_CONFIG_INVALID, KARMA_USAGE
 */
export async function openEstate(query: EstateQuery): Promise<EstateObservation> {
  const { resident } = query;
  const root = residentRoot(findEstateRoot({ cwd: query.cwd, configFile: query.configFile }), resident);
  const shared: SharedViews = new Map();
  const committed = query.committed === true || query.at !== undefined;
  const { folder, repository } = root;
  const main = await openSource(
    {
      name: '',
      folder,
      repository,
      ref: query.at,
      as: query.as,
      committed,
      ahead: query.ahead,
      resident,
      onDirty: query.onDirty,
    },
    shared,
  );
  // Whoever waits for it hears of a failure.
  if (query.readsAll === true) main.whole.preload().catch(() => undefined);
  const karmaFile = query.configFile === undefined ? karmaFileIn(main.view) : root.karmaFile;
  const bindings = readBindings(main.view);
  const plans = planSources({
    folder,
    repository,
    cwd: query.cwd,
    repos: query.repos ?? [],
    settings: karmaFile?.repositories ?? [],
    bindings,
    mirrors: query.mirrors,
    environment: query.environment ?? {},
    trust: query.trust ?? (query.configFile === undefined ? readTrust(query.environment ?? {}) : trustsAll),
  });
  const others = await Promise.all(plans.map((plan) => openPlan(plan, { committed, shared, resident })));
  const opened = [main, ...others.flatMap(({ source }) => (source === undefined ? [] : [source]))];
  const sources = [
    manifestLine(main, query.at === undefined ? 'the root of the estate' : `\`--at ${query.at}\``),
    ...others.map(({ plan, source, reason }) =>
      source === undefined ? unreadLine(plan, reason) : manifestLine(source, plan.why),
    ),
  ];
  const fetched = query.fetchedModules === undefined ? undefined : new FetchedModules(query.fetchedModules);
  const elsewhere = new RemoteModules({
    folder,
    repository,
    known: opened.flatMap(knownRepository),
    resident,
    fetched,
  });
  return {
    root,
    name: karmaFile?.estate ?? naturalName(folder),
    karmaFile,
    view: {
      main: main.view,
      repos: new EstateRepositories(
        opened.map((source) => [source.name, source.view] as const),
        elsewhere,
      ),
      elsewhere: (address, ref) => elsewhere.view(address, ref),
      environment: query.environment ?? {},
      parameters: new Map(),
      settings: {
        ...karmaFile?.settings,
        ...(fetched?.identity ? { fetched: fetched.identity } : {}),
        ...placeOf(folder, repository),
      },
    },
    main,
    opened,
    sources,
    bindings,
    identity: sha256(sources.map(({ source, read, identity }) => `${source}\0${read}\0${identity}`).join('\n')),
    preload: async (wanted) => {
      const wholes = [...new Set(opened.map((source) => source.whole))];
      await Promise.all(wholes.map((whole) => whole.preload(wanted)));
    },
    findings: () =>
      observationFindings({
        ...{ opened, sources, bindings },
        ignoredInputs: karmaFile?.terraform.ignoredInputs ?? [],
        schedules: karmaFile?.schedules ?? [],
      }),
  };
}

/** What the repository is called and where in it the estate lies, for what asks for the name of a folder. */
function placeOf(folder: string, repository: Repository | undefined): Pick<EstateSettings, 'place'> {
  if (repository === undefined) return {};
  const below = relative(repository.root, folder).split(sep).join('/');
  return { place: { repository: naturalName(repository.root), folder: below } };
}

function residentRoot(root: EstateRoot, resident: ResidentRepositories | undefined): EstateRoot {
  return root.repository === undefined || resident === undefined
    ? root
    : { ...root, repository: resident.of(root.repository) };
}

function knownRepository({ name, repository }: OpenSource): { name: string; repository: Repository }[] {
  return repository === undefined ? [] : [{ name, repository }];
}

interface OpenedPlan {
  readonly plan: SourcePlan;
  readonly source: OpenSource | undefined;
  readonly reason: string;
}

interface OpenPlanQuery {
  readonly committed: boolean;
  readonly shared: SharedViews;
  readonly resident: ResidentRepositories | undefined;
}

async function openPlan(plan: SourcePlan, { committed, shared, resident }: OpenPlanQuery): Promise<OpenedPlan> {
  const { name, folder, ref, refused } = plan;
  if (folder === undefined) return { plan, source: undefined, reason: refused ?? 'no checkout of it was found' };
  try {
    const found = findRepository(folder);
    const repository = found === undefined ? undefined : (resident?.of(found) ?? found);
    const source = await openSource(
      { name, folder, repository, ref, committed: committed && repository !== undefined, resident },
      shared,
    );
    return { plan, source, reason: '' };
  } catch (error) {
    if (!isKarmaError(error) || plan.why.startsWith('`--repo')) throw error;
    return { plan, source: undefined, reason: error.message };
  }
}

function karmaFileIn(view: FileView): KarmaFile | undefined {
  for (const name of karmaFileNames) {
    const text = view.read(name);
    const file = text === undefined ? undefined : readKarmaFile(name, text);
    if (file !== undefined) return file;
  }
  return undefined;
}

function manifestLine(source: OpenSource, why: string): SourceObservation {
  return {
    source: source.name,
    folder: source.folder,
    read: true,
    position: source.view.revision,
    ...(source.commit === undefined ? {} : { commit: source.commit }),
    ...(source.branch === undefined ? {} : { branch: source.branch }),
    identity: source.whole.identity,
    dirty: source.dirty.size,
    followed: source.followed,
    why,
  };
}

function unreadLine({ name, folder, why }: SourcePlan, reason: string): SourceObservation {
  return { source: name, folder, read: false, reason, position: '', identity: '', dirty: 0, followed: 'nothing', why };
}
