import type { Point } from './way.ts';

/** Where the picture stands on the screen: a place of it is at `place × k + (x, y)`. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly k: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Box extends Point {
  readonly w: number;
  readonly h: number;
}

export const nearest = 2.5;
const farthest = 0.04;
/** A small picture on a large screen grows a little, and no more: cards are cards. */
const largestWhole = 1.5;
/** Smaller than this nothing on a card can be read: rather a part of the picture than all of it as dust. */
const readable = 0.45;
/** Where only a part of it is seen anyway, that part is as large as text. */
const legible = 0.75;
const margin = 20;

/** All of a picture, never larger than it is. */
export function whole(picture: Size, screen: Size): Camera {
  const k = Math.max(
    farthest,
    Math.min(largestWhole, (screen.width - 2 * margin) / picture.width, (screen.height - 2 * margin) / picture.height),
  );
  return centred(picture, screen, k);
}

/** What one sees first: all of it where that can be read, else what it is about, else its beginning. */
export function opening(picture: Size, screen: Size, about?: Box): Camera {
  const all = whole(picture, screen);
  if (all.k >= readable) return all;
  const start = centred(picture, screen, readable);
  if (about === undefined) return start;
  const k = legible;
  const shift = (room: number, taken: number, middle: number): number =>
    taken * k + 2 * margin <= room
      ? Math.round((room - taken * k) / 2)
      : Math.round(Math.min(margin, Math.max(room - margin - taken * k, room / 2 - middle * k)));
  return {
    x: shift(screen.width, picture.width, about.x + about.w / 2),
    y: shift(screen.height, picture.height, about.y + about.h / 2),
    k,
  };
}

function centred(picture: Size, screen: Size, k: number): Camera {
  const place = (room: number, taken: number): number =>
    taken + 2 * margin <= room ? Math.round((room - taken) / 2) : margin;
  return { x: place(screen.width, picture.width * k), y: place(screen.height, picture.height * k), k };
}

/** Nearer or farther, what is under the pointer staying there. */
export function zoomedAt({ x, y, k }: Camera, at: Point, factor: number): Camera {
  const next = Math.max(farthest, Math.min(nearest, k * factor));
  return { x: at.x - ((at.x - x) * next) / k, y: at.y - ((at.y - y) * next) / k, k: next };
}

/** After something moved within the picture: it stays where it is on the screen. */
export function holding({ x, y, k }: Camera, before: Point, after: Point): Camera {
  return { x: x + (before.x - after.x) * k, y: y + (before.y - after.y) * k, k };
}

/** As little moved as is needed to see a thing whole, with some room around it. */
export function showing(camera: Camera, thing: Box, screen: Size): Camera {
  const { k } = camera;
  const shift = (start: number, length: number, room: number): number => {
    if (start < margin) return margin - start;
    return start + length > room - margin ? room - margin - start - length : 0;
  };
  return {
    x: camera.x + shift(thing.x * k + camera.x, thing.w * k, screen.width),
    y: camera.y + shift(thing.y * k + camera.y, thing.h * k, screen.height),
    k,
  };
}

/** A place of the picture in the middle of the screen. */
export function middleOn({ k }: Camera, place: Point, screen: Size): Camera {
  return { x: screen.width / 2 - place.x * k, y: screen.height / 2 - place.y * k, k };
}

export function onPicture({ x, y, k }: Camera, at: Point): Point {
  return { x: (at.x - x) / k, y: (at.y - y) / k };
}
