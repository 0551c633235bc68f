import { encryptedBy, isFiltered } from '../../../hcl/encrypted.ts';
import { evaluate } from '../../../hcl/evaluate.ts';
import { fileFunctions } from '../../../hcl/functions/files.ts';
import { globPattern } from '../../../hcl/functions/glob.ts';
import { functionNames } from '../../../hcl/functions/registry.ts';
import { parseTemplate } from '../../../hcl/parse.ts';
import { type Scope, type ScopeFunction, UnknownFunctionError } from '../../../hcl/scope.ts';
import { parseTfvars } from '../../../hcl/tfvars.ts';
import type { At, Expression } from '../../../hcl/tree.ts';
import { emptyObject, isWhollyKnown, Unknown, unknownFrom, type Value } from '../../../hcl/value.ts';
import { hideInText } from '../../../model/secrets/text.ts';
import type { Frame } from './frame.ts';
import type { Include } from './includes.ts';
import { deepMerge } from './merged-inputs.ts';
import { NotSetHere } from './not-set-here.ts';
import { clean, folderOf, join, relative, resolve } from './paths.ts';

type Call = Extract<Expression, { kind: 'call' }>;
/** @throws Error with a sentence, or EvaluationError, where Terragrunt would fail. */
type TerragruntFunction = (frame: Frame, args: readonly Value[], at: At) => Value;

/**
 * Terragrunt's functions for one frame. They are made when called for, because most frames call a few of them and there is a
 * frame for every file of every unit.
 */
export function functionsOf(frame: Frame): NonNullable<Scope['functions']> {
  const table: { [frameKey]?: Frame } = Object.create(prototype) as object;
  table[frameKey] = frame;
  return table as NonNullable<Scope['functions']>;
}

const frameKey = Symbol('frame');
const fileKey = Symbol('file functions');

/** What only a run could know: never executed, never guessed. Whatever the estate holds, a run answers these alike. */
const runOnly: Readonly<Record<string, string>> = {
  get_aws_account_id: 'the AWS account of a run',
  get_aws_account_alias: 'the AWS account of a run',
  get_aws_caller_identity_arn: 'the AWS identity of a run',
  get_aws_caller_identity_user_id: 'the AWS identity of a run',
  get_terraform_command: 'the command of a run',
  get_terraform_cli_args: 'the command line of a run',
  get_terragrunt_source_cli_flag: 'the command line of a run',
  get_working_dir: 'the working folder of a run',
  get_platform: 'the platform of a run',
};

const lists: Readonly<Record<string, readonly string[]>> = {
  get_terraform_commands_that_need_vars: ['apply', 'console', 'destroy', 'import', 'plan', 'push', 'refresh'],
  get_terraform_commands_that_need_locking: ['apply', 'destroy', 'import', 'plan', 'refresh', 'taint', 'untaint'],
  get_terraform_commands_that_need_input: ['apply', 'import', 'init', 'plan', 'refresh'],
  get_terraform_commands_that_need_parallelism: ['apply', 'plan', 'destroy'],
  get_default_retryable_errors: [],
};

/** Of these Terragrunt refuses any argument. */
const alone: ReadonlySet<string> = new Set(
  'get_terragrunt_dir get_original_terragrunt_dir get_repo_root get_path_from_repo_root get_path_to_repo_root'.split(
    ' ',
  ),
);

/** Terraform's functions that Terragrunt does not know, or not yet. */
const lacking = (
  'templatestring issensitive plantimestamp ephemeralasnull setsymmetricdifference cidrcontains base64gunzip urldecode ' +
  'type convert'
).split(' ');

