import { posix } from 'node:path';
import type { Edit } from '../../edit/edit.ts';
import { editFile } from '../../edit/edit-file.ts';
import type { ComponentRow } from '../../model/component.ts';
import { KarmaError } from '../../model/errors.ts';
import { blobsOf, type FileEdit, type TreeFile } from '../../observe/git/content-commit.ts';
import type { EngineContext } from '../context.ts';
import { deploymentMeant } from '../objects/deployment-meant.ts';
import { EstateEdits, type RefusedEdit, type WantedEdit } from '../objects/estate-edits.ts';
import { evaluatedView } from '../objects/evaluated-view.ts';
import { sealOf } from '../view/seal.ts';
import type { LoadedView } from '../view/view.ts';
import type { OpenedChanges } from './opened-changes.ts';
import type { ComponentEdit, Proposal } from './proposal.ts';

interface Place {
  readonly opened: OpenedChanges;
  readonly commit: string;
  readonly view: LoadedView;
  readonly files: ReadonlyMap<string, TreeFile>;
}

interface Meant {
  readonly component: ComponentRow;
  /** Of a root module that has several; else `''`. */
  readonly deployment: string;
  readonly edit: Edit;
}

/** Values of components, changed at the literals that say them: all, or none. @throws KARMA_REFUSED with the place and the ways out */
export async function editedValues(
  context: EngineContext,
  place: Place,
  { edits, where }: Pick<Proposal, 'edits' | 'where'>,
): Promise<readonly FileEdit[]> {
  const meant = edits.flatMap((one) => meantBy(place, one));
  const configs = where === 'refuse' ? await plainConfigs(place, meant) : undefined;
  return configs === undefined
    ? throughEvaluation(context, place, meant, where)
    : [...configs].map(([path, { bytes, wanted }]) => ({ path, bytes: edited(path, bytes, wanted) }));
}

function meantBy({ view }: Place, { id, in: named, values }: ComponentEdit): readonly Meant[] {
  const { component, deployment } = deploymentMeant(view.graph, id, named);
  return values.map(({ pointer, value }) => ({
    component,
    deployment,
    edit: value === undefined ? { path: pointer, unset: true } : { path: pointer, set: value },
  }));
}

interface Config {
  readonly bytes: Uint8Array;
  readonly wanted: readonly Edit[];
}

/**
 * Where every component has a config of its own that extends no other, the file says all there is to say, and nothing has to be
 * evaluated. Undefined where one of them does not.
 */
async function plainConfigs(
  { opened, files }: Place,
  meant: readonly Meant[],
): Promise<ReadonlyMap<string, Config> | undefined> {
  const configs = new Map<string, Config>();
  for (const { component, edit } of meant) {
    const { layout, kind, external, path } = component;
    if (layout !== 'adage' || kind !== 'component' || external || path.includes(':')) return undefined;
    const file = posix.join(opened.root.scope, path, 'config.json');
    const there = files.get(file);
    if (there === undefined || !there.mode.startsWith('100')) return undefined;
    const [bytes] = configs.has(file) ? [] : await blobsOf(opened.repository, [there.oid]);
    const known = configs.get(file) ?? (bytes === undefined ? undefined : { bytes, wanted: [] });
    if (known === undefined || Buffer.from(known.bytes).includes('$extends')) return undefined;
    configs.set(file, { ...known, wanted: [...known.wanted, edit] });
  }
  return configs;
}

function edited(path: string, bytes: Uint8Array, wanted: readonly Edit[]): Uint8Array {
  const answer = editFile({ path, bytes }, wanted);
  if (!('refusal' in answer)) return answer.bytes;
  const { line, reason, ways, column, path: pointer, code } = answer.refusal;
  throw new KarmaError('KARMA_REFUSED', `${path}:${line}: ${reason}`, {
    ...(ways.length === 0 ? {} : { hint: ways.join('; or ') }),
    details: { file: path, line, column, pointer, code },
  });
}

async function throughEvaluation(
  context: EngineContext,
  { opened, commit }: Place,
  meant: readonly Meant[],
  where: Proposal['where'],
): Promise<readonly FileEdit[]> {
  const view = await evaluatedView(context, commit);
  const wanted = meant.map(
    ({ component, deployment, edit }): WantedEdit => ({ component: component.id, deployment, of: 'input', edit }),
  );
  const made = await new EstateEdits(view, { seal: await sealOf(context), where }).make(wanted);
  const [first] = made.refused;
  if (first !== undefined) throw refusedFor(first);
  return made.files.map(({ path, after }) => ({
    path: posix.join(opened.root.scope, path),
    bytes: new TextEncoder().encode(after),
  }));
}

function refusedFor({ component, pointer, reason, file, line, readers, ways }: RefusedEdit): KarmaError {
  const place = file === undefined ? '' : ` (${file}:${line ?? 1})`;
  const others = readers.length === 0 ? '' : `, and ${readers.length} more read it from there`;
  return new KarmaError('KARMA_REFUSED', `${pointer} of ${component} cannot be set: ${reason}${place}${others}`, {
    ...(ways.length === 0 ? {} : { hint: ways.join('; or ') }),
    details: { component, pointer, ...(file === undefined ? {} : { file, line }), readers },
  });
}
