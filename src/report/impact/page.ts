import type { Graph } from '../../graph/graph.ts';
import type { AffectedByRange, Comparison } from '../../graph/impact-of-change/compare.ts';
import { possibleGroups } from '../../graph/impact-of-change/possible.ts';
import { ofTheEstate } from '../../graph/operations/impact.ts';
import { sha256 } from '../../model/digest.ts';
import { shellWord } from '../../model/quote.ts';
import { changedPart, firstPart, ownersPart } from './page-changes.ts';
import { code, items, section, table, text } from './page-parts.ts';
import { pageStyle } from './page-style.ts';
import { counted, summaryLine, verdictLine } from './summary.ts';

export interface PageOptions {
  readonly range: string;
  /** The name of the estate. */
  readonly estate: string;
  /** Both ends in words. */
  readonly before: string;
  readonly after: string;
  /** The graph at the later end. */
  readonly graph: Graph;
  /** An SVG of what is concerned; `''` for none. */
  readonly picture: string;
  /** Other repositories, which were read at one position for both ends. */
  readonly fixed: readonly { readonly repository: string; readonly followed: string }[];
}

/**
 * The comparison as one page that needs nothing else: no script, no other host, its style by digest. What somebody must look
 * at comes first, then what changes, who follows wave by wave, what is proved to stay, and what nobody could prove.
 */
