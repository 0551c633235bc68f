import type { Verdict } from '../../graph/impact-of-change/classify.ts';
import type { RangeEnd } from '../../graph/impact-of-change/range-end.ts';
import { givenAtBoth, readAsData } from '../../graph/impact-of-change/same-module.ts';
import { itsParameters, type Published } from '../../graph/operations/carrying.ts';
import { actsOnTheWorld, namesOf, type Spread } from '../../infer/terraform/flow/spread.ts';
import type { Claim } from '../../model/claim.ts';
import type { ComponentRow } from '../../model/component.ts';
import { type Pointer, pointerOf, reducePointers, stepsOf, wholeRuntime } from '../../model/pointer.ts';
import { type ChangedModules, namesParts } from './changed-modules.ts';
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
    if (row.layout === 'adage' || row.module === '' || rowOf(before, id)?.module !== row.module) return undefined;
    if (generates(claim)) return undefined;
    const isData = readAsData([claimed, claim], row);
    const data = files.filter((file) => isData(file) || !isAccountedFor(file, row));
    if (!data.every(isData)) return undefined;
    const differs = data.length > 0 || rowOf(before, id)?.readsDigest !== row.readsDigest;
    const set = variablesIn(
      keys.map(({ pointer }) => pointer),
      claim,
      row,
    );
    const module = modules.of(row.module, givenAtBoth([claimed, claim], row));
    if (set === undefined || module === undefined || module.changes.everything) return undefined;
    const { changes, spread } = module;
    if (row.layout === 'terragrunt' && set.some((name) => isUnused(name, spread))) return undefined;
    const origin = { parts: [...changes.parts, ...set.map((name) => `var.${name}`)], acted: changes.acted };
    const named = variablesNaming(data, [claimed, claim], row).map((name) => `var.${name}`);
    // What the files say stands in the meaning of those that read them.
    const isMeant = data.length > 0 && named.length === 0 && modules.tellsOf(row.module, data);
    const readers = differs && !isMeant ? [...spread.readersOf(data), ...named] : [];
    // Something of the module differs, and nobody can say what.
    const isTold = differs || changes.parts.length + changes.quiet.length > 0 || changes.acted || changes.decides;
    if (!isTold && keys.some(({ pointer }) => pointer === 'module')) return undefined;
    const node = after.graph.node(id);
    const elsewhere = node === undefined ? undefined : readElsewhere(after.graph, node, spread);
    const reached = spread.from({ ...origin, parts: [...origin.parts, ...readers] }, true, elsewhere);
    return reached === undefined ? undefined : publishedOf([claimed, claim], reached, spread);
  };
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
  return layout === 'terraform' ? /\.tfvars(?:\.json)?$/.test(file) : /\.hcl$/.test(file) && !/\.lock\.hcl$/.test(file);
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
    const [first, name, ...rest] = deployments.has(steps[0] ?? '') && steps.length > 2 ? steps.slice(1) : steps;
    const values = layout === 'terragrunt' ? 'inputs' : 'variables';
    if (first === values && name !== undefined) names.push(name);
    // The source of a call stands in the module's code.
    else if (!(layout === 'terraform' && first === 'modules' && rest.length === 0)) return undefined;
  }
  return names;
}

/** What each runtime holds that was reached. */
export function publishedOf(claims: readonly Claim[], reached: ReadonlySet<string>, spread: Spread): Published {
  const outputs: Pointer[] = [];
  for (const id of reached) if (id.startsWith('output.')) outputs.push(pointerOf([id.slice('output.'.length)]));
  const named = new Set(claims.flatMap(({ component }) => component.outputs ?? []));
  for (const name of named) if (spread.part(`output.${name}`) === undefined) outputs.push(pointerOf([name]));
  const acts = [...reached].some((id) => {
    const part = spread.part(id);
    return part !== undefined && actsOnTheWorld(part);
  });
  const published = new Map<string, readonly Pointer[]>();
  for (const claim of claims)
    for (const { key, runtime, evidence, alsoWritten } of claim.provides) {
      const block = blockAt(evidence.site, spread);
      const isParameter = block !== undefined && key.startsWith('param:');
      const changed =
        block !== undefined
          ? reached.has(block) || alsoWritten === true || (acts && !isParameter)
            ? [wholeRuntime]
            : []
          : /^(?:state|unit)[\w-]*:/.test(key)
            ? outputs
            : [wholeRuntime];
      published.set(runtime, reducePointers([...(published.get(runtime) ?? []), ...changed]));
      if (key.startsWith('param:') && changed.length > 0) published.set(itsParameters, [wholeRuntime]);
    }
  if (!published.has(itsParameters)) published.set(itsParameters, []);
  return published;
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
