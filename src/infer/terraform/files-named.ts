import { posix } from 'node:path';
import type { Body, Expression } from '../../hcl/tree.ts';
import { isUnknown, Unknown, type Value } from '../../hcl/value.ts';
import { isHarmlessByKind } from '../../model/file-kinds.ts';
import type { DirectoryEntry, FileView } from '../../model/file-view.ts';
import { estateRoot, type FileAccount, type Standpoint, standingIn, textsIn, withHoles } from './file-account.ts';
import type { ModuleInstance } from './instance.ts';
import { isConfiguration } from './module-files.ts';
import type { Sink } from './sinks.ts';

/**
 * Files that providers and programs read: a text that evaluates to something that is there is a read, whatever argument it
 * stands in. Which arguments are paths no list could say; that a text leads to a file of the estate is no accident.
 */
export function filesNamedIn(sink: Sink, value: Value, root: ModuleInstance, account: FileAccount): void {
  if (!handsOver(sink) || isMadeByTheRun(sink.expr)) return;
  const argument = argumentOf(sink.site);
  if (!isWritten(argument, sink)) filesNamedBy(value, argument, [standingIn(root.view, root.module.path)], account);
}

const writing: ReadonlyMap<string, string> = new Map([
  ['archive_file', 'output_path'],
  ['local_file', 'filename'],
  ['local_sensitive_file', 'filename'],
]);

/** A file that the run writes before it reads it: what it holds comes from what the block that writes it is told. */
function isMadeByTheRun(expr: Expression): boolean {
  const names: string[] = [];
  let at = expr;
  for (; at.kind === 'access'; at = at.on) if (at.step.kind === 'attr') names.unshift(at.step.name);
  if (at.kind !== 'variable') return false;
  const isData = at.name === 'data';
  const [type = '', , attribute, ...more] = isData ? names : [at.name, ...names];
  return (
    attribute !== undefined &&
    more.length === 0 &&
    writing.get(type) === attribute &&
    (!isData || type === 'archive_file')
  );
}

/**
 * Files that texts of a value lead to, from any of the places that a run may stand in.
 * @param argument `archive_file.source_dir`, or a word that is none
 */
export function filesNamedBy(
  value: Value,
  argument: string,
  places: readonly Standpoint[],
  account: FileAccount,
): void {
  for (const text of textsIn(value))
    for (const place of places) {
      if (isUnknown(text)) unknownText(text, argument, place, account);
      else if (text.length <= longestText) knownText(fromHere(text, place), argument, place, account);
    }
}

const longestText = 64 * 1024;

