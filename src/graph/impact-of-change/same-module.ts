import type { Claim, ReadSet } from '../../model/claim.ts';
import type { ComponentRow } from '../../model/component.ts';
import { isAmong, parseContents } from '../../model/contents.ts';
import { byCodeUnit } from '../../model/digest.ts';
import { isUnknownValue } from '../../model/evaluated.ts';
import { isHarmlessByKind } from '../../model/file-kinds.ts';
import type { KeyChange } from './evaluated-diff.ts';
import type { RangeEnd } from './range-end.ts';
import { changedReads } from './touched.ts';

/** Variables of a module in a folder that its caller gives a value at both ends: their defaults mean nothing. */
export interface Given {
  readonly folder: string;
  readonly variables: ReadonlySet<string>;
  /** Where what may be laid over the module stands: of a unit its folder; the module's own where nothing is. */
  readonly path: string;
  /** What Terragrunt writes beside the module, where it may name anything in it. */
  readonly generated: string;
  /** Whether all that lies there and is not hidden is copied over the module, and nothing else. */
  readonly isCopiedWhole: boolean;
  /** Whether programs run around it, in its folder: they may read any file that lies there. */
  readonly hasPrograms: boolean;
  /** Values that the module is given, as text. */
  readonly values: () => string;
  /** Whether a file is read as data too, so that a comment in it could count. */
  readonly isData: (file: string) => boolean;
}

/** Whether files of a module that differ say the same at both ends. */
export type SameCode = (changed: readonly string[], given: Given) => boolean;

type Both<T> = readonly [before: T | undefined, after: T | undefined];

/** The read-set of a component before, as it would be in the folder that it stands in now. */
export function readsMovedAlong({ files, folders, ...rest }: ReadSet, [was, is]: Both<ComponentRow>): ReadSet {
  const [from, to] = [was?.path ?? '', is?.path ?? ''];
  if (from === to || from === '' || to === '') return { files, folders, ...rest };
  const moved = (path: string): string =>
    path === from || path.startsWith(`${from}/`) ? to + path.slice(from.length) : path;
  const move = <Value>(record: Readonly<Record<string, Value>>): Record<string, Value> =>
    Object.fromEntries(Object.entries(record).map(([path, value]) => [moved(path), value]));
  return { files: move(files), folders: move(folders), ...rest };
}

/**
 * The module: another one, or what its folder and closure hold, with the files that differ. No change where those say the
 * same, or where the component moved together with a module of its own.
 */
export function moduleChanges(
  [before, after]: readonly [RangeEnd, RangeEnd],
  [was, is]: Both<ComponentRow>,
  [claimed, claim]: Both<Claim>,
  sameCode: SameCode | undefined,
): KeyChange[] {
  if (was === undefined || is === undefined) return [];
  const own = was.module === was.path && is.module === is.path && was.path !== is.path;
  if (was.module !== is.module && !own) return [{ pointer: 'module', before: was.module, after: is.module }];
  const [a, b] = [before.graph.types().get(was.module)?.digest, after.graph.types().get(is.module)?.digest];
  const differing = moduleFiles([claimed, claim], [was, is]);
  const files = differing.filter((file) => !isEvaluated(file, is));
  if (a === b) {
    // Code that is laid over a unit's module may call modules that it does not.
    const called = is.layout === 'terragrunt' ? files.filter((file) => /\.(?:tf|tofu)(?:\.json)?$/.test(file)) : [];
    if (called.length === 0 || sameCode?.(called, moduleGiven([claimed, claim], is)) !== false) return [];
    return [{ pointer: 'module', before: shortDigest(a), after: shortDigest(b), files: called }];
  }
  const isSaidAlike =
    files.length === 0
      ? own || differing.length > 0 || onlyLocked([claimed, claim], [was, is])
      : (sameCode?.(files, moduleGiven([claimed, claim], is)) ?? false);
  if (a !== undefined && b !== undefined && isSaidAlike) return [];
  return [{ pointer: 'module', before: shortDigest(a), after: shortDigest(b), ...(files.length > 0 ? { files } : {}) }];
}

