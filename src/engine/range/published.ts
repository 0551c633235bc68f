import type { Verdict } from '../../graph/impact-of-change/classify.ts';
import type { RangeEnd } from '../../graph/impact-of-change/range-end.ts';
import { givenAtBoth, readAsData, runsPrograms } from '../../graph/impact-of-change/same-module.ts';
import { itsParameters, type Published } from '../../graph/operations/carrying.ts';
import type { WrittenFile } from '../../infer/layouts/terragrunt/written-over.ts';
import { actsOnTheWorld, namesOf, type Spread } from '../../infer/terraform/flow/spread.ts';
import { isConfiguration } from '../../infer/terraform/module-files.ts';
import type { Claim, Provide } from '../../model/claim.ts';
import type { ComponentRow } from '../../model/component.ts';
import { type Pointer, pointerOf, reducePointers, stepsOf, wholeRuntime } from '../../model/pointer.ts';
import type { RunSetup } from '../../model/run-setup.ts';
import { type ChangedModules, namesParts } from './changed-modules.ts';
import { type GivenValues, givenIn } from './given-values.ts';
import { readElsewhere } from './read-elsewhere.ts';

/**
 * What a component that changed may publish anew: outputs and parameters that the change can reach through the module's own
 * expressions. Undefined where nobody can tell; then everything may change.
 */
export function publishedBy(
  before: RangeEnd,
  after: RangeEnd,
  modules: ChangedModules,
): (verdict: Verdict) => Published | undefined {
  const reachable = reachableBy(before, after, modules);
  return (verdict) => {
    const others = runtimesOfOthers(verdict, [before.claim(verdict.was ?? verdict.id), after.claim(verdict.id)]);
    const published = reachable(verdict);
    if (others.size === 0) return published;
    const changed = new Map(published ?? wholly(after.claim(verdict.id)));
    for (const runtime of others) changed.set(runtime, []);
    return changed;
  };
}

/** Everything that a component provides. */
function wholly(claim: Claim | undefined): readonly (readonly [string, readonly Pointer[]])[] {
  return (claim?.provides ?? []).map(({ runtime }) => [runtime, [wholeRuntime]] as const);
}

/** Runtimes of deployments that a change does not concern, and of none that it does. */
function runtimesOfOthers({ deployments, was }: Verdict, claims: readonly (Claim | undefined)[]): ReadonlySet<string> {
  const others = new Set<string>();
  if (deployments === undefined || was !== undefined) return others;
  const concerned = new Set<string>();
  for (const claim of claims)
    for (const [name, { runtimes }] of Object.entries(claim?.parts ?? {})) {
      const into = deployments.includes(name) ? concerned : others;
      for (const runtime of runtimes) into.add(runtime);
    }
  return new Set([...others].filter((runtime) => !concerned.has(runtime)));
}

