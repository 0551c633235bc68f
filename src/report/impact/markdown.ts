import { inDeployments, keyWithin } from '../../graph/deployments.ts';
import type { Graph } from '../../graph/graph.ts';
import type { Comparison } from '../../graph/impact-of-change/compare.ts';
import type { ContractChange, ContractReader } from '../../graph/impact-of-change/contract-changes.ts';
import { possibleLines } from '../../graph/impact-of-change/possible.ts';
import { ofTheEstate } from '../../graph/operations/impact.ts';
import type { Finding } from '../../model/finding.ts';
import { shellWord } from '../../model/quote.ts';
import { writeMermaid } from '../draw/mermaid.ts';
import type { Mark } from '../draw/picture.ts';
import { pictureOf } from '../draw/picture-of.ts';
import { code, details, folded, limited, limitedList, list, row, shortened, table, text } from '../markdown-parts.ts';
import { shownPair } from './shown-value.ts';
import { counted, summaryLine, verdictLine } from './summary.ts';

/** Found again in the comments of a pull request, so that one comment is updated in place. */
export const commentMarker = '<!-- karma:impact -->';

export interface MarkdownOptions {
  /** `main...HEAD`, for the heading and the command that shows everything. */
  readonly range: string;
  /** The graph at the later end, for the picture. */
  readonly graph: Graph;
  /** Other repositories, which were read at one position for both ends. */
  readonly fixed?: readonly { readonly repository: string; readonly followed: string }[];
  /** GitHub refuses comments above 65,536 characters. */
  readonly maxLength?: number;
}

const pictureLimit = 30;
/** So many components that change alike are one row. */
const fewAlike = 4;

/** The comparison as one comment: two lines that say all, then what to look at, then the rest folded away. */
export function writeMarkdown(
  comparison: Comparison,
  { range, graph, fixed = [], maxLength = 60_000 }: MarkdownOptions,
): string {
  const rest = `${code(`karma impact --since ${shellWord(range)}`)} shows everything.`;
  const sections = [
    faults(comparison),
    changes(comparison),
    picture(comparison, graph),
    affected(comparison),
    possible(comparison),
    findings('New findings', comparison.findingsNew),
    gone(comparison.findingsGone),
    blindSpots(comparison),
    unread(comparison),
    list('Changed files that no component reads', comparison.files.unread.map(code), ''),
  ].filter((section) => section !== '');
  const head = [commentMarker, `**${summaryLine(comparison)}**`, '', verdictLine(comparison), ''].join('\n');
  let body = head;
  let left = 0;
  for (const section of sections) {
    if (body.length + section.length + rest.length + 80 > maxLength) left++;
    else body += `\n${section}\n`;
  }
  const others = fixed.map(({ repository, followed }) => `${code(repository)} (${text(followed)})`);
  const beside = others.length === 0 ? '' : ` Read alike for both ends: ${shortened(others, 5)}.`;
  const foot = (left > 0 ? `${counted(left, 'section')} too long for a comment: ${rest}` : rest) + beside;
  return `${body}\n<sub>${foot}</sub>\n`;
}

/** Of one output; more are counted. */
const mostReaders = 5;
const verdictSigns = { refused: '❌', warned: '⚠️', listed: '🔍', unread: '' } as const;
const verdictWords = {
  refused: 'a deploy refuses it',
  warned: 'a deploy warns',
  listed: 'to confirm: read by those who take everything',
  unread: '',
} as const;

function contractLine({ component, output, change, verdict, broken, tolerating, whole }: ContractChange): string {
  const shown = ({ component: who, evidence: [place], tolerated, outside }: ContractReader): string => {
    const where = place?.file === undefined ? '' : ` (${code(placeOf(place.file, place.line))})`;
    const name = outside === true ? `${text(who)} outside the estate` : code(who);
    return `${name}${where}${tolerated ? ', with a fallback' : ''}`;
  };
  const readers = [...broken, ...tolerating, ...whole].map(shown);
  const head = `- ${verdictSigns[verdict]} output ${code(`${component}#/${output}`)} ${text(change)} (${verdictWords[verdict]}); read by`;
  if (readers.length <= 2) return `${head} ${readers.join(', ')}`;
  const more = readers.length > mostReaders ? [`and ${readers.length - mostReaders} more`] : [];
  return [head, ...[...readers.slice(0, mostReaders), ...more].map((one) => `  - ${one}`)].join('\n');
}

