import { count, object, text } from '../../config/shape-parts.ts';
import { type EstateMap, mapOf } from '../../report/draw/map-of.ts';
import type { EngineContext } from '../context.ts';
import { loadView } from '../view/load-view.ts';
import { tellNothingRecognised } from '../view/select.ts';
import { stampOf, type ViewStamp } from '../view/view.ts';
import { at, defineVerb } from './verb.ts';

export interface MapAnswer extends EstateMap {
  readonly view: ViewStamp;
}

const defaultAcross = 160;
const defaultHead = 2;

export const mapVerb = defineVerb({
  about: 'The estate map: a cell for every component, packed by environment and group; in columns.',
  query: object('How.', {
    at,
    groupBy: text('Group by env, type, folder, folders:3 or an attribute; default: by type, or else by folder.'),
    across: count(`How many cells wide; default ${defaultAcross}.`, 8, 2000),
    head: count(`How many rows of cells a title takes; default ${defaultHead}.`, 0, 20),
  }),
  writes: 'nothing',
  run: async (context: EngineContext, { at: when, groupBy, across, head }): Promise<MapAnswer> => {
    const view = await loadView(context, when);
    tellNothingRecognised(context, view);
    const map = mapOf(view.graph, {
      across: across ?? defaultAcross,
      head: head ?? defaultHead,
      ...(groupBy === undefined ? {} : { by: groupBy }),
    });
    return { view: stampOf(view), ...map };
  },
});
