import type { SameCode } from '../../graph/impact-of-change/same-module.ts';
import { codeOf } from '../../hcl/code.ts';
import { encryptedBy, lineOfBadByte } from '../../hcl/encrypted.ts';
import { parseHcl } from '../../hcl/parse.ts';
import type { WrittenFile } from '../../infer/layouts/terragrunt/written-over.ts';
import { namesAny, partsOfPath } from '../../infer/terraform/flow/files-read.ts';
import { isConfiguration, isOverride } from '../../infer/terraform/module-files.ts';
import { isHarmlessByKind, isInputByKind } from '../../model/file-kinds.ts';
import type { FileView } from '../../model/file-view.ts';
import { type ChangedModules, namesParts } from './changed-modules.ts';
import { changesCheckout } from './checkout-attributes.ts';

/**
 * Comments, layout, the order of blocks and the file of a folder they stand in mean nothing to Terraform; a README beside them
 * neither, unless something reads it, nor the default of a variable that is given; nor what says something else and gives it
 * to nobody. Needs `await loadGrammar()` once before. Each file is read once.
 */
export function sameCodeBetween(
  before: FileView,
  after: FileView,
  modules: ChangedModules,
): { readonly sameCode: SameCode; readonly saysTheSame: (file: string) => boolean } {
  const codes = new Map<string, readonly string[] | undefined>();
  const codeAt = (end: 'before' | 'after', file: string, given: ReadonlySet<string>): readonly string[] | undefined => {
    const key = [end, file, ...given].join('\n');
    if (!codes.has(key)) codes.set(key, readCode(end === 'before' ? before : after, file, given));
    return codes.get(key);
  };
  const folderCode = (
    end: 'before' | 'after',
    files: readonly string[],
    given: ReadonlySet<string>,
  ): string | undefined => {
    const all: string[] = [];
    for (const file of files) {
      const code = codeAt(end, file, given);
      if (code === undefined) return undefined;
      all.push(...code);
    }
    return all.sort().join('\n');
  };
  const saysTheSame = (file: string): boolean => {
    const code = isCode(file) || isLock(file) || isUnitFile(file) ? folderCode('before', [file], nothing) : undefined;
    return code !== undefined && code === folderCode('after', [file], nothing);
  };
  const sameTexts = (changed: readonly string[], root: string, variables: ReadonlySet<string>): boolean => {
    if (!changed.every((file) => isCode(file) || isForPeople(file))) return false;
    const folders = Map.groupBy(changed.filter(isCode), folderOf);
    return [...folders].every(([folder, files]) => {
      const given = folder === root ? variables : nothing;
      const code = folderCode('before', files, given);
      return code !== undefined && code === folderCode('after', files, given);
    });
  };
  /** Of a listing: what came or went below the folder, which is all that it tells. */
  const listed = (place: string): readonly string[] => {
    const folder = place.slice(0, -'/**'.length);
    const [was, is] = [new Set(before.files(folder)), new Set(after.files(folder))];
    return [...was.symmetricDifference(is)].sort();
  };
  const sameCode: SameCode = (differing, given) => {
    const listings = differing.filter((place) => place.endsWith('/**'));
    const names = listings.map(listed);
    // Something else of a listing differs: a link, or what Git ignores.
    if (names.some((one) => one.length === 0)) return false;
    const changed = [...new Set([...differing.filter((place) => !place.endsWith('/**')), ...names.flat()])];
    const { folder: root, path, variables, values, hasPrograms, generated, isData, isCopiedWhole } = given;
    if (changed.some((file) => changesCheckout(before, after, file))) return false;
    const data = changed.filter(
      (file) => isData(file) || names.some((one) => one.includes(file)) || !(isModuleFile(file) || isForPeople(file)),
    );
    if (data.length === 0 && sameTexts(changed, root, variables)) return true;
    if (!changed.every((file) => isModuleFile(file) || isForPeople(file) || isOwnData(file))) return false;
    // Which of two twins runs is for the tool to say.
    if (changed.some((file) => modules.hasTwin(file))) return false;
    const laid = path === root ? [] : [before, after].flatMap((view) => codeLaid(view, path, root));
    if ([before, after].some((view) => replaces(view, path, root, generated))) return false;
    // What is copied over a module may be what it lists, whichever way it says so.
    const copies = path !== root && [before, after].some((view) => copiedFrom(view, path).length > 0);
    const copied = copies && modules.readsFiles(root) ? copiedAlike(before, after, path, root) : [];
    if (copied === undefined || (copied.length > 0 && !isCopiedWhole)) return false;
    const beside = [...laid, ...(namesParts(generated) ? [generated] : [])];
    if (data.length > 0) {
      // A program may read any of them, and so may code that is written beside the module.
      if (hasPrograms || beside.length > 0) return false;
      // A copy beside a unit is read in the place of what the module holds; and an unknown value may name any file.
      if (path !== root && data.some((file) => file.startsWith(`${path}/`))) return false;
      const texts = values();
      const parts = data.flatMap((file) => partsOfPath(file, root));
      if (texts.includes('"$unknown"') || namesAny(texts, parts) || !modules.tellsOf(root, data, copied)) return false;
    }
    return modules.isIdle(root, variables, beside.join('\n'), values, copied);
  };
  return { sameCode, saysTheSame };
}

