import type { BlindSpot, Claim } from '../../../model/claim.ts';
import type { ComponentRow } from '../../../model/component.ts';
import type { Finding } from '../../../model/finding.ts';
import type { Candidate } from '../../layout.ts';
import { consumptionOf } from './consumption.ts';
import { dependenciesOf } from './dependency-blocks.ts';
import { Frame } from './frame.ts';
import { layersOf } from './layers.ts';
import { needsOf, unitKey } from './needs.ts';
import type { OpenEstate } from './open-estate.ts';
import { nameOf } from './paths.ts';
import { Session } from './session.ts';
import { sourceFileOf } from './source-file.ts';
import { unitTroubles } from './troubles.ts';

/** One unit's claim. */
export function claimUnit(estate: OpenEstate, candidate: Candidate): Claim {
  estate.generated.build();
  const session = new Session(estate);
  const file = fileOf(estate, session, candidate);
  const absolute = estate.paths.absolute(file);
  const source = estate.files.read(session.view, file) ?? nothing;
  const unit = new Frame(session, source, { file: absolute, config: absolute, original: absolute });
  const layers = layersOf(unit);
  const dependencies = dependenciesOf(layers);
  const needs = needsOf(unit, dependencies, consumptionOf(layers));
  const { findings, blindSpots }: { findings: Finding[]; blindSpots: BlindSpot[] } = unitTroubles(
    candidate.id,
    unit,
    layers,
    dependencies,
  );
  const component: ComponentRow = {
    id: candidate.id,
    kind: 'component',
    layout: 'terragrunt',
    external: false,
    type: nameOf(candidate.path),
    nickname: nameOf(candidate.path),
    environment: '',
    path: candidate.path,
    module: '',
    configDigest: '',
    attributes: {},
    sites: {},
  };
  return {
    component,
    types: [],
    provides: [
      {
        key: unitKey(candidate.path),
        runtime: candidate.id,
        evidence: { rule: 'unit', site: 'unit', file },
      },
    ],
    needs,
    blindSpots,
    findings,
    readSet: session.readSet(),
  };
}

const nothing = sourceFileOf({ body: { attributes: new Map(), blocks: [], duplicates: [] }, errors: [] }, '');

function fileOf(estate: OpenEstate, session: Session, candidate: Candidate): string {
  const name = (one: string) => (candidate.path === '' ? one : `${candidate.path}/${one}`);
  const own = name(estate.unitFile);
  const json = name('terragrunt.hcl.json');
  return !session.view.isFile(own) && session.view.isFile(json) ? json : own;
}