function placeOf(file: string, line: number | undefined): string {
  return line === undefined ? file : `${file}:${line}`;
}

/** What to look at before merging. */
function faults({ contracts, states, variables }: Comparison): string {
  const lines = [
    ...contracts.filter(({ verdict }) => verdict !== 'unread').map(contractLine),
    ...states.shared.map(
      ({ state, components }) => `- ❌ state ${code(state)} shared by ${shortened(components.map(code), 5)}`,
    ),
    ...states.moved.map(({ component, from, to, commands }) =>
      [
        `- ⚠️ state of ${code(component)} moves from ${code(from)} to ${code(to)}; ${commands.length > 0 ? 'to copy it:' : 'another was kept there, so nothing may be copied over it'}`,
        ...commands.map((one) => `  ${code(one)}`),
      ].join('\n'),
    ),
    ...states.abandoned.map(
      ({ state, component }) => `- ⚠️ state ${code(state)} of ${code(component)} is claimed by nothing any more`,
    ),
    ...variables.required
      .filter(({ given }) => !given)
      .map(
        ({ component, variable }) =>
          `- ❌ ${code(component)} does not give the newly required variable ${code(variable)}`,
      ),
    ...variables.untaken.map(
      ({ component, input }) => `- ⚠️ the module of ${code(component)} takes ${code(input)} no more`,
    ),
  ];
  return lines.length === 0 ? '' : limited('### Look at this first', lines);
}

function changes({ added, removed, changed, undecided, moved }: Comparison): string {
  const told = new Set([...changed, ...undecided].map(({ id }) => id));
  const rows = [
    ...changedRows(changed),
    ...undecided.map((one) => row(`${code(one.id)} undecided`, shortened(one.reasons.map(text), 3))),
    ...moved
      .filter(({ id }) => !told.has(id))
      .map(({ was, id }) => row(`${code(id)}<br/>was ${code(was)}`, 'moved, else identical')),
    ...added.map((id) => row(code(id), 'added')),
    ...removed.map((id) => row(code(id), 'removed')),
  ];
  if (rows.length === 0) return '';
  return table(
    '### Changed',
    ['component', 'what'],
    rows,
    rows.length > folded ? counted(rows.length, 'component') : undefined,
  );
}

/** Components that change alike stand in one row: a shared include is one change, however many read it. */
function changedRows(changed: Comparison['changed']): string[] {
  const alike = Map.groupBy(changed, (one) => (one.was === undefined ? keysShown(one) : `moved ${one.id}`));
  return [...alike.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    if (group.length >= fewAlike) {
      const names = shortened(
        group.map((one) => nameOf(one)),
        fewAlike,
      );
      return [row(`${names}: ${group.length} alike`, keysShown(first))];
    }
    return group.map((one) =>
      row(one.was === undefined ? nameOf(one) : `${nameOf(one)}<br/>was ${code(one.was)}`, keysShown(one)),
    );
  });
}

function nameOf({ id, deployments }: Comparison['changed'][number]): string {
  return `${code(id)}${text(inDeployments(deployments))}`;
}

function keysShown({ keys, deployments }: Comparison['changed'][number]): string {
  const shown = keys.slice(0, 6).map(({ pointer: whole, before, after, files }) => {
    const pointer = keyWithin(whole, deployments);
    if (files !== undefined) return `${code(pointer)}: ${shortened(files.map(code), 3)}`;
    if (before === undefined && after === undefined) return code(pointer);
    const [was, is] = shownPair(before, after);
    const side = (value: string | undefined): string => (value === undefined ? '(none)' : code(short(value)));
    return `${code(pointer)}: ${side(was)} → ${side(is)}`;
  });
  const more = keys.length > shown.length ? [`and ${keys.length - shown.length} more`] : [];
  return [...shown, ...more].join('<br/>');
}

function short(written: string): string {
  return written.length > 60 ? `${written.slice(0, 40)}…${written.slice(-16)}` : written;
}