/** What a shell would put there, where that is known: the folder that it runs in, and the top of the repository. */
function fromHere(text: string, { view, base }: Standpoint): string {
  if (!text.includes('$') && !text.includes('`')) return text;
  const top = posix.relative(base, view.repoRoot ?? '') || '.';
  return text
    .replaceAll(/["']?(?:\$\(git rev-parse --show-toplevel\)|`git rev-parse --show-toplevel`)["']?(?=\/)/g, top)
    .replaceAll(/["']?(?:\$\(pwd\)|`pwd`|\$PWD|\$\{PWD\})["']?(?=\/)/g, '.');
}

/** What reaches a provider, a program or a module that is not read. */
function handsOver({ kind, handsOn }: Sink): boolean {
  return kind === 'resource' || kind === 'data' || kind === 'provider' || (kind === 'argument' && !handsOn);
}

/** Arguments that are paths of files by what they mean: where nothing of one is known, the file is not. */
const paths: ReadonlySet<string> = new Set([
  'archive_file.source_dir',
  'archive_file.source_file',
  'aws_s3_object.source',
  'aws_s3_bucket_object.source',
  'aws_lambda_function.filename',
  'aws_lambda_layer_version.filename',
  'azurerm_storage_blob.source',
  'google_storage_bucket_object.source',
  'docker_image.build.context',
  'docker_image.build.dockerfile',
  'external.program',
  'external.working_dir',
  'kubectl_path_documents.pattern',
  'kubectl_filename_list.pattern',
  'kustomization_build.path',
  'kustomization.path',
  'local_file.filename',
  'local_sensitive_file.filename',
  'provisioner.command',
  'provisioner.interpreter',
  'provisioner.working_dir',
  'provisioner.script',
  'provisioner.source',
]);

const withPaths: ReadonlySet<string> = new Set([...paths].map((argument) => argument.slice(0, argument.indexOf('.'))));

/** Whether a block may name files by what its arguments mean. */
export function namesFiles(type: string, { blocks }: Body): boolean {
  return withPaths.has(type) || blocks.some((block) => block.type === 'provisioner');
}

/** `data.archive_file.z.source_dir` is `archive_file.source_dir`; of a provisioner the block is named. */
function argumentOf(site: string): string {
  const inProvisioner = /\.(provisioner)\.(?:[^.]+\.)*?([^.]+)$/.exec(site);
  if (inProvisioner !== null) return `provisioner.${inProvisioner[2]}`;
  const [, type = '', rest = ''] = /^(?:module\.[^.]+\.)*(?:data\.|ephemeral\.)?([^.]+)\.[^.]+\.(.+)$/.exec(site) ?? [];
  return `${type}.${rest}`;
}

/** Where a run writes to, and the states that it reads by reference. */
function isWritten(argument: string, { kind }: Sink): boolean {
  if (/^(terraform_remote_state|tfe_outputs)\./.test(argument)) return true;
  if (/(^|[._])(output_path|output_file|destination)$/.test(argument)) return true;
  return kind === 'resource' && /^local_(sensitive_)?file\.filename$/.test(argument);
}

function unknownText(text: Unknown, argument: string, place: Standpoint, account: FileAccount): void {
  if (text.choices !== undefined) {
    for (const choice of text.choices) knownText(String(choice), argument, place, account);
    return;
  }
  if (text.text !== undefined) wordsAroundHoles(text, text.text, argument, place, account);
  if (paths.has(argument) && (text.text === undefined || !text.text.includes('/'))) account.unread(place, text);
}

/** Stands for all that is not known of a word. */
const hole = '${?}';

/** Words of a text of which the rest is not known say what they say in any text. */
function wordsAroundHoles(
  { reason, places }: Unknown,
  written: string,
  argument: string,
  place: Standpoint,
  account: FileAccount,
): void {
  const text = withHoles(written, hole);
  // Behind it every path starts somewhere else.
  const goesAway = /(?:^|[\s;&|(])(?:cd|pushd)\s+[^\s;&|]*\$\{\?\}/.test(text);
  const known: Word[] = [];
  for (const word of wordsOf(text))
    if (!goesAway && !word.includes(hole)) known.push(wordFrom(word));
    else if (isPath(word) && !word.includes('://'))
      account.unread(place, new Unknown(reason, places, undefined, { text: word }));
  namedByWords(known, argument, place, account, /\s/.test(text));
}

function knownText(text: string, argument: string, place: Standpoint, account: FileAccount): void {
  const { words, severalWords } = readText(text);
  namedByWords(words, argument, place, account, severalWords);
}

function namedByWords(
  words: readonly Word[],
  argument: string,
  place: Standpoint,
  account: FileAccount,
  severalWords: boolean,
): void {
  const isCommand = severalWords || argument.endsWith('.command');
  const bases = [place];
  if (isCommand)
    for (const word of words) {
      const found = folderOf(word, place);
      // A command that goes there reads what it names from there, not all there is.
      if (found !== undefined && found !== place.base && isAbove(found, place.base))
        bases.push(standingIn(place.view, found, place.module));
    }
  for (const word of words) for (const base of bases) named(word, argument, base, account, isCommand);
}

/** A word of a text, and what its signs say. */
interface Word {
  readonly text: string;
  /** Written as a path. */
  readonly isPath: boolean;
  readonly isGlob: boolean;
  /** Its first step, where it may be a name. */
  readonly first: string | undefined;
}

interface ReadText {
  readonly words: readonly Word[];
  readonly severalWords: boolean;
}

/** By text: thousands of components are given the same. */
const readTexts = new Map<string, ReadText>();
const mostKept = 10_000;
const longestKept = 1_000;

function readText(text: string): ReadText {
  const known = readTexts.get(text);
  if (known !== undefined) return known;
  const severalWords = /\s/.test(text);
  const words = new Set(severalWords ? [] : [text]);
  for (const word of wordsOf(text)) words.add(word);
  const read = { words: [...words].map(wordFrom), severalWords };
  if (text.length <= longestKept) {
    if (readTexts.size >= mostKept) readTexts.clear();
    readTexts.set(text, read);
  }
  return read;
}

function wordFrom(text: string): Word {
  const first = /^[\w.@-]+(?=\/|$)/.exec(text)?.[0];
  return { text, isPath: isPath(text), isGlob: /[*?[{]/.test(text), first };
}

/** The words of a command, a list in a text, `--file=x`, `file://x`. */
function wordsOf(text: string): readonly string[] {
  return /[\s"'`=,;|&()<>@]|:\/\//.test(text)
    ? text.split(/[\s"'`=,;|&()<>@]+|:\/\//).filter((word) => word !== '')
    : [text];
}

/** Written as a path: from where one stands, up, or from the root. */
function isPath(word: string): boolean {
  return /^\.{1,2}(\/|$)/.test(word) || word === estateRoot || word.startsWith(`${estateRoot}/`);
}

function folderOf(word: Word, { view, place: placeOf }: Standpoint): string | undefined {
  if (!word.isPath) return undefined;
  const folder = placeOf(word.text);
  return folder !== undefined && view.isDirectory(folder) ? folder : undefined;
}

/** Of these a bare name is a file of the folder that a run is in, though no commit holds it. */
const isFileArgument = /_(?:file|object|blob|function|version)\.(?:filename|source|source_file|source_dir)$/;

function named(read: Word, argument: string, place: Standpoint, account: FileAccount, isCommand: boolean): void {
  const { view, base, module } = place;
  const { text: word } = read;
  if (read.isGlob && read.isPath) globbed(word, place, account);
  const isName = !read.isPath;
  if (isName && !startsHere(read, place) && !isFileArgument.test(argument)) {
    if (read.first !== undefined) ignoredName(word, argument, place, account);
    return;
  }
  const path = place.place(word);
  if (path === undefined || /\.tfstate(\.backup)?$/.test(path)) return;
  if (view.isFile(path)) {
    account.file(view, path);
    if (programs.has(argument) && isScript(path)) besideScript(path, place, account);
  } else if (view.isDirectory(path)) {
    // A bare name that a folder has too is mostly a name: of an environment, of a region.
    if (isName && !word.includes('/') && !paths.has(argument)) return;
    if (isCommand && isAbove(path, module)) return;
    // `path.module` stands in many places that read nothing: in a tag, in a name.
    if ((path === base || isModule(view, path)) && !isCommand && !paths.has(argument)) return;
    account.contents(view, path);
  } else if (view.ignored?.has(path) === true) {
    if (!isName || isCommand || isFolderless(view, path) || word.includes('/') || paths.has(argument))
      account.file(view, path);
  } else if (paths.has(argument)) account.outside(word);
}

/** Arguments that say which program is run. */
const programs: ReadonlySet<string> = new Set([
  'external.program',
  'provisioner.command',
  'provisioner.interpreter',
  'provisioner.script',
  'run_cmd',
  'step.run',
  'terraform.execute',
]);

/** By its name. */
function isScript(path: string): boolean {
  return /(?:\/|^)(?:[^./]+|[^/]+\.(?:sh|bash|zsh|ps1|py|rb|pl|php|lua|[cm]?[jt]s|mk))$/.test(path);
}

/** A script may read what lies beside it and below. In a folder that the run itself lies in those are the files of it alone. */
function besideScript(path: string, { view, base, module }: Standpoint, account: FileAccount): void {
  const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
  if (!isAbove(folder, base) && !isAbove(folder, module)) {
    account.contents(view, folder);
    return;
  }
  for (const { name, kind } of view.list(folder)) {
    const beside = folder === '' ? name : `${folder}/${name}`;
    if (
      kind === 'file' &&
      !/\.hcl$/.test(name) &&
      !isConfiguration(name) &&
      !isHarmlessByKind(beside) &&
      view.isFile(beside)
    )
      account.file(view, beside);
  }
}

/** A bare name whose first step is in no commit: it may be that of something that Git ignores. */
function ignoredName(word: string, argument: string, place: Standpoint, account: FileAccount): void {
  const { view } = place;
  if (view.ignored === undefined || /\.tfstate(\.backup)?$/.test(word)) return;
  const path = place.place(word);
  if (path === undefined || !view.ignored.has(path)) return;
  if (word.includes('/') || isFolderless(view, path) || paths.has(argument)) account.file(view, path);
}

/** Of a name that Git ignores: it is one of a file, as far as is known. */
function isFolderless({ ignored }: FileView, path: string): boolean {
  return ignored?.rules === undefined ? ignored?.below(path).length === 0 : path.includes('.');
}

function isModule(view: FileView, path: string): boolean {
  return view.list(path).some(({ name, kind }) => kind === 'file' && isConfiguration(name));
}

function globbed(word: string, { view, place: placeOf }: Standpoint, account: FileAccount): void {
  const cut = word.lastIndexOf('/', word.search(/[*?[{]/)) + 1;
  const folder = placeOf(word.slice(0, cut));
  if (folder === undefined || !view.isDirectory(folder)) return;
  account.contents(
    view,
    folder,
    word
      .slice(cut)
      .replace(/[?[{].*?(?=\/|$)/g, '*')
      .replace(/\*+/g, '*'),
  );
}

/** A word without a sign of a path, whose first step is something in the folder of the run. */
function startsHere({ first }: Word, { view, base }: Standpoint): boolean {
  return first !== undefined && entriesOf(view, base).has(first);
}

const entries = new WeakMap<FileView, Map<string, ReadonlySet<string>>>();

/** By listing: each component has a view of its own, and most of them list the same folders. */
const namesOfListings = new WeakMap<readonly DirectoryEntry[], ReadonlySet<string>>();

function entriesOf(view: FileView, folder: string): ReadonlySet<string> {
  const ofView = entries.get(view) ?? new Map<string, ReadonlySet<string>>();
  entries.set(view, ofView);
  const known = ofView.get(folder) ?? namesIn(view.list(folder));
  ofView.set(folder, known);
  return known;
}

function namesIn(listing: readonly DirectoryEntry[]): ReadonlySet<string> {
  const names = namesOfListings.get(listing) ?? new Set(listing.map(({ name }) => name));
  namesOfListings.set(listing, names);
  return names;
}

/** The folder itself or one above it. */
function isAbove(folder: string, of: string): boolean {
  return folder === '' || of === folder || of.startsWith(`${folder}/`);
}
