import { posix } from 'node:path';
import { configPath } from '../../config/effective-config.ts';
import { editFile } from '../../edit/edit-file.ts';
import { textsIn } from '../../edit/texts-in.ts';
import type { Claim } from '../../model/claim.ts';
import type { ComponentId, ComponentRow } from '../../model/component.ts';
import type { EstateView } from '../../model/estate.ts';
import { stepsOf } from '../../model/pointer.ts';
import type { Seal } from '../../model/record.ts';
import type { ReferenceRow } from '../../model/reference.ts';
import { EstateClaims } from '../view/estate-claims.ts';
import { editedEstate } from './edited-estate.ts';
import type { MadeEdits, RefusedEdit } from './estate-edits.ts';
import type { EvaluatedView } from './evaluated-view.ts';
import { unitFileOf } from './input-places.ts';

/** What consumes one component, pointed at another in its place. */
export interface Repointing extends Pick<MadeEdits, 'files' | 'refused'> {
  /** Those that read the other one now. */
  readonly moved: readonly ComponentId[];
}

/**
 * A literal of a consumer that names the one component is made to name the other, and counts where the consumer, evaluated, then
 * reads less of the one: what a text means, inference says, and nothing else.
 */
export async function repoint(
  { view: { graph }, estate, claim }: EvaluatedView,
  {
    from,
    to,
    references,
    seal,
  }: {
    readonly from: ComponentRow;
    readonly to: ComponentRow;
    readonly references: readonly ReferenceRow[];
    readonly seal: Seal;
  },
): Promise<Repointing> {
  const claims = await EstateClaims.open(seal);
  const { one, other } = keysOf(claim(from.id), claim(to.id));
  const texts = new Map<string, string>();
  const refused: RefusedEdit[] = [];
  const moved: ComponentId[] = [];
  for (const reference of references) {
    const row = graph.component(graph.node(reference.from) ?? -1);
    const tried = new Map(texts);
    let left = readsOf(claim(row.id), one);
    const gained = () => readsOf(claims.find(row.id, editedEstate(estate.view, tried)), other);
    for (const { file, pointer, text } of namesOf(row, { from, to, one, other }, estate.view)) {
      if (left === 0) break;
      const before = tried.get(file) ?? estate.view.main.read(file) ?? '';
      const answer = editFile({ path: file, bytes: new TextEncoder().encode(before) }, [{ path: pointer, set: text }]);
      if ('refusal' in answer) continue;
      const after = new Map(tried).set(file, new TextDecoder('utf-8', { ignoreBOM: true }).decode(answer.bytes));
      const reads = readsOf(claims.find(row.id, editedEstate(estate.view, after)), one);
      if (reads >= left) continue;
      left = reads;
      for (const [path, edited] of after) tried.set(path, edited);
    }
    if (left === 0 && gained() > 0) {
      moved.push(row.id);
      for (const [path, edited] of tried) texts.set(path, edited);
    } else refused.push(refusedAt(row, reference, { from, to, one, other }));
  }
  const { main } = estate.view;
  const files = [...texts]
    .map(([path, after]) => ({ path, before: main.read(path) ?? '', after }))
    .filter(({ before, after }) => before !== after)
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  return { files, refused, moved };
}

/** The keys that only the one, and only the other is found under. */
function keysOf(one: Claim | undefined, other: Claim | undefined) {
  const keys = (claim: Claim | undefined) =>
    new Set((claim?.provides ?? []).flatMap(({ key, under = [] }) => [key, ...under]));
  const [a, b] = [keys(one), keys(other)];
  return { one: a.difference(b), other: b.difference(a) };
}

function readsOf(claim: Claim | undefined, keys: ReadonlySet<string>): number {
  return (claim?.needs ?? []).filter(({ key, orElse = [] }) => [key, ...orElse].some((each) => keys.has(each))).length;
}

interface Ends {
  readonly from: ComponentRow;
  readonly to: ComponentRow;
  /** Keys that only the one, and only the other is found under. */
  readonly one: ReadonlySet<string>;
  readonly other: ReadonlySet<string>;
}

