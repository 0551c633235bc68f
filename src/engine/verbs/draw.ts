import { choice, object } from '../../config/shape-parts.ts';
import type { ValueOf } from '../../config/shape-value.ts';
import { writeDot } from '../../report/draw/dot.ts';
import type { Drawing } from '../../report/draw/layout/layout.ts';
import { writeMermaid } from '../../report/draw/mermaid.ts';
import type { Picture } from '../../report/draw/picture.ts';
import { writeSvg } from '../../report/draw/svg.ts';
import type { EngineContext } from '../context.ts';
import { pictured, pictureParts } from './picture.ts';
import { defineVerb } from './verb.ts';

export const drawFormats = ['svg', 'dot', 'mermaid'] as const;
export const drawThemes = ['auto', 'light', 'dark'] as const;

const query = object('Of which, and how.', {
  ...pictureParts,
  format: choice('The form; default svg.', ...drawFormats),
  theme: choice('Colours of an SVG: light, dark, or as its reader has it; default auto.', ...drawThemes),
});

type DrawQuery = ValueOf<typeof query>;

interface Drawn {
  readonly format: string;
  readonly caption: string;
  /** What the picture leaves out, in words; left out when it shows all. */
  readonly hidden?: string;
  readonly picture: string;
}

/** A picture of the graph as a text. What is too much for one is grouped, and the picture says so. */
export async function draw(
  context: EngineContext,
  { format = 'svg', theme = 'auto', ...asked }: DrawQuery,
): Promise<Drawn> {
  const { picture, drawing } = await pictured(context, asked);
  return {
    format,
    caption: picture.caption,
    ...(picture.hidden.length === 0 ? {} : { hidden: String(picture.hidden) }),
    picture: written(picture, drawing, format, theme),
  };
}

function written(
  picture: Picture,
  drawing: Drawing,
  format: (typeof drawFormats)[number],
  theme: (typeof drawThemes)[number],
): string {
  if (format === 'dot') return writeDot(picture);
  return format === 'mermaid' ? writeMermaid(picture) : writeSvg(picture, { drawing, theme });
}

export const drawVerb = defineVerb({
  about: 'A picture of the graph as a text: SVG, DOT or Mermaid.',
  query,
  writes: 'nothing',
  run: (context, asked) => draw(context, asked),
});