function reachableBy(
  before: RangeEnd,
  after: RangeEnd,
  modules: ChangedModules,
): (verdict: Verdict) => Published | undefined {
  return (verdict) => {
    const { id, was, is, keys, reasons, files } = verdict;
    if (is !== 'changed' || was !== undefined || reasons.length > 0) return undefined;
    const [claimed, claim, row] = [before.claim(id), after.claim(id), rowOf(after, id)];
    if (claimed === undefined || claim === undefined || row === undefined) return undefined;
    if (row.module === '' || rowOf(before, id)?.module !== row.module) return undefined;
    if (row.layout === 'adage' && [claimed, claim].some(hasSteps)) return undefined;
    const laid = laidOver([claimed, claim], row);
    if (laid === undefined || files.some((file) => modules.hasTwin(file))) return undefined;
    const isData = readAsData([claimed, claim], row);
    const data = files.filter((file) => isData(file) || !isAccountedFor(file, row));
    const isTold = data.length > 0 && ![claimed, claim].some(runsPrograms) && modules.tellsOf(row.module, data, laid);
    // What lies in a module's folder its own code alone may read.
    if (!data.every((file) => isData(file) || (isTold && file.startsWith(`${row.module}/`)))) return undefined;
    const differs = data.length > 0 || rowOf(before, id)?.readsDigest !== row.readsDigest;
    const set = variablesIn(
      keys.map(({ pointer }) => pointer),
      claim,
      row,
    );
    const ofConfig = row.layout === 'adage' && keys.some(({ pointer }) => pointer.startsWith('/'));
    const module = modules.of(row.module, givenAtBoth([claimed, claim], row), laid);
    if (set === undefined || module === undefined || module.changes.everything) return undefined;
    const { changes, spread } = module;
    if (row.layout === 'terragrunt' && set.some((name) => isUnused(name, spread))) return undefined;
    const variables = reachedByValues(set, [claimed, claim], row, module.spread, (values) =>
      modules.byValues(row.module, values, row.layout === 'terragrunt', laid),
    );
    const origin = { parts: [...changes.parts, ...variables], acted: changes.acted };
    const named = variablesNaming(data, [claimed, claim], row).map((name) => `var.${name}`);
    // What the files say stands in the meaning of those that read them.
    const isMeant = isTold && named.length === 0;
    const readers = differs && !isMeant ? [...spread.readersOf(data), ...named] : [];
    // Something of the module differs, and nobody can say what.
    const isKnown = differs || changes.parts.length + changes.quiet.length > 0 || changes.acted || changes.decides;
    if (!isKnown && keys.some(({ pointer }) => pointer === 'module')) return undefined;
    const node = after.graph.node(id);
    const elsewhere = node === undefined ? undefined : readElsewhere(after.graph, node, spread);
    const reached = spread.from({ ...origin, parts: [...origin.parts, ...readers] }, true, elsewhere);
    return reached === undefined ? undefined : publishedOf([claimed, claim], reached, spread, ofConfig);
  };
}

/**
 * Where other values of variables lead at first: to what comes to something else by them, as far as that can be told, else to
 * all that mentions them.
 */
function reachedByValues(
  names: readonly string[],
  [claimed, claim]: readonly [Claim, Claim],
  row: ComponentRow,
  spread: Spread,
  byValues: (values: GivenValues) => readonly string[] | undefined,
): readonly string[] {
  const mentioned = row.layout === 'adage' ? handedAs(names, spread) : names.map((name) => `var.${name}`);
  const declared = names.filter((name) => spread.part(`var.${name}`) !== undefined);
  // A config that is handed as a whole is another one whatever is made of its keys.
  if (declared.length === 0 || mentioned.length > declared.length) return mentioned;
  const values = declared.map((name) => {
    const [before, after] = [claimed, claim].map((one) => givenIn(one, row, name));
    return [name, { before, after }] as const;
  });
  return byValues(Object.fromEntries(values)) ?? mentioned;
}

/** A program around the run may write anything. */
export function hasSteps({ run }: Claim): boolean {
  return run === undefined || (run.steps ?? []).length > 0;
}

/** Keys of a config as the variables that a plain module is handed them by. */
function handedAs(keys: readonly string[], spread: Spread): readonly string[] {
  const names = keys.length === 0 ? [] : [...keys, 'config'];
  return names.map((name) => `var.${name}`).filter((id) => spread.part(id) !== undefined);
}

/** Terragrunt hands values on in the environment, where hooks and providers see what the module's code does not use. */
function isUnused(variable: string, spread: Spread): boolean {
  return spread.from({ parts: [`var.${variable}`] }, false)?.size === 1;
}

function rowOf({ graph }: RangeEnd, id: string): ComponentRow | undefined {
  const node = graph.node(id);
  return node === undefined ? undefined : graph.component(node);
}

/** Code that is compared part by part, and files of values, which stand in what is evaluated. */
function isAccountedFor(file: string, { layout }: ComponentRow): boolean {
  if (/\.(?:tf|tofu|tf\.json|tofu\.json)$/.test(file)) return true;
  if (layout === 'adage') return /(?:^|\/)config\.json$/.test(file);
  return layout === 'terraform' ? /\.tfvars(?:\.json)?$/.test(file) : /\.hcl$/.test(file) && !/\.lock\.hcl$/.test(file);
}

/**
 * What Terragrunt writes over a unit's module, where that may name something in it; undefined where it is not known, or is not the
 * same at both ends.
 */
