import { choice, count, flag, object, text, texts } from '../../config/shape-parts.ts';
import type { ValueOf } from '../../config/shape-value.ts';
import type { Graph } from '../../graph/graph.ts';
import { type Drawing, layout } from '../../report/draw/layout/layout.ts';
import type { HintedReference } from '../../report/draw/links.ts';
import type { Picture } from '../../report/draw/picture.ts';
import { defaultLimit, pictureOf } from '../../report/draw/picture-of.ts';
import { type PlacedPicture, placed } from '../../report/draw/placed.ts';
import type { EngineContext } from '../context.ts';
import { chosenOf } from '../picture/chosen.ts';
import { PicturePlaces } from '../picture/places.ts';
import { sceneOf } from '../picture/scene.ts';
import { stampOf, type ViewStamp } from '../view/view.ts';
import { impactIn, startsOf } from './impact.ts';
import { at, defineVerb, select } from './verb.ts';

/** `complete`: everything drawn was read whole, and what is marked is proved to be all. */
export interface PictureAnswer extends PlacedPicture {
  readonly view: ViewStamp;
  /** What it is compared with. */
  readonly before?: ViewStamp;
  readonly shows: 'all' | 'selection' | 'focus' | 'ways';
  /** How much there is in all. */
  readonly total: { readonly components: number; readonly references: number };
  readonly complete: boolean;
}

/** What a picture can be asked for, however it is handed out. */
export const pictureParts = {
  at,
  select,
  root: texts('Start from these components: they, and what is within some steps of them.'),
  depth: count('How many steps from a root; default 1.', 0, 1000),
  direction: choice(
    'Which way from a root: what it depends on, who uses it; default both.',
    'both',
    'dependencies',
    'dependents',
  ),
  dependenciesOf: texts('With a root: show what these depend on too, one step.'),
  dependentsOf: texts('With a root: show who uses these too, one step.'),
  from: text('All ways between this component …'),
  to: text('… and this one.'),
  hide: texts('Selections to leave out.'),
  find: texts('Selections to point out; the rest is there, fainter.'),
  groupBy: text('Group by env, type, folder, folders:3 or an attribute; `none` for no groups. Default: what fits.'),
  open: texts('Groups whose members are shown one by one, by id.'),
  limit: count(`Above so many boxes they are grouped; default ${defaultLimit}.`, 1, 2000),
  compare: text('A revision, version or time to compare with: what is added, changed, and gone since.'),
  since: text('A Git range: what it changes, who is affected, who possibly.'),
  impactOf: texts('Components, outputs, files: who is affected when they change, who possibly.'),
  hints: flag('Plausible references too, which nothing proves.'),
  tidy: flag('Lay it out anew, instead of keeping places.'),
} as const;

const query = object('Of what.', pictureParts);

export type PictureQuery = ValueOf<typeof query>;

/** A picture of the graph and what it is a picture of; faces draw it, or hand on its places. */
export async function pictured(
  context: EngineContext,
  asked: PictureQuery,
): Promise<{
  readonly picture: Picture;
  readonly drawing: Drawing;
  readonly answer: Omit<PictureAnswer, keyof PlacedPicture>;
}> {
  const scene = await sceneOf(context, asked, (seen, targets) =>
    impactIn(seen, startsOf(context, seen, targets), { forward: false }),
  );
  const { view, before, marks, changeOf } = scene;
  const { graph } = view;
  const { shows, nodes, apart, found, notes } = await chosenOf(context, view, asked);
  const drawn = pictureOf(graph, {
    nodes,
    apart,
    found,
    marks,
    changeOf,
    limit: asked.limit ?? defaultLimit,
    ...(asked.groupBy === undefined ? {} : { by: asked.groupBy }),
    ...(asked.open === undefined ? {} : { open: asked.open }),
    ...(asked.hints === true ? { hints: await hintsIn(context, graph, asked.at) } : {}),
    ...(view.estate === undefined ? {} : { title: view.estate.name }),
  });
  const picture = { ...drawn, hidden: [...notes, ...drawn.hidden] };
  // What is asked around something differs with the question; the estate as a whole is what people know by heart.
  const places = shows === 'all' ? new PicturePlaces(context, [drawn.by, asked.hide ?? []]) : undefined;
  const drawing = layout(picture, asked.tidy === true ? undefined : places?.load());
  if (before === undefined) await places?.keep(view, drawing.places);
  return {
    picture,
    drawing,
    answer: {
      view: stampOf(view),
      ...(before === undefined ? {} : { before }),
      shows,
      total: { components: graph.size, references: graph.edges },
      complete: scene.complete && drawn.boxes.every(({ unproved }) => unproved === 0),
    },
  };
}

async function hintsIn(context: EngineContext, graph: Graph, when: string | undefined): Promise<HintedReference[]> {
  const { hintsOf } = await import('../view/hints.ts');
  return (await hintsOf(context, when)).flatMap(({ from, to, consumes }) => {
    const [a, b] = [graph.node(from), graph.node(to)];
    return a === undefined || b === undefined ? [] : [{ from: a, to: b, consumes }];
  });
}

export const pictureVerb = defineVerb({
  about: 'A picture of the graph with a place for everything: all of it, what is around a component, ways, changes.',
  query,
  writes: 'nothing',
  run: async (context, asked): Promise<PictureAnswer> => {
    const { picture, drawing, answer } = await pictured(context, asked);
    const { title, description, caption, ...rest } = placed(picture, drawing);
    return { ...answer, title, description, caption, ...rest };
  },
});
