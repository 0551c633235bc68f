import { readJson } from '../../../config/json-document.ts';
import { byCodeUnit } from '../../../model/digest.ts';
import { filePlace } from '../../../model/file-view.ts';
import type { Finding } from '../../../model/finding.ts';
import type { Candidate, Discovery } from '../../layout.ts';
import { mergeReadSets, recordReads } from '../../record-reads.ts';
import { parseParameterName } from '../../rules/parameter-name.ts';
import { contractFindings } from './contract.ts';
import type { AdageEstate } from './estate.ts';
import type { AdageTypes } from './types.ts';

/** Components with a config in Git, then those of which only a published config is left. */
export function findCandidates(estate: AdageEstate): Candidate[] {
  const candidates: Candidate[] = [];
  for (const { id, environment, type, nickname, view } of estate.configs.values())
    candidates.push({
      layout: 'adage',
      id,
      path: filePlace(view.repo, `iac/${id}`),
      seed: { environment, type, nickname, from: 'git' },
    });
  const seen = new Set(estate.configs.keys());
  for (const [binding, parameters] of [...estate.view.parameters].sort(([a], [b]) => byCodeUnit(a, b))) {
    const environment = estate.environmentOf(binding);
    for (const name of [...parameters.keys()].sort(byCodeUnit)) {
      const parameter = parseParameterName(name, estate.prefixOf(environment, binding));
      if (parameter.kind !== 'config') continue;
      const id = `${environment}/${parameter.type}/${parameter.nickname}`;
      if (seen.has(id)) continue;
      seen.add(id);
      const seed = { environment, type: parameter.type, nickname: parameter.nickname, from: 'published', binding };
      candidates.push({ layout: 'adage', id, path: `${binding}:${name}`, seed });
    }
  }
  return candidates.sort((a, b) => byCodeUnit(a.id, b.id));
}

/** A runtime in a store that no component owns: published by a script, or left over. */
export function findOrphans(estate: AdageEstate, owned: ReadonlySet<string>): Candidate[] {
  const found = new Map<string, Candidate>();
  for (const [binding, parameters] of [...estate.view.parameters].sort(([a], [b]) => byCodeUnit(a, b))) {
    const environment = estate.environmentOf(binding);
    for (const name of [...parameters.keys()].sort(byCodeUnit)) {
      // What was destroyed leaves a runtime of nothing behind, and is no component any more.
      if (parameters.get(name)?.value?.trim() === '{}') continue;
      const parameter = parseParameterName(name, estate.prefixOf(environment, binding));
      if (parameter.kind !== 'runtime' || owned.has(`${environment}\n${parameter.name}`)) continue;
      const id = `${environment}/${parameter.type}/${parameter.nickname}`;
      if (found.has(id)) continue;
      const seed = { environment, type: parameter.type, nickname: parameter.nickname, from: 'runtime', binding };
      found.set(id, { layout: 'adage', id, path: `${binding}:${name}`, seed });
    }
  }
  return [...found.values()];
}

/** Findings about the estate as a whole: bindings, contracts, types, parameters near their limit; and what they rest on. */
export function estateFindings(estate: AdageEstate, types: AdageTypes): Pick<Discovery, 'findings' | 'read'> {
  const used = new Set([...estate.configs.values()].map(({ type }) => type));
  const contracts = estate.reposFor('config').map(recordReads);
  for (const { view } of contracts) if (view.isDirectory('iac')) view.files('iac');
  const modules = estate.reposFor('modules').map(recordReads);
  for (const { view } of modules) view.isDirectory('components');
  const all = [...new Set([...types.names(modules.map(({ view }) => view)), ...used])].sort(byCodeUnit);
  const findings = [
    ...estate.bindingFindings,
    ...contractFindings(contracts.map(({ view }) => view)),
    ...sharedEnvironments(estate),
    ...refsNotFollowed(estate),
    ...all.flatMap((name) => typeFindings(types, name)),
    ...abstractWithoutChild(types, all),
    ...runtimesNearLimit(estate),
  ];
  const read = [...contracts, ...modules].map((recorder) => recorder.readSet());
  const reads = [estate.readSet, ...read, ...all.map((name) => types.get(name).readSet)];
  // Whose a published runtime is, and which are nobody's, only all claims tell.
  return estate.view.parameters.size > 0 ? { findings } : { findings, read: mergeReadSets(reads) };
}