export function laidOver(claims: readonly Claim[], row: ComponentRow): readonly WrittenFile[] | undefined {
  const { module } = row;
  if (claims.some((claim) => hasCodeBeside(claim, row))) return undefined;
  const [generate, ...others] = claims.map(({ evaluated }) => evaluated?.['generate']);
  const [text, ...rest] = [generate, ...others].map((one) => JSON.stringify(one ?? {}));
  if (text === undefined || rest.some((one) => one !== text)) return undefined;
  if (!namesParts(text)) return [];
  if (text.includes('"$unknown"') || generate === null || typeof generate !== 'object') return undefined;
  const files: WrittenFile[] = [];
  for (const block of Object.values(generate as Readonly<Record<string, unknown>>)) {
    if (block === null || typeof block !== 'object') return undefined;
    const { path, contents, disable, if_exists: ifExists } = block as Readonly<Record<string, unknown>>;
    if (disable === true) continue;
    if (disable !== undefined && disable !== false) return undefined;
    // Whether a file that is there already stays is for a run to see.
    if (typeof path !== 'string' || typeof contents !== 'string') return undefined;
    if (!/^[\w.-]+\.tf$/.test(path) || (ifExists !== 'overwrite' && ifExists !== 'overwrite_terragrunt'))
      return undefined;
    files.push({ path: `${module}/${path}`, text: contents });
  }
  return files;
}

/** Code that lies beside a unit, or in folders of it, is laid over its module and may change anything in it. */
export function hasCodeBeside({ readSet }: Claim, { path, module, layout }: ComponentRow): boolean {
  if (layout !== 'terragrunt' || path === module) return false;
  const [own, ofModule] = [path, module].map((folder) => (folder === '' ? '' : `${folder}/`)) as [string, string];
  // A module may lie within the folder of its unit.
  const isOfModule = (file: string) => ofModule.startsWith(own) && file.startsWith(ofModule);
  return Object.entries(readSet.files).some(
    ([file, digest]) =>
      typeof digest === 'string' &&
      file.startsWith(own) &&
      isConfiguration(file.slice(file.lastIndexOf('/') + 1)) &&
      !isOfModule(file),
  );
}

/** Files that Terragrunt writes beside the module may name anything in it. */
export function generates({ evaluated }: Claim): boolean {
  return evaluated !== undefined && namesParts(JSON.stringify(evaluated['generate'] ?? ''));
}

/** Variables that are given what may be the name of one of some files. */
function variablesNaming(files: readonly string[], claims: readonly Claim[], { layout }: ComponentRow): string[] {
  const names = namesOf(files);
  return claims.flatMap(({ evaluated = {} }) =>
    valuesIn(evaluated, layout === 'terragrunt' ? 'inputs' : 'variables').flatMap(([name, value]) => {
      const text = JSON.stringify(value) ?? '';
      return text.includes('"$unknown"') || names.some((one) => text.includes(one)) ? [name] : [];
    }),
  );
}

/** What a module is given, in any of its deployments. */
function valuesIn(evaluated: Readonly<Record<string, unknown>>, key: string): [string, unknown][] {
  const holders = Object.hasOwn(evaluated, key) ? [evaluated] : Object.values(evaluated);
  return holders.flatMap((one) => {
    const values = one === null || typeof one !== 'object' ? undefined : (one as Record<string, unknown>)[key];
    return values === null || typeof values !== 'object' ? [] : Object.entries(values);
  });
}

/** Variables whose values differ; undefined where something else differs too. */
function variablesIn(pointers: readonly Pointer[], claim: Claim, { layout }: ComponentRow): string[] | undefined {
  const names: string[] = [];
  const deployments = new Set((claim.deployments ?? []).map(({ deployment }) => deployment));
  for (const pointer of pointers) {
    if (pointer === 'module' || pointer === 'files') continue;
    if (!pointer.startsWith('/')) return undefined;
    const steps = stepsOf(pointer);
    if (layout === 'adage') {
      const [key] = steps;
      // Who publishes by itself reads its config by itself.
      if (key === undefined || key.startsWith('$') || claim.run?.selfPublishing !== false) return undefined;
      names.push(key);
      continue;
    }
    const [first, name, ...rest] = deployments.has(steps[0] ?? '') && steps.length > 2 ? steps.slice(1) : steps;
    const values = layout === 'terragrunt' ? 'inputs' : 'variables';
    if (first === values && name !== undefined) names.push(name);
    // The source of a call stands in the module's code.
    else if (!(layout === 'terraform' && first === 'modules' && rest.length === 0)) return undefined;
  }
  return names;
}