const own: Readonly<Record<string, TerragruntFunction>> = {
  run_cmd: (frame, args) => {
    tellCommand(frame, args);
    return unknownFrom('run_cmd is never executed', ...args);
  },
  sops_decrypt_file: (frame, args) => {
    wordsOf(frame, args.slice(0, 1), 'file.path');
    tellLookedFor(frame, args[0]);
    return unknownFrom('a secret is never decrypted', ...args.slice(0, 1));
  },
  find_in_parent_folders: findInParentFolders,
  path_relative_to_include: (frame, args) => pathRelativeToInclude(frame, texts(args)),
  path_relative_from_include: (frame, args) => pathRelativeFromInclude(frame, texts(args)),
  get_parent_terragrunt_dir: (frame, args) =>
    join(folderOf(frame.at.config), pathRelativeFromInclude(frame, texts(args))),
  get_terragrunt_dir: (frame) => folderOf(frame.at.config),
  get_original_terragrunt_dir: (frame) => {
    frame.session.originalAsked = true;
    return folderOf(frame.at.original);
  },
  get_repo_root: (frame, _args, at) => repositoryOf(frame, at),
  get_path_from_repo_root: (frame, _args, at) => {
    const { paths } = frame.session.estate;
    if (paths.root !== repositoryOf(frame, at) && paths.isMadeUp(paths.root)) return nobodyKnows('the estate');
    return relative(repositoryOf(frame, at), folderOf(frame.at.config));
  },
  get_path_to_repo_root: (frame, _args, at) => relative(folderOf(frame.at.config), repositoryOf(frame, at)),
  get_env: getEnv,
  read_terragrunt_config: (frame, args, at) => frame.session.estate.readConfig(frame, text(args, 0), args[1], at),
  read_tfvars_file: (frame, args) => readTfvarsFile(frame, text(args, 0), args),
  mark_as_read: (frame, args) => {
    const written = text(args, 0);
    frame.session.readByOthers(resolve(folderOf(frame.at.config), written));
    return written;
  },
  mark_glob_as_read: markGlobAsRead,
  constraint_check: (_frame, args) => unknownFrom('versions are not compared', ...args),
  deep_merge: mergeInDepth,
  // A relative path starts where Terragrunt was started: at the estate's root.
  abspath: (frame, args) => resolve(frame.session.estate.paths.root, text(args, 0)),
  pathexpand: (_frame, args) => {
    const written = text(args, 0);
    return written.startsWith('~') ? unknownFrom('the home folder of a run', ...args) : written;
  },
};

const fileNames = (
  'file fileexists fileset filebase64 templatefile filemd5 filesha1 filesha256 filesha512 ' +
  'filebase64sha256 filebase64sha512 basename dirname'
).split(' ');

interface Table {
  [frameKey]: Frame;
  [fileKey]?: Readonly<Record<string, ScopeFunction>>;
}

const prototype = makePrototype();

function makePrototype(): object {
  const table = {};
  const define = (name: string, make: (table: Table) => ScopeFunction) =>
    Object.defineProperty(table, name, {
      get(this: Table) {
        return make(this);
      },
    });
  for (const [name, reason] of Object.entries(runOnly))
    define(name, () => withoutArguments(name, () => Unknown.at(`${name}()`, [], reason)));
  for (const [name, list] of Object.entries(lists)) define(name, () => withoutArguments(name, () => list));
  for (const [name, run] of Object.entries(own))
    define(name, (of) => {
      const answer = called(of[frameKey], name, run);
      return alone.has(name) ? withoutArguments(name, answer) : answer;
    });
  for (const name of [...lacking, ...functionNames().map((one) => `core::${one}`)]) define(name, () => lacked(name));
  for (const name of fileNames)
    define(name, (of) => {
      const frame = of[frameKey];
      of[fileKey] ??= filesFor(frame);
      const run = of[fileKey][name] ?? (() => null);
      if (name === 'basename' || name === 'dirname') return namesOfFolders(frame, name, run);
      return (args, call) => {
        if (frame.session.view.ignored !== undefined || !args.every(isWhollyKnown)) enterAt(frame, name, call.at);
        return run(args, call);
      };
    });
  return table;
}

