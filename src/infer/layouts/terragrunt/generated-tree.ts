import { EvaluationError } from '../../../hcl/scope.ts';
import { emptyObject, type Value } from '../../../hcl/value.ts';
import { byCodeUnit } from '../../../model/digest.ts';
import { type FileView, filePlace } from '../../../model/file-view.ts';
import { parseModuleSource } from '../../terraform/module-source.ts';
import { Frame } from './frame.ts';
import { mentions } from './mentions.ts';
import type { OpenEstate } from './open-estate.ts';
import { copiedFrom, type Overlaid, overlay } from './overlay.ts';
import { passedOverFolder } from './passed-over.ts';
import { folderOf, join, resolve } from './paths.ts';
import type { Session } from './session.ts';
import { evaluateStack, type Injected, injectedFrame, type Stack, type StackComponent, stackFile } from './stack.ts';

/** What a stack would generate in one folder. */
export interface Generated extends Overlaid {
  readonly component: StackComponent;
  readonly stack: Stack;
}

/** A stack file that is not generated from, with the reason. */
export interface PassedOverStack {
  readonly path: string;
  readonly reason: string;
}

/**
 * The units that stacks would generate, as a tree laid over the repository: `<stack>/.terragrunt-stack/<path>` holds the
 * files of its source, its values and what the stack injects, without a copy being made.
 */
export class GeneratedTree {
  readonly #estate: OpenEstate;
  /** By folder, as a path of the view. */
  readonly folders = new Map<string, Generated>();
  readonly passedOver: PassedOverStack[] = [];
  readonly circles: string[] = [];
  readonly #parents = new Map<string, Set<string>>();
  /** By folder, absolute; also those that are templates of others. */
  readonly #stacks = new Map<string, Stack | undefined>();
  #built = false;

  constructor(estate: OpenEstate) {
    this.#estate = estate;
  }

