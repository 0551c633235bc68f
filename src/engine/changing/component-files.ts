import { posix } from 'node:path';
import type { Graph } from '../../graph/graph.ts';
import { findOne } from '../../graph/operations/find.ts';
import type { ComponentRow } from '../../model/component.ts';
import { KarmaError } from '../../model/errors.ts';
import { blobsOf, type FileEdit, type TreeFile, treeFiles } from '../../observe/git/content-commit.ts';
import type { EngineContext } from '../context.ts';
import type { LoadedView } from '../view/view.ts';
import { editedValues } from './edited-values.ts';
import { type OpenedChanges, viewAt } from './opened-changes.ts';
import type { NewComponent, Proposal } from './proposal.ts';

/** One part of a proposal that is about whole components. */
export interface StructuralEdit {
  readonly way: 'rename' | 'remove' | 'new' | 'edit';
  /** The edits, given the commit that holds what the parts before it made. */
  edit(commit: string): Promise<{ readonly edits: readonly FileEdit[]; readonly modes: ReadonlyMap<string, string> }>;
}

/** Renames first, then what goes, then what is new, so one may take the place of another; values last, of whatever is there then. */
export function structuralEdits(
  context: EngineContext,
  opened: OpenedChanges,
  { renames, removes, creates, edits, where }: Proposal,
): readonly StructuralEdit[] {
  const at = async (commit: string): Promise<Place> => {
    const view = await viewAt(context, opened, commit);
    return { opened, commit, view, files: await treeFiles(opened.repository, commit) };
  };
  return [
    ...renames.map(
      ({ from, to }): StructuralEdit => ({
        way: 'rename',
        edit: async (commit) => renamed(await at(commit), from, to),
      }),
    ),
    ...removes.map((id): StructuralEdit => ({ way: 'remove', edit: async (commit) => removed(await at(commit), id) })),
    ...creates.map((one): StructuralEdit => ({ way: 'new', edit: async (commit) => created(await at(commit), one) })),
    ...(edits.length === 0 ? [] : [valuesOf(context, { edits, where }, at)]),
  ];
}

function valuesOf(
  context: EngineContext,
  values: Pick<Proposal, 'edits' | 'where'>,
  at: (commit: string) => Promise<Place>,
): StructuralEdit {
  return {
    way: 'edit',
    edit: async (commit) => {
      const place = await at(commit);
      const made = await editedValues(context, place, values);
      return { edits: made, modes: new Map(made.map(({ path }) => [path, place.files.get(path)?.mode ?? '100644'])) };
    },
  };
}

interface Place {
  readonly opened: OpenedChanges;
  readonly commit: string;
  readonly view: LoadedView;
  /** Of the repository, by path from its top. */
  readonly files: ReadonlyMap<string, TreeFile>;
}

type Edits = Awaited<ReturnType<StructuralEdit['edit']>>;

async function renamed(place: Place, from: string, to: string): Promise<Edits> {
  const component = componentOf(place, from);
  const folder = folderOf(place, component);
  const target = targetOf(place, component, to);
  const moving = filesOf(place, component);
  mustBeFree(place, target);
  const copied = await copies(place, moving, folder, target);
  return { ...copied, edits: [...moving.map((path) => ({ path })), ...copied.edits] };
}

async function removed(place: Place, id: string): Promise<Edits> {
  return { edits: filesOf(place, componentOf(place, id)).map((path) => ({ path })), modes: new Map() };
}

async function created(place: Place, { name, environment, from }: NewComponent): Promise<Edits> {
  if (from !== undefined) {
    const component = componentOf(place, from);
    const target = targetOf(place, component, name, environment);
    mustBeFree(place, target);
    return copies(place, filesOf(place, component), folderOf(place, component), target);
  }
  const isAdage = /^[^/]+\/[^/]+$/.test(name) && place.view.graph.size > 0 && layoutOf(place.view.graph) === 'adage';
  if (!isAdage)
    throw new KarmaError('KARMA_USAGE', `${name} needs a component to begin as`, {
      hint: 'name one that is like it: `--from <id>`; its folder is copied',
    });
  if (environment === undefined)
    throw new KarmaError('KARMA_USAGE', `in which environment is ${name} to be?`, { hint: '`--in <environment>`' });
  const path = adageFolder(place, environment, name);
  mustBeFree(place, path);
  return { edits: [{ path: `${path}/config.json`, bytes: Buffer.from('{}\n') }], modes: new Map() };
}

function layoutOf(graph: Graph): ComponentRow['layout'] | undefined {
  const found = new Set<ComponentRow['layout']>();
  for (let node = 0; node < graph.size; node++) if (!graph.isParameter(node)) found.add(graph.component(node).layout);
  return found.has('adage') ? 'adage' : [...found][0];
}

