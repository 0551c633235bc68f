import { posix } from 'node:path';
import { lineOfBadByte } from '../../../hcl/encrypted.ts';
import { evaluate } from '../../../hcl/evaluate.ts';
import { EvaluationError, type Scope, type ScopeFunction } from '../../../hcl/scope.ts';
import type { Body, Expression } from '../../../hcl/tree.ts';
import { isWhollyKnown, type Value } from '../../../hcl/value.ts';
import { sha256 } from '../../../model/digest.ts';
import type { FileView } from '../../../model/file-view.ts';
import { walkExpression } from '../expression-walk.ts';
import { estateRoot } from '../file-account.ts';
import { moduleFunctions } from '../module-functions.ts';
import type { Part } from './module-parts.ts';
import { type ModuleNode, modulesOf } from './module-tree.ts';
import { isPure, Spread } from './spread.ts';

type Call = Extract<Expression, { readonly kind: 'call' }>;

/** What a call reads: what that says, and for a template what it is filled with. */
export interface Read {
  readonly says: unknown;
  readonly with?: Expression;
  /** What it answers: that may be the name of another file. */
  readonly answers: string;
}

const reading = /^(?:core::)?(?:file\w*|templatefile)$/;
const isTemplate = /^(?:core::)?templatefile$/;

/** Whether a call reads files. */
export function readsFiles(expr: Expression): expr is Call {
  return expr.kind === 'call' && reading.test(expr.name);
}

/**
 * What calls read whose path rests on nothing but where the module lies: the text of a file, the names that fit a pattern. So
 * a file that lies elsewhere and says the same is the same.
 */
export class FilesRead {
  readonly #view: FileView;
  readonly #root: string;
  readonly #known = new Map<Expression, Read | undefined>();
  readonly #scopes = new Map<ModuleNode, Scope>();

  constructor(view: FileView, root: ModuleNode) {
    this.#view = view;
    this.#root = root.module.path;
  }

  /** Undefined where a call or a loop reads nothing, or nobody can tell from it alone what. */
  readBy(expr: Expression, node: ModuleNode): Read | undefined {
    const isLoop = expr.kind === 'for';
    if (!isLoop && !readsFiles(expr)) return undefined;
    if (!this.#known.has(expr)) this.#known.set(expr, isLoop ? this.#readInLoop(expr, node) : this.#read(expr, node));
    return this.#known.get(expr);
  }

  /** Whether an expression rests on nothing but where the module lies, and is evaluated without fail. */
  isEvaluated(expr: Expression, node: ModuleNode): boolean {
    if (!restsOnPlace(expr) || bindsPath(node)) return false;
    const said = this.#said(expr, node);
    return said !== undefined && said !== null && lineOfBadByte(JSON.stringify(said)) === undefined;
  }

  /** What a loop reads by the names that it finds: all that it answers. */
  #readInLoop(loop: Expression, node: ModuleNode): Read | undefined {
    if (!restsOnPlace(loop) || bindsPath(node) || !readsPlainly(loop)) return undefined;
    const [said, texts] = [this.#said(loop, node), this.#said(withTexts(loop), node)];
    if (said === undefined || said === null || texts === undefined || texts === null) return undefined;
    // Other bytes may be the same text.
    if (lineOfBadByte(JSON.stringify(texts)) !== undefined) return undefined;
    const answers = JSON.stringify(said);
    return { says: sha256(answers), answers };
  }

  #read(call: Call, node: ModuleNode): Read | undefined {
    const [path, filling] = call.args;
    if (call.expand || path === undefined || !restsOnPlace(path) || bindsPath(node)) return undefined;
    const text = /fileset|fileexists/.test(call.name) ? '' : this.#said({ ...call, name: 'file', args: [path] }, node);
    // Other bytes may be the same text.
    if (typeof text === 'string' && lineOfBadByte(text) !== undefined) return undefined;
    if (isTemplate.test(call.name)) {
      // A template may read files in its turn, by paths that nobody sees here.
      if (filling === undefined || typeof text !== 'string' || /file|template/.test(text)) return undefined;
      return { says: sha256(text), with: filling, answers: text };
    }
    if (!call.args.every(restsOnPlace)) return undefined;
    const said = this.#said(call, node);
    if (said === undefined) return undefined;
    // What is not there may be found by a run, where it lies.
    const isAbsent = said === null || said === false;
    const answers = JSON.stringify(said);
    return { says: isAbsent ? [node.module.path, asWritten(call), said] : sha256(answers), answers };
  }

