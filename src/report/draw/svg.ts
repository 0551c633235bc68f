import { escapeXml } from '../escape-xml.ts';
import { curveTo } from './layout/curve.ts';
import type { Rect } from './layout/geometry.ts';
import { type Drawing, type DrawnLane, layout } from './layout/layout.ts';
import type { Strand } from './layout/strands.ts';
import { familyClass, styleSheet, type Theming } from './palette.ts';
import { type Box, marks, markWords, type OpenGroup, type Picture } from './picture.ts';

const margin = 24;
const headHeight = 62;
const lineHeight = 17;
const arrowLength = 7;
const stackDepth = 5;

export interface SvgOptions {
  readonly drawing?: Drawing;
  /** Whose colours; `auto` follows the reader's system. */
  readonly theme?: Theming;
}

/** A picture as SVG that needs nothing else: light and dark by itself, with a title and a sentence for those who hear it. */
export function writeSvg(picture: Picture, { drawing = layout(picture), theme = 'auto' }: SvgOptions = {}): string {
  const notes = notesOf(picture);
  const width = Math.max(drawing.width + margin * 2, 560);
  const height = headHeight + drawing.height + margin + notes.length * lineHeight + (notes.length > 0 ? 10 : 0);
  const marked = picture.boxes.some((box) => box.mark !== undefined);
  const searched = picture.boxes.some((box) => box.found > 0);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" class="k" role="img" aria-labelledby="k-title k-desc">`,
    `<title id="k-title">${escapeXml(picture.title)}</title>`,
    `<desc id="k-desc">${escapeXml(picture.description)}</desc>`,
    `<style>${styleSheet(theme)}</style>`,
    `<rect class="k-ground" width="${width}" height="${height}" rx="10"/>`,
    `<text class="k-title" x="${margin}" y="32">${escapeXml(picture.title)}</text>`,
    `<text class="k-small" x="${margin}" y="50">${escapeXml(picture.caption)}</text>`,
    `<g transform="translate(${margin} ${headHeight})">`,
    ...drawing.lanes.map((lane) => writeLane(lane, drawing)),
    ...picture.open.map((group, place) => writeFrame(group, drawing.frames[place] ?? nowhere)),
    ...sortedStrands(drawing.strands, picture, marked).map((strand) => writeStrand(strand, picture, marked)),
    ...picture.boxes.map((box, place) => writeBox(box, drawing.boxes[place] ?? nowhere, marked, searched)),
    '</g>',
    ...notes.map((note, line) => {
      const y = headHeight + drawing.height + margin + 6 + line * lineHeight;
      return `<text class="k-small" x="${margin}" y="${y}">${note}</text>`;
    }),
    '</svg>',
    '',
  ].join('\n');
}

/** What stands below: how to read it, what the marks mean, what is hidden. */
function notesOf(picture: Picture): string[] {
  const notes: string[] = [];
  const reading = ['arrows point to what is depended on'];
  if (picture.links.some((link) => link.orders)) reading.push('dotted: only orders, nothing is consumed');
  if (picture.links.some((link) => link.strength === 'hint')) reading.push('long dashes: plausible, not proved');
  if (picture.boxes.some(({ hidden }) => hidden.dependsOn + hidden.usedBy > 0))
    reading.push('+n: so many more, not drawn');
  if (picture.links.some((link) => link.cycle)) reading.push('red: a cycle');
  if (picture.boxes.some((box) => box.shape === 'external')) reading.push('dashed box: not managed here');
  if (picture.links.length > 0) notes.push(escapeXml(reading.join('  ·  ')));
  const used = marks.filter((mark) => picture.boxes.some((box) => box.mark === mark));
  if (used.length > 0) {
    notes.push(used.map((mark) => `<tspan class="k-${mark}-ink">■</tspan> ${markWords[mark]}`).join('   '));
  }
  return [...notes, ...picture.hidden.map(escapeXml)];
}

function writeLane({ name, top, height }: DrawnLane, drawing: Drawing): string {
  const frame = `<rect class="k-band" x="0.5" y="${top + 0.5}" width="${drawing.width - 1}" height="${height - 1}" rx="10"/>`;
  return name === '' ? frame : `${frame}<text class="k-lane" x="16" y="${top + 24}">${escapeXml(name)}</text>`;
}

/** Around the members of an open group. */
function writeFrame({ name, count }: OpenGroup, { x, y, w, h }: Rect): string {
  const label = escapeXml(fitted(`${name} ${count}`, w, 12));
  return `<rect class="k-frame" x="${x + 0.5}" y="${y + 0.5}" width="${w - 1}" height="${h - 1}" rx="9"/><text class="k-lane" x="${x + 14}" y="${y + 23}">${label}</text>`;
}

/** Strands that matter are drawn last, on top. */
function sortedStrands(strands: readonly Strand[], picture: Picture, marked: boolean): Strand[] {
  const weight = (strand: Strand): number =>
    strand.change !== undefined ? 3 : strand.cycle ? 2 : marked && isHot(strand, picture) ? 1 : 0;
  return strands
    .map((strand) => ({ strand, weight: weight(strand) }))
    .sort((a, b) => a.weight - b.weight)
    .map(({ strand }) => strand);
}