/** What is known of a module beside its files, of a component at both ends. */
export function moduleGiven([claimed, claim]: Both<Claim>, is: ComponentRow): Given {
  return {
    folder: is.module,
    path: isLaidOver([claimed, claim], is) ? is.path : is.module,
    variables: givenAtBoth([claimed, claim], is),
    isCopiedWhole: ![claimed, claim].some((one) =>
      choosesCopies.test(JSON.stringify(one?.evaluated?.['terraform'] ?? '')),
    ),
    hasPrograms: [claimed, claim].some(runsPrograms),
    values: () => JSON.stringify([valuesOf(claimed, is), valuesOf(claim, is)]),
    isData: readAsData([claimed, claim], is),
    generated: JSON.stringify([claimed?.evaluated?.['generate'], claim?.evaluated?.['generate']]),
  };
}

/**
 * Whether the folder of a component may be laid over its module. Of Adage a plain module is run where it lies; one that
 * publishes by itself is run through a unit file, as units are.
 */
function isLaidOver(claims: Both<Claim>, { layout }: ComponentRow): boolean {
  return layout !== 'adage' || claims.some((claim) => claim?.run?.selfPublishing !== false);
}

/** What a unit says of its files: these too, those not. Of what is not known it may say anything. */
const choosesCopies = /"(?:include_in_copy|exclude_from_copy)":(?!null)|^\{"\$unknown"/;

/** Hooks of a unit, steps of a type. */
export function runsPrograms(claim: Claim | undefined): boolean {
  const { run, evaluated = {} } = claim ?? {};
  return (
    (run?.steps ?? []).length > 0 ||
    // What stands in for Terraform may be a program that reads more.
    (evaluated['terraform_binary'] ?? null) !== null ||
    /"(?:before|after|error)_hook /.test(JSON.stringify(evaluated['terraform'] ?? ''))
  );
}

function valuesOf(claim: Claim | undefined, { layout }: ComponentRow): unknown {
  const { evaluated = {} } = claim ?? {};
  if (layout === 'adage') return evaluated;
  if (layout === 'terragrunt') return [evaluated['inputs'], handedBeside(evaluated['terraform'])];
  const key = 'variables';
  if (Object.hasOwn(evaluated, key)) return evaluated[key];
  // One for each deployment.
  return Object.values(evaluated).map((one) =>
    one !== null && typeof one === 'object' ? (one as Readonly<Record<string, unknown>>)[key] : one,
  );
}

/** Arguments and environment of the commands that Terragrunt runs. */
function handedBeside(terraform: unknown): unknown {
  if (terraform === null || typeof terraform !== 'object' || isUnknownValue(terraform)) return terraform;
  return Object.entries(terraform).filter(([name]) => name !== 'source');
}

/** Whether a component reads a file as data; a name that is listed with others counts where the file came or went. */
export function readAsData(claims: Both<Claim>, { layout }: ComponentRow): (file: string) => boolean {
  const places = claims.flatMap((claim) => claim?.readAsData ?? []);
  const files = new Set(places);
  const contents = places.flatMap((place) => parseContents(place) ?? []);
  // Elsewhere what is listed stands in a digest of its own.
  const listed = layout === 'adage' ? places.filter((place) => place.endsWith('/**')) : [];
  const isListed = (file: string) => listed.some((place) => file.startsWith(place === '/**' ? '' : place.slice(0, -2)));
  const stays = (file: string) => claims.every((claim) => typeof claim?.readSet.files[file] === 'string');
  return (file) => files.has(file) || contents.some((one) => isAmong(one, file)) || (isListed(file) && !stays(file));
}

/** Files of the module's folders that differ, of those that the evaluation read. */
function moduleFiles([before, after]: Both<Claim>, rows: Both<ComponentRow>): string[] {
  if (before === undefined || after === undefined) return [];
  return changedReads(readsMovedAlong(before.readSet, rows), after.readSet).filter(
    (file) => !notFile.test(file) && (isOfModule(file, rows[1]) || isData(file) || isHarmlessByKind(file)),
  );
}

/** Sorted. Null is as good as not given, and an unknown may be null. */
export function givenAtBoth([before, after]: Both<Claim>, { layout }: ComponentRow): ReadonlySet<string> {
  const key = layout === 'terragrunt' ? 'inputs' : layout === 'terraform' ? 'variables' : undefined;
  const names = (claim: Claim | undefined): string[] => {
    const values = key === undefined ? undefined : claim?.evaluated?.[key];
    if (values === null || typeof values !== 'object' || isUnknownValue(values)) return [];
    const unset = claim?.evaluated?.['unset'] ?? [];
    // The environment holds texts: one that says null is one, of a variable that is no text.
    const isGiven = ([name, value]: [string, unknown]) =>
      value !== null && value !== 'null' && !isUnknownValue(value) && !(Array.isArray(unset) && unset.includes(name));
    return Object.entries(values)
      .filter(isGiven)
      .map(([name]) => name);
  };
  const now = new Set(names(after));
  return new Set(
    names(before)
      .filter((name) => now.has(name))
      .sort(byCodeUnit),
  );
}

/** Versions of providers lie in the module's folder and are told apart from it. */
function onlyLocked([before, after]: Both<Claim>, rows: Both<ComponentRow>): boolean {
  if (before === undefined || after === undefined) return false;
  const reads = changedReads(readsMovedAlong(before.readSet, rows), after.readSet).filter((one) => !notFile.test(one));
  return reads.length > 0 && reads.every((file) => /(?:^|\/)\.terraform\.lock\.hcl$/.test(file));
}

/** What is no code may be read by the module from outside its folders; then it is part of its digest. */
function isData(file: string): boolean {
  return !/(?:\.hcl|\.hcl\.json|\.tfvars|\.tfvars\.json|\.tfbackend|(?:^|\/)CODEOWNERS)$/.test(file);
}

/** Values of a plain root module stand in its evaluated variables already. */
function isEvaluated(file: string, row: ComponentRow | undefined): boolean {
  return row?.layout === 'terraform' && /\.tfvars(?:\.json)?$/.test(file);
}

const notFile = /^(?:folder|environment|parameter) /;

function isOfModule(file: string, row: ComponentRow | undefined): boolean {
  const folder = row?.module ?? '';
  return (
    (/\.(?:tf|tofu|tf\.json)$/.test(file) || folder === '' || file.startsWith(`${folder}/`)) &&
    !/(?:^|\/)(?:terragrunt(?:\.[\w-]+)*\.hcl(?:\.json)?|\.terraform\.lock\.hcl)$/.test(file)
  );
}

/**
 * Whether nothing that differs is read by a unit's own evaluation: then what is unknown in it is unknown in the same way,
 * because the same text was evaluated, and only its module can have changed. Plain Terraform and Adage evaluate the module
 * itself, so of them it says nothing.
 */
export function isModuleOnly(reads: readonly string[], row: ComponentRow | undefined): boolean {
  if (row?.layout !== 'terragrunt' || row.module === '') return false;
  const folders = new Set(reads.filter((read) => !notFile.test(read)).map((file) => file.replace(/\/?[^/]*$/, '')));
  return reads.every((read) =>
    read.startsWith('folder ')
      ? folders.has(read.slice('folder '.length).replace(/\/(?:\*\*)?$/, '')) || isAboveModule(read, row)
      : !notFile.test(read) && isOfModule(read, row),
  );
}

function shortDigest(digest: string | undefined): string {
  return digest === undefined ? 'not read' : digest.slice(0, 12);
}

/** What stands beside a module is looked at to find the module there; the unit lies elsewhere. */
function isAboveModule(read: string, { module, path }: ComponentRow): boolean {
  const within = `${read.slice('folder '.length)}/`;
  return within !== '/' && module.startsWith(within) && !`${path}/`.startsWith(within);
}