function withoutArguments(name: string, answer: ScopeFunction): ScopeFunction {
  return (args, call) => {
    if (args.length > 0) throw new Error(`${name} takes no arguments`);
    return answer(args, call);
  };
}

function lacked(name: string): ScopeFunction {
  return (args, call) => {
    const why = `Terragrunt has no function ${name}`;
    throw new UnknownFunctionError(why, call.at, unknownFrom(why, ...args));
  };
}

/** The name of the folder that everything lies in is known by its own name only; what is above it is never known. */
function namesOfFolders(frame: Frame, name: 'basename' | 'dirname', run: ScopeFunction): ScopeFunction {
  const { paths } = frame.session.estate;
  return (args, call) => {
    const [path] = args;
    const asked = typeof path === 'string' && path.startsWith('/') ? clean(path) : undefined;
    if (asked === undefined) return run(args, call);
    if (name === 'basename' && paths.isMadeUp(asked))
      return nobodyKnows(asked === paths.repository ? 'the repository' : 'it');
    if (name === 'dirname' && paths.isMadeUp(folderOf(asked)) && asked === (paths.repository ?? paths.root))
      return nobodyKnows('the repository');
    return run(args, call);
  };
}

function nobodyKnows(what: string): Value {
  return new Unknown(`the folder that ${what} lies in`);
}

/** An argument that only a run could know makes the answer one, except for defaults, which are handed through. */
function called(frame: Frame, name: string, run: TerragruntFunction): ScopeFunction {
  return (args, call: Call) => {
    const needed = name === 'read_terragrunt_config' || name === 'deep_merge' ? args.slice(0, 1) : args;
    const isOpen = name !== 'deep_merge' && !needed.every(isWhollyKnown);
    const tells = name === 'run_cmd' || looking.has(name);
    if (isOpen || tells) enterAt(frame, name, call.at);
    if (isOpen) {
      tellUnread(frame, name, args);
      return unknownFrom(`${name} of something known after a run`, ...args);
    }
    return run(frame, args, call.at);
  };
}

function enterAt({ session, at }: Frame, site: string, { line }: At): void {
  session.account.enter({ site, file: session.estate.paths.inView(at.file), line });
}

