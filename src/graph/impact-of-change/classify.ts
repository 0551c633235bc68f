import type { Claim } from '../../model/claim.ts';
import type { ComponentId, ComponentRow } from '../../model/component.ts';
import { parseContents, shownContents } from '../../model/contents.ts';
import { byCodeUnit } from '../../model/digest.ts';
import { stepsOf } from '../../model/pointer.ts';
import { compareSecrets } from '../../model/secrets/beside.ts';
import { severalDeployments } from '../deployments.ts';
import { deploymentsAt } from './concerned.ts';
import { diffEvaluated, type EvaluatedDiff, type KeyChange } from './evaluated-diff.ts';
import type { Pair, RangeEnd } from './range-end.ts';
import { isModuleOnly, moduleChanges, moduleGiven, readsMovedAlong, type SameCode } from './same-module.ts';
import { changedReads } from './touched.ts';

/** What a range does to one component that is at both ends. */
export interface Verdict {
  readonly id: ComponentId;
  /** Its id before, when it moved. */
  readonly was?: ComponentId;
  readonly is: 'changed' | 'identical' | 'undecided';
  /** Which keys, before → after; pointers into the evaluated config, or `module`, `source`, `state` … */
  readonly keys: readonly KeyChange[];
  /** Why it is undecided: where an unknown took part, or which file another program reads. */
  readonly reasons: readonly string[];
  /** The files that it reads and that differ. Sorted. */
  readonly files: readonly string[];
  /** Of several deployments, those that the change concerns. */
  readonly deployments?: readonly string[];
}

/** What differs of what a module is given for a run and means nothing to it. */
export interface Idle {
  /** A value for a variable. */
  value(row: ComponentRow, claims: readonly (Claim | undefined)[], name: string): boolean;
  /** What Terragrunt writes beside it, all of that together. */
  generated(row: ComponentRow, claims: readonly (Claim | undefined)[]): boolean;
}

export interface ClassifyOptions {
  readonly idle?: Idle;
  /** Whether a file says the same at both ends, as code. */
  readonly saysTheSame?: (file: string) => boolean;
  /** Whether a configuration of a unit, read together with others, is evaluated as before. */
  readonly sameUnitCode?: (file: string, together: readonly string[]) => boolean;
  /** Ids before → after, for components that moved: a dependency that moved along is the same one. */
  readonly renames?: ReadonlyMap<ComponentId, ComponentId>;
  readonly sameCode?: SameCode;
  /** Whether code, of all that an evaluation read, may put the folder that it lies in into a value. */
  readonly namesItsPlace?: (files: readonly string[]) => boolean;
  /** Folders whose content changed and is not at hand. */
  readonly unfetched?: readonly string[];
}

/** Blind spots behind which a change of a file that was read could hide. What lies outside the range hides none of it. */
const hiding: ReadonlySet<string> = new Set([
  'hcl-unreadable',
  'json-unreadable',
  'not-utf8',
  'file-too-large',
  'file-encrypted',
  'extends-broken',
  'include-missing',
  'include-loop',
  'evaluation-failed',
]);

type Both<T> = readonly [before: T | undefined, after: T | undefined];

/**
 * Compares a component as evaluated at both ends. *Identical* is said only when it is proved: the evaluated values are
 * known, or unknown in the same way, and equal; module, lock file, state and steps too; and nothing that could hide a change
 * took part. A difference makes it *changed*, whatever else is unknown; the rest is *undecided* and counts as changed.
 */