/** What of a claim decides what its component publishes anew. */
export interface PublishingClaim {
  readonly component: Pick<ComponentRow, 'layout' | 'outputs'>;
  readonly provides: readonly (Pick<Provide, 'key' | 'runtime' | 'alsoWritten'> & {
    readonly evidence: Pick<Provide['evidence'], 'site'>;
  })[];
  readonly run?: Pick<RunSetup, 'selfPublishing' | 'alsoWritten'>;
}

/**
 * What each runtime holds that was reached.
 * @param config whether what a component is told is another thing too, where that is published
 */
export function publishedOf(
  claims: readonly PublishingClaim[],
  reached: ReadonlySet<string>,
  spread: Spread,
  config = false,
): Published {
  const outputs: Pointer[] = [];
  for (const id of reached) if (id.startsWith('output.')) outputs.push(pointerOf([id.slice('output.'.length)]));
  const named = new Set(claims.flatMap(({ component }) => component.outputs ?? []));
  for (const name of named) if (spread.part(`output.${name}`) === undefined) outputs.push(pointerOf([name]));
  const acts = [...reached].some((id) => {
    const part = spread.part(id);
    return part !== undefined && actsOnTheWorld(part);
  });
  // One parameter an output: several blocks may write what is read as one runtime.
  const writes = [...reached].some((id) => spread.part(id)?.resource?.type === 'aws_ssm_parameter');
  const published = new Map<string, readonly Pointer[]>();
  for (const claim of claims) {
    const isAdage = claim.component.layout === 'adage';
    const written = new Set(
      claim.provides
        .filter(({ evidence }) => blockAt(evidence.site, spread) !== undefined)
        .map(({ runtime }) => runtime),
    );
    for (const { key, runtime, evidence, alsoWritten } of claim.provides) {
      const block = blockAt(evidence.site, spread);
      // The block that writes a runtime says when it is another one.
      if (isAdage && block === undefined && written.has(runtime)) continue;
      if (isAdage && runtime.endsWith('/config') && !config) {
        published.set(runtime, published.get(runtime) ?? []);
        continue;
      }
      const isParameter = block !== undefined && key.startsWith('param:');
      const changed =
        block !== undefined
          ? reached.has(block) || (isAdage && writes) || alsoWritten === true || (acts && !isParameter)
            ? [wholeRuntime]
            : []
          : /^(?:state|unit)[\w-]*:/.test(key) || isOwnRuntime(claim, runtime)
            ? outputs
            : [wholeRuntime];
      published.set(runtime, reducePointers([...(published.get(runtime) ?? []), ...changed]));
      if (key.startsWith('param:') && changed.length > 0) published.set(itsParameters, [wholeRuntime]);
    }
  }
  if (!published.has(itsParameters)) published.set(itsParameters, []);
  return published;
}

/** Of a plain module of Adage: its outputs, as Karma publishes them. The config is no output. */
function isOwnRuntime({ run, component }: PublishingClaim, runtime: string): boolean {
  return (
    component.layout === 'adage' &&
    run?.selfPublishing === false &&
    run.alsoWritten.length === 0 &&
    runtime.endsWith('/runtime')
  );
}

/** The block that a site is in: `module.a.aws_ssm_parameter.p` for `module.a.aws_ssm_parameter.p.name`. */
function blockAt(site: string, spread: Spread): string | undefined {
  const steps = site.split('.');
  for (let end = steps.length; end > 1; end--) {
    const id = steps.slice(0, end).join('.');
    if (spread.part(id)?.kind === 'resource') return id;
  }
  return undefined;
}
