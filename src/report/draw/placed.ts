import type { ComponentId } from '../../model/component.ts';
import { pathOf } from './layout/curve.ts';
import type { Rect } from './layout/geometry.ts';
import { type Drawing, layout } from './layout/layout.ts';
import type { Box, Left, Link, LinkChange, Mark, Picture } from './picture.ts';

/** A picture with a place for everything, in pixels: whoever draws it decides colours and nothing else. */
export interface PlacedPicture {
  readonly title: string;
  readonly description: string;
  readonly caption: string;
  /** The grouping, as it can be asked for again; `none` where every component is a box. */
  readonly groupBy: string;
  readonly width: number;
  readonly height: number;
  /** One for each environment, from top to bottom. */
  readonly lanes: readonly (Rect & { readonly name: string })[];
  /** Around the members of open groups. */
  readonly frames: readonly PlacedFrame[];
  /** Sorted by environment, then id. */
  readonly boxes: readonly PlacedBox[];
  /** Sorted by from, then to. */
  readonly lines: readonly PlacedLine[];
  readonly hidden: Left & {
    /** Sentences. */
    readonly why: readonly string[];
  };
}

export interface PlacedFrame extends Rect {
  readonly id: string;
  readonly name: string;
  readonly environment: string;
  readonly count: number;
}

export interface PlacedBox extends Rect {
  /** A component's id, or a group's: give it back as `open`. */
  readonly id: string;
  readonly shape: Box['shape'];
  /** What stands on it: the name, and smaller above it the kind. */
  readonly name: string;
  readonly kind: string;
  /** Components of one family have one colour; `''` for a mixed group. */
  readonly family: string;
  readonly environment: string;
  /** The open group that it is a member of. */
  readonly group?: string;
  /** How many components it stands for. */
  readonly count: number;
  /** Direct neighbours of its components that the picture does not show: `+12`. */
  readonly hidden: { readonly dependsOn: number; readonly usedBy: number };
  /** The strongest mark within, and how many have which. */
  readonly mark?: Mark;
  readonly marks?: Readonly<Partial<Record<Mark, number>>>;
  /** Components within that were looked for. */
  readonly found?: number;
  /** Components within that could not be read whole: they may depend on more than is drawn. */
  readonly unproved?: number;
}

export interface PlacedLine {
  /** From the dependent to what it depends on: ids of boxes. */
  readonly from: ComponentId;
  readonly to: ComponentId;
  /** How many references it stands for. */
  readonly count: number;
  /** Outputs consumed along it, the first of them by name; none where it only orders. */
  readonly consumes: readonly string[];
  /** How many there are. */
  readonly outputs: number;
  readonly orders: boolean;
  readonly cycle: boolean;
  readonly strength: 'proven' | 'hint';
  readonly change?: LinkChange;
  /** The way it takes, as the `d` of an SVG path. */
  readonly d: string;
}

const mostNamed = 12;

/** Gives everything in a picture its place. */
export function placed(picture: Picture, drawing = layout(picture)): PlacedPicture {
  const idOf = (place: number): string => picture.boxes[place]?.id ?? '';
  return {
    title: picture.title,
    description: picture.description,
    caption: picture.caption,
    groupBy: picture.by,
    width: drawing.width,
    height: drawing.height,
    lanes: drawing.lanes.map(({ name, top, height }) => ({ name, x: 0, y: top, w: drawing.width, h: height })),
    frames: picture.open.map(({ id, name, band, count }, place) => ({
      id,
      name,
      environment: band,
      count,
      ...(drawing.frames[place] ?? nowhere),
    })),
    boxes: picture.boxes.map((box, place) => placedBox(box, drawing.boxes[place] ?? nowhere)),
    lines: picture.links.map((link, place) => placedLine(link, idOf, drawing.ways[place] ?? [])),
    hidden: { ...picture.left, why: picture.hidden },
  };
}

const nowhere: Rect = { x: 0, y: 0, w: 0, h: 0 };

function placedBox(box: Box, { x, y, w, h }: Rect): PlacedBox {
  const { id, shape, name, kind, family, band, group, count, hidden, mark, marks, found, unproved } = box;
  return {
    id,
    shape,
    name,
    kind,
    family,
    environment: band,
    ...(group === '' ? {} : { group }),
    count,
    x,
    y,
    w,
    h,
    hidden,
    ...(mark === undefined ? {} : { mark }),
    ...(shape === 'group' && mark !== undefined ? { marks } : {}),
    ...(found === 0 ? {} : { found }),
    ...(unproved === 0 ? {} : { unproved }),
  };
}

function placedLine(link: Link, idOf: (place: number) => string, way: Drawing['ways'][number]): PlacedLine {
  const { from, to, count, consumes, orders, cycle, strength, change } = link;
  return {
    from: idOf(from),
    to: idOf(to),
    count,
    consumes: consumes.slice(0, mostNamed),
    outputs: consumes.length,
    orders,
    cycle,
    strength,
    ...(change === undefined ? {} : { change }),
    d: pathOf(way),
  };
}