/** Every file that the last argument matches; what stands before it only bounds the search. */
function markGlobAsRead(frame: Frame, args: readonly Value[]): Value {
  const { session, at } = frame;
  const { paths } = session.estate;
  const steps = resolve(folderOf(at.config), text(args, args.length - 1)).split('/');
  const fixed = steps.findIndex((step, i) => i === steps.length - 1 || /[*?[{\\]/.test(step));
  const root = paths.inView(steps.slice(0, fixed).join('/'));
  const prefix = root === '' ? '' : `${root}/`;
  const matches = globPattern(steps.slice(fixed).join('/'));
  const found = session.view.files(root).filter((path) => matches.test(path.slice(prefix.length)));
  return found.map((path) => {
    session.readByOthers(paths.absolute(path));
    return paths.absolute(path);
  });
}

/** A program reads the files that its words lead to, and answers what it likes: no two runs need be told the same. */
function tellCommand(frame: Frame, args: readonly Value[]): void {
  wordsOf(frame, args, 'run_cmd');
  frame.session.account.outside('what run_cmd answers');
}

/** A file that is read where it is, and where it is not, whoever tries does something else: both count. */
function tellLookedFor({ session, at }: Frame, written: Value | undefined): void {
  const place = typeof written === 'string' ? session.standingIn(folderOf(at.config)).place(written) : undefined;
  if (place !== undefined && session.view.digest(place) === undefined) session.account.file(session.view, place);
}

/** The words that lead to something, which no secret does. */
function wordsOf({ session, at }: Frame, args: readonly Value[], argument: string): void {
  const { root, repository = root } = session.estate.paths;
  const told = args.filter((arg) => typeof arg !== 'string' || hideInText(arg) === arg);
  session.wordsToOthers(told, argument, [folderOf(at.config), folderOf(at.file), root, repository]);
}

/** Functions that look at a file whose path is their first argument. */
const looking: ReadonlySet<string> = new Set([
  'read_terragrunt_config',
  'read_tfvars_file',
  'sops_decrypt_file',
  'find_in_parent_folders',
  'mark_as_read',
]);

/** What is not known of a path is told before the answer is unknown. */
function tellUnread(frame: Frame, name: string, args: readonly Value[]): void {
  const { session, at } = frame;
  if (name === 'run_cmd') tellCommand(frame, args);
  else if (looking.has(name) && args[0] !== undefined && !isWhollyKnown(args[0]))
    session.account.unread(session.standingIn(folderOf(at.config)), args[0]);
}

function text(args: readonly Value[], index: number): string {
  const value = args[index];
  if (typeof value !== 'string') throw new Error('a text is needed');
  return value;
}

function texts(args: readonly Value[]): string[] {
  return args.map((_arg, index) => text(args, index));
}

function inView(frame: Frame, absolute: string): string {
  return frame.session.estate.paths.inView(absolute);
}

function findInParentFolders(frame: Frame, args: readonly Value[]): Value {
  const { session, at } = frame;
  const [name = '', fallback] = texts(args);
  let folder = folderOf(at.config);
  while (folder !== session.estate.paths.repository && folder !== '/') {
    folder = folderOf(folder);
    const names = name === '' ? ['terragrunt.hcl.json', session.estate.unitFile] : [name];
    for (const one of names) {
      const candidate = join(folder, one);
      if (exists(frame, candidate)) return candidate;
      if (isIgnored(frame, inView(frame, candidate))) return new Unknown(`a file that Git ignores: ${one}`);
    }
  }
  // The last folder that is looked into is the root of all, and there an absolute name is found as it is.
  if (name.startsWith('/') && exists(frame, clean(name))) return clean(name);
  if (fallback !== undefined) return fallback;
  throw new Error(`there is no ${name === '' ? session.estate.unitFile : name} in any parent folder`);
}

/** Something that no commit holds, and that a run finds here: it is read, and nobody knows what it says. */
function isIgnored({ session }: Frame, path: string): boolean {
  if (session.view.ignored?.has(path) !== true) return false;
  session.account.file(session.view, path);
  return true;
}

/** Folders count too: `find_in_parent_folders("modules")`. */
function exists(frame: Frame, absolute: string): boolean {
  const path = inView(frame, absolute);
  const { view } = frame.session;
  return view.isFile(path) || (!/\.\w+$/.test(path) && view.isDirectory(path));
}

/** The include that a function speaks of: the one that brought the file in, the only one, or the one named. */
function selectedInclude(frame: Frame, names: readonly string[]): Include | undefined {
  if (frame.at.through !== undefined) return frame.at.through;
  const { includes } = frame;
  const labels = new Set(includes.map(({ name }) => name));
  if (labels.size < 2) return includes.at(-1);
  const named = names.length === 1 ? includes.findLast(({ name }) => name === names[0]) : undefined;
  if (named === undefined) throw new Error('the label of an include is needed');
  return named;
}

function pathRelativeToInclude(frame: Frame, names: readonly string[]): string {
  const include = selectedInclude(frame, names);
  if (include === undefined) return '.';
  if (include.path === undefined) throw new Error('the path of the include is not known');
  return relative(folderOf(include.path), folderOf(frame.at.config));
}

function pathRelativeFromInclude(frame: Frame, names: readonly string[]): string {
  const include = selectedInclude(frame, names);
  if (include === undefined) return '.';
  if (include.path === undefined) throw new Error('the path of the include is not known');
  return relative(folderOf(frame.at.config), folderOf(include.path));
}

function repositoryOf(frame: Frame, at: At): string {
  const root = frame.session.estate.paths.repository;
  if (root === undefined) throw new NotSetHere('the estate is in no Git repository', at);
  return root;
}

function getEnv(frame: Frame, args: readonly Value[], at: At): Value {
  if (args.length === 0 || args.length > 2) throw new Error(`get_env does not take ${args.length} arguments`);
  const [name = '', fallback] = texts(args);
  if (frame.session.estate.environment === 'unknown') return new Unknown(`what ${name} is set to in a run`);
  const value = frame.session.environment(name);
  if (value !== undefined) return value;
  if (fallback === undefined) throw new NotSetHere(`the environment variable ${name} is not set`, at);
  return fallback;
}

/** An experiment of Terragrunt, without which it fails; what is set where it is run may switch it on, and so may a command line. */
function mergeInDepth(frame: Frame, args: readonly Value[]): Value {
  const { session } = frame;
  const isSet = /(^|,)\s*deep-merge\s*(,|$)/.test(session.environment('TG_EXPERIMENT') ?? '');
  if (!isSet && session.environment('TG_EXPERIMENT_MODE') !== 'true')
    return unknownFrom('deep_merge is an experiment, which only a run could know to be switched on', ...args);
  return deepMerge([emptyObject(), ...args.filter((arg) => arg !== null)]);
}

/** A variables file as JSON text. */
function readTfvarsFile(frame: Frame, written: string, args: readonly Value[]): Value {
  const path = inView(frame, resolve(folderOf(frame.at.config), written));
  const content = frame.session.view.read(path);
  if (isIgnored(frame, path)) return unknownFrom('a file of variables that Git ignores', ...args);
  if (content === undefined) throw new Error(`there is no variables file ${path}`);
  if (encryptedBy(content) !== undefined) {
    frame.session.account.file(frame.session.view, path);
    return unknownFrom('an encrypted file', ...args);
  }
  if (path.endsWith('json')) return content;
  const { body } = parseTfvars(content);
  const values = emptyObject();
  for (const [name, { value }] of body.attributes) values[name] = evaluate(value, { lookup: () => undefined });
  return JSON.stringify(values);
}

/** Terraform's file functions; relative paths start at the folder of the file they are written in. */
function filesFor(frame: Frame): Readonly<Record<string, ScopeFunction>> {
  const { session } = frame;
  const { view, account } = session;
  const place = (path: string) => inView(frame, `/${path}`);
  const from = session.standingIn(folderOf(frame.at.file));
  return fileFunctions({
    base: folderOf(frame.at.file).slice(1),
    unread: (path, below) => account.unread(from, path, below),
    absent: (path) => {
      if (from.place(path) === undefined) account.outside(path);
    },
    // What lies outside of the repository another machine may hold.
    missing: (path) =>
      from.place(path) === undefined
        ? new NotSetHere(`there is no file ${path}`, { line: 1, column: 1 })
        : new Error(`there is no file ${path}`),
    read(path) {
      const found = view.read(place(path));
      // What it holds stands in no value, so it counts by its digest.
      if (found !== undefined && isFiltered(found)) account.file(view, place(path));
      return found;
    },
    exists: (path) => view.isFile(place(path)),
    ignored: (path) => isIgnored(frame, place(path)),
    ignoredBelow: (folder, pattern) => {
      const below = place(folder);
      const found = view.ignored?.below(below, pattern) ?? [];
      return found.map((path) => {
        const within = below === '' ? path : path.slice(below.length + 1);
        return `${clean(`${folder}/${within}`)}${path.endsWith('/') ? '/' : ''}`;
      });
    },
    foundIgnored: (path) => account.ignored(place(path.replace(/\/$/, ''))),
    list: (folder) => {
      const below = place(folder);
      return view.files(below).map((path) => clean(`${folder}/${below === '' ? path : path.slice(below.length + 1)}`));
    },
    render: (template, lookup) => evaluate(parseTemplate(template), { lookup, functions: frame.functions }),
  });
}