/** A change runs along it: it leads to something marked, from something marked. */
function isHot(strand: Strand, { boxes }: Picture): boolean {
  const reached = [...strand.ends].filter((place) => {
    const mark = boxes[place]?.mark;
    return mark !== undefined && mark !== 'possible';
  });
  return !strand.orders && reached.includes(strand.target) && reached.length > 1;
}

function writeStrand(strand: Strand, picture: Picture, marked: boolean): string {
  const hot = marked && isHot(strand, picture);
  const kind =
    strand.change === undefined ? (strand.cycle ? ' k-cycle' : hot ? ' k-hot' : '') : ` k-was-${strand.change}`;
  const classes = `${kind}${marked && !hot && strand.change === undefined ? ' k-far' : ''}`;
  const side = strand.from.x < strand.to.x ? -1 : 1;
  // Behind a group lie the edges of its stack.
  const stack = picture.boxes[strand.target]?.shape === 'group' && side > 0 ? stackDepth : 0;
  const end = strand.arrow ? { x: strand.to.x + stack + arrowLength * side, y: strand.to.y } : strand.to;
  const thickness = Math.min(4, 1.3 + Math.log2(Math.max(1, strand.count)) * 0.45).toFixed(1);
  const line = `<path class="k-strand${classes}${strand.orders ? ' k-orders' : ''}${strand.hint ? ' k-hint' : ''}" stroke-width="${thickness}" d="M${strand.from.x} ${strand.from.y}${curveTo(strand.from, end)}"/>`;
  if (!strand.arrow) return line;
  const { x, y } = strand.to;
  return `${line}<path class="k-head${classes}" d="M${x + stack + side} ${y}l${arrowLength * side} -4v8z"/>`;
}

const nowhere: Rect = { x: 0, y: 0, w: 0, h: 0 };

function writeBox(box: Box, { x, y, w, h }: Rect, marked: boolean, searched: boolean): string {
  const radius = box.shape === 'parameter' ? h / 2 : 8;
  const line = box.mark === undefined ? 'k-line' : `k-${box.mark}`;
  const dashes = box.shape === 'external' || box.mark === 'removed' ? ' stroke-dasharray="5 4"' : '';
  const frame = (dx: number, dy: number): string =>
    `<rect class="k-box ${line}" x="${x + dx}" y="${y + dy}" width="${w}" height="${h}" rx="${radius}" stroke-width="${box.mark === undefined ? 1.2 : 2.2}"${dashes}/>`;
  const stripe = `<rect class="${familyClass(box.family)}" x="${x + 9}" y="${y + 10}" width="4" height="${h - 20}" rx="2"/>`;
  const inset = box.shape === 'parameter' ? 22 : 21;
  const faint = (marked && box.mark === undefined) || (searched && box.found === 0);
  return [
    `<g${faint ? ' class="k-dim"' : ''}><title>${escapeXml(titleOf(box))}</title>`,
    box.shape === 'group' ? frame(stackDepth, stackDepth) + frame(stackDepth / 2, stackDepth / 2) : '',
    frame(0, 0),
    box.shape === 'parameter' ? '' : stripe,
    `<text class="k-kind" x="${x + inset}" y="${y + 18}">${escapeXml(fitted(box.kind, w, 11))}</text>`,
    `<text class="k-name" x="${x + inset}" y="${y + 34}">${escapeXml(fitted(box.name, w, 13))}</text>`,
    ...beyond(box, { x, y, w, h }),
    '</g>',
  ].join('');
}

/** What is not drawn of its neighbours: on the left what it depends on, on the right who uses it. */
function beyond({ hidden }: Box, { x, y, w, h }: Rect): string[] {
  const texts = [
    [hidden.dependsOn, x - 5, 'end'],
    [hidden.usedBy, x + w + 5, 'start'],
  ] as const;
  return texts
    .filter(([count]) => count > 0)
    .map(
      ([count, at, side]) =>
        `<text class="k-small k-more" x="${at}" y="${y + h - 4}" text-anchor="${side}">+${count}</text>`,
    );
}

function titleOf({ id, unproved, hidden }: Box): string {
  const lines = [id];
  if (hidden.dependsOn > 0) lines.push(`depends on ${hidden.dependsOn} more that are not drawn`);
  if (hidden.usedBy > 0) lines.push(`is used by ${hidden.usedBy} more that are not drawn`);
  if (unproved > 0) lines.push('could not be read whole: it may depend on more than is drawn');
  return lines.join('\n');
}

/** Cut in the middle, where names differ least. Letters are about 0.56 of the font size wide. */
function fitted(text: string, width: number, fontSize: number): string {
  const most = Math.floor((width - 30) / (fontSize * 0.56));
  if (text.length <= most) return text;
  const head = Math.ceil((most - 1) * 0.6);
  return `${text.slice(0, head)}…${text.slice(text.length - (most - 1 - head))}`;
}