function componentOf({ view }: Place, text: string): ComponentRow {
  const component = view.graph.component(findOne(view.graph, text, { workingDirectory: '' }));
  if (component.kind === 'component' && !component.external) return component;
  throw new KarmaError('KARMA_USAGE', `${component.id} is not made by files of this estate`, {
    hint: '`karma show` says where it comes from',
  });
}

/** The folder of a component, from the repository's top. */
function folderOf({ opened }: Place, { id, path }: ComponentRow): string {
  if (/^[^/]*:/.test(path))
    throw new KarmaError('KARMA_REFUSED', `${id} lies in another repository of the estate: ${path}`, {
      hint: 'propose it where that repository is the main one',
    });
  if (path === '' || path.includes('.terragrunt-stack'))
    throw new KarmaError('KARMA_REFUSED', `${id} has no folder of its own`, {
      hint: path === '' ? 'its files lie at the top of the estate' : 'a stack generates it: change the stack file',
    });
  return posix.join(opened.root.scope, path);
}

/** Files of a component: all below its folder but for those of components that lie deeper. */
function filesOf(place: Place, component: ComponentRow): readonly string[] {
  const folder = folderOf(place, component);
  const { graph } = place.view;
  const deeper: string[] = [];
  for (let node = 0; node < graph.size; node++) {
    const { path, kind, external } = graph.component(node);
    if (kind === 'component' && !external && path.startsWith(`${component.path}/`))
      deeper.push(`${posix.join(place.opened.root.scope, path)}/`);
  }
  const own = [...place.files.keys()].filter(
    (path) => path.startsWith(`${folder}/`) && !deeper.some((one) => path.startsWith(one)),
  );
  if (own.length > 0) return own;
  throw new KarmaError('KARMA_USAGE', `${component.id} has no files at ${place.commit.slice(0, 12)}`, {
    hint: 'it is published and not written; `karma show` says where it comes from',
  });
}

/** Where a component goes that is called otherwise, or is like another one. */
function targetOf(place: Place, like: ComponentRow, name: string, environment = like.environment): string {
  if (like.layout === 'adage') {
    const steps = name.split('/');
    const [there, type, nickname] = steps.length === 3 ? steps : [environment, ...steps];
    if (there === undefined || type === undefined || nickname === undefined || steps.length > 3)
      throw new KarmaError('KARMA_USAGE', `${name} is no name of a component here`, {
        hint: 'it is called `type/nickname`, or `environment/type/nickname`',
      });
    return adageFolder(place, there, `${type}/${nickname}`);
  }
  const path = posix.normalize(name);
  mustBeName(path.split('/'), name);
  return posix.join(place.opened.root.scope, path);
}

function adageFolder({ opened, view }: Place, environment: string, name: string): string {
  const steps = [environment, ...name.split('/')];
  mustBeName(steps, name);
  const known = new Set(view.graph.size === 0 ? [] : environmentsIn(view.graph));
  if (!known.has(environment))
    throw new KarmaError('KARMA_NOT_FOUND', `there is no environment ${environment}`, {
      hint: `there are ${[...known].sort().join(', ') || 'none'}`,
    });
  return posix.join(opened.root.scope, 'iac', ...steps);
}

function environmentsIn(graph: Graph): string[] {
  const found: string[] = [];
  for (let node = 0; node < graph.size; node++) found.push(graph.component(node).environment);
  return found;
}

function mustBeName(steps: readonly string[], name: string): void {
  if (steps.every((step) => /^[A-Za-z0-9_][\w.@+-]{0,99}$/.test(step))) return;
  throw new KarmaError(
    'KARMA_USAGE',
    `${JSON.stringify(name.length > 120 ? `${name.slice(0, 120)}…` : name)} is no name for a component`,
    {
      hint: 'each step is letters, digits, `_`, `-` and `.`, at most a hundred of them',
    },
  );
}

function mustBeFree({ files }: Place, folder: string): void {
  for (const path of files.keys())
    if (path === folder || path.startsWith(`${folder}/`))
      throw new KarmaError('KARMA_REFUSED', `there is something at ${folder} already: ${path}`, {
        hint: 'remove it in the same change, or choose another name',
      });
}

async function copies(place: Place, paths: readonly string[], from: string, to: string): Promise<Edits> {
  const { repository } = place.opened;
  const entries = paths.map((path) => ({ path: to + path.slice(from.length), file: place.files.get(path) }));
  const odd = entries.find(({ file }) => file === undefined || !file.mode.startsWith('100'));
  if (odd !== undefined)
    throw new KarmaError('KARMA_REFUSED', `${odd.path} would be a link or a repository, which is not copied`, {
      hint: 'commit it to a branch with git, and propose the branch',
    });
  const contents = await blobsOf(
    repository,
    entries.map(({ file }) => file?.oid ?? ''),
  );
  return {
    edits: entries.map(({ path }, index) => ({ path, bytes: contents[index] ?? new Uint8Array() })),
    modes: new Map(entries.map(({ path, file }) => [path, file?.mode ?? '100644'])),
  };
}
