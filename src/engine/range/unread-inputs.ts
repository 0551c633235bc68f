import type { RangeEnd } from '../../graph/impact-of-change/range-end.ts';
import { type BlindSpot, ofTheEstate } from '../../graph/operations/impact.ts';
import { parseTfvars } from '../../hcl/tfvars.ts';
import type { ComponentId } from '../../model/component.ts';
import { isHarmlessByKind, isInputByKind } from '../../model/file-kinds.ts';
import type { FileView } from '../../model/file-view.ts';
import { changesCheckout } from './checkout-attributes.ts';

export interface UnreadContext {
  readonly before: { readonly end: RangeEnd; readonly view: FileView };
  readonly after: { readonly end: RangeEnd; readonly view: FileView };
  /** Whether a file of code says the same at both ends. */
  readonly saysTheSame: (file: string) => boolean;
  /** What could not be proved about the later end, layouts that are not read included. */
  readonly blindSpots: readonly BlindSpot[];
}

/**
 * What is doubtful about a changed file that nobody reads. Documents and pipelines are harmless by their kind; of files that
 * Terraform reads by theirs somebody must be the reader; and what lies where a layout stands that is not read may be its.
 */
export function unreadBlindSpots(context: UnreadContext): (file: string) => readonly BlindSpot[] {
  const unreadFolders = [...unreadFoldersOf(context.before.end), ...unreadFoldersOf(context.after.end)];
  const takers = variableTakers(context.after.end);
  return (file) => {
    // Another estate of the same repository answers for its own files.
    if (file.startsWith('../')) return [];
    if (isInputByKind(file)) {
      if (context.saysTheSame(file)) return [];
      return blindSpotsAt('unread-input', file, isVarFile(file) ? takers(file, namesSet(context, file)) : []);
    }
    if (
      changesCheckout(context.before.view, context.after.view, file) ||
      changesOutputs(context, file) ||
      isSettingOfTools(file)
    )
      return blindSpotsAt('unread-input', file, []);
    if (isHarmlessByKind(file)) return [];
    if (setsVariables(context, file)) return blindSpotsAt('unread-input', file, []);
    const theirs = unreadFolders.filter(({ folder }) => folder === '' || file.startsWith(`${folder}/`));
    return theirs.flatMap(({ name }) => {
      const told = context.blindSpots.filter(({ code, unread }) => code === 'layout-not-read' && unread?.what === name);
      return told.length > 0 ? told : blindSpotsAt('layout-not-read', file, []);
    });
  };
}

function blindSpotsAt(code: string, file: string, components: readonly ComponentId[]): BlindSpot[] {
  const evidence = { rule: code, site: 'file', file };
  const whose = components.length === 0 ? [ofTheEstate] : components;
  return whose.map((component) => ({ component, code, evidence }));
}

/** Folders in which files may belong to a layout that is not read. */
function unreadFoldersOf({ graph }: RangeEnd): { readonly name: string; readonly folder: string }[] {
  return graph
    .findings()
    .filter(({ code }) => code === 'layout-not-read')
    .map(({ key, evidence }) => ({ name: key, folder: evidence[0]?.site ?? '' }));
}

function isVarFile(file: string): boolean {
  return /\.tfvars(?:\.json)?$/.test(file);
}

/** Where providers come from, and which workspace is meant: read from wherever the environment says, or by its name. */
function isSettingOfTools(file: string): boolean {
  return /(?:^|\/)(?:\.?(?:terraform|tofu)rc(?:\.[\w-]+)?|(?:terraform|tofu)\.rc|[^/]*\.tfrc)$|(?:^|\/)\.terraform\/environment$/.test(
    file,
  );
}

/** A state that lies in the repository, and that another root may read outputs of. */
function changesOutputs({ before, after }: UnreadContext, file: string): boolean {
  if (!file.endsWith('.tfstate')) return false;
  const [was, is] = [before, after].map(({ view }) => outputsIn(view.read(file)));
  return was === undefined || was !== is;
}

/** As text; undefined where it cannot be read. */
function outputsIn(text: string | undefined): string | undefined {
  try {
    const state: unknown = JSON.parse(text ?? '{}');
    if (state === null || typeof state !== 'object') return undefined;
    return JSON.stringify((state as { readonly outputs?: unknown }).outputs ?? {});
  } catch {
    return undefined;
  }
}

/** An environment file by which Terraform would be told values. */
function setsVariables({ before, after }: UnreadContext, file: string): boolean {
  if (!/(?:^|\/)\.env(?:rc)?(?:\.[\w-]+)?$|\.env$/.test(file) || /\.(?:example|sample|template|dist)$/.test(file))
    return false;
  return [before, after].some(({ view }) => /\bTF_(?:VAR_|CLI_ARGS|WORKSPACE)/.test(view.read(file) ?? ''));
}

function namesSet({ before, after }: UnreadContext, file: string): ReadonlySet<string> {
  const names = [before, after].flatMap(({ view }) => {
    const text = view.read(file);
    return text === undefined ? [] : [...parseTfvars(text, file.endsWith('.json')).body.attributes.keys()];
  });
  return new Set(names);
}

/**
 * Root modules that a var-file may be handed to: they declare everything that it sets. Where some of them are named in its
 * path, only those.
 */
function variableTakers({ graph }: RangeEnd): (file: string, names: ReadonlySet<string>) => readonly ComponentId[] {
  const roots: { readonly id: ComponentId; readonly name: string; readonly declared: ReadonlySet<string> }[] = [];
  let isListed = false;
  const list = () => {
    isListed = true;
    const types = graph.types();
    for (let node = 0; node < graph.size; node++) {
      if (graph.head(node).layout !== 'terraform') continue;
      const { id, type, module } = graph.component(node);
      const declared = new Set((types.get(module)?.variables ?? []).map(({ name }) => name));
      if (declared.size > 0) roots.push({ id, name: type, declared });
    }
  };
  return (file, names) => {
    if (!isListed) list();
    if (names.size === 0) return [];
    const takers = roots.filter(({ declared }) => [...names].every((name) => declared.has(name)));
    const steps = new Set(file.split(/[/.]/));
    const named = takers.filter(({ name }) => steps.has(name));
    return (named.length > 0 ? named : takers).map(({ id }) => id);
  };
}
