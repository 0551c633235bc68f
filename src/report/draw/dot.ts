import { byCodeUnit } from '../../model/digest.ts';
import { light } from './palette.ts';
import type { Box, Picture } from './picture.ts';

const { marks: colours } = light;

/** A picture as Graphviz DOT: a cluster for each environment, arrows to what is depended on. */
export function writeDot(picture: Picture): string {
  const bands = [...Map.groupBy(picture.boxes, (box) => box.band)].sort(([a], [b]) => byCodeUnit(a, b));
  const lines = [
    'digraph karma {',
    '  rankdir=RL;',
    `  label=${quoted(labelOf(picture))}; labelloc=b; fontname="Helvetica";`,
  ];
  lines.push('  node [shape=box, style="rounded", fontname="Helvetica", fontsize=11];');
  for (const [place, [band, boxes]] of bands.entries()) {
    const indent = band === '' ? '  ' : '    ';
    if (band !== '') lines.push(`  subgraph cluster_${place} {`, `    label=${quoted(band)};`);
    for (const box of boxes) lines.push(`${indent}${quoted(box.id)} [${attributesOf(box)}];`);
    if (band !== '') lines.push('  }');
  }
  for (const link of picture.links) {
    const [from, to] = [picture.boxes[link.from], picture.boxes[link.to]];
    if (from === undefined || to === undefined) continue;
    const attributes = [
      link.orders ? 'style=dashed' : '',
      link.cycle ? 'color="#cf222e"' : '',
      link.count > 1 ? `label=${quoted(`${link.count}`)}` : '',
    ].filter((one) => one !== '');
    const suffix = attributes.length === 0 ? '' : ` [${attributes.join(', ')}]`;
    lines.push(`  ${quoted(from.id)} -> ${quoted(to.id)}${suffix};`);
  }
  lines.push('}', '');
  return lines.join('\n');
}

function labelOf(picture: Picture): string {
  return [picture.title, picture.caption, ...picture.hidden].join('\n');
}

function attributesOf(box: Box): string {
  const attributes = [`label=${quoted(`${box.kind}\n${box.name}`)}`];
  if (box.shape === 'external') attributes.push('style="rounded,dashed"');
  if (box.shape === 'parameter') attributes.push('shape=oval');
  if (box.shape === 'group') attributes.push('shape=box3d');
  if (box.mark !== undefined) attributes.push(`color="${colours[box.mark]}"`, 'penwidth=2');
  return attributes.join(', ');
}

/** A DOT string: only `"` and `\` mean something in it. */
function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
