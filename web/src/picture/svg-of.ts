import type { Picture } from '../api/answers.ts';
import { hueOf } from './hue-of.ts';
import { headOf, pointsOf } from './way.ts';

const colours = {
  light: { ground: '#ffffff', lane: '#f7f8f9', edge: '#cfd2d9', text: '#16181d', dim: '#565b66', line: '#8b909d' },
  dark: { ground: '#14161a', lane: '#0d0e11', edge: '#353a44', text: '#e9eaee', dim: '#a0a5b1', line: '#6a707d' },
} as const;

/** A picture as one SVG that needs nothing else: for a page, a ticket, a slide. */
export function svgOf(picture: Picture, dark: boolean): string {
  const colour = dark ? colours.dark : colours.light;
  const lanes = picture.lanes.map(
    ({ name, x, y, w, h }) =>
      `<rect x="${x}" y="${y}" width="${w}" height="${h}" rx="8" fill="${colour.lane}"/>` +
      `<text x="${x + 14}" y="${y + 22}" fill="${colour.dim}" font-size="12" font-weight="600">${escaped(name)}</text>`,
  );
  const lines = picture.lines.map(
    ({ d, orders }) =>
      `<path d="${escaped(d)}" fill="none" stroke="${colour.line}"${orders ? ' stroke-dasharray="4 4"' : ''}/>`,
  );
  const heads = picture.lines.map(({ d }) => headOf(pointsOf(d))).join('');
  const boxes = picture.boxes.map(({ x, y, w, h, name, kind, family }) => {
    const bar = family === '' ? colour.edge : `oklch(0.68 0.11 ${hueOf(family)})`;
    return (
      `<g transform="translate(${x} ${y})"><rect width="${w}" height="${h}" rx="6" fill="${colour.ground}" stroke="${colour.edge}"/>` +
      `<rect x="7" y="9" width="3" height="${h - 18}" rx="1.5" fill="${bar}"/>` +
      `<text x="18" y="18" fill="${colour.dim}" font-size="11">${escaped(cut(kind))}</text>` +
      `<text x="18" y="34" fill="${colour.text}" font-size="13" font-weight="500">${escaped(cut(name))}</text></g>`
    );
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${picture.width}" height="${picture.height}" viewBox="0 0 ${picture.width} ${picture.height}" font-family="Inter, system-ui, sans-serif">` +
    `<title>${escaped(picture.title)}</title><desc>${escaped(picture.description)}</desc>` +
    `<rect width="100%" height="100%" fill="${colour.ground}"/>${lanes.join('')}${lines.join('')}` +
    `<path d="${heads}" fill="${colour.line}"/>${boxes.join('')}</svg>\n`
  );
}

function cut(text: string): string {
  return text.length > 22 ? `${text.slice(0, 21)}…` : text;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
