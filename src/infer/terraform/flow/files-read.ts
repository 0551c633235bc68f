import { posix } from 'node:path';
import { lineOfBadByte } from '../../../hcl/encrypted.ts';
import { evaluate } from '../../../hcl/evaluate.ts';
import { EvaluationError, type Scope, type ScopeFunction } from '../../../hcl/scope.ts';
import type { Expression } from '../../../hcl/tree.ts';
import { isWhollyKnown, type Value } from '../../../hcl/value.ts';
import { sha256 } from '../../../model/digest.ts';
import type { FileView } from '../../../model/file-view.ts';
import { walkExpression } from '../expression-walk.ts';
import { estateRoot } from '../file-account.ts';
import { moduleFunctions } from '../module-functions.ts';
import { type ModuleNode, modulesOf } from './module-tree.ts';
import type { Part } from './parts.ts';
import { isPure } from './spread.ts';

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

  /** Undefined where the call reads nothing, or nobody can tell from it alone what. */
  readBy(call: Expression, node: ModuleNode): Read | undefined {
    if (!readsFiles(call)) return undefined;
    if (!this.#known.has(call)) this.#known.set(call, this.#read(call, node));
    return this.#known.get(call);
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
  #said(call: Call, node: ModuleNode): Value | undefined {
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
 * put together is given their names. Who may run a program may read anything.
 */
export function areReadByCalls(tree: ModuleNode, view: FileView, files: readonly string[]): boolean {
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
          if (!isExpression(one) || one.kind !== 'call') return one;
          // A template that is made in a run may call what it likes.
          if (/^(?:core::)?templatestring$/.test(one.name)) isOpen = true;
          if (!readsFiles(one)) return one;
          const said = read.readBy(one, node);
          if (said === undefined) isOpen = true;
          return said === undefined ? one : [said.answers, said.with ?? null];
        },
      );
      if (isOpen || (mayHandOn(part, rest) && namesAny(rest, names))) return false;
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
