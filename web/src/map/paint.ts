import type { EstateMapAnswer, StatusWord } from '../api/answers.ts';
import { statusLooks, type Tone } from '../parts/status-word.ts';
import type { Camera, Size } from '../picture/camera.ts';
import type { Cells } from './cells.ts';

/** Pixels a cell below which groups have no names. */
const lowest = 4;

/** The colours of the page, as a canvas takes them. */
export interface Ink {
  readonly tones: Readonly<Record<Tone, string>>;
  readonly text: string;
  readonly dim: string;
  readonly faint: string;
  readonly line: string;
  readonly accent: string;
  readonly ground: string;
  readonly quiet: string;
}

/** Reads them from the page: a canvas knows no variables. */
export function inkOf(element: HTMLElement): Ink {
  const probe = document.createElement('span');
  element.append(probe);
  const read = (name: string): string => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const ink: Ink = {
    tones: { ok: read('ok'), warn: read('warn'), bad: read('bad'), info: read('info'), none: read('line-strong') },
    text: read('text'),
    dim: read('dim'),
    faint: read('faint'),
    line: read('line'),
    accent: read('accent'),
    ground: read('surface'),
    quiet: read('line-strong'),
  };
  probe.remove();
  return ink;
}

export interface Scene {
  readonly map: EstateMapAnswer;
  readonly cells: Cells;
  readonly statuses: ReadonlyMap<string, StatusWord> | undefined;
  readonly ink: Ink;
}

/** Everything that does not move, at a scale of so many pixels a cell. Only what is within the screen. */
export function paintAll(
  context: CanvasRenderingContext2D,
  { map, cells, statuses, ink }: Scene,
  { x, y, k }: Camera,
  { width, height }: Size,
): void {
  const gap = k >= 5 ? 1 : k >= 3 ? 0.6 : 0;
  const side = k - gap;
  for (const lane of map.environments) {
    const top = lane.y * k + y;
    if (top > height || top + lane.height * k < 0) continue;
    context.fillStyle = ink.dim;
    context.font = `600 ${Math.max(10, Math.min(14, k * 1.5))}px Inter, system-ui, sans-serif`;
    context.textBaseline = 'middle';
    context.fillText(`${lane.name || 'no environment'}  ${lane.count.toLocaleString('en')}`, x, top + k);
  }
  context.font = `${Math.max(9, Math.min(12, k * 1.4))}px Inter, system-ui, sans-serif`;
  for (const group of map.groups) {
    const [left, top] = [group.x * k + x, group.y * k + y];
    const room = group.columns * k;
    if (left > width || left + room < 0 || top > height + 2 * k || top + group.rows * k < 0) continue;
    // A name stands in the two rows of cells above: where these are lower than a letter, it would lie over the cells.
    if (room < 30 || k < lowest) continue;
    context.fillStyle = ink.faint;
    context.fillText(cutTo(context, group.name, group.count, room), left, top - k);
  }
  const byTone = new Map<string, number[]>();
  for (let place = 0; place < cells.count; place++) {
    const [left, top] = [(cells.x[place] ?? 0) * k + x, (cells.y[place] ?? 0) * k + y];
    if (left > width || top > height || left + k < 0 || top + k < 0) continue;
    const word = statuses?.get(map.ids[place] ?? '');
    const tone = word === undefined ? 'none' : statusLooks[word].tone;
    const own = byTone.get(tone);
    if (own === undefined) byTone.set(tone, [place]);
    else own.push(place);
  }
  for (const [tone, places] of byTone) {
    context.fillStyle = ink.tones[tone as Tone];
    // What needs nobody stays quiet; what does stands out.
    context.globalAlpha = tone === 'ok' ? 0.62 : tone === 'none' ? 0.8 : 1;
    context.beginPath();
    for (const place of places) context.rect((cells.x[place] ?? 0) * k + x, (cells.y[place] ?? 0) * k + y, side, side);
    context.fill();
  }
  context.globalAlpha = 1;
}

function cutTo(context: CanvasRenderingContext2D, name: string, count: number, room: number): string {
  const whole = `${name} ${count}`;
  if (context.measureText(whole).width <= room) return whole;
  const each = context.measureText('n').width;
  const letters = Math.max(1, Math.floor(room / each) - 1);
  return name.length <= letters ? name : `${name.slice(0, letters)}…`;
}

/** What is pointed at, who is around it, and the lines between: drawn anew each time the pointer moves. */
export function paintPointed(
  context: CanvasRenderingContext2D,
  { cells, ink }: Scene,
  { x, y, k }: Camera,
  { width, height }: Size,
  places: { readonly pointed: number; readonly chosen: number; readonly lit: ReadonlySet<number> | undefined },
): void {
  const middle = (place: number): readonly [number, number] => [
    ((cells.x[place] ?? 0) + 0.5) * k + x,
    ((cells.y[place] ?? 0) + 0.5) * k + y,
  ];
  const box = (place: number, grow: number): void =>
    context.rect(
      (cells.x[place] ?? 0) * k + x - grow,
      (cells.y[place] ?? 0) * k + y - grow,
      k - 1 + 2 * grow,
      k - 1 + 2 * grow,
    );
  const centre = places.pointed >= 0 ? places.pointed : places.chosen;
  if (places.lit !== undefined || centre >= 0) {
    context.globalAlpha = 0.55;
    context.fillStyle = ink.ground;
    context.fillRect(0, 0, width, height);
    context.globalAlpha = 1;
  }
  context.fillStyle = ink.accent;
  if (places.lit !== undefined) {
    context.beginPath();
    for (const place of places.lit) box(place, 0);
    context.fill();
  }
  if (centre < 0) return;
  const around = cells.around(centre);
  context.strokeStyle = ink.accent;
  context.globalAlpha = 0.45;
  context.lineWidth = 1;
  context.beginPath();
  const [fromX, fromY] = middle(centre);
  for (const other of around.slice(0, 400)) {
    const [toX, toY] = middle(other);
    context.moveTo(fromX, fromY);
    context.quadraticCurveTo((fromX + toX) / 2, Math.min(fromY, toY) - Math.abs(fromX - toX) * 0.12, toX, toY);
  }
  context.stroke();
  context.globalAlpha = 1;
  context.beginPath();
  for (const other of around) box(other, 0.5);
  context.fill();
  context.strokeStyle = ink.text;
  context.lineWidth = 2;
  context.beginPath();
  box(centre, 2);
  context.stroke();
}