/** Texts of a consumer's own files that may name the one, each as it would name the other. */
function namesOf(
  row: ComponentRow,
  ends: Ends,
  view: EstateView,
): readonly { readonly file: string; readonly pointer: string; readonly text: string }[] {
  return filesOf(row, view).flatMap((file) => {
    const bytes = new TextEncoder().encode(view.main.read(file) ?? '');
    const found = textsIn({ path: file, bytes }).flatMap(({ pointer, text }) => {
      const other =
        row.layout === 'adage'
          ? otherName(pointer, text, ends)
          : (otherPath(row, text, ends) ?? (row.layout === 'terraform' ? otherState(text, ends) : undefined));
      return other === undefined ? [] : [{ file, pointer, text: other }];
    });
    // A key that speaks of its type first, so that a name that many things have is looked at last.
    return found.sort((a, b) => Number(speaksOf(b.pointer, ends)) - Number(speaksOf(a.pointer, ends)));
  });
}

/** A component's own files that may name what it reads. */
function filesOf(row: ComponentRow, view: EstateView): readonly string[] {
  if (row.layout === 'adage') return [configPath(row.id)];
  if (row.layout === 'terragrunt') return [unitFileOf(view, row) ?? []].flat();
  return view.main
    .list(row.path)
    .filter(({ name, kind }) => kind === 'file' && name.endsWith('.tf'))
    .map(({ name }) => (row.path === '' ? name : `${row.path}/${name}`));
}

/** The end of the address of a state (its key in a bucket), as the other's ends behind the same beginning. */
function otherState(text: string, { one, other }: Ends): string | undefined {
  if (text === '') return undefined;
  for (const key of statesOf(one)) {
    if (!key.endsWith(text)) continue;
    const before = key.slice(0, -text.length);
    const found = statesOf(other).find((each) => each.startsWith(before) && each.length > before.length);
    if (found !== undefined) return found.slice(before.length);
  }
  return undefined;
}

function statesOf(keys: ReadonlySet<string>): readonly string[] {
  return [...keys].filter((key) => key.startsWith('state:'));
}

function otherName(pointer: string, text: string, { from, to }: Ends): string | undefined {
  if (text === from.nickname && from.type === to.type) return to.nickname;
  const [a, b] = [`${from.type}/${from.nickname}`, `${to.type}/${to.nickname}`];
  if (text === a) return b;
  if (text === from.id) return to.id;
  // A parameter's name, or another path that goes through it.
  return text.includes(`/${a}/`) && pointer !== '/$extends' ? text.replace(`/${a}/`, `/${b}/`) : undefined;
}

function otherPath(row: ComponentRow, text: string, { from, to }: Ends): string | undefined {
  if (!text.startsWith('.')) return undefined;
  const led = posix.join(row.path, text);
  const isFile = led !== from.path && led.startsWith(`${from.path}/`);
  if (led !== from.path && !isFile) return undefined;
  const path = posix.relative(row.path, isFile ? to.path + led.slice(from.path.length) : to.path);
  return path.startsWith('.') ? path : `./${path}`;
}

function speaksOf(pointer: string, { from }: Ends): boolean {
  const key = stepsOf(pointer).at(-1) ?? '';
  return key === `${from.type.replaceAll('-', '_')}_nickname` || key === 'config_path';
}

function refusedAt(row: ComponentRow, { evidence }: ReferenceRow, { from, to, one, other }: Ends): RefusedEdit {
  const [first] = evidence;
  const [was, is] = [statesOf(one)[0], statesOf(other)[0]].map((key) => key?.slice('state:'.length));
  const address = row.layout === 'terraform' && was !== undefined && is !== undefined;
  return {
    component: row.id,
    pointer: first?.site ?? '',
    reason: `no literal of its own names ${from.id} that could name ${to.id}`,
    ...(first?.file === undefined ? {} : { file: first.file, line: first.line ?? 1 }),
    readers: [],
    ways: [
      address ? `name the state ${is} in the place of ${was} by hand` : 'change by hand what is named here',
      `say it in a file of its own`,
    ],
  };
}