export function classify(
  before: RangeEnd,
  after: RangeEnd,
  { id, was }: Pair,
  { idle, saysTheSame, sameUnitCode, renames, sameCode, namesItsPlace, unfetched = [] }: ClassifyOptions = {},
): Verdict {
  const claims = [before.claim(was), after.claim(id)] as const;
  const rows = [rowOf(before, was), rowOf(after, id)] as const;
  const base = { id, ...(was === id ? {} : { was }) };
  const reads = readsBetween(claims, rows);
  const files = reads.filter((read) => !/^(?:folder|environment|parameter) /.test(read));
  if (rows[0] !== undefined && rows[1] !== undefined && rows[0].layout !== rows[1].layout) {
    const keys = [{ pointer: 'layout', before: rows[0].layout, after: rows[1].layout }];
    return { ...base, is: 'changed', keys, reasons: [], files };
  }
  const all = diffClaims(claims, rows, renames ?? new Map());
  const counted = withoutOrder(all, claims[1], rows[1], after);
  const evaluated = withoutIdle(counted, claims, rows[1], idle);
  const ofModule = moduleChanges([before, after], rows, claims, sameCode);
  const keys = [
    // Where a module lies is no difference where all that is run says the same.
    ...evaluated.changed.filter((change) => ofModule.length > 0 || !isPlaceOfModule(change)),
    ...ofModule,
    ...lockChange(files.filter((file) => saysTheSame?.(file) !== true)),
    ...dataChange(claims, rows, reads, { saysTheSame, sameCode }),
    ...rowChanges(rows, evaluated),
    ...runChanges(claims),
  ];
  // Of files beside a unit it is Terraform that reads them: a comment in one means nothing.
  const isAlike = (file: string) => folderOf(file) === rows[1]?.path && saysTheSame?.(file) === true;
  const handed = readByOthers(
    claims,
    reads.filter((read) => !isAlike(read)),
  );
  const isElsewhere = was !== id && namesItsPlace?.(Object.keys(claims[1]?.readSet.files ?? {})) === true;
  const away = unfetched
    .filter((folder) => claims.some((claim) => claim !== undefined && readsWithin(claim, folder)))
    .map((folder) => `the submodule ${folder} stands at another commit and was not fetched`)
    .concat(isElsewhere ? ['the folder that it lies in may be part of a value'] : []);
  const evaluatedAnew = rows[1]?.layout === 'terragrunt' ? evaluatedFrom(reads, claims, sameUnitCode) : reads;
  const isOfModule = isModuleOnly(evaluatedAnew, rows[1]);
  const reasons = isOfModule
    ? [...evaluated.reasons, ...away, ...handed, ...notKnown(claims, reads)].sort(byCodeUnit)
    : [
        ...away,
        ...evaluated.reasons,
        ...evaluated.undecided.map(({ pointer, why }) => `${pointer === '' ? '/' : pointer} is not known: ${why}`),
        ...handed,
        ...hidden(claims),
        ...notKnown(claims, reads),
      ].sort(byCodeUnit);
  const is = keys.length > 0 ? 'changed' : reasons.length > 0 ? 'undecided' : 'identical';
  // A reason that has no pointer is one for all of them.
  const isTold = reasons.length === (isOfModule ? 0 : evaluated.undecided.length);
  const places = [...keys, ...evaluated.undecided].map(({ pointer }) => pointer);
  const several = is === 'identical' || rows[1] === undefined ? [] : severalDeployments(rows[1]);
  const deployments = deploymentsAt(several, isTold ? places : []);
  return { ...base, is, keys, reasons, files, ...(deployments === undefined ? {} : { deployments }) };
}