  /** Null where it fails; undefined where it cannot be told. */
  #said(call: Expression, node: ModuleNode): Value | undefined {
    try {
      const value = evaluate(call, this.#scope(node));
      return isWhollyKnown(value) ? value : undefined;
    } catch (error) {
      if (error instanceof EvaluationError) return null;
      throw error;
    }
  }

  #scope(node: ModuleNode): Scope {
    let scope = this.#scopes.get(node);
    if (scope === undefined) {
      scope = placeScope(this.#view, this.#root, node.module.path);
      this.#scopes.set(node, scope);
    }
    return scope;
  }
}

/** A scope in which `path` alone is known. */
function placeScope(view: FileView, root: string, folder: string): Scope {
  const places: Readonly<Record<string, string>> = {
    module: posix.relative(root, folder) || '.',
    root: '.',
    cwd: `${estateRoot}/${root}`.replace(/\/$/, ''),
  };
  const functions: Readonly<Record<string, ScopeFunction>> = moduleFunctions({
    view,
    base: root,
    module: folder,
    account: undefined,
  });
  return {
    functions,
    lookup: () => undefined,
    traverse: (name, [step = '']) => {
      const value = name === 'path' && Object.hasOwn(places, step) ? places[step] : undefined;
      return value === undefined ? undefined : { value, used: 1 };
    },
  };
}

/** As text, without places. */
export function asWritten(expr: Expression): string {
  return JSON.stringify(expr, (key, value: unknown) => (key === 'at' ? undefined : value));
}

/**
 * Whether some files are read by nothing but calls that say what they read: no program, provider, module elsewhere or path that is
 * put together is given their names. Who may run a program may read anything. A name that reaches none of those names nothing.
 */
export function areReadByCalls(
  tree: ModuleNode,
  view: FileView,
  files: readonly string[],
  spread = new Spread(tree),
): boolean {
  const read = new FilesRead(view, tree);
  const names = files.flatMap((file) => partsOfPath(file, tree.module.path));
  for (const node of modulesOf(tree))
    for (const part of node.parts.values()) {
      // A module that is not at hand may read what lies where Terraform runs.
      if (isProgram(part) || (part.kind === 'call' && !node.children.has(part.call?.name ?? ''))) return false;
      let isOpen = false;
      const rest = JSON.stringify(
        [part.value, part.body, part.value === undefined && part.body === undefined ? part.code : ''],
        (key, one: unknown) => {
          if (key === 'at') return undefined;
          if (one instanceof Map) return [...one.values()];
          if (isExpression(one) && one.kind === 'for') {
            const said = read.readBy(one, node);
            return said === undefined ? one : [said.answers];
          }
          if (!isExpression(one) || one.kind !== 'call') return one;
          // A template that is made in a run may call what it likes.
          if (/^(?:core::)?templatestring$/.test(one.name)) isOpen = true;
          if (!readsFiles(one)) return one;
          const said = read.readBy(one, node);
          if (said === undefined) isOpen = true;
          return said === undefined ? one : [said.answers, said.with ?? null];
        },
      );
      if (namesStateAlone(part, files)) continue;
      if (isOpen || (mayHandOn(part, rest) && namesAny(rest, names) && reachesReaders(node.prefix + part.id, spread)))
        return false;
    }
  return true;
}

/** Whether a text of code or values holds a part of a name, or a path that leads anywhere from where Terraform runs. */
export function namesAny(text: string, names: readonly string[]): boolean {
  return /"name":"path"|"\.{1,2}(?:\/[^"]*)?"/.test(text) || names.some((name) => text.includes(name));
}

/**
 * What a path from a root module must hold of a file: the folders on the way there, its name, or what is behind the dot of it. Any text may hold a short name without
 * its dot by chance, and who puts names together puts the rest behind it, or joins it with what is behind the dot as such.
 */
export function partsOfPath(file: string, from: string): readonly string[] {
  const steps = posix
    .relative(from, file)
    .split('/')
    .filter((step) => step !== '..');
  const last = steps.pop() ?? '';
  const dot = last.lastIndexOf('.');
  return [...steps, last, ...(dot > 0 ? [last.slice(dot), `"${last.slice(dot + 1)}"`] : [])];
}

function isProgram({ resource, kind }: Part): boolean {
  return (
    kind === 'action' ||
    resource?.type === 'external' ||
    resource?.body.blocks.some(({ type }) => type === 'provisioner') === true
  );
}