export function writePage(comparison: Comparison, options: PageOptions): string {
  const { range, estate, before, after, picture, graph, fixed } = options;
  const first = firstPart(comparison);
  const title = `What ${range} changes in ${estate === '' ? 'the estate' : estate}`;
  const styles = [pageStyle, ...[...picture.matchAll(/<style>([^<]*)<\/style>/g)].map(([, sheet = '']) => sheet)];
  const policy = `default-src 'none'; style-src ${styles.map((sheet) => `'sha256-${base64(sha256(sheet))}'`).join(' ')}; base-uri 'none'; form-action 'none'`;
  const command = `karma impact --since ${shellWord(range)}`;
  const others = fixed.map(({ repository, followed }) => `${code(repository)} (${text(followed)})`).join(', ');
  const parts = [
    section('first', 'Look at this first', '', first.lines),
    section(
      'possible',
      'Possibly affected',
      'reached only through something that could not be proved',
      possible(comparison),
    ),
    section('changed', 'Changed', '', changedPart(comparison)),
    section(
      'affected',
      'Affected, wave by wave',
      'each stands where it is reached first; what carries the change is named',
      waves(comparison),
    ),
    section(
      'picture',
      'The picture',
      '',
      picture === ''
        ? []
        : [`<div class="picture" tabindex="0" role="group" aria-label="Picture of what is concerned">${picture}</div>`],
    ),
    section(
      'skipped',
      'Skipped, with proof',
      'they read what changed and evaluate to the same: nothing to run',
      items(comparison.identical.map(code), counted(comparison.identical.length, 'component')),
    ),
    section('owners', 'By owner', 'who must be asked', ownersPart(comparison, graph)),
    section('findings', 'Findings', '', findings(comparison)),
    section('blind', 'Not proved', 'what may hide more', blind(comparison)),
    section(
      'files',
      'Changed files that no component reads',
      '',
      items(comparison.files.unread.map(code), counted(comparison.files.unread.length, 'file')),
    ),
  ].filter((part) => part !== '');
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${text(title)}</title>`,
    `<style>${pageStyle}</style>`,
    '</head>',
    '<body>',
    '<main>',
    `<h1><bdi>${text(title)}</bdi></h1>`,
    `<p class="from">${text(before)} → ${text(after)} · ${text(summaryLine(comparison))}</p>`,
    `<p class="verdict${first.bad ? ' bad' : comparison.complete ? '' : ' open'}">${text(verdictLine(comparison))}</p>`,
    counts(comparison),
    ...parts,
    '</main>',
    `<footer><p>${code(command)} shows the same in a terminal${others === '' ? '' : `. Read alike for both ends: ${others}`}.</p></footer>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function base64(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64');
}

function counts(comparison: Comparison): string {
  const { changed, undecided, added, removed, affected, identical, possible: maybe } = comparison;
  const cells = [
    [changed.length, 'changed', 'changed', 'warn'],
    ...(undecided.length > 0 ? ([[undecided.length, 'undecided', 'changed', 'maybe']] as const) : []),
    ...(added.length > 0 ? ([[added.length, 'added', 'changed', 'good']] as const) : []),
    ...(removed.length > 0 ? ([[removed.length, 'removed', 'changed', 'bad']] as const) : []),
    [affected.length, 'affected', 'affected', 'hot'],
    [identical.length, 'skipped with proof', 'skipped', 'good'],
    [maybe.length, 'possible', 'possible', 'maybe'],
  ] as const;
  const rows = cells.map(([count, label, to, colour]) => {
    const body = `<b class="${count > 0 ? colour : 'note'}">${count}</b>${label}`;
    return `<li>${count > 0 ? `<a href="#${to}">${body}</a>` : body}</li>`;
  });
  return `<ul class="counts">\n${rows.join('\n')}\n</ul>`;
}

function waves({ affected }: Comparison): string[] {
  if (affected.length === 0) return [];
  const byDistance = [...Map.groupBy(affected, ({ distance }) => distance)].sort(([a], [b]) => a - b);
  const cards = byDistance.map(([distance, members]) => {
    const label = `wave ${distance}: ${counted(members.length, 'component')}`;
    return `<div class="wave"><h3>${label}</h3>\n${items(members.map(affectedLine), 'show them').join('\n')}</div>`;
  });
  return [`<div class="waves">\n${cards.join('\n')}\n</div>`];
}

const mostCarried = 4;

function affectedLine({ id, path, carriedBy, owner, deployments }: AffectedByRange): string {
  const last = carriedBy.at(-1) ?? [];
  const more = last.length > mostCarried ? ` and ${last.length - mostCarried} more` : '';
  const by = `through ${code(path.at(-2) ?? '')} ${last.slice(0, mostCarried).map(code).join(', ')}${more}`;
  const where = deployments === undefined ? '' : ` in ${deployments.map(text).join(', ')}`;
  return `${code(id)}${where}<span class="by">${by}${owner === undefined ? '' : ` · ${text(owner)}`}</span>`;
}

function possible(comparison: Comparison): string[] {
  return possibleGroups(comparison).flatMap(({ codes, components }) => {
    const reason = codes === undefined ? 'follow from those' : codes.map(code).join(', ');
    return [
      `<h3>${counted(components.length, 'component')}: ${reason}</h3>`,
      ...items(components.map(code), 'show them'),
    ];
  });
}

const severities = { error: 'bad', warning: 'warn', info: 'note' } as const;

function findings({ findingsNew, findingsGone }: Comparison): string[] {
  const rows = findingsNew.map(({ severity, code: name, subject, message, evidence: [place] }) => [
    `<span class="${severities[severity]}">${severity}</span>`,
    `${code(name)} ${code(subject)}`,
    `${text(message)}${place?.file === undefined ? '' : ` ${code(place.line === undefined ? place.file : `${place.file}:${place.line}`)}`}`,
  ]);
  const gone =
    findingsGone.length === 0 ? [] : [`<p class="note">${counted(findingsGone.length, 'finding')} gone.</p>`];
  return [...table(['', 'finding', 'what'], rows, counted(rows.length, 'new finding')), ...gone];
}

function blind({ blindSpots, unread }: Comparison): string[] {
  const spots = blindSpots.map(({ component, code: name, evidence }) => {
    const where =
      evidence?.file === undefined
        ? ''
        : ` in ${code(evidence.line === undefined ? evidence.file : `${evidence.file}:${evidence.line}`)}`;
    return `${component === ofTheEstate ? 'the estate' : code(component)}: ${code(name)}${where}`;
  });
  const groups = unread.map(
    ({ what, components, assumed }) =>
      `${code(what)} in ${counted(components, 'component')} was not looked into${assumed === undefined ? '' : `, and is assumed to touch nothing: ${text(assumed)}`}`,
  );
  const rows = [...new Set([...spots, ...groups])];
  return items(rows, counted(rows.length, 'thing'));
}
