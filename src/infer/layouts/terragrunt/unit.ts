import type { Claim, Provide, ReadSet } from '../../../model/claim.ts';
import type { ComponentRow, TypeRow } from '../../../model/component.ts';
import { once } from '../../../model/once.ts';
import { withoutSecrets } from '../../../model/secrets/beside.ts';
import type { Candidate } from '../../layout.ts';
import { FileAccount } from '../../terraform/file-account.ts';
import { digestOfReads } from '../../terraform/open-reads.ts';
import { variablesNotInGit } from '../terraform/troubles.ts';
import { consumptionOf } from './consumption.ts';
import { dependenciesOf } from './dependency-blocks.ts';
import { evaluatedUnit } from './evaluated.ts';
import { failingParts, failures } from './failing-parts.ts';
import { Frame } from './frame.ts';
import { generatedBlocks } from './generated-blocks.ts';
import { type GeneratedFile, generatedFiles, knownText } from './generated-files.ts';
import { claimOfIdle, isIdle } from './idle-unit.ts';
import { layersOf } from './layers.ts';
import { mergedInputs } from './merged-inputs.ts';
import { moduleAsRun } from './module-as-run.ts';
import { moduleReference } from './module-reference.ts';
import { needsOf, unitKey } from './needs.ts';
import type { OpenEstate } from './open-estate.ts';
import { nameOf } from './paths.ts';
import { readsThroughConfigs } from './reads-through-configs.ts';
import { Session } from './session.ts';
import { sourceFileOf } from './source-file.ts';
import { unitTroubles } from './troubles.ts';
import { unitAttributes, unitEnvironment } from './unit-attributes.ts';
import { unitFiles } from './unit-files.ts';
import { moduleTroublesOf, stateKept, unitReads } from './unit-reads.ts';
import { backendIn, unitRoot } from './unit-root.ts';
import { unitSites } from './unit-sites.ts';
import { unitState } from './unit-state.ts';
import { ignoredVariables, unsetVariables } from './unit-variables.ts';
import { unreadableUnit } from './unreadable-unit.ts';

/** One unit's claim: a pure function of the files it reads. One that cannot be read takes nothing else down with it. */
export function claimUnit(estate: OpenEstate, candidate: Candidate): Claim {
  estate.generated.build();
  const session = new Session(estate);
  const file = fileOf(estate, session, candidate);
  try {
    return claimFrom(session, candidate, file);
  } catch (thrown) {
    return unreadableUnit(candidate, file, session, thrown);
  }
}