function mayHandOn({ kind, resource }: Part, code: string): boolean {
  // Functions of providers read what they like.
  if (code.includes('"name":"provider::')) return true;
  if (resource !== undefined) return !isPure({ resource });
  return ['local', 'variable', 'argument', 'provider', 'output', 'settings'].includes(kind);
}

/**
 * Whether a part says where a state is kept, its own or another root's, written out, and that is none of some files nor a folder
 * above one.
 */
function namesStateAlone({ kind, resource, body = resource?.body }: Part, files: readonly string[]): boolean {
  const isOfState = resource === undefined ? kind === 'settings' : resource.type === 'terraform_remote_state';
  const texts = isOfState && body !== undefined ? textsWrittenIn(body) : undefined;
  const steps = new Set(files.flatMap((file) => file.split('/')));
  // Where nothing is written Terraform looks for one by its usual name.
  if (files.some((file) => file.includes('tfstate'))) return false;
  return texts?.every((text) => !steps.has(posix.basename(text))) === true;
}

/** Undefined where something is put together, or a block is not one of those that say it. */
function textsWrittenIn({ attributes, blocks }: Body): string[] | undefined {
  const texts: string[] = [];
  for (const { value } of attributes.values()) {
    let isWritten = true;
    walkExpression(value, (one) => {
      if (one.kind === 'literal') texts.push(String(one.value));
      else if (one.kind !== 'object' && one.kind !== 'tuple') isWritten = false;
    });
    if (!isWritten) return undefined;
  }
  for (const { type, body } of blocks) {
    const inner = ofSettings.has(type) ? textsWrittenIn(body) : undefined;
    if (inner === undefined) return undefined;
    texts.push(...inner);
  }
  return texts;
}

const ofSettings: ReadonlySet<string> = new Set(['backend', 'cloud', 'workspaces', 'required_providers']);

/** Whether a loop reads files and makes nothing of them that would hide which bytes are no text. */
function readsPlainly(loop: Expression): boolean {
  let reads = false;
  let isPlain = true;
  walkExpression(loop, (one) => {
    if (one.kind !== 'call') return;
    const { name } = one;
    if (readsFiles(one)) reads = true;
    // What a template reads in its turn is not seen here.
    if (isTemplate.test(name) || !(readsFiles(one) || keeping.has(name))) isPlain = false;
  });
  return reads && isPlain;
}

/** The same with the text of each file in the place of a digest of it. */
function withTexts(loop: Expression): Expression {
  const digest = /^(?:core::)?file(?:md5|sha\d+|base64\w*)$/;
  return JSON.parse(JSON.stringify(loop), (key, value: unknown) =>
    key === 'name' && typeof value === 'string' && digest.test(value) ? 'file' : value,
  ) as Expression;
}

/** Functions that leave of a text what bytes of no text it holds. */
const keeping: ReadonlySet<string> = new Set([
  'trimspace',
  'sort',
  'toset',
  'tolist',
  'setunion',
  'concat',
  'basename',
]);

/** Whether what a part says may come to whoever could read a file of that name. */
function reachesReaders(id: string, spread: Spread): boolean {
  const reached = spread.from({ parts: [id] }, false);
  return reached === undefined || [...reached].some((one) => mayReadByName(spread.part(one)));
}

function mayReadByName(part: Part | undefined): boolean {
  if (part === undefined) return false;
  const { kind, resource, code } = part;
  if (code.includes('provider::') || kind === 'provider' || kind === 'settings' || kind === 'action') return true;
  return resource !== undefined && !isPure({ resource });
}

function isExpression(value: unknown): value is Expression {
  return value !== null && typeof value === 'object' && 'kind' in value && 'at' in value;
}

/** Whether nothing is mentioned but where the module lies. */
function restsOnPlace(expr: Expression): boolean {
  let rests = true;
  const places = new Set<Expression>();
  walkExpression(expr, (one, bound) => {
    if (one.kind === 'access' && one.step.kind === 'attr' && /^(?:module|root|cwd)$/.test(one.step.name))
      places.add(one.on);
    if (one.kind === 'variable' && !(one.name === 'path' && places.has(one)) && !bound.has(one.name)) rests = false;
    if (one.kind === 'bad') rests = false;
  });
  return rests;
}

/** Whether a loop calls something else `path`. */
function bindsPath({ parts }: ModuleNode): boolean {
  return [...parts.values()].some(({ code }) => /(?:keyName|valueName)\W+path\W/.test(code));
}