const nothing: ReadonlySet<string> = new Set();

/** Files of code in a unit's folder that are laid over its module, by their paths from there. */
function laidIn(view: FileView, path: string, root: string): string[] {
  const from = path === '' ? '' : `${path}/`;
  return view
    .files(path)
    .filter((file) => isConfiguration(nameOf(file)))
    .map((file) => file.slice(from.length))
    .filter((file) => !file.includes('/') || view.isDirectory(`${root}/${folderOf(file)}`));
}

/** What lies in a unit's folder and is copied by Terragrunt, beside the unit's own file and code: paths from there. */
function copiedFrom(view: FileView, path: string): string[] {
  const from = path === '' ? 0 : path.length + 1;
  return view
    .files(path)
    .map((file) => file.slice(from))
    .filter(
      (file) =>
        !/(?:^|\/)\./.test(file) && !isConfiguration(nameOf(file)) && !/^terragrunt\.hcl(?:\.json)?$/.test(file),
    );
}

/** What is copied over a module at both ends; undefined where that is not the same, or is no text. */
function copiedAlike(before: FileView, after: FileView, path: string, root: string): WrittenFile[] | undefined {
  const [was, is] = [before, after].map((view) => copiedFrom(view, path)) as [string[], string[]];
  if (was.join('\n') !== is.join('\n')) return undefined;
  const from = path === '' ? '' : `${path}/`;
  // What a link leads to is copied in its place, and what Git ignores is copied too.
  const isOpen = ({ links, ignored }: FileView) =>
    [...(links?.targets.keys() ?? [])].some((link) => link === path || link.startsWith(from)) ||
    (ignored?.below(path) ?? []).length > 0;
  if (isOpen(before) || isOpen(after)) return undefined;
  const files: WrittenFile[] = [];
  for (const file of is) {
    const text = after.read(from + file);
    if (text === undefined || text !== before.read(from + file) || lineOfBadByte(text) !== undefined) return undefined;
    if (encryptedBy(text) !== undefined) return undefined;
    files.push({ path: root === '' ? file : `${root}/${file}`, text });
  }
  return files;
}

function codeLaid(view: FileView, path: string, root: string): string[] {
  return laidIn(view, path, root).map((file) => view.read(path === '' ? file : `${path}/${file}`) ?? '');
}

/** Whether what is laid over a module stands in the place of what it says: of a file, or by an override. */
function replaces(view: FileView, path: string, root: string, generated: string): boolean {
  const laid = path === root ? [] : laidIn(view, path, root);
  const names = view.list(root).flatMap(({ name }) => (isConfiguration(name) ? [name] : []));
  return (
    laid.some((file) => isOverride(file) || view.isFile(`${root}/${file}`)) ||
    /override\.(?:tf|tofu)/.test(generated) ||
    names.some((name) => generated.includes(`"${name}"`))
  );
}

/** What a module alone may read: files of values and of programs have other readers. */
function isOwnData(file: string): boolean {
  return !isInputByKind(file) && !isForeign(file) && !/\.tftest\.(?:hcl|json)$/.test(file);
}

/** A file that is not there says nothing. */
function readCode(view: FileView, file: string, given: ReadonlySet<string>): readonly string[] | undefined {
  const text = view.read(file);
  if (text === undefined) return view.isFile(file) ? undefined : [];
  // Other bytes in their place would read the same.
  if (encryptedBy(text) !== undefined || lineOfBadByte(text) !== undefined) return undefined;
  return codeOf(parseHcl(text), given);
}

/** Versions of providers, in HCL too. */
function isLock(file: string): boolean {
  return /(?:^|\/)\.terraform\.lock\.hcl$/.test(file) && !isForeign(file);
}

/** Of Terragrunt, which reads it and nothing else does. */
function isUnitFile(file: string): boolean {
  return /(?:^|\/)terragrunt\.hcl$/.test(file) && !isForeign(file);
}

/** A file of a module, whatever its syntax. */
function isModuleFile(file: string): boolean {
  return isConfiguration(nameOf(file)) && !isForeign(file);
}

/** Whether a range has files whose code may have to be compared, for which the grammar must be there. */
export function needsGrammar(changed: readonly string[]): boolean {
  return changed.some((file) => isCode(file) || isModuleFile(file) || /\.hcl$/.test(file));
}

/** Of override files the order counts, and JSON has no comments: a change of either is a change. */
function isCode(file: string): boolean {
  const isNative = /\.(?:tf|tofu)$/.test(file) && isConfiguration(nameOf(file));
  return (
    (isNative || /\.(?:tfvars|tfbackend)$/.test(file)) &&
    !/(?:^|[/_])override\.(?:tf|tofu)$/.test(file) &&
    !isForeign(file)
  );
}

/** Documents, settings of editors, code that was put aside. */
function isForPeople(file: string): boolean {
  return (/\.md$/.test(file) || isHarmlessByKind(file)) && !isForeign(file);
}

function nameOf(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}

/** `repo:path` is read at HEAD for both ends, so it never changes within a range. */
function isForeign(file: string): boolean {
  return file.includes(':');
}

function folderOf(file: string): string {
  return file.slice(0, Math.max(0, file.lastIndexOf('/')));
}
