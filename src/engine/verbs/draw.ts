import { choice, object } from '../../config/shape-parts.ts';
import { writeDot } from '../../graph/draw/dot.ts';
import { writeMermaid } from '../../graph/draw/mermaid.ts';
import { pictureOf } from '../../graph/draw/picture-of.ts';
import { writeSvg } from '../../graph/draw/svg.ts';
import { KarmaError } from '../../model/errors.ts';
import type { EngineContext } from '../context.ts';
import { loadView } from '../view/load-view.ts';
import { selectNodes } from '../view/select.ts';
import { at, defineVerb, select } from './verb.ts';

const writers = { svg: writeSvg, dot: writeDot, mermaid: writeMermaid } as const;

export interface Drawn {
  readonly text: string;
  /** What the picture leaves out, in words; empty when it shows all. */
  readonly hidden: string;
  readonly caption: string;
}

/** A picture of the graph, or of a selection of it. Above sixty boxes they are grouped, and the picture says so. */
export async function draw(
  context: EngineContext,
  query: { readonly at?: string; readonly selection: readonly string[]; readonly format: string },
): Promise<Drawn> {
  const format = query.format as keyof typeof writers;
  if (!Object.hasOwn(writers, format))
    throw new KarmaError('KARMA_USAGE', `there is no picture format \`${query.format}\``, {
      hint: `one of ${Object.keys(writers).join(', ')}`,
    });
  const view = await loadView(context, query.at);
  const nodes = await selectNodes(context, view, query.selection);
  const picture = pictureOf(view.graph, { nodes, ...(view.estate === undefined ? {} : { title: view.estate.name }) });
  return {
    text: writers[format](picture),
    hidden: picture.hidden.length === 0 ? '' : String(picture.hidden),
    caption: picture.caption,
  };
}

export const drawVerb = defineVerb({
  about: 'A picture of the graph.',
  query: object('Of which.', { select, format: choice('The form; default svg.', 'svg', 'dot', 'mermaid'), at }),
  writes: 'nothing',
  run: async (context, { select: selection = [], format = 'svg', at: when }) => {
    const {
      caption,
      hidden,
      text: picture,
    } = await draw(context, {
      selection,
      format,
      ...(when === undefined ? {} : { at: when }),
    });
    return { format, caption, ...(hidden === '' ? {} : { hidden }), picture };
  },
});
