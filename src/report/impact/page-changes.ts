import type { Graph } from '../../graph/graph.ts';
import type { Comparison } from '../../graph/impact-of-change/compare.ts';
import type { ContractChange, ContractReader } from '../../graph/impact-of-change/contract-changes.ts';
import type { KeyChange } from '../../graph/impact-of-change/evaluated-diff.ts';
import type { ComponentId } from '../../model/component.ts';
import { code, items, table, text } from './page-parts.ts';
import { shownPair } from './shown-value.ts';
import { counted } from './summary.ts';

const verdictWords = {
  refused: ['bad', 'a deploy refuses it'],
  warned: ['warn', 'a deploy warns'],
  listed: ['warn', 'to confirm with those who read everything'],
  unread: ['note', 'nobody reads it'],
} as const;

/** What to look at before merging, the worst first; `bad` where something would break. */
export function firstPart({ contracts, states, variables }: Comparison): {
  readonly lines: string[];
  readonly bad: boolean;
} {
  const read = contracts.filter(({ verdict }) => verdict !== 'unread');
  const missing = variables.required.filter(({ given }) => !given);
  const worst = { refused: 0, warned: 1, listed: 2, unread: 3 } as const;
  const rows = [
    ...[...read].sort((a, b) => worst[a.verdict] - worst[b.verdict]).map(contractLine),
    ...states.shared.map(
      ({ state, components }) =>
        `<span class="bad">state shared</span> ${code(state)} by ${components.map(code).join(', ')}`,
    ),
    ...missing.map(
      ({ component, variable }) =>
        `<span class="bad">variable missing</span> ${code(component)} does not give ${code(variable)}, which its module requires now`,
    ),
    ...states.moved.map(({ component, from, to, commands }) => {
      const what = commands.length > 0 ? 'to copy it:' : 'another was kept there, so nothing may be copied over it';
      const how = commands.length === 0 ? '' : `<ul>${commands.map((one) => `<li>${code(one)}</li>`).join('')}</ul>`;
      return `<span class="warn">state moves</span> of ${code(component)} from ${code(from)} to ${code(to)}; ${what}${how}`;
    }),
    ...states.abandoned.map(
      ({ state, component }) =>
        `<span class="warn">state left behind</span> ${code(state)} of ${code(component)} is claimed by nothing any more`,
    ),
    ...variables.untaken.map(
      ({ component, input }) =>
        `<span class="warn">input ignored</span> the module of ${code(component)} takes ${code(input)} no more`,
    ),
  ];
  const bad = read.some(({ verdict }) => verdict === 'refused') || states.shared.length + missing.length > 0;
  return { lines: items(rows, counted(rows.length, 'thing')), bad };
}

function contractLine({ component, output, change, verdict, broken, tolerating, whole }: ContractChange): string {
  const [colour, words] = verdictWords[verdict];
  const readers = [...broken, ...tolerating, ...whole].map((reader) => `<li>${readerLine(reader)}</li>`);
  const more = readers.length > 8 ? `<li class="note">and ${readers.length - 8} more</li>` : '';
  return `<span class="${colour}">contract</span> ${code(`${component}#/${output}`)} ${text(change)} (${words}); read by<ul>${readers.slice(0, 8).join('')}${more}</ul>`;
}

function readerLine({ component, evidence: [place], tolerated, outside }: ContractReader): string {
  const at =
    place?.file === undefined ? '' : ` ${code(place.line === undefined ? place.file : `${place.file}:${place.line}`)}`;
  const name = outside === true ? `${text(component)} outside the estate` : code(component);
  return `${name}${at}${tolerated ? ', with a fallback' : ''}`;
}

/** What changes, key by key. */
export function changedPart({ changed, undecided, added, removed, moved }: Comparison): string[] {
  const told = new Set([...changed, ...undecided].map(({ id }) => id));
  const rows = [
    ...changed.map(({ id, was, keys }) => [named(id, was), keysShown(keys)]),
    ...undecided.map(({ id, was, reasons }) => [
      named(id, was),
      `<span class="maybe">undecided, counts as changed</span>: ${reasons.slice(0, 3).map(text).join('; ')}`,
    ]),
    ...moved.filter(({ id }) => !told.has(id)).map(({ was, id }) => [named(id, was), 'moved, else identical']),
    ...added.map((id) => [code(id), '<span class="good">added</span>']),
    ...removed.map((id) => [code(id), '<span class="bad">removed</span>']),
  ];
  return table(['component', 'what'], rows, counted(rows.length, 'component'));
}

function named(id: ComponentId, was: ComponentId | undefined): string {
  return was === undefined ? code(id) : `${code(id)}<br>was ${code(was)}`;
}

const mostKeys = 8;

function keysShown(keys: readonly KeyChange[]): string {
  const shown = keys.slice(0, mostKeys).map(({ pointer, before, after, files }) => {
    if (files !== undefined)
      return `${code(pointer)}: ${files.slice(0, 4).map(code).join(', ')}${files.length > 4 ? ` and ${files.length - 4} more` : ''}`;
    if (before === undefined && after === undefined) return code(pointer);
    const [was, is] = shownPair(before, after);
    const parts = [
      was === undefined ? '' : `<del>${code(short(was))}</del>`,
      is === undefined ? '' : `<ins>${code(short(is))}</ins>`,
    ];
    return `${code(pointer)}: ${parts.filter((one) => one !== '').join(' → ')}`;
  });
  if (keys.length > shown.length) shown.push(`<span class="note">and ${keys.length - shown.length} more</span>`);
  return shown.join('<br>');
}

function short(written: string): string {
  return written.length > 120 ? `${written.slice(0, 80)}…${written.slice(-36)}` : written;
}

/** Whose components a change comes to. */
export function ownersPart({ changed, undecided, added, affected, possible }: Comparison, graph: Graph): string[] {
  const owners = new Map<string, { changed: number; affected: number; possible: number; ids: ComponentId[] }>();
  const count = (ids: readonly ComponentId[], as: 'changed' | 'affected' | 'possible'): void => {
    for (const id of ids) {
      const node = graph.node(id);
      const owner = node === undefined ? undefined : graph.head(node).owner;
      if (owner === undefined) continue;
      const one = owners.get(owner) ?? { changed: 0, affected: 0, possible: 0, ids: [] };
      one[as]++;
      one.ids.push(id);
      owners.set(owner, one);
    }
  };
  const idsOf = (list: readonly { readonly id: ComponentId }[]) => list.map(({ id }) => id);
  count([...idsOf([...changed, ...undecided]), ...added], 'changed');
  count(idsOf(affected), 'affected');
  count(possible, 'possible');
  const rows = [...owners]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([owner, one]) => {
      const more = one.ids.length > 5 ? ` and ${one.ids.length - 5} more` : '';
      return [
        `<bdi>${text(owner)}</bdi>`,
        `${one.changed}`,
        `${one.affected}`,
        `${one.possible}`,
        `${one.ids.slice(0, 5).map(code).join(', ')}${more}`,
      ];
    });
  return table(['owner', 'changed', 'affected', 'possible', 'components'], rows, counted(rows.length, 'owner'));
}
