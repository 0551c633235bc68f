import { curveTo } from './layout/curve.ts';
import type { Rect } from './layout/geometry.ts';
import { type Drawing, type DrawnLane, layout } from './layout/layout.ts';
import type { Strand } from './layout/strands.ts';
import { familyClass, styleSheet } from './palette.ts';
import { type Box, marks, markWords, type Picture } from './picture.ts';

const margin = 24;
const headHeight = 62;
const lineHeight = 17;
const arrowLength = 7;
const stackDepth = 5;

/** A picture as SVG that needs nothing else: light and dark by itself, with a title and a sentence for those who hear it. */
export function writeSvg(picture: Picture): string {
  const drawing = layout(picture);
  const notes = notesOf(picture);
  const width = Math.max(drawing.width + margin * 2, 560);
  const height = headHeight + drawing.height + margin + notes.length * lineHeight + (notes.length > 0 ? 10 : 0);
  const marked = picture.boxes.some((box) => box.mark !== undefined);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" class="k" role="img" aria-labelledby="k-title k-desc">`,
    `<title id="k-title">${escapeXml(picture.title)}</title>`,
    `<desc id="k-desc">${escapeXml(picture.description)}</desc>`,
    `<style>${styleSheet()}</style>`,
    `<rect class="k-ground" width="${width}" height="${height}" rx="10"/>`,
    `<text class="k-title" x="${margin}" y="32">${escapeXml(picture.title)}</text>`,
    `<text class="k-small" x="${margin}" y="50">${escapeXml(picture.caption)}</text>`,
    `<g transform="translate(${margin} ${headHeight})">`,
    ...drawing.lanes.map((lane) => writeLane(lane, drawing)),
    ...sortedStrands(drawing.strands, picture, marked).map((strand) => writeStrand(strand, picture, marked)),
    ...picture.boxes.map((box, place) => writeBox(box, drawing.boxes[place] ?? nowhere, marked)),
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

/** Strands that matter are drawn last, on top. */
function sortedStrands(strands: readonly Strand[], picture: Picture, marked: boolean): Strand[] {
  const weight = (strand: Strand): number => (strand.cycle ? 2 : marked && isHot(strand, picture) ? 1 : 0);
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
  const classes = ['', strand.cycle ? ' k-cycle' : hot ? ' k-hot' : '', marked && !hot ? ' k-far' : ''].join('');
  const side = strand.from.x < strand.to.x ? -1 : 1;
  // Behind a group lie the edges of its stack.
  const stack = picture.boxes[strand.target]?.shape === 'group' && side > 0 ? stackDepth : 0;
  const end = strand.arrow ? { x: strand.to.x + stack + arrowLength * side, y: strand.to.y } : strand.to;
  const thickness = Math.min(4, 1.3 + Math.log2(Math.max(1, strand.count)) * 0.45).toFixed(1);
  const line = `<path class="k-strand${classes}${strand.orders ? ' k-orders' : ''}" stroke-width="${thickness}" d="M${strand.from.x} ${strand.from.y}${curveTo(strand.from, end)}"/>`;
  if (!strand.arrow) return line;
  const { x, y } = strand.to;
  return `${line}<path class="k-head${classes}" d="M${x + stack + side} ${y}l${arrowLength * side} -4v8z"/>`;
}

const nowhere: Rect = { x: 0, y: 0, w: 0, h: 0 };

function writeBox(box: Box, { x, y, w, h }: Rect, marked: boolean): string {
  const radius = box.shape === 'parameter' ? h / 2 : 8;
  const line = box.mark === undefined ? 'k-line' : `k-${box.mark}`;
  const dashes = box.shape === 'external' ? ' stroke-dasharray="5 4"' : '';
  const frame = (dx: number, dy: number): string =>
    `<rect class="k-box ${line}" x="${x + dx}" y="${y + dy}" width="${w}" height="${h}" rx="${radius}" stroke-width="${box.mark === undefined ? 1.2 : 2.2}"${dashes}/>`;
  const stripe = `<rect class="${familyClass(box.family)}" x="${x + 9}" y="${y + 10}" width="4" height="${h - 20}" rx="2"/>`;
  const inset = box.shape === 'parameter' ? 22 : 21;
  return [
    `<g${marked && box.mark === undefined ? ' class="k-dim"' : ''}><title>${escapeXml(box.id)}</title>`,
    box.shape === 'group' ? frame(stackDepth, stackDepth) + frame(stackDepth / 2, stackDepth / 2) : '',
    frame(0, 0),
    box.shape === 'parameter' ? '' : stripe,
    `<text class="k-kind" x="${x + inset}" y="${y + 18}">${escapeXml(fitted(box.kind, w, 11))}</text>`,
    `<text class="k-name" x="${x + inset}" y="${y + 34}">${escapeXml(fitted(box.name, w, 13))}</text>`,
    '</g>',
  ].join('');
}

/** Cut in the middle, where names differ least. Letters are about 0.56 of the font size wide. */
function fitted(text: string, width: number, fontSize: number): string {
  const most = Math.floor((width - 30) / (fontSize * 0.56));
  if (text.length <= most) return text;
  const head = Math.ceil((most - 1) * 0.6);
  return `${text.slice(0, head)}…${text.slice(text.length - (most - 1 - head))}`;
}

function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