/** The source of a call that leads to a folder of the repository at both ends. */
function isPlaceOfModule({ pointer, before, after }: KeyChange): boolean {
  const steps = stepsOf(pointer);
  const isCall = steps.length < 4 && steps.indexOf('modules') >= 0 && steps.indexOf('modules') === steps.length - 2;
  return isCall && [before, after].every((source) => typeof source === 'string' && /^\.{1,2}\//.test(source));
}

/** What differs and makes a difference to what a unit evaluates to. */
function evaluatedFrom(
  reads: readonly string[],
  claims: Both<Claim>,
  sameUnitCode: ClassifyOptions['sameUnitCode'],
): readonly string[] {
  if (sameUnitCode === undefined || !reads.some((read) => read.endsWith('.hcl'))) return reads;
  const together = [...new Set(claims.flatMap((claim) => Object.keys(claim?.readSet.files ?? {})))];
  return reads.filter((read) => !read.endsWith('.hcl') || !sameUnitCode(read, together));
}

/** Whether anything was looked for in a folder, or below it. */
function readsWithin({ readSet: { files, folders } }: Claim, folder: string): boolean {
  const isWithin = (place: string) => place === folder || place.startsWith(`${folder}/`);
  return Object.keys(files).some(isWithin) || Object.keys(folders).some(isWithin);
}

function rowOf({ graph }: RangeEnd, id: ComponentId): ComponentRow | undefined {
  const node = graph.node(id);
  return node === undefined ? undefined : graph.component(node);
}

function readsBetween([before, after]: Both<Claim>, rows: Both<ComponentRow>): string[] {
  if (before === undefined || after === undefined) return [];
  return changedReads(readsMovedAlong(before.readSet, rows), after.readSet);
}

/** Without what only orders a unit behind others that are there: its run does the same. */
function withoutOrder(diff: Diff, claim: Claim | undefined, row: ComponentRow | undefined, { graph }: RangeEnd): Diff {
  if (row?.layout !== 'terragrunt') return diff;
  const { dependencies } = claim?.evaluated ?? {};
  const paths = isObject(dependencies) ? dependencies['paths'] : [];
  const isKnown =
    Array.isArray(paths) && paths.every((one) => typeof one === 'string' && graph.node(one) !== undefined);
  if (!isKnown) return diff;
  return { ...diff, changed: diff.changed.filter(({ pointer }) => !/^\/dependencies(?:\/|$)/.test(pointer)) };
}

/** Without values that mean nothing to the module they are given to. */
function withoutIdle(diff: Diff, claims: Both<Claim>, row: ComponentRow | undefined, idle?: Idle): Diff {
  if (row === undefined || idle === undefined) return diff;
  const key = row.layout === 'terragrunt' ? 'inputs' : row.layout === 'terraform' ? 'variables' : undefined;
  const known = new Map<string, boolean>();
  const counts = ({ pointer }: { readonly pointer: string }): boolean => {
    // A config is nothing but values.
    const [first, name] = key === undefined ? [key, ...stepsOf(pointer)] : stepsOf(pointer);
    if (first === 'generate' && key === 'inputs') return !idle.generated(row, claims);
    if (first !== key || name === undefined) return true;
    let isIdle = known.get(name);
    if (isIdle === undefined) {
      isIdle = idle.value(row, claims, name);
      known.set(name, isIdle);
    }
    return !isIdle;
  };
  return { ...diff, changed: diff.changed.filter(counts), undecided: diff.undecided.filter(counts) };
}

type Diff = EvaluatedDiff & { readonly reasons: readonly string[] };

function diffClaims(
  [before, after]: Both<Claim>,
  [was, is]: Both<ComponentRow>,
  renames: ReadonlyMap<ComponentId, ComponentId>,
): Diff {
  if (before?.evaluated === undefined || after?.evaluated === undefined) {
    if (was?.configDigest !== is?.configDigest || compareSecrets(was?.secrets, is?.secrets) === 'different')
      return { changed: [{ pointer: 'config' }], undecided: [], reasons: [] };
    return { changed: [], undecided: [], reasons: ['its evaluated config is not at hand at both ends'] };
  }
  return { ...diffEvaluated(dependenciesMovedAlong(before.evaluated, renames), after.evaluated), reasons: [] };
}

/** Paths of dependencies as they are now: what a unit depends on is the same unit after it moved. */
function dependenciesMovedAlong(
  evaluated: NonNullable<Claim['evaluated']>,
  renames: ReadonlyMap<ComponentId, ComponentId>,
): NonNullable<Claim['evaluated']> {
  if (renames.size === 0) return evaluated;
  const moved = (path: unknown): unknown => (typeof path === 'string' ? (renames.get(path) ?? path) : path);
  const { dependency, dependencies } = evaluated;
  const blocks = isObject(dependency)
    ? Object.entries(dependency).map(([name, block]) => [
        name,
        isObject(block) ? { ...block, config_path: moved(block['config_path']) } : block,
      ])
    : [];
  const paths = isObject(dependencies) && Array.isArray(dependencies['paths']) ? dependencies['paths'] : [];
  return {
    ...evaluated,
    ...(blocks.length > 0 ? { dependency: Object.fromEntries(blocks) } : {}),
    ...(paths.length > 0 ? { dependencies: { paths: paths.map(moved).sort(byText) } } : {}),
  };
}

function byText(a: unknown, b: unknown): number {
  return typeof a === 'string' && typeof b === 'string' ? byCodeUnit(a, b) : 0;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** Provider versions, which no config shows. */
function lockChange(files: readonly string[]): KeyChange[] {
  const locks = files.filter((file) => /(?:^|\/)\.terraform\.lock\.hcl$/.test(file));
  return locks.length === 0 ? [] : [{ pointer: 'providers', files: locks }];
}

/** Files that are read as data with the component's own values; its module's digest does not hold them. */
function dataChange(
  [before, claim]: Both<Claim>,
  [was, is]: Both<ComponentRow>,
  reads: readonly string[],
  { saysTheSame, sameCode }: { [name in 'saysTheSame' | 'sameCode']: ClassifyOptions[name] | undefined },
): KeyChange[] {
  if (was?.readsDigest === is?.readsDigest) return [];
  if (is !== undefined && was?.module === is.module && readsByModuleAlone(claim, is)) {
    const given = moduleGiven([before, claim], is);
    const listings = reads.map((read) => read.replace(/^folder /, '')).filter((place) => place.endsWith('/**'));
    const differing = [
      ...reads.filter(given.isData),
      ...listings.filter((place) => claim?.readAsData?.includes(place)),
    ];
    if (differing.length > 0 && sameCode?.(differing, given) === true) return [];
  }
  const data = new Set(claim?.readAsData ?? []);
  const places = reads.map((read) => read.replace(/^folder /, '')).filter((place) => data.has(place));
  // Terragrunt alone reads the file that Adage components are run through: a comment in it means nothing.
  const isAlike = (place: string) => isUnitFile(place) && saysTheSame?.(place) === true;
  const isSame = canonical(before?.readAsData) === canonical(claim?.readAsData);
  if (is?.layout === 'adage' && isSame && places.length > 0 && places.every(isAlike)) return [];
  // What is listed below a folder is told by the file that came or went, where that is read too.
  const isToldByFile = (place: string) =>
    place.endsWith('/**') && places.some((file) => file !== place && file.startsWith(place.slice(0, -2)));
  const files = places.filter((place) => !isToldByFile(place)).map(shownContents);
  return [{ pointer: 'files', ...(files.length === 0 ? {} : { files }) }];
}

/** Whether nothing but its module reads what a component reads as data: no step around the run. What a unit reads is evaluated. */
function readsByModuleAlone(claim: Claim | undefined, { module }: ComponentRow): boolean {
  return claim !== undefined && module !== '' && (claim.run?.steps ?? []).length === 0;
}

function isUnitFile(place: string): boolean {
  return /(?:^|\/)terragrunt\.hcl$/.test(place);
}

function canonical(places: readonly string[] = []): string {
  return places.join('\n');
}

/** Attributes that say what a run does; the rest is read off what was compared already, or is for people. */
const counted = /^(?:state|backend|binding|deployments|terraform|source|ref|provider\..*)$/;
/** Of Adage these come from the binding, and from nothing else. */
const ofBinding: ReadonlySet<string> = new Set(['account', 'region']);

function rowChanges([was, is]: Both<ComponentRow>, { changed }: EvaluatedDiff): KeyChange[] {
  if (was === undefined || is === undefined) return [];
  const isTold = changed.some(({ pointer }) => pointer === '/source');
  const counts = (key: string): boolean =>
    is.layout === 'adage' && ofBinding.has(key)
      ? true
      : counted.test(key) && !(isTold && (key === 'source' || key === 'ref'));
  const keys = [...new Set([...Object.keys(was.attributes), ...Object.keys(is.attributes)])].sort(byCodeUnit);
  return keys
    .filter((key) => counts(key) && was.attributes[key] !== is.attributes[key])
    .map((key) => ({
      pointer: key,
      ...(was.attributes[key] === undefined ? {} : { before: was.attributes[key] }),
      ...(is.attributes[key] === undefined ? {} : { after: is.attributes[key] }),
    }));
}

/** How it is run: programs around it, what it is handed, its workspaces. Var-files count by their values. */
function runChanges([before, after]: Both<Claim>): KeyChange[] {
  if (before?.run === undefined || after?.run === undefined) return [];
  const shape = ({ steps, handed, prefix, roots = {} }: NonNullable<Claim['run']>) => ({
    steps,
    handed,
    prefix,
    workspaces: Object.fromEntries(Object.entries(roots).map(([name, { workspace }]) => [name, workspace])),
  });
  return diffEvaluated(shape(before.run), shape(after.run)).changed.map((change) => ({
    ...change,
    pointer: `run${change.pointer}`,
  }));
}

/** Files that may be what is read: one of those of which a part is known, or any. */
function notKnown([before, after]: Both<Claim>, reads: readonly string[]): string[] {
  const inPart = reads.flatMap((read) => {
    const place = read.replace(/^folder /, '');
    return place !== read && parseContents(place)?.all === false
      ? [`${shownContents(place)} may be what it reads`]
      : [];
  });
  const spots = [...(before?.blindSpots ?? []), ...(after?.blindSpots ?? [])];
  const open = spots
    .filter(({ code }) => code === 'file-unknown')
    .map(({ evidence }) => evidence.file ?? evidence.site);
  return [...inPart, ...new Set(open.map((file) => `file-unknown: ${file}`))];
}

function folderOf(file: string): string {
  return file.slice(0, Math.max(0, file.lastIndexOf('/')));
}

/** Files that differ and that another program reads, or that are laid over a unit's module: no value shows them. */
function readByOthers(claims: Both<Claim>, reads: readonly string[]): string[] {
  const differing = new Set(reads);
  const opaque = claims
    .flatMap((claim) => claim?.opaqueFiles ?? [])
    .filter((place) => differing.has(place) || differing.has(`folder ${place}`));
  return [...new Set(opaque)].map((place) => `${shownContents(place)} is read by another program`);
}

/** What could hide a change: something unreadable at either end. */
function hidden([before, after]: Both<Claim>): string[] {
  if (before === undefined || after === undefined) return [];
  const spots = [...before.blindSpots, ...after.blindSpots].filter(({ code }) => hiding.has(code));
  return [...new Set(spots.map(({ code, evidence }) => `${code}: ${evidence.file ?? evidence.site}`))];
}