function picture(comparison: Comparison, graph: Graph): string {
  const marks = new Map<number, Mark>();
  const mark = (ids: readonly string[], as: Mark): void => {
    for (const id of ids) {
      const node = graph.node(id);
      if (node !== undefined && !marks.has(node)) marks.set(node, as);
    }
  };
  mark(
    [...comparison.changed, ...comparison.undecided].map(({ id }) => id),
    'changed',
  );
  mark(comparison.added, 'added');
  mark(
    comparison.affected.map(({ id }) => id),
    'affected',
  );
  mark(comparison.possible, 'possible');
  if (marks.size < 2) return '';
  const drawn = pictureOf(graph, { nodes: marks.keys(), marks, limit: pictureLimit });
  if (drawn.boxes.length > pictureLimit * 2 || drawn.links.length === 0) return '';
  const hidden = drawn.hidden.length === 0 ? [] : [`<sub>${drawn.hidden.map(text).join('<br/>')}</sub>`];
  const lines = ['```mermaid', writeMermaid(drawn).trimEnd(), '```', ...(hidden.length > 0 ? ['', ...hidden] : [])];
  return drawn.boxes.length <= folded ? lines.join('\n') : details('The affected part as a picture', lines);
}

function affected({ affected: list }: Comparison): string {
  if (list.length === 0) return '';
  const accounts = list.some(({ account, owner }) => account !== undefined || owner !== undefined);
  const head = ['affected', 'steps', 'through', ...(accounts ? ['account', 'owner'] : [])];
  const rows = list.map(({ id, distance, path, carriedBy, account, owner }) => {
    const last = carriedBy.at(-1) ?? [];
    const through = `${code(path.at(-2) ?? '')} ${shortened(last.map(code), 3)}`;
    return row(code(id), `${distance}`, through, ...(accounts ? [text(account ?? ''), text(owner ?? '')] : []));
  });
  const environments = [...Map.groupBy(list, ({ environment }) => environment)].map(
    ([name, group]) => `${group.length} in ${name || 'no environment'}`,
  );
  const summary = list.length > folded ? `${list.length} affected: ${shortened(environments, 6)}` : undefined;
  return table('### Affected', head, rows, summary);
}

/** Grouped by reason, because where modules are not at hand it is most of the estate. */
function possible(comparison: Comparison): string {
  const lines = possibleLines(comparison, code).map((line) => `- ${line}`);
  if (lines.length === 0) return '';
  const note = 'reached only through something that could not be proved';
  return details(`Possibly affected: ${comparison.possible.length} (${note})`, lines);
}

function findings(title: string, list: readonly Finding[]): string {
  const signs = { error: '❌', warning: '⚠️', info: 'ℹ️' } as const;
  const lines = list.map(({ severity, code: name, subject, message, evidence: [place] }) => {
    const where =
      place?.file === undefined
        ? ''
        : ` (${code(place.line === undefined ? place.file : `${place.file}:${place.line}`)})`;
    return `- ${signs[severity]} ${code(name)} ${code(subject)}: ${text(message)}${where}`;
  });
  return lines.length === 0 ? '' : limited(`### ${title}`, lines);
}

function gone(list: readonly Finding[]): string {
  return list.length === 0 ? '' : `${counted(list.length, 'finding')} gone.`;
}

/** Told once, however many components hold it. */
function unread({ unread: groups }: Comparison): string {
  const lines = groups.map(
    ({ what, components, assumed }) =>
      `${code(what)} in ${counted(components, 'component')}${assumed === undefined ? '' : `, assumed to touch nothing: ${text(assumed)}`}`,
  );
  return groups.length === 0 ? '' : limitedList('Not looked into', lines, 'whatever changes');
}

function blindSpots({ blindSpots: list }: Comparison): string {
  const lines = [
    ...new Set(
      list.map(
        ({ component, code: name, evidence }) =>
          `${component === ofTheEstate ? 'the estate:' : code(component)} ${text(name)}${evidence?.file === undefined ? '' : ` in ${code(evidence.file)}`}`,
      ),
    ),
  ];
  return list.length === 0 ? '' : limitedList('Blind spots', lines, 'each may hide a reference');
}
