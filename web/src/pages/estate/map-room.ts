import type { Size } from '../../picture/camera.ts';

/** Gaps between groups and their titles take as much again as so many cells. */
const withTitles = 1.75;
/** A cell is large enough to hit, and no larger than it need be. */
const [smallest, largest] = [4.5, 16];
/** Few widths, so that two screens of nearly the same size have one map. */
const step = 8;

/** The room that the map has beside the list, roughly: what is around it is fixed. */
export function mapRoom(): Size {
  const beside = innerWidth > 1080 ? 196 + 440 : innerWidth > 900 ? 56 + 440 : innerWidth > 640 ? 100 : 40;
  return { width: Math.max(280, innerWidth - beside), height: Math.max(280, innerHeight - 230) };
}

/** How many cells wide the map is, so that all of it is on one screen where cells remain large enough. */
export function cellsAcross(components: number, { width, height }: Size): number {
  const cell = Math.sqrt((width * height) / (Math.max(components, 1) * withTitles));
  const across = width / Math.min(largest, Math.max(smallest, cell));
  return Math.min(400, Math.max(24, Math.round(across / step) * step));
}
