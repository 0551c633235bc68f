import type { Claim, ClaimBlindSpot, Provide } from '../../../model/claim.ts';
import type { ComponentRow } from '../../../model/component.ts';
import { byCodeUnit } from '../../../model/digest.ts';
import { type WithoutSecrets, withoutSecrets } from '../../../model/secrets/beside.ts';
import { keySecrets } from '../../../model/secrets/values.ts';
import { runtimeName } from '../../rules/parameter-name.ts';
import { digestOfReads, openReads } from '../../terraform/open-reads.ts';
import { type ComponentFacts, deploymentsOf, readSetOf } from './component-facts.ts';
import { configFindings } from './config-findings.ts';
import { configNeeds } from './config-needs.ts';
import type { Gathered } from './gathered.ts';
import { moduleNeeds } from './module-needs.ts';
import { openApiOf } from './openapi-claims.ts';
import { componentProvides } from './provides.ts';
import { runSetupOf } from './run-setup.ts';

/** The claim of one component: a function of its config, its type, its bindings and nothing else. */
export function claimOf(facts: ComponentFacts): Claim {
  const { subject, config, type } = facts;
  const gathered: Gathered = { needs: [], findings: [], blindSpots: [], externals: [], sites: new Map() };
  gathered.findings.push(...config.findings);
  gathered.blindSpots.push(...standingBlindSpots(facts));
  moduleNeeds(facts, gathered);
  configNeeds(facts, gathered);
  openApiOf(facts, gathered);
  configFindings(facts, gathered);
  const provides = componentProvides(facts, gathered);
  const { files } = facts;
  const { module } = type;
  const open = openReads(subject.id, [files], sharedReads(module));
  const read = readAsData(facts);
  const readSet = readSetOf(facts);
  const readsDigest = digestOfReads(files.read, readSet, facts.place);
  const marked = type.secretsIn(config.value);
  const evaluated = withoutSecrets(
    (replace) => keySecrets(config.value, marked, replace) as Record<string, unknown>,
    facts.keyed,
  );
  return {
    component: {
      ...componentRow(facts, gathered, provides, evaluated),
      ...(readsDigest === undefined ? {} : { readsDigest }),
    },
    types: type.module === undefined ? [] : [type.module.analysis.row],
    provides,
    needs: gathered.needs,
    blindSpots: [...gathered.blindSpots.map((spot) => ({ component: subject.id, ...spot })), ...open.blindSpots],
    findings: [...gathered.findings, ...open.findings],
    readSet,
    ...(read.length === 0 ? {} : { readAsData: read }),
    ...deploymentsOf(facts, provides),
    ...runSetupOf(facts),
    evaluated: evaluated.keyed,
    ...(gathered.externals.length === 0 ? {} : { externals: gathered.externals }),
  };
}

/** Of a module that reads the same files whatever its config: what is not known of them is told once. */
function sharedReads(module: ComponentFacts['type']['module']): Parameters<typeof openReads>[2] {
  if (module === undefined || module.filesRestOnConfig) return undefined;
  const { account, row } = module.analysis;
  return { account, module: row.key };
}

/** Of a module that reads the same files whatever its config, those stand in its own digest. */
function readAsData({ files, type: { module } }: ComponentFacts): readonly string[] {
  if (module === undefined || module.filesRestOnConfig) return files.read;
  const shared = module.analysis.account.read;
  if (files.read.length === 0 || shared.length === 0) return files.read.length === 0 ? shared : files.read;
  return [...new Set([...files.read, ...shared])].sort(byCodeUnit);
}

/** What hides references of this component before anything is evaluated. */
function standingBlindSpots(facts: ComponentFacts): Omit<ClaimBlindSpot, 'component'>[] {
  const { config, type, subject } = facts;
  const spots = [...(type.module?.blindSpots ?? [])];
  const file = config.layers[0]?.file;
  const evidence = { rule: 'config', site: 'config', ...(file === undefined ? {} : { file, line: 1 }) };
  if (type.module === undefined) spots.push({ code: 'config-without-module', evidence });
  if (!facts.isComplete) spots.push({ code: 'json-unreadable', evidence });
  return spots.map((spot) =>
    spot.evidence.file === undefined ? { ...spot, evidence: { ...spot.evidence, site: subject.id } } : spot,
  );
}

function componentRow(
  facts: ComponentFacts,
  { sites }: Gathered,
  provides: readonly Provide[],
  { digest, secrets }: WithoutSecrets<unknown>,
): ComponentRow {
  const { subject, type, place, published } = facts;
  const outputs = outputsOf(facts, provides);
  return {
    id: subject.id,
    kind: 'component',
    layout: 'adage',
    external: false,
    type: subject.type,
    nickname: subject.nickname,
    environment: subject.environment,
    path: place,
    module: type.module?.analysis.row.key ?? '',
    configDigest: digest,
    ...(secrets === undefined ? {} : { secrets }),
    attributes: { ...attributesOf(facts), ...(published ? { source: 'published' } : {}) },
    ...(outputs === undefined ? {} : { outputs }),
    sites: Object.fromEntries(sites.size < 2 ? sites : [...sites].sort(([a], [b]) => byCodeUnit(a, b))),
  };
}

function attributesOf({ subject, config, estate }: ComponentFacts): Record<string, string> {
  const tags = config.value.tags;
  const owner = ownerIn(config.value) ?? ownerIn(tags) ?? (estate.ownerOf(subject.id) || undefined);
  const bindings = subject.bindings.length > 0 ? subject.bindings : [];
  const filed = estate.bindings.filter((one) => bindings.includes(one.name));
  const account = filed.length === 1 ? filed[0]?.account : undefined;
  const region = filed.length === 1 ? filed[0]?.region : undefined;
  // Which of several accounts matters; the only one of an environment does not.
  const placed = subject.siblings.length > 1 && bindings.length > 0;
  return {
    ...(account === undefined ? {} : { account }),
    ...(placed ? { binding: bindings.join(',') } : {}),
    ...(typeof owner === 'string' ? { owner } : {}),
    ...(region === undefined ? {} : { region }),
  };
}

function ownerIn(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return undefined;
  const { owner, Owner: tagged } = value as { readonly owner?: unknown; readonly Owner?: unknown };
  return owner ?? tagged;
}

/** The outputs of everything it publishes under runtime names; undefined when some cannot be told. */
function outputsOf({ subject, type }: ComponentFacts, provides: readonly Provide[]): readonly string[] | undefined {
  if (type.module === undefined) return undefined;
  const own = runtimeName(subject.prefix, subject.type, subject.nickname);
  const runtimes = provides.filter(({ key }) => key.startsWith('param:') && !key.endsWith('/config'));
  if (runtimes.length === 0 || runtimes.some(({ outputs }) => outputs === undefined)) return undefined;
  const chosen = runtimes.some(({ runtime }) => runtime === own)
    ? runtimes.filter(({ runtime }) => runtime === own)
    : runtimes;
  // One provide's outputs are sorted already.
  if (chosen.length === 1) return chosen[0]?.outputs;
  return [...new Set(chosen.flatMap(({ outputs }) => outputs ?? []))].sort(byCodeUnit);
}