function typeFindings(types: AdageTypes, name: string): readonly Finding[] {
  const type = types.get(name);
  if (type.planned === undefined || type.declaration?.abstract === true) return type.findings;
  const { folder, file } = type.planned;
  const evidence = [{ rule: 'type-without-module', site: folder, file, line: 1 }];
  const message = `${folder} holds no Terraform file: a planned type`;
  return [
    ...type.findings,
    {
      code: 'type-without-module',
      severity: 'info',
      subject: `type ${folder}`,
      key: 'module',
      message,
      evidence,
    },
  ];
}

/** A type that is there for others to extend, and nobody does. */
function abstractWithoutChild(types: AdageTypes, names: readonly string[]): Finding[] {
  const parents = new Set(names.flatMap((name) => types.get(name).declaration?.lineage.slice(1) ?? []));
  return names.flatMap((name): Finding[] => {
    const { declaration } = types.get(name);
    if (declaration?.abstract !== true || parents.has(name)) return [];
    const evidence = { rule: 'extends', site: 'component.yaml#/abstract', file: declaration.file, line: 1 };
    const message = `${name} is abstract, and no type extends it`;
    return [
      {
        code: 'abstract-without-child',
        severity: 'info',
        subject: `type ${name}`,
        key: name,
        message,
        evidence: [evidence],
      },
    ];
  });
}

/** Only where something is unplaced: a component whose parameters or `karma.yaml` say where it lives needs no finding. */
function sharedEnvironments(estate: AdageEstate): Finding[] {
  const environments = new Set([...estate.configs.values()].map(({ environment }) => environment));
  return [...environments].sort(byCodeUnit).flatMap((environment) => {
    const names = estate.bindingsOf(environment);
    if (names.length < 2) return [];
    const unplaced = [...estate.configs.values()].filter(
      (one) => one.environment === environment && estate.placementOf(environment, one.type, one.nickname).length === 0,
    );
    if (unplaced.length === 0) return [];
    const evidence = estate.bindings
      .filter((one) => names.includes(one.name))
      .map(({ file, lines }) => ({
        rule: 'binding',
        site: 'binding#/environment',
        file,
        line: lines.environment ?? lines.name ?? 1,
      }));
    const message = `${names.join(' and ')} share ${environment}, and nothing says which of them ${unplaced.length} of its components live in`;
    return [
      {
        code: 'two-accounts-one-environment',
        severity: 'info',
        subject: `environment ${environment}`,
        key: environment,
        message,
        evidence,
      },
    ];
  });
}

/** Only where the view knows which ref it followed. */
function refsNotFollowed(estate: AdageEstate): Finding[] {
  const [config] = estate.reposFor('config');
  const [modules] = estate.reposFor('modules').filter((view) => view.isDirectory('components'));
  return estate.bindings.flatMap((binding) =>
    (
      [
        ['config_branch', binding.configBranch, config],
        ['iac_branch', binding.iacBranch, modules],
      ] as const
    ).flatMap(([key, branch, view]) => {
      const followed = view?.ref;
      if (branch === undefined || followed === undefined || followed === branch) return [];
      const evidence = [
        { rule: 'binding', site: `binding#/${key}`, file: binding.file, line: binding.lines[key] ?? 1 },
      ];
      const message = `${key} is ${branch}; Karma read ${followed}`;
      return [
        {
          code: 'ref-not-followed',
          severity: 'info',
          subject: `binding ${binding.name}`,
          key,
          message,
          evidence,
        } as const,
      ];
    }),
  );
}

function runtimesNearLimit(estate: AdageEstate): Finding[] {
  return [...estate.view.parameters].flatMap(([binding, parameters]) =>
    [...parameters.values()].flatMap(({ name, value, version }) => {
      const bytes = value === undefined || value.length * 3 <= 3584 ? 0 : Buffer.byteLength(value);
      if (bytes <= 3584 || !name.includes('/runtime') || readJson(value ?? '').value === undefined) return [];
      const evidence = [{ rule: 'parameter-near-limit', site: name, parameter: name, version }];
      const message = `${name} holds ${bytes} bytes; a standard parameter holds 4096`;
      return [
        {
          code: 'parameter-near-limit',
          severity: 'warning',
          subject: `binding ${binding}`,
          key: name,
          message,
          evidence,
        } as const,
      ];
    }),
  );
}