function claimFrom(session: Session, candidate: Candidate, file: string): Claim {
  const { estate } = session;
  const absolute = estate.paths.absolute(file);
  const source = estate.files.read(session.view, file) ?? nothing;
  const unit = new Frame(session, source, { file: absolute, config: absolute, original: absolute });
  const layers = layersOf(unit);
  const idle = isIdle(unit, candidate.seed?.template !== undefined);
  const dependencies = dependenciesOf(layers);
  const consumption = consumptionOf(layers);
  const ownNeeds = needsOf(unit, dependencies, consumption);
  const files = generatedFiles(layers);
  const module = moduleReference(unit, layers);
  const read = module === undefined ? undefined : estate.modules.of(session, module);
  const type = read?.analysis.row;
  const generated = generatedBlocks(files);
  const state = unitState(unit, candidate.path, layers, generated);
  const inputs = once(() => mergedInputs(layers));
  const asRun = module === undefined || read === undefined ? undefined : moduleAsRun(unit, module, files);
  const unset =
    asRun === undefined
      ? []
      : unsetVariables(unit, layers, { view: asRun.view, folder: asRun.path, files: estate.modules.varFiles });
  const evaluate = evaluatedUnit(unit, layers, { inputs, module, dependencies, unset });
  const through = readsThroughConfigs(candidate.id, unit, layers, new Set(ownNeeds.map(({ key }) => key)));
  const troubles = unitTroubles(candidate.id, unit, layers, {
    dependencies,
    consumption,
    module,
    file,
    generated: files,
  });
  const account = new FileAccount();
  const root =
    read === undefined || asRun === undefined
      ? undefined
      : unitRoot(unit, layers, { module: read, asRun, inputs, state, account });
  const data = unitFiles(candidate.id, unit, { module, read, asRun, inputs, account });
  const described = {
    id: candidate.id,
    environment: unitEnvironment(unit, layers, candidate.path),
    module: type?.key ?? '',
    ...outputsOf(type, files),
  };
  const reads = unitReads(described, root, asRun, estate.view.settings.sharedAccounts === true);
  const ofModule =
    read === undefined || asRun === undefined
      ? undefined
      : moduleTroublesOf(candidate.id, read.analysis, asRun, estate.modules.loader);
  // Whatever nobody used reads configurations only now; what fails of those is why it fails itself.
  const failing = failingParts(unit);
  const failed = failures(candidate.id, [...session.failingRead(), ...failing], troubles.findings);
  const needs = [...ownNeeds, ...through.needs, ...reads.needs];
  const attributes = unitAttributes(unit, layers, { module, state, generated, inputs });
  const sites = unitSites(unit, needs, module);
  const ignored = ignoredVariables(unit, layers, module?.place);
  const readSet = session.readSet();
  const {
    keyed: evaluated,
    digest,
    secrets,
  } = withoutSecrets(evaluate, estate.view.keyed, withOpaqueFiles(session, readSet));
  const component: ComponentRow = {
    ...described,
    kind: 'component',
    layout: 'terragrunt',
    external: false,
    type: module?.name ?? nameOf(candidate.path),
    nickname: nameOf(candidate.path),
    path: candidate.path,
    configDigest: digest,
    ...(secrets === undefined ? {} : { secrets }),
    attributes,
    sites,
  };
  const opaqueFiles = session.opaqueFiles();
  const readsDigest = digestOfReads(data.readAsData, readSet, candidate.path);
  const backend = state === undefined ? root?.backend : backendIn(unit, state);
  const stateSite = state === undefined ? undefined : { rule: 'state', site: state.site, file };
  const claim: Claim = {
    component: readsDigest === undefined ? component : { ...component, readsDigest },
    types: type === undefined ? [] : [type],
    provides: [unitProvide(candidate, file, component), ...stateKept(component, backend, stateSite), ...reads.provides],
    needs,
    blindSpots: [
      ...troubles.blindSpots,
      ...through.blindSpots,
      ...(ofModule?.blindSpots ?? []),
      ...reads.blindSpots,
      ...data.blindSpots,
      ...failed.blindSpots,
    ],
    findings: [
      ...troubles.findings,
      ...through.findings,
      ...(ofModule?.findings ?? []),
      ...(read?.declared ?? []),
      ...reads.findings,
      ...data.findings,
      ...ignored.map((found) => variablesNotInGit(candidate.id, found)),
      ...failed.findings,
    ],
    readSet,
    evaluated,
    ...(opaqueFiles.length === 0 ? {} : { opaqueFiles }),
    ...(data.readAsData.length === 0 ? {} : { readAsData: data.readAsData }),
  };
  return idle ? claimOfIdle(claim) : claim;
}

/** Files that only other programs read (variables of `extra_arguments`, scripts of hooks) count with what is in them. */
function withOpaqueFiles(session: Session, readSet: ReadSet): (evaluated: unknown) => unknown {
  const opaque = session.opaqueFiles();
  if (opaque.length === 0) return (evaluated) => evaluated;
  const { files: read, folders } = readSet;
  const files = opaque.map((place) => [place, read[place] ?? folders[place] ?? null]);
  return (evaluated) => ({ evaluated, files });
}

const nothing = sourceFileOf({ body: { attributes: new Map(), blocks: [], duplicates: [] }, errors: [] }, '');

function fileOf(estate: OpenEstate, session: Session, candidate: Candidate): string {
  const name = (one: string) => (candidate.path === '' ? one : `${candidate.path}/${one}`);
  const own = name(estate.unitFile);
  const json = name('terragrunt.hcl.json');
  return !session.view.isFile(own) && session.view.isFile(json) ? json : own;
}

/** Outputs of the module, and those that generated files add; unknown where one of the two is. */
function outputsOf(
  type: TypeRow | undefined,
  files: readonly GeneratedFile[],
): { readonly outputs?: readonly string[] } {
  if (type === undefined) return {};
  const outputs = new Set(type.outputs);
  for (const { contents } of files) {
    if (contents !== undefined && typeof contents !== 'string' && knownText(contents) === '') return {};
    for (const [, name = ''] of knownText(contents).matchAll(/\boutput\s+"([\w-]+)"/g)) outputs.add(name);
  }
  return { outputs: [...outputs].sort() };
}

function unitProvide(candidate: Candidate, file: string, { outputs }: ComponentRow): Provide {
  const evidence = { rule: 'unit', site: 'unit', file };
  return {
    key: unitKey(candidate.path),
    runtime: candidate.id,
    ...(outputs === undefined ? {} : { outputs }),
    evidence,
  };
}
