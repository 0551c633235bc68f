import { byCodeUnit } from '../../model/digest.ts';
import { type Box, marks, type Picture } from './picture.ts';

/**
 * A picture as a Mermaid flowchart, as GitHub and GitLab draw it. Node names are made up (`n0`, `n1` …) and labels are
 * escaped, because ids hold what Mermaid would read as syntax.
 */
export function writeMermaid(picture: Picture): string {
  const lines = ['flowchart RL'];
  const boxes = picture.boxes.map((box, place) => ({ box, name: `n${place}` }));
  const bands = [...Map.groupBy(boxes, ({ box }) => box.band)].sort(([a], [b]) => byCodeUnit(a, b));
  for (const [place, [band, members]] of bands.entries()) {
    const framed = band !== '' && bands.length > 1;
    if (framed) lines.push(`  subgraph b${place}["${escaped(band)}"]`);
    for (const { box, name } of members) lines.push(`${framed ? '    ' : '  '}${name}${shapeOf(box)}`);
    if (framed) lines.push('  end');
  }
  for (const { from, to, orders, count } of picture.links) {
    const label = count > 1 ? `|${count}|` : '';
    lines.push(`  n${from} ${orders ? '-.->' : '-->'}${label} n${to}`);
  }
  for (const mark of marks) {
    const members = boxes.filter(({ box }) => box.mark === mark).map(({ name }) => name);
    if (members.length === 0) continue;
    lines.push(`  classDef ${mark} ${styles[mark]}`, `  class ${members.join(',')} ${mark}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Only the line is coloured: the ground follows the reader's light or dark theme. */
const styles = {
  start: 'stroke:#0969da,stroke-width:3px',
  removed: 'stroke:#cf222e,stroke-width:3px,stroke-dasharray:4 3',
  added: 'stroke:#1a7f37,stroke-width:3px',
  changed: 'stroke:#bf8700,stroke-width:3px',
  affected: 'stroke:#d4580a,stroke-width:2px',
  possible: 'stroke:#8250df,stroke-width:2px,stroke-dasharray:4 3',
} as const;

function shapeOf(box: Box): string {
  const label = `"${escaped(box.name)}<br/><small>${escaped(box.kind)}</small>"`;
  if (box.shape === 'parameter') return `([${label}])`;
  return box.shape === 'group' ? `[[${label}]]` : `[${label}]`;
}

/** Mermaid reads `#…;` as a character; everything that could be syntax or markup becomes one. */
function escaped(text: string): string {
  return text.replace(/[^A-Za-z0-9 _./-]/gu, (character) => {
    const code = character.codePointAt(0) ?? 32;
    return code > 127 ? character : `#${code};`;
  });
}
