import type { Value } from '../../../hcl/value.ts';
import type { Claim, Provide } from '../../../model/claim.ts';
import type { ComponentRow, TypeRow } from '../../../model/component.ts';
import { digestOf } from '../../../model/digest.ts';
import type { Candidate } from '../../layout.ts';
import { consumptionOf } from './consumption.ts';
import { dependenciesOf } from './dependency-blocks.ts';
import { evaluatedUnit } from './evaluated.ts';
import { Frame } from './frame.ts';
import { type GeneratedFile, generatedFiles, knownText } from './generated-files.ts';
import { layersOf } from './layers.ts';
import { mergedInputs } from './merged-inputs.ts';
import { moduleReference } from './module-reference.ts';
import { needsOf, unitKey } from './needs.ts';
import type { OpenEstate } from './open-estate.ts';
import { nameOf } from './paths.ts';
import { Session } from './session.ts';
import { sourceFileOf } from './source-file.ts';
import { unitTroubles } from './troubles.ts';
import { unitAttributes, unitEnvironment } from './unit-attributes.ts';
import { unitSites } from './unit-sites.ts';
import { type UnitState, unitState } from './unit-state.ts';

/** One unit's claim: a pure function of the files it reads. */
export function claimUnit(estate: OpenEstate, candidate: Candidate): Claim {
  estate.generated.build();
  const session = new Session(estate);
  const file = fileOf(estate, session, candidate);
  const absolute = estate.paths.absolute(file);
  const source = estate.files.read(session.view, file) ?? nothing;
  const unit = new Frame(session, source, { file: absolute, config: absolute, original: absolute });
  const layers = layersOf(unit);
  const dependencies = dependenciesOf(layers);
  const consumption = consumptionOf(layers);
  const needs = needsOf(unit, dependencies, consumption);
  const files = generatedFiles(layers);
  const module = moduleReference(unit, layers);
  const type = module === undefined ? undefined : estate.modules.of(session, module);
  const state = unitState(unit, candidate.path, layers, files);
  const inputs = once(() => mergedInputs(layers));
  const evaluated = evaluatedUnit(unit, layers, { inputs, module, dependencies });
  const { findings, blindSpots } = unitTroubles(candidate.id, unit, layers, {
    dependencies,
    consumption,
    module,
    file,
  });
  const component: ComponentRow = {
    id: candidate.id,
    kind: 'component',
    layout: 'terragrunt',
    external: false,
    type: module?.name ?? nameOf(candidate.path),
    nickname: nameOf(candidate.path),
    environment: unitEnvironment(unit, layers, candidate.path),
    path: candidate.path,
    module: type?.key ?? '',
    configDigest: configDigest(session, evaluated),
    attributes: unitAttributes(unit, layers, { module, state, files, inputs }),
    ...outputsOf(type, files),
    sites: unitSites(unit, needs, module),
  };
  const opaqueFiles = session.opaqueFiles();
  return {
    component,
    types: type === undefined ? [] : [type],
    provides: providesOf(candidate, file, component, state),
    needs,
    blindSpots,
    findings,
    readSet: session.readSet(),
    evaluated,
    ...(opaqueFiles.length === 0 ? {} : { opaqueFiles }),
  };
}

/** Files that only other programs read (variables of `extra_arguments`, scripts of hooks) count with what is in them. */
function configDigest(session: Session, evaluated: Readonly<Record<string, unknown>>): string {
  const files = session.opaqueFiles().map((path) => [path, session.view.digest(path) ?? null]);
  return digestOf(files.length === 0 ? evaluated : { evaluated, files });
}

const nothing = sourceFileOf({ body: { attributes: new Map(), blocks: [], duplicates: [] }, errors: [] }, '');

function fileOf(estate: OpenEstate, session: Session, candidate: Candidate): string {
  const name = (one: string) => (candidate.path === '' ? one : `${candidate.path}/${one}`);
  const own = name(estate.unitFile);
  const json = name('terragrunt.hcl.json');
  return !session.view.isFile(own) && session.view.isFile(json) ? json : own;
}

function once(compute: () => Value): () => Value {
  let value: Value | undefined;
  return () => {
    value ??= compute();
    return value;
  };
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

function providesOf(
  candidate: Candidate,
  file: string,
  component: ComponentRow,
  state: UnitState | undefined,
): Provide[] {
  const outputs = component.outputs === undefined ? {} : { outputs: component.outputs };
  const evidence = { rule: 'unit', site: 'unit', file };
  const provides: Provide[] = [{ key: unitKey(candidate.path), runtime: candidate.id, ...outputs, evidence }];
  if (state === undefined || !state.address.known) return provides;
  const { address, site } = state;
  const [own, ...others] = address.keys;
  const stateEvidence = { rule: 'state', site, file };
  if (own !== undefined)
    provides.push({ key: own, runtime: address.shown, ...outputs, exclusive: true, evidence: stateEvidence });
  for (const key of others) provides.push({ key, runtime: address.shown, ...outputs, evidence: stateEvidence });
  return provides;
}