  /** The repository with everything generated; `foreign` as for {@link overlay}. */
  over(view: FileView, foreign: (view: FileView) => FileView = (one) => one): FileView {
    return overlay(view, { folders: this.folders, parents: this.#parents }, foreign);
  }

  /** Evaluates every stack file once. */
  build(): void {
    if (this.#built) return;
    this.#built = true;
    const { view, paths } = this.#estate;
    const folders = view.main
      .files()
      .filter((path) => (path === stackFile || path.endsWith(`/${stackFile}`)) && !passedOverFolder(path))
      .map((path) => paths.absolute(path === stackFile ? '' : folderOf(path)));
    const templates = this.#templates(folders);
    for (const folder of folders) {
      const path = paths.inView(folder);
      if (templates.has(folder)) this.passedOver.push({ path, reason: 'a stack that others are made from' });
      else if (this.#lacksValues(folder))
        this.passedOver.push({ path, reason: 'a stack that needs values nobody gives' });
      else this.#generate(folder, undefined, [this.#written(join(folder, stackFile))]);
    }
  }

  stackAt(folder: string): Stack | undefined {
    if (!this.#stacks.has(folder)) this.#stacks.set(folder, evaluateStack(this.#estate, folder));
    return this.#stacks.get(folder);
  }

  /** Every stack of the repository, whether or not anything is made from it. */
  *written(): Iterable<Stack> {
    for (const stack of this.#stacks.values()) if (stack !== undefined) yield stack;
  }

  /** Folders that a stack block somewhere takes as its source. */
  #templates(folders: readonly string[]): Set<string> {
    const templates = new Set<string>();
    for (const folder of folders)
      for (const { kind, source } of this.stackAt(folder)?.components ?? []) {
        if (kind !== 'stack' || source === undefined) continue;
        const target = resolve(folder, source);
        if (target !== folder) templates.add(target);
      }
    return templates;
  }

  #lacksValues(folder: string): boolean {
    const stack = this.stackAt(folder);
    if (stack === undefined || stack.frame.values() !== undefined) return false;
    return mentions(stack.frame.source.body, 'values');
  }

  /** @param chain the stack files around, the outermost first, as the repository has them: one that comes again is a circle. */
  #generate(folder: string, injected: Injected | undefined, chain: readonly string[]): void {
    const stack = chain.length === 1 ? this.stackAt(folder) : evaluateStack(this.#estate, folder, injected);
    this.#stacks.set(folder, stack);
    if (stack === undefined) return;
    const { paths } = this.#estate;
    const inner: { readonly component: StackComponent; readonly folder: string }[] = [];
    for (const component of stack.components) {
      if (component.folder === undefined) continue;
      const path = paths.inView(component.folder);
      const source = this.#sourceOf(folder, component);
      this.folders.set(path, { source: source?.path, from: source?.from, component, stack });
      this.#addParents(path);
      if (component.kind === 'stack') inner.push({ component, folder: component.folder });
    }
    for (const { component, folder: target } of inner) {
      const file = this.#written(join(target, stackFile));
      if (chain.includes(file)) this.circles.push(paths.inView(target));
      else this.#generate(target, component.injected, [...chain, file]);
    }
  }

  /** Where a file of the generated tree is really written. */
  #written(file: string): string {
    const path = this.#estate.paths.inView(file);
    const source = copiedFrom(path, this.folders);
    if (source === undefined) return path;
    const view = source.from ?? this.#estate.view.main;
    return view.isFile(source.path) ? filePlace(view.repo, source.path) : path;
  }

  /** The folder that a component is made from: in the repository, or in another one that is at hand. */
  #sourceOf(
    stackFolder: string,
    { source }: StackComponent,
  ): { readonly path: string; readonly from: FileView | undefined } | undefined {
    if (source === undefined) return undefined;
    const { paths, view } = this.#estate;
    const [plain = ''] = source.split('?');
    const path = paths.inView(resolve(stackFolder, plain.replace(/^file:\/\//, '').replace('//', '/')));
    if (this.over(view.main).isDirectory(path)) return { path, from: undefined };
    const parsed = parseModuleSource(source);
    const from = parsed.kind === 'git' ? view.elsewhere?.(parsed.url, parsed.ref) : undefined;
    return parsed.kind === 'git' && from?.isDirectory(parsed.folder) === true
      ? { path: parsed.folder, from }
      : undefined;
  }

  #addParents(path: string): void {
    for (let at = path; at !== '' && at !== '.'; ) {
      const parent = at.includes('/') ? folderOf(at) : '';
      const names = this.#parents.get(parent) ?? new Set<string>();
      this.#parents.set(parent, names.add(at.slice(parent === '' ? 0 : parent.length + 1)));
      at = parent;
    }
  }

  /** The folders of all units of a stack, stacks inside it included; undefined when the folder holds no stack. */
  unitsOf(
    folder: string,
    under = new Set<string>(),
  ): { readonly folder: string; readonly labels: readonly string[] }[] | undefined {
    if (under.has(folder)) return [];
    under.add(folder);
    const stack = this.stackAt(folder);
    if (stack === undefined) return undefined;
    const units: { folder: string; labels: readonly string[] }[] = [];
    for (const { kind, labels, folder: target } of stack.components) {
      if (target === undefined) continue;
      if (kind === 'unit') units.push({ folder: target, labels });
      else
        for (const unit of this.unitsOf(target, under) ?? [])
          units.push({ folder: unit.folder, labels: [...labels, ...unit.labels] });
    }
    return units;
  }

  /** The values of a folder: those its stack gives, else those of a `terragrunt.values.hcl` in it. */
  valuesFor(session: Session, folder: string): Value | undefined {
    const { paths, files } = this.#estate;
    const path = paths.inView(folder);
    const generated = this.folders.get(path);
    if (generated?.component.values !== undefined && generated.component.values !== null) {
      session.adopt(generated.stack.frame.session);
      return generated.component.values;
    }
    const file = join(folder, 'terragrunt.values.hcl');
    const source = files.read(session.view, paths.inView(file));
    if (source === undefined) return undefined;
    const frame = new Frame(session, source, { file, config: file, original: file });
    const values = emptyObject();
    for (const [name, attribute] of source.body.attributes) {
      try {
        values[name] = frame.evaluate(attribute.value);
      } catch (error) {
        if (!(error instanceof EvaluationError)) throw error;
      }
    }
    return values;
  }

  /** What is laid over a unit's own file: the autoinclude block of its stack, or a generated file beside it. */
  injectedInto(frame: Frame): Frame | undefined {
    const { session, at } = frame;
    if (at.file !== at.config) return undefined;
    const folder = folderOf(at.file);
    const generated = this.folders.get(this.#estate.paths.inView(folder));
    if (generated !== undefined) {
      session.adopt(generated.stack.frame.session);
      const { injected } = generated.component;
      return injected === undefined ? undefined : injectedFrame(session, injected, at.config, at.original);
    }
    const file = join(folder, 'terragrunt.autoinclude.hcl');
    if (file === at.file) return undefined;
    const source = this.#estate.files.read(session.view, this.#estate.paths.inView(file));
    return source === undefined
      ? undefined
      : new Frame(session, source, { file, config: at.config, original: at.original });
  }

  /** Folders of the repository that units of stacks are made from. */
  templateUnits(): ReadonlySet<string> {
    const units = [...this.folders.values()].filter(({ component }) => component.kind === 'unit');
    return new Set(units.flatMap(({ source, from }) => (source === undefined || from !== undefined ? [] : [source])));
  }

  /** Folders in which something would be generated, sorted. */
  sortedFolders(): string[] {
    return [...this.folders.keys()].sort(byCodeUnit);
  }
}
